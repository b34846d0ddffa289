"""ADRS: best overall response, remission, MRD and time to response, one row per patient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.analysis import ADRS
from venaza.contracts.errors import StudyError
from venaza.contracts.files import conform
from venaza.contracts.mrd import mrd_negative
from venaza.pipeline.endpoints.arrays import floats
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.transfusions import KINDS, transfusion_rows
from venaza.pipeline.endpoints.window import is_one_of, of_regimen, response_end

PARAMS = {
    "BOR": "Best overall response",
    "CR": "Complete remission",
    "CRC": "Composite complete remission",
    "ORR": "Overall response",
    "MRDNEG": "MRD negative",
    "TTR": "Days to first response",
    "CYCRESP": "Cycles to first response",
    "CYCBEST": "Cycles to best response",
    "TIRBC": "Red-cell transfusion independence",
    "TIPLT": "Platelet transfusion independence",
}


#: Parameters that the response criteria do not define.
DEFINITIONS = dict.fromkeys(KINDS, "viale_a")


def derive_adrs(
    treated: pd.Series,
    tables: dict[str, pd.DataFrame],
    assessments: pd.DataFrame,
    facts: Facts,
    study: dict,
) -> pd.DataFrame:
    """The response parameters of the treated patients (``ADRS``).

    BOR, CR, CRC and ORR have a row for every treated patient (not evaluable is no response:
    ``AVAL`` 0); MRDNEG, and each alternative of it
    (``MRDNEG.NAME``), for every patient tested in remission by the method and the day asked for;
    nobody else can be negative. TTR, CYCRESP
    and CYCBEST for responders; TIRBC and TIPLT for every treated patient where transfusions are
    recorded. A study whose assessments record relapse alone has none of the response parameters.
    All of them count within the window of ``pipeline.endpoints.window``, as the milestones do:
    whoever has CRC has FIRST_REMISSION and the other way round. Raises ``StudyError`` where a study
    file defines that milestone so that the two disagree.
    """
    places = facts.places(treated)
    rows = transfusion_rows(places, tables, facts, study)
    if not assessments["RESPONSE"].isin(["RELAPSE", "NE"]).all():
        rows += _all_responses(places, tables, assessments, facts, study)
        _one_count(rows, facts)
    if not rows:
        return conform(pd.DataFrame(), ADRS)
    frame = pd.concat(rows, ignore_index=True)
    labels = PARAMS | {code: f"MRD negative, {m['label']}" for code, m in _mrd_rules(study).items()}
    labels["MRDNEG"] = PARAMS["MRDNEG"]
    frame["STUDYID"] = study["id"]
    frame["USUBJID"] = facts.patients.take(frame["PATIENT"])
    frame["DEFN"] = frame["PARAMCD"].map(DEFINITIONS).fillna(study["response"]["criteria"])
    frame["PARAM"] = frame["PARAMCD"].map(labels)
    frame["RANK"] = frame["PARAMCD"].map({code: n for n, code in enumerate(labels)})
    frame = frame.sort_values(["RANK", "USUBJID"]).drop(columns=["RANK", "PATIENT"])
    return conform(frame, ADRS)


def _all_responses(
    treated: np.ndarray,
    tables: dict[str, pd.DataFrame],
    assessments: pd.DataFrame,
    facts: Facts,
    study: dict,
) -> list[pd.DataFrame]:
    made = _assessed(assessments, facts)
    best = _best(treated, made, facts, study)
    rows = _response_rows(best, study)
    for code, rule in _mrd_rules(study).items():
        found = _mrd_rows(_samples(tables, rule, facts), facts, rule, study)
        rows.append(found[found["PATIENT"].isin(treated)].assign(PARAMCD=code))
    return [*rows, *_time_rows(best, made, facts, study)]


def _assessed(assessments: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """The assessments with PATIENT as a place, numbers as floats, and their source."""
    numbers = {name: floats(assessments[name]) for name in ("ADY", "CYCLE")}
    return pd.DataFrame(
        {
            "PATIENT": facts.places(assessments["USUBJID"]),
            "RESPONSE": assessments["RESPONSE"].array,
            **numbers,
            "SRCDOM": "responses",
            "SRCVAR": "RSDT",
            "SRCSEQ": floats(assessments["SEQ"]),
        }
    )


#: The source of a parameter that is read from an assessment.
_SOURCE = ["ADY", "SRCDOM", "SRCVAR", "SRCSEQ"]


def _best(treated: np.ndarray, made: pd.DataFrame, facts: Facts, study: dict) -> pd.DataFrame:
    """The best response of each treated patient that counts for the regimen; NE without one."""
    order = {word: rank for rank, word in enumerate(study["response"]["order"])}
    known = made["RESPONSE"].notna() & ~made["RESPONSE"].isin(["NE", "RELAPSE"])
    days = made["ADY"].to_numpy()
    counts = of_regimen(made["PATIENT"].to_numpy(), days, made["RESPONSE"], facts, study)
    said = made[known.to_numpy(bool) & counts]
    said = said.assign(RANK=said["RESPONSE"].map(order)).sort_values(["RANK", "ADY", "SRCSEQ"])
    best = said.drop_duplicates("PATIENT").set_index("PATIENT").reindex(treated)
    best.index.name = "PATIENT"
    return best.assign(AVALC=best["RESPONSE"].fillna("NE")).reset_index()


def _one_count(rows: list[pd.DataFrame], facts: Facts) -> None:
    """Raise ``StudyError`` where best response and milestone count different remissions."""
    answers = pd.concat([own[own["PARAMCD"] == "CRC"] for own in rows])
    reached = (answers["AVALC"] == "Y").to_numpy(bool)
    dated = facts.first("FIRST_REMISSION")[answers["PATIENT"]] >= 0
    if (reached != dated).any():
        apart = facts.patients.take(answers["PATIENT"][reached != dated])
        n, seen = int(reached.sum()), int(dated.sum())
        raise StudyError(
            f"{n} patients have a complete remission as their best response, but "
            f"{seen} the milestone FIRST_REMISSION.",
            fix="Leave FIRST_REMISSION as the library has it, and change what counts under "
            "response: remission, until, baseline_remission.",
            column="milestones > FIRST_REMISSION",
            value=", ".join(sorted(apart)[:5]),
        )


def _response_rows(best: pd.DataFrame, study: dict) -> list[pd.DataFrame]:
    rule = study["response"]
    own = best[["PATIENT", "AVALC", *_SOURCE]]
    rows = [own.assign(PARAMCD="BOR")]
    for code, wanted in (("CR", ["CR"]), ("CRC", rule["remission"]), ("ORR", rule["overall"])):
        reached = is_one_of(best["AVALC"], wanted)
        said = np.where(reached, "Y", "N")
        rows.append(own.assign(PARAMCD=code, AVAL=reached.astype(int), AVALC=said))
    return rows


def _samples(tables: dict[str, pd.DataFrame], rule: dict, facts: Facts) -> pd.DataFrame:
    """MRD samples that a rule counts: of the MRD table and of response assessments.

    A sample of another method, or of a material that does not count, is none of them.
    """
    found = []
    for table, stem in (("mrd", "MRD"), ("responses", "RS")):
        frame = tables[table]
        if "MRDMAT" in frame:
            frame = frame[frame["MRDMAT"].isna() | frame["MRDMAT"].isin(rule["materials"])]
        if rule["method"] != "any":
            frame = frame[frame["MRDMETH"].isin([rule["method"]])]
        own = {"PATIENT": facts.places(frame["USUBJID"]), "ADY": floats(frame[f"{stem}DY"])}
        own |= {"SRCDOM": table, "SRCVAR": f"{stem}DT", "SRCSEQ": floats(frame["SEQ"])}
        own |= {name: frame[name].array for name in _RESULT}
        found.append(pd.DataFrame(own))
    return pd.concat(found, ignore_index=True)


#: What decides whether a sample is negative, in the order of ``mrd_negative``.
_RESULT = ["MRDVAL", "MRDOP", "MRDRES", "MRDLOD"]


def _mrd_rules(study: dict) -> dict[str, dict]:
    """The study's rule of MRD negativity, and each alternative laid over it, by parameter."""
    own = {key: value for key, value in study["mrd"].items() if key != "alternatives"}
    others = {f"MRDNEG.{m['name']}": {**own, **m} for m in study["mrd"].get("alternatives", [])}
    return {"MRDNEG": {**own, "label": "primary"}, **others}


def _mrd_from(facts: Facts, study: dict) -> np.ndarray:
    """The first day whose samples count, by patient: remission, less what counts may lie apart.

    NaN without a remission, out of which nobody can be MRD-negative. A sample of day 0 shows the
    disease before treatment, unless patients enter in remission.
    """
    remission = facts.first_day("FIRST_REMISSION")
    before = remission - study["response"]["count_window_days"]
    return np.maximum(np.minimum(1, remission), before)


def _mrd_rows(samples: pd.DataFrame, facts: Facts, rule: dict, study: dict) -> pd.DataFrame:
    """The sample of each patient that decides: the first negative, else the first positive one."""
    end = response_end(facts, study)
    if rule["by_day"] != "none":
        end = np.fmin(end, rule["by_day"])
    day, patient = samples["ADY"].to_numpy(), samples["PATIENT"].to_numpy()
    samples = samples[(day >= _mrd_from(facts, study)[patient]) & ~(day > end[patient])]
    results = samples[_RESULT].astype(object).where(samples[_RESULT].notna(), None)
    results = list(results.itertuples(index=False, name=None))
    known = {found: mrd_negative(*found, rule["negative_below"]) for found in set(results)}
    positive = [{True: 0, False: 1, None: np.nan}[known[found]] for found in results]
    samples = samples.assign(POSITIVE=np.array(positive, dtype=np.float64))
    order = ["POSITIVE", "ADY", "SRCDOM", "SRCSEQ"]
    first = samples.dropna(subset="POSITIVE").sort_values(order).drop_duplicates("PATIENT")
    negative = first["POSITIVE"] == 0
    answers = {"AVAL": negative.astype(int), "AVALC": np.where(negative, "Y", "N")}
    return first[["PATIENT", *_SOURCE]].assign(**answers)


def _time_rows(
    best: pd.DataFrame, made: pd.DataFrame, facts: Facts, study: dict
) -> list[pd.DataFrame]:
    """Days and cycles to the first, and cycles to the best response of those who have one."""
    best = best[is_one_of(best["AVALC"], study["response"]["overall"])]
    first = facts.table(facts.first("FIRST_RESPONSE")[best["PATIENT"]])[["PATIENT", *_SOURCE]]
    cycles = made[["PATIENT", "SRCSEQ", "CYCLE"]]
    first = first.merge(cycles, on=["PATIENT", "SRCSEQ"], how="left")
    rows = [
        first.assign(PARAMCD="TTR", AVAL=first["ADY"]),
        first.assign(PARAMCD="CYCRESP", AVAL=first["CYCLE"]),
        best.assign(PARAMCD="CYCBEST", AVAL=best["CYCLE"]),
    ]
    wanted = ["PATIENT", *_SOURCE, "PARAMCD", "AVAL"]
    return [own.dropna(subset="AVAL")[wanted] for own in rows]

"""ADRS: best overall response, remission, MRD and time to response, one row per patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import ADRS
from venaza.contracts.files import conform
from venaza.contracts.mrd import mrd_negative
from venaza.endpoints.fact import Facts, first_day
from venaza.endpoints.transfusions import KINDS, transfusion_rows
from venaza.endpoints.window import is_of_regimen, response_end
from venaza.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd

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
    treated: list[str],
    tables: dict[str, pd.DataFrame],
    assessments: pd.DataFrame,
    facts: dict[str, Facts],
    study: dict,
) -> pd.DataFrame:
    """The response parameters of the treated patients (``ADRS``).

    BOR, CR, CRC and ORR have a row for every treated patient (not evaluable is no response:
    ``AVAL`` 0); MRDNEG, and each alternative of it
    (``MRDNEG.NAME``), for every patient tested in remission by the method and the day asked for;
    nobody else can be negative. TTR, CYCRESP
    and CYCBEST for responders; TIRBC and TIPLT for every treated patient where transfusions are
    recorded. A study whose assessments record relapse alone has none of the response parameters.
    All of them count within the window of ``venaza.endpoints.window``, as the milestones do:
    whoever has CRC has FIRST_REMISSION and the other way round. Raises ``StudyError`` where a study
    file defines that milestone so that the two disagree.
    """
    import pandas as pd

    rows = transfusion_rows(treated, tables, facts, study)
    if not assessments["RESPONSE"].isin(["RELAPSE", "NE"]).all():
        rows += _all_responses(treated, tables, assessments, facts, study)
        _one_count(rows, facts)
    if not rows:
        return conform(pd.DataFrame(), ADRS)
    frame = pd.DataFrame(rows)
    frame["STUDYID"] = study["id"]
    frame["DEFN"] = frame["PARAMCD"].map(DEFINITIONS).fillna(study["response"]["criteria"])
    labels = PARAMS | {code: f"MRD negative, {m['label']}" for code, m in _mrd_rules(study).items()}
    frame["PARAM"] = frame["PARAMCD"].map({**labels, "MRDNEG": PARAMS["MRDNEG"]})
    rank = {code: n for n, code in enumerate(labels)}
    frame = frame.sort_values(
        ["PARAMCD", "USUBJID"], key=lambda s: s.map(rank) if s.name == "PARAMCD" else s
    )
    return conform(frame, ADRS)


def _all_responses(treated, tables, assessments, facts, study: dict) -> list[dict]:
    rows = []
    by_patient = dict(tuple(assessments.groupby("USUBJID")))
    mrd = {code: (_samples(tables, m), m) for code, m in _mrd_rules(study).items()}
    for patient in treated:
        own = by_patient.get(patient, assessments.iloc[0:0])
        end = response_end(patient, facts, study)
        best = _best(own, facts, study)
        rows += _response_rows(patient, best, study)
        first = _mrd_from(patient, facts, study)
        for code, (samples, rule) in mrd.items() if first is not None else ():
            rows += _mrd_rows(patient, code, samples.get(patient, []), (first, end), rule)
        rows += _time_rows(patient, own, best, facts, study)
    return rows


def _best(own: pd.DataFrame, facts: dict[str, Facts], study: dict) -> dict:
    """The best response of a patient that counts for the regimen; NE without one."""
    import pandas as pd

    order = {word: rank for rank, word in enumerate(study["response"]["order"])}
    said = own[own["ADY"].notna() & own["RESPONSE"].notna()]
    said = said[~said["RESPONSE"].isin(["NE", "RELAPSE"])]
    columns = (said[name] for name in ("ADY", "RESPONSE", "USUBJID"))
    counts = [is_of_regimen(*row, facts, study) for row in zip(*columns, strict=True)]
    candidates = said[pd.Series(counts, index=said.index, dtype=bool)]
    if candidates.empty:
        return {"AVALC": "NE"}
    ranked = candidates.assign(_rank=candidates["RESPONSE"].map(order))
    row = ranked.sort_values(["_rank", "ADY", "SEQ"]).iloc[0]
    return {
        **{"AVALC": row["RESPONSE"], "ADT": row["ADT"], "ADY": row["ADY"]},
        **{"SRCDOM": "responses", "SRCVAR": "RSDT", "SRCSEQ": row["SEQ"], "CYCLE": row["CYCLE"]},
    }


def _one_count(rows: list[dict], facts: dict[str, Facts]) -> None:
    """Raise ``StudyError`` where best response and milestone count different remissions."""
    answers = {r["USUBJID"]: r["AVALC"] for r in rows if r["PARAMCD"] == "CRC"}
    reached = {p for p, answer in answers.items() if answer == "Y"}
    dated = {p for p in answers if p in facts["FIRST_REMISSION"]}
    if reached != dated:
        raise StudyError(
            f"{len(reached)} patients have a complete remission as their best response, but "
            f"{len(dated)} the milestone FIRST_REMISSION.",
            fix="Leave FIRST_REMISSION as the library has it, and change what counts under "
            "response: remission, until, baseline_remission.",
            column="milestones > FIRST_REMISSION",
            value=", ".join(sorted(reached ^ dated)[:5]),
        )


def _response_rows(patient: str, best: dict, study: dict) -> list[dict]:
    rule = study["response"]
    source = {k: v for k, v in best.items() if k not in ("AVALC", "CYCLE")}
    rows = [{"USUBJID": patient, "PARAMCD": "BOR", "AVALC": best["AVALC"], **source}]
    for code, wanted in (("CR", ["CR"]), ("CRC", rule["remission"]), ("ORR", rule["overall"])):
        reached = best["AVALC"] in wanted
        answer = {"AVAL": int(reached), "AVALC": "Y" if reached else "N"}
        rows.append({"USUBJID": patient, "PARAMCD": code, **answer, **source})
    return rows


def _wanted_method(found, wanted: str) -> bool:
    import pandas as pd

    return wanted == "any" or (pd.notna(found) and found == wanted)


def _samples(tables: dict[str, pd.DataFrame], rule: dict) -> dict[str, list[dict]]:
    """MRD samples that a rule counts, by patient: of the MRD table and of response assessments.

    A sample of another method, or of a material that does not count, is none of them.
    """
    found: dict[str, list[dict]] = {}
    for table, stem in (("mrd", "MRD"), ("responses", "RS")):
        for row in tables[table].to_dict("records"):
            material = _known(row.get("MRDMAT"))
            other = material is not None and material not in rule["materials"]
            if other or not _wanted_method(row["MRDMETH"], rule["method"]):
                continue
            item = {"day": row[f"{stem}DY"], "value": row["MRDVAL"], "sign": row["MRDOP"]}
            item |= {"result": row["MRDRES"], "limit": row["MRDLOD"]}
            item |= {"table": table, "variable": f"{stem}DT", "seq": row["SEQ"]}
            found.setdefault(row["USUBJID"], []).append(item)
    return found


def _mrd_rules(study: dict) -> dict[str, dict]:
    """The study's rule of MRD negativity, and each alternative laid over it, by parameter."""
    own = {key: value for key, value in study["mrd"].items() if key != "alternatives"}
    others = {f"MRDNEG.{m['name']}": {**own, **m} for m in study["mrd"].get("alternatives", [])}
    return {"MRDNEG": {**own, "label": "primary"}, **others}


def _mrd_from(patient: str, facts: dict, study: dict) -> int | None:
    """The first day whose samples count: remission, less the days that counts may lie apart.

    None without a remission, out of which nobody can be MRD-negative. A sample of day 0 shows the
    disease before treatment, unless patients enter in remission.
    """
    remission = first_day(facts["FIRST_REMISSION"], patient)
    if remission is None:
        return None
    return max(min(1, remission), remission - study["response"]["count_window_days"])


def _mrd_rows(patient: str, code: str, samples: list[dict], window, rule: dict) -> list[dict]:
    import pandas as pd

    start, end = window
    if rule["by_day"] != "none":
        end = rule["by_day"] if end is None else min(end, rule["by_day"])
    tested = []
    for item in samples:
        found = (_known(item[name]) for name in ("value", "sign", "result", "limit"))
        negative = mrd_negative(*found, rule["negative_below"])
        if negative is None or pd.isna(item["day"]) or item["day"] < start:
            continue
        if end is None or item["day"] <= end:
            tested.append((not negative, item["day"], item["table"], item["seq"], item))
    if not tested:
        return []
    positive, day, table, seq, item = min(tested, key=lambda t: t[:4])
    return [
        {
            **{"USUBJID": patient, "PARAMCD": code, "AVAL": int(not positive)},
            **{"AVALC": "N" if positive else "Y", "ADY": day},
            **{"SRCDOM": table, "SRCVAR": item["variable"], "SRCSEQ": seq},
        }
    ]


def _known(value: object) -> object:
    import pandas as pd

    return None if pd.isna(value) else value


def _time_rows(patient: str, own: pd.DataFrame, best: dict, facts: dict, study: dict) -> list[dict]:
    import pandas as pd

    if best["AVALC"] not in study["response"]["overall"]:
        return []
    first = facts["FIRST_RESPONSE"][patient][0]
    source = {"SRCDOM": first.domain, "SRCVAR": first.variable, "SRCSEQ": first.seq}
    row = own[own["SEQ"] == first.seq].iloc[0]
    first_row = {"ADY": row["ADY"], **source}
    best_row = {name: best[name] for name in ("ADY", *source)}
    rows = [
        ("TTR", first.day, first_row),
        ("CYCRESP", row["CYCLE"], first_row),
        ("CYCBEST", best["CYCLE"], best_row),
    ]
    return [
        {"USUBJID": patient, "PARAMCD": code, "AVAL": value, **source_row}
        for code, value, source_row in rows
        if pd.notna(value)
    ]

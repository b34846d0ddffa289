"""The response at each assessment: derived from blasts and counts, beside what was recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.analysis import ASSESSMENTS
from venaza.contracts.files import conform
from venaza.pipeline.endpoints.arrays import floats, mapped, texts
from venaza.pipeline.endpoints.criteria import derive_response
from venaza.pipeline.endpoints.window import NO_RESPONSE, is_one_of, on_treatment

#: Words that do not contradict each other: the criteria derive NR where a clinician says SD or PD.
_SAME = (set(NO_RESPONSE), {"RELAPSE", "PD"})
#: Where the cycle number of an assessment comes from.
RECORDED, BEGUN = "recorded", "cycles begun before"


def derive_assessments(tables: dict[str, pd.DataFrame], study: dict) -> pd.DataFrame:
    """One row per response assessment (``ASSESSMENTS``), in order of patient and date.

    Counts that the assessment lacks are taken from the laboratory table within the window of
    ``response.count_window_days`` around the marrow; extramedullary disease that was not
    recorded is taken as absent, an assessment that does not say how it was made as the marrow's.
    ``RESPONSE`` is the one that the study file says counts, or the other where that one is missing;
    a word that the criteria do not have counts as they say (``counts_as``), and disease after a
    remission is a relapse, whatever it was called. Where the assessment has no cycle number, the
    cycles begun before its day are counted.
    """
    responses = tables["responses"].reset_index(drop=True)
    values = _values(responses, tables, study["response"])
    cycle = floats(responses["CYCLE"])
    begun = cycles_begun(responses[np.isnan(cycle)], tables["cycles"])
    begun = begun.reindex(responses.index).to_numpy()
    source = np.where(np.isnan(begun), None, BEGUN)
    made = {
        "STUDYID": study["id"],
        "USUBJID": responses["USUBJID"],
        "SEQ": responses["SEQ"],
        "ADT": responses["RSDT"],
        "ADY": responses["RSDY"],
        "CYCLE": np.where(np.isnan(cycle), begun, cycle),
        "CYCLESRC": np.where(np.isnan(cycle), source, RECORDED),
    }
    said = _responses(responses, values, study)
    return conform(pd.DataFrame(made).join(said), ASSESSMENTS)


def _responses(responses: pd.DataFrame, values: pd.DataFrame, study: dict) -> pd.DataFrame:
    """RSINV, RSDRV, RESPONSE and NOTE of the assessments, by row.

    What comes after the first remission of a patient, by day, is judged once more, as such.
    """
    stated = texts(responses["RSINV"])
    rows = values.assign(
        PATIENT=pd.factorize(responses["USUBJID"])[0],
        DAY=floats(responses["RSDY"]),
        SEQ=responses["SEQ"],
        RSINV=stated,
        SAID=mapped(stated, lambda word: counted_as(word, study)),
    ).sort_values(["PATIENT", "DAY", "SEQ"])
    blood, never = _blood_samples(rows, study), pd.Series(np.nan, index=rows.index)
    judged = _judged(rows, blood, never, study)
    reached = is_one_of(judged["RESPONSE"], study["response"]["remission"])
    reached &= on_treatment(rows["DAY"].to_numpy(), judged["RESPONSE"], study)
    reached = pd.Series(reached, index=rows.index)
    later = reached.astype(int).groupby(rows["PATIENT"]).cumsum() - reached > 0
    since = rows["DAY"].where(reached).groupby(rows["PATIENT"]).transform("first")
    again = _judged(rows[later], blood, since[later], study)
    return pd.concat([judged[~later], again])


def _judged(rows: pd.DataFrame, blood: pd.DataFrame, since: pd.Series, study: dict) -> pd.DataFrame:
    """What is said of assessments after a remission on the day ``since`` (NaN: after none)."""
    rule = study["response"]
    after = (rows["DAY"] > since).to_numpy()
    twice = _twice(rows, blood, since, rule["blood_relapse_days"])
    derived = derive_response(rows.assign(PBLAST_TWICE=twice), after, study["criteria"])
    said = rows["SAID"].to_numpy()
    first, second = (said, derived) if rule["counts"] == "investigator" else (derived, said)
    response = np.where(pd.isna(first), second, first)
    relapse = after & is_relapse(response, derived)
    stated = rows["RSINV"].to_numpy()
    counts = mapped(stated, lambda word: f"{word} counts as {counted_as(word, study)}")
    renamed = np.where(pd.isna(stated) | (said == stated), "", counts)
    called = mapped(response, lambda word: f"{word} after a remission counts as relapse")
    called = np.where(relapse, called, "")
    between = np.where((renamed != "") & relapse, "; ", "")
    note = renamed + between + called
    return pd.DataFrame(
        {
            "RSINV": stated,
            "RSDRV": derived,
            "RESPONSE": np.where(relapse, "RELAPSE", response),
            "NOTE": np.where(note == "", None, note),
        },
        index=rows.index,
    )


def is_relapse(responses: np.ndarray, derived: np.ndarray) -> np.ndarray:
    """Which responses after a remission are a relapse by another name.

    Progression is; no response and partial remission are where the criteria derive a relapse (5% of
    marrow blasts, blood blasts twice, disease elsewhere: ELN 2022, Döhner, Blood 2022;140:1345).
    """
    short = np.isin(responses, ["PR", *NO_RESPONSE])
    return (responses == "PD") | (short & (derived == "RELAPSE"))


def _blood_samples(rows: pd.DataFrame, study: dict) -> pd.DataFrame:
    """Patient, day and whether there were BLASTS, of each sample of blood; a remission has none."""
    cleared = is_one_of(rows["SAID"], study["response"]["remission"])
    samples = rows[rows["DAY"].notna() & (rows["PBLAST"].notna() | cleared)]
    samples = samples[["PATIENT", "DAY"]].assign(BLASTS=samples["PBLAST"].fillna(0) != 0)
    return samples.drop_duplicates().sort_values(["PATIENT", "DAY", "BLASTS"])


def _twice(rows: pd.DataFrame, blood: pd.DataFrame, since: pd.Series, least: float) -> np.ndarray:
    """Whether blood blasts stand in samples so many days apart, with none without between.

    Samples before a remission on the day ``since`` do not count, nor do those up to its day.
    """
    begun = since.groupby(rows["PATIENT"]).first()
    samples = blood[~(blood["DAY"] <= blood["PATIENT"].map(begun))]
    run = (~samples["BLASTS"]).cumsum()
    samples = samples.assign(RUN=run)[samples["BLASTS"]]
    days = samples.groupby(["PATIENT", "RUN"])["DAY"]
    samples = samples.assign(APART=days.transform("max") - days.transform("min"))
    known = rows[["PATIENT", "DAY"]].merge(
        samples[["PATIENT", "DAY", "APART"]], on=["PATIENT", "DAY"], how="left"
    )
    far = known["APART"].fillna(0).to_numpy() >= least
    blasts, undated = rows["PBLAST"].to_numpy(), rows["DAY"].isna()
    twice = np.where(blasts > 0, np.where(far, "Y", None), "N")
    return np.where(np.isnan(blasts) | undated, None, twice)


def counted_as(stated: str | None, study: dict) -> str | None:
    """What a recorded word counts as by the criteria: CRp is no category of AML, and is CRi."""
    return study["criteria"].get("counts_as", {}).get(stated, stated)


def cycles_begun(assessments: pd.DataFrame, cycles: pd.DataFrame) -> pd.Series:
    """How many cycles had begun before each assessment (strictly); none where none is on record.

    A number that is missing between others was given and not exported; cycles without a number are
    counted by their days. An assessment before the first cycle on record has no known number: an
    earlier cycle may not have been exported.
    """
    begun = _beside(assessments, cycles[["USUBJID", "EXSTDY", "CYCLE"]])
    begun = begun[floats(begun["EXSTDY"]) < begun["DAY"]]
    begun = begun.assign(UNNUMBERED=begun["EXSTDY"].where(begun["CYCLE"].isna()))
    found = begun.groupby("ROW").agg({"CYCLE": ["max", "nunique"], "UNNUMBERED": "nunique"})
    highest, numbers, unnumbered = (floats(found[name]) for name in found)
    return pd.Series(np.fmax(np.nan_to_num(highest), numbers + unnumbered), index=found.index)


def _beside(assessments: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Every row of another table beside each dated assessment (ROW, DAY) of its patient."""
    day = floats(assessments["RSDY"])
    own = pd.DataFrame({"USUBJID": assessments["USUBJID"], "DAY": day, "ROW": assessments.index})
    return own[~np.isnan(day)].merge(others, on="USUBJID")


def counts(responses: pd.DataFrame, test: str, labs: pd.DataFrame, rule: dict) -> pd.Series:
    """A count of each assessment; where it has none, the nearest of the laboratory within days."""
    own = pd.Series(floats(responses[test]), index=responses.index)
    wanted = labs[labs["LBTESTCD"].isin([test]) & labs["LBSTRESN"].notna() & labs["LBDY"].notna()]
    near = _beside(responses[own.isna()], wanted[["USUBJID", "LBDY", "LBSTRESN"]])
    near = near.assign(APART=np.abs(floats(near["LBDY"]) - near["DAY"]))
    near = near[near["APART"] <= rule["count_window_days"]]
    near = near.sort_values(["APART", "LBDY", "LBSTRESN"]).drop_duplicates("ROW")
    return own.fillna(pd.Series(floats(near["LBSTRESN"]), index=near["ROW"]))


def _values(responses: pd.DataFrame, tables: dict[str, pd.DataFrame], rule: dict) -> pd.DataFrame:
    """What the criteria ask for, of each assessment (``criteria.derive_response``)."""
    patients = tables["patients"]
    baseline = pd.Series(floats(patients["BMBLAST"]), index=patients["USUBJID"])
    baseline = floats(responses["USUBJID"].map(baseline))
    blasts = floats(responses["MBLAST"])
    fall = 100 * (1 - blasts / np.where(baseline > 0, baseline, np.nan))
    return pd.DataFrame(
        {
            **{name: floats(responses[name]) for name in ("MBLAST", "PBLAST", "DEAUV")},
            **{name: counts(responses, name, tables["labs"], rule) for name in ("ANC", "PLT")},
            "EMD": responses["EMD"].fillna("N"),
            "RSMETH": responses["RSMETH"].fillna("marrow"),
            "BASELINE_FALL": fall,
            "TRANSFUSED": _transfused(responses, tables["transfusions"], rule),
        }
    )


def _transfused(responses: pd.DataFrame, transfusions: pd.DataFrame, rule: dict) -> np.ndarray:
    """Whether a transfusion lies in the days before the marrow that must be without one."""
    wanted = rule["transfusion_free_days"]
    if not wanted:
        return np.full(len(responses), "N", dtype=object)
    given = _beside(responses, transfusions[["USUBJID", "TFDY"]])
    before = given["DAY"] - floats(given["TFDY"])
    near = given.loc[(before >= 0) & (before <= wanted), "ROW"]
    return np.where(responses.index.isin(near), "Y", "N")


def disagreements(assessments: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The assessments whose derived response contradicts the investigator's."""
    both = assessments[assessments["RSINV"].notna() & assessments["RSDRV"].notna()]
    words = zip(both["RSINV"], both["RSDRV"], strict=True)
    apart = [not _agree(counted_as(a, study), b) for a, b in words]
    return both[np.array(apart, dtype=bool)]


def _agree(stated: str, derived: str) -> bool:
    return stated in (derived, "NE") or any({stated, derived} <= same for same in _SAME)

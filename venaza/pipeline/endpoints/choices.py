"""Courses that leave room for another reading: the definition decides, and the clinic is asked.

Each is counted as the definitions say; how many there are stands in the report.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.contracts.truth import is_true
from venaza.pipeline.endpoints.arrays import floats, mapped, texts
from venaza.pipeline.endpoints.asked import Asked, shown
from venaza.pipeline.endpoints.course import cut_off
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.response import counts
from venaza.pipeline.endpoints.window import NO_RESPONSE, is_one_of, of_regimen

#: The checks of this module, in the order in which the report counts them.
RULES = (
    "changed_without_failure",
    "partial_without_remission",
    "partial_response_lost",
    "stopped_refractory_without_failure",
    "leukaemia_death_in_remission",
    "both_counts_low",
)


def choices(assessments: pd.DataFrame, facts: Facts, tables: dict, study: dict) -> Iterator[Asked]:
    """What is found of ``RULES``."""
    seen = _of_regimen(assessments, facts, study)
    later = _assessed_later(tables)
    changed = _changed(seen, facts, tables, study) if len(assessments) else ()
    first = [*changed, *_lost(seen, study)]
    first = [found for found in first if found.patient not in later]
    yield from first
    yield from _partial(seen, facts, later | {found.patient for found in first})
    yield from _patients(facts, tables["patients"], later, study)
    yield from _low(assessments, tables, study)


def _assessed_later(tables: dict) -> set[str]:
    """The patients of whom an assessment after the data cut-off is left out: it may say more."""
    left_out = cut_off(tables.get("queries"))
    return {p for (table, _), own in left_out.items() if table == "responses" for p in own}


def _of_regimen(assessments: pd.DataFrame, facts: Facts, study: dict) -> pd.DataFrame:
    """The assessments that count for the regimen, by patient and day, with PATIENT as a place."""
    seen = assessments[["USUBJID", "ADY", "SEQ", "RESPONSE"]]
    seen = seen.assign(PATIENT=facts.places(seen["USUBJID"]), ADY=floats(seen["ADY"]))
    seen = seen[seen["RESPONSE"].notna() & is_true(seen["RESPONSE"] != "NE")]
    places, days = seen["PATIENT"].to_numpy(), seen["ADY"].to_numpy()
    seen = seen[of_regimen(places, days, seen["RESPONSE"], facts, study)]
    return seen.sort_values(["USUBJID", "ADY", "SEQ"])


def _changed(seen: pd.DataFrame, facts: Facts, tables: dict, study: dict) -> Iterator[Asked]:
    """What ends the regimen, out of remission and with no failure on record by then."""
    ends = [facts.first(name) for name in study["response"]["until"]]
    if not ends:
        return
    days = np.array([np.nan_to_num(facts.day(rows), nan=np.inf) for rows in ends])
    ended, end = np.choose(days.argmin(axis=0), ends), days.min(axis=0)
    before = seen[seen["ADY"] <= end[seen["PATIENT"]]].drop_duplicates("PATIENT", keep="last")
    last = np.full(len(end), None, dtype=object)
    last[before["PATIENT"]] = before["RESPONSE"]
    late = end + study["failure"]["treated_before_days"]
    settled = is_one_of(pd.Series(last), study["response"]["remission"])
    settled |= facts.first_day("FAILURE") <= late
    found = facts.table(ended[(ended >= 0) & ~settled])
    found["USUBJID"] = facts.patients.take(found["PATIENT"])
    named = tables["therapies"].set_index(["USUBJID", "SEQ"])["CMTRT"]
    for fact in found.sort_values("USUBJID").itertuples():
        patient, seq = fact.USUBJID, int(fact.SRCSEQ)
        therapy = named.get((patient, seq)) if fact.SRCDOM == "therapies" else None
        said = {"response": last[fact.PATIENT] or "none"}
        said["therapy"] = therapy if isinstance(therapy, str) else fact.DESCRIPTION
        where = (fact.SRCDOM, patient, seq, fact.SRCVAR)
        yield Asked("changed_without_failure", *where, said)


def _partial(seen: pd.DataFrame, facts: Facts, asked: set[str]) -> Iterator[Asked]:
    """A partial remission that neither became complete nor was followed by a failure."""
    settled = (facts.first("FIRST_REMISSION") >= 0) | (facts.first("FAILURE") >= 0)
    first = seen[is_one_of(seen["RESPONSE"], ["PR"])].drop_duplicates("PATIENT")
    first = first[~settled[first["PATIENT"]] & ~first["USUBJID"].isin(asked)]
    for patient, seq in zip(first["USUBJID"], first["SEQ"], strict=True):
        yield Asked("partial_without_remission", "responses", patient, int(seq), "RSINV", {})


def _lost(seen: pd.DataFrame, study: dict) -> Iterator[Asked]:
    """No response after a partial remission, before any remission, progression or relapse."""
    ends = (*study["response"]["remission"], "PD", "RELAPSE")
    marks = pd.DataFrame(
        {
            "OVER": is_one_of(seen["RESPONSE"], ends).astype(int),
            "HELD": is_one_of(seen["RESPONSE"], ["PR"]).astype(int),
        },
        index=seen.index,
    )
    marks = marks.groupby(seen["PATIENT"]).cumsum()
    lost = (marks["HELD"] > 0) & (marks["OVER"] == 0) & is_one_of(seen["RESPONSE"], NO_RESPONSE)
    first = seen[lost].drop_duplicates("PATIENT")
    for patient, seq, word in zip(first["USUBJID"], first["SEQ"], first["RESPONSE"], strict=True):
        where = ("responses", patient, int(seq), "RSINV")
        yield Asked("partial_response_lost", *where, {"response": word})


def _patients(
    facts: Facts, patients: pd.DataFrame, later: set[str], study: dict
) -> Iterator[Asked]:
    """What the patient's own row says of the disease, and no assessment does.

    Stopped as refractory after a remission is asked about in cleaning.
    """
    words = study["checks"]["limits"]["words"]
    patients = patients.sort_values("USUBJID")
    places = facts.places(patients["USUBJID"])
    remission, failed, dead = (
        facts.first(name)[places] >= 0 for name in ("FIRST_REMISSION", "FAILURE", "DEATH")
    )
    stopped = _says(patients["STOPREAS"], words["progression"])
    stopped |= ~remission & _says(patients["STOPREAS"], words["refractory"])
    stopped &= ~patients["USUBJID"].isin(later).to_numpy(bool)
    died = dead & remission & _says(patients["DTHCAUS"], words["leukaemia"])
    found = patients.assign(STOPPED=stopped, DIED=died)[~failed & (stopped | died)]
    for row in found.to_dict("records"):
        place = ("patients", row["USUBJID"], row["SEQ"])
        if row["STOPPED"]:
            said = {"reason": row["STOPREAS"]}
            yield Asked("stopped_refractory_without_failure", *place, "STOPREAS", said)
        if row["DIED"]:
            said = {"cause": row["DTHCAUS"]}
            yield Asked("leukaemia_death_in_remission", *place, "DTHCAUS", said)


def _says(column: pd.Series, words: list[str]) -> np.ndarray:
    """Which texts are one of ``words``, whatever their case."""
    folded = pd.Series(mapped(texts(column), str.casefold))
    return is_one_of(folded, [word.casefold() for word in words])


def _low(assessments: pd.DataFrame, tables: dict, study: dict) -> Iterator[Asked]:
    """MLFS by blasts alone, where nobody recorded a word and both counts are low."""
    derived = is_true(assessments["RSINV"].isna() & (assessments["RSDRV"] == "MLFS"))
    rows = tables["responses"][derived.to_numpy(bool)]
    anc, plt = (counts(rows, name, tables["labs"], study["response"]) for name in ("ANC", "PLT"))
    for patient, seq, *values in zip(rows["USUBJID"], rows["SEQ"], anc, plt, strict=True):
        said = {name: shown(value) for name, value in zip(("anc", "plt"), values, strict=True)}
        yield Asked("both_counts_low", "responses", patient, seq, "MBLAST", said)

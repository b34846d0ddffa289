"""Courses that leave room for another reading: the definition decides, and the clinic is asked.

Each is counted as the definitions say; how many there are stands in the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venaza.endpoints.asked import Asked, shown
from venaza.endpoints.fact import Fact, Facts, first_day
from venaza.endpoints.response import count_of, counts_by_patient
from venaza.endpoints.window import NO_RESPONSE, is_of_regimen

if TYPE_CHECKING:
    import pandas as pd

#: The checks of this module, in the order in which the report counts them.
RULES = (
    "changed_without_failure",
    "partial_without_remission",
    "partial_response_lost",
    "stopped_refractory_without_failure",
    "leukaemia_death_in_remission",
    "both_counts_low",
)


def choices(
    assessments: pd.DataFrame, facts: dict[str, Facts], tables: dict, study: dict
) -> Iterator[Asked]:
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
    if "queries" not in tables:
        return set()
    queries = tables["queries"]
    left_out = (queries["RULE"] == "after_cutoff") & (queries["TABLE"] == "responses")
    return set(queries.loc[left_out, "USUBJID"])


def _of_regimen(assessments, facts: dict[str, Facts], study: dict) -> dict[str, list[tuple]]:
    """Day, word and SEQ of each patient's assessments that count for the regimen, by day."""
    dated = assessments[assessments["ADY"].notna() & assessments["RESPONSE"].notna()]
    dated = dated[dated["RESPONSE"] != "NE"].sort_values(["ADY", "SEQ"])
    found: dict[str, list[tuple]] = {}
    columns = (dated[name] for name in ("USUBJID", "ADY", "RESPONSE", "SEQ"))
    for patient, day, word, seq in zip(*columns, strict=True):
        if is_of_regimen(int(day), word, patient, facts, study):
            found.setdefault(patient, []).append((int(day), word, int(seq)))
    return found


def _changed(seen, facts: dict[str, Facts], tables: dict, study: dict) -> Iterator[Asked]:
    """What ends the regimen, out of remission and with no failure on record by then."""
    named = tables["therapies"].set_index(["USUBJID", "SEQ"])["CMTRT"]
    late = study["failure"]["treated_before_days"]
    ends = study["response"]["until"]
    for patient in sorted({patient for name in ends for patient in facts[name]}):
        fact = min((facts[n][patient][0] for n in ends if patient in facts[n]), key=_by_day)
        before = [word for day, word, _ in seen.get(patient, []) if day <= fact.day]
        failed = first_day(facts["FAILURE"], patient)
        if before and before[-1] in study["response"]["remission"]:
            continue
        if failed is None or failed > fact.day + late:
            therapy = named.get((patient, fact.seq)) if fact.domain == "therapies" else None
            said = {"response": before[-1] if before else "none"}
            said["therapy"] = _or(therapy, fact.description)
            where = (fact.domain, patient, fact.seq, fact.variable)
            yield Asked("changed_without_failure", *where, said)


def _by_day(fact: Fact) -> int:
    return fact.day


def _or(value: object, otherwise: str) -> str:
    return value if isinstance(value, str) else otherwise


def _partial(seen, facts: dict[str, Facts], asked: set[str]) -> Iterator[Asked]:
    """A partial remission that neither became complete nor was followed by a failure."""
    for patient, found in sorted(seen.items()):
        first = next((item for item in found if item[1] == "PR"), None)
        settled = patient in facts["FIRST_REMISSION"] or patient in facts["FAILURE"]
        if first is not None and not settled and patient not in asked:
            where = ("responses", patient, first[2], "RSINV")
            yield Asked("partial_without_remission", *where, {})


def _lost(seen, study: dict) -> Iterator[Asked]:
    """No response after a partial remission, before any remission, progression or relapse."""
    over = (*study["response"]["remission"], "PD", "RELAPSE")
    for patient, found in sorted(seen.items()):
        held = False
        for _, word, seq in found:
            if word in over:
                break
            if held and word in NO_RESPONSE:
                where = ("responses", patient, seq, "RSINV")
                yield Asked("partial_response_lost", *where, {"response": word})
                break
            held = held or word == "PR"


def _patients(
    facts: dict[str, Facts], patients: pd.DataFrame, later: set[str], study: dict
) -> Iterator[Asked]:
    """What the patient's own row says of the disease, and no assessment does.

    Stopped as refractory after a remission is asked about in cleaning.
    """
    words = study["checks"]["limits"]["words"]
    for row in patients.sort_values("USUBJID").to_dict("records"):
        patient = row["USUBJID"]
        if patient in facts["FAILURE"]:
            continue
        remission = patient in facts["FIRST_REMISSION"]
        stopped = _says(row["STOPREAS"], words["progression"])
        stopped = stopped or (not remission and _says(row["STOPREAS"], words["refractory"]))
        died = patient in facts["DEATH"] and _says(row["DTHCAUS"], words["leukaemia"])
        if stopped and patient not in later:
            where = ("patients", patient, row["SEQ"], "STOPREAS")
            said = {"reason": row["STOPREAS"]}
            yield Asked("stopped_refractory_without_failure", *where, said)
        if died and remission:
            where = ("patients", patient, row["SEQ"], "DTHCAUS")
            yield Asked("leukaemia_death_in_remission", *where, {"cause": row["DTHCAUS"]})


def _says(text: object, words: list[str]) -> bool:
    return isinstance(text, str) and text.casefold() in {word.casefold() for word in words}


def _low(assessments: pd.DataFrame, tables: dict, study: dict) -> Iterator[Asked]:
    """MLFS by blasts alone, where nobody recorded a word and both counts are low."""
    rows = tables["responses"].set_index(["USUBJID", "SEQ"])
    derived = assessments[assessments["RSINV"].isna() & (assessments["RSDRV"] == "MLFS")]
    labs = counts_by_patient(tables["labs"])
    for patient, seq in zip(derived["USUBJID"], derived["SEQ"], strict=True):
        row, near = rows.loc[(patient, seq)], labs.get(patient, [])
        anc, plt = (count_of(row, name, near, study["response"]) for name in ("ANC", "PLT"))
        said = {"anc": shown(anc), "plt": shown(plt)}
        yield Asked("both_counts_low", "responses", patient, seq, "MBLAST", said)

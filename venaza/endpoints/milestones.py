"""Milestones: the dated facts of a patient that endpoints are made of, each with its source row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, order=True)
class Fact:
    """A dated fact: the day from index, and the clean row and column that state it."""

    day: int
    domain: str
    variable: str
    seq: int
    name: str
    description: str


@dataclass(frozen=True)
class PassedOver:
    """A fact that does not count: ``when`` (after, before, ...) of which ``milestone``."""

    patient: str
    fact: Fact
    when: str
    milestone: str


#: Facts by patient, each patient's list by day.
Facts = dict[str, list[Fact]]

#: Clean tables whose dates show that the patient was alive, with the stems of the dates.
_ALIVE_RECORDS = {
    "patients": ("LSTALV", "INDEX", "STOP"),
    "responses": ("RS",),
    "mrd": ("MRD",),
    "cycles": ("EXST", "EXEN"),
    "therapies": ("CMST",),
    "transplants": ("TX",),
    "adverse_events": ("AEST", "AEEN"),
    "labs": ("LB",),
    "transfusions": ("TF",),
}


def derive_facts(
    tables: dict[str, pd.DataFrame],
    assessments: pd.DataFrame,
    study: dict,
    passed_over: list[PassedOver] | None = None,
) -> dict[str, Facts]:
    """Every fact of every milestone of the study, milestone by milestone.

    A milestone is looked up as ``config/endpoints.yaml`` describes it. Rows after death count
    for nothing. ``FAILURE`` gathers the milestones named under ``failure``; ``LAST_ALIVE`` is
    the latest dated record up to death; ``ASSESSED`` every assessment with a response other
    than NE, ``LAST_ASSESSMENT`` the latest of any. Rows that fit a milestone of the study and yet
    do not count are put into ``passed_over`` where it is given.
    """
    death = _deaths(tables["patients"])
    facts: dict[str, Facts] = {
        "INDEX": _index(tables["patients"]),
        "LAST_ALIVE": _last_alive(tables, death),
        "LAST_ASSESSMENT": _last_assessment(tables["responses"], death),
    }
    responses = tables["responses"].merge(
        assessments[["USUBJID", "SEQ", "RESPONSE"]], on=["USUBJID", "SEQ"], how="left"
    )
    frames = {**tables, "assessments": responses}
    left = [] if passed_over is None else passed_over
    for name in study["milestones"]:
        _resolve(name, frames, study, facts, death, (), left)
    facts["ASSESSED"] = _assessed(responses, study, facts, death)
    facts["FAILURE"] = _first_of(study["failure"]["milestones"], facts)
    return facts


def _resolve(name, frames, study, facts, death, asking: tuple, left: list) -> None:
    if name in facts:
        return
    if name in asking:
        raise ValueError(f"the milestones {' -> '.join((*asking, name))} define each other")
    spec = study["milestones"][name]
    for other in (spec.get("after"), spec.get("unless_before")):
        if other is not None:
            _resolve(other, frames, study, facts, death, (*asking, name), left)
    facts[name] = _look_up(name, spec, frames[spec["table"]], study, facts, death, left)


def _look_up(name, spec: dict, frame: pd.DataFrame, study: dict, facts, death, left) -> Facts:
    frame = frame[frame[f"{spec['date'][:-2]}DY"].notna()]
    for column, wanted in spec.get("where", {}).items():
        frame = frame[frame[column].isin(_wanted(wanted, study))]
    for column, least in spec.get("min", {}).items():
        least = study["response"][least] if isinstance(least, str) else least
        frame = frame[frame[column].notna() & (frame[column].fillna(least) >= least)]
    domain = "responses" if spec["table"] == "assessments" else spec["table"]
    found: Facts = {}
    days = frame[f"{spec['date'][:-2]}DY"]
    for patient, day, seq in zip(frame["USUBJID"], days, frame["SEQ"], strict=True):
        fact = Fact(int(day), domain, spec["date"], int(seq), name, spec["description"])
        reason = _why_not(fact, patient, spec, facts, death)
        if reason:
            left.append(PassedOver(patient, fact, *reason))
        else:
            found.setdefault(patient, []).append(fact)
    last = spec.get("pick") == "last"
    return {p: sorted(f, reverse=last) for p, f in found.items()}


def _wanted(wanted: str | list, study: dict) -> list[str]:
    if isinstance(wanted, str):
        named = study["response"].get(wanted)
        return named if isinstance(named, list) else [wanted]
    return wanted


def _why_not(fact: Fact, patient: str, spec: dict, facts, death: dict) -> tuple[str, ...]:
    """The kind of reason for which a row does not count, and the milestone in question."""
    if fact.domain != "patients" and fact.day > death.get(patient, fact.day):
        return "after", "DEATH"
    if "after" in spec:
        earlier = facts[spec["after"]].get(patient)
        if not earlier:
            return "without", spec["after"]
        if fact.day < earlier[0].day:
            return "before", spec["after"]
        if spec.get("strict") and fact.day == earlier[0].day:
            return "on the day of", spec["after"]
    if "unless_before" in spec:
        earlier = facts[spec["unless_before"]].get(patient)
        if earlier and earlier[0].day <= fact.day:
            same = earlier[0].day == fact.day
            return "on the day of" if same else "after", spec["unless_before"]
    return ()


def _deaths(patients: pd.DataFrame) -> dict[str, int]:
    died = patients[patients["DTHDY"].notna()]
    return {p: int(d) for p, d in zip(died["USUBJID"], died["DTHDY"], strict=True)}


def _index(patients: pd.DataFrame) -> Facts:
    known = patients[patients["INDEXDY"].notna()]
    return {
        p: [Fact(0, "patients", "INDEXDT", int(s), "INDEX", "Index date")]
        for p, s in zip(known["USUBJID"], known["SEQ"], strict=True)
    }


def _last_alive(tables: dict[str, pd.DataFrame], death: dict[str, int]) -> Facts:
    latest: Facts = {}
    for table, stems in _ALIVE_RECORDS.items():
        for stem in stems:
            frame = tables[table][tables[table][f"{stem}DY"].notna()]
            days = frame[f"{stem}DY"]
            for patient, day, seq in zip(frame["USUBJID"], days, frame["SEQ"], strict=True):
                day = int(day)
                known = latest.get(patient)
                if day > death.get(patient, day) or (known and known[0].day >= day):
                    continue
                fact = Fact(day, table, f"{stem}DT", int(seq), "LAST_ALIVE", "Last known alive")
                latest[patient] = [fact]
    return latest


def _last_assessment(responses: pd.DataFrame, death: dict[str, int]) -> Facts:
    latest: Facts = {}
    frame = responses[responses["RSDY"].notna()]
    for patient, day, seq in zip(frame["USUBJID"], frame["RSDY"], frame["SEQ"], strict=True):
        day = int(day)
        if day > death.get(patient, day):
            continue
        fact = Fact(day, "responses", "RSDT", int(seq), "LAST_ASSESSMENT", "Last assessment")
        if patient not in latest or latest[patient][0].day <= day:
            latest[patient] = [fact]
    return latest


def _assessed(responses: pd.DataFrame, study: dict, facts, death: dict[str, int]) -> Facts:
    words = [word for word in study["response"]["order"] if word != "NE"]
    spec = {"date": "RSDT", "where": {"RESPONSE": words}, "table": "assessments"}
    spec |= {"description": "Assessment", "after": "INDEX"}
    return _look_up("ASSESSED", spec, responses, study, facts, death, [])


def _first_of(names: list[str], facts: dict[str, Facts]) -> Facts:
    """All facts of the named milestones by day; on one day the order of ``names`` decides."""
    found: dict[str, list[tuple]] = {}
    for rank, name in enumerate(names):
        for patient, items in facts[name].items():
            found.setdefault(patient, []).extend((fact.day, rank, fact) for fact in items)
    return {patient: [fact for *_, fact in sorted(items)] for patient, items in found.items()}


def first_day(facts: Facts, patient: str) -> int | None:
    """The day of a patient's first fact; None where there is none."""
    found = facts.get(patient)
    return found[0].day if found else None

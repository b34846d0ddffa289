"""The primary study as a registry of events keeps it: remission, refractory, relapse, death."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from tests.metamorphic.cohort import Cohort, Sheet, day_of, plain

#: What the words of the primary study's assessments mean.
REMISSION = {"CR", "完全缓解", "血液学CR", "CRi", "完全缓解伴血细胞不完全恢复"}
RESPONSE = {*REMISSION, "PR", "部分缓解"}
PROGRESSION = {"PD", "疾病进展"}
NO_RESPONSE = {"NR", "未缓解", "无效", *PROGRESSION}
RELAPSE = {"Relapse", "复发"}


@dataclass
class Events:
    """The events of a patient, in dates; None for what did not happen."""

    start: datetime.date
    last: datetime.date | None = None
    death: datetime.date | None = None
    remission: datetime.date | None = None
    refractory: datetime.date | None = None
    progression: datetime.date | None = None
    relapse: datetime.date | None = None

    def time_to(self, *names: str, since: str = "start") -> tuple[int, int] | None:
        """Days from ``since`` to the first of the events, and whether it is censored (1)."""
        begin = getattr(self, since)
        if begin is None:
            return None
        days = [day for name in names if (day := getattr(self, name))]
        end = min(days) if days else (self.death or self.last)
        return (end - begin).days, 0 if days else 1


def events_of(cohort: Cohort) -> dict[str, Events]:
    """The events of each patient of the primary study, from its raw sheets."""
    found: dict[str, Events] = {}
    columns = {n: cohort.header("patients", n) for n in ("INDEXDT", "LSTALVDT", "DTHDT")}
    for row in cohort.of("patients").records():
        patient, start = plain(row[cohort.key("patients")]), day_of(row[columns["INDEXDT"]])
        if patient and start:
            last, death = (day_of(row[columns[n]]) for n in ("LSTALVDT", "DTHDT"))
            found.setdefault(patient, Events(start, last, death))
    for patient, assessments in _courses(cohort).items():
        if patient in found:
            _fill(found[patient], assessments)
    return found


def _courses(cohort: Cohort) -> dict[str, list[tuple[datetime.date, int, str]]]:
    key = cohort.key("responses")
    date, cycle, word = (cohort.header("responses", n) for n in ("RSDT", "CYCLE", "RSINV"))
    courses: dict[str, list] = {}
    for row in cohort.of("responses").records():
        if day := day_of(row[date]):
            digits = "".join(c for c in plain(row[cycle]) if c.isdigit())
            said = (day, int(digits or 0), plain(row[word]))
            courses.setdefault(plain(row[key]), []).append(said)
    return {patient: sorted(rows) for patient, rows in courses.items()}


def _fill(events: Events, assessments: list[tuple[datetime.date, int, str]]) -> None:
    """What a doctor would enter as the events of a course."""
    responded = False
    for day, cycle, word in assessments:
        if day <= events.start or (events.death and day > events.death):
            continue
        responded = responded or word in RESPONSE
        if word in REMISSION and not events.remission:
            events.remission = day
        if word in RELAPSE or (word in PROGRESSION and events.remission):
            events.relapse = events.relapse or day
        elif word in PROGRESSION:
            events.progression = events.progression or day
        if word in NO_RESPONSE and cycle >= 2 and not responded:
            events.refractory = events.refractory or day


def median_of(times: list[tuple[int, int]]) -> float:
    """The Kaplan-Meier median of (days, 1 if censored); infinite where half are never reached.

    Where the curve is level at one half, the middle of the level.
    """
    left, level = 1.0, 0.0
    for day in sorted({days for days, censored in times if not censored}):
        if level:
            return (level + day) / 2
        ended = times.count((day, 0))
        left *= 1 - ended / sum(days >= day for days, _ in times)
        if abs(left - 0.5) < 1e-9:
            level = day
        elif left < 0.5:
            return day
    return math.inf


#: What a registry calls each event.
WORDS = {
    "remission": "完全缓解",
    "refractory": "难治",
    "progression": "疾病进展",
    "relapse": "复发",
}
#: Sections of the study file that speak of tables which a registry does not have.
_OF_OTHER_TABLES = ("risk", "labs", "mrd")


def as_registry(cohort: Cohort, events: dict[str, Events]) -> None:
    """The export of a registry: the patients, and a row for each event; nothing else."""
    rows = [
        [patient, day.isoformat(), word]
        for patient, own in events.items()
        for name, word in WORDS.items()
        if (day := getattr(own, name))
    ]
    key, title = cohort.key("responses"), cohort.sheet_of("responses")
    patients = cohort.sheet_of("patients")
    registry = Sheet([[key, "日期", "事件"], *rows])
    cohort.sheets = {patients: cohort.sheets[patients], title: registry}
    cohort.told["tables"] = {name: cohort.tables[name] for name in ("patients", "responses")}
    cohort.tables["responses"]["columns"] = {"RSDT": "日期", "RSINV": "事件"}
    for section in _OF_OTHER_TABLES:
        cohort.told.pop(section)
    cohort.told["analysis"]["time_dependent"] = {"OS": {"REMISSION": "FIRST_REMISSION"}}


def myeloid_events(cohort: Cohort) -> dict[str, Events]:
    """The events of the public trial, whose export holds events alone; day 0 is any day."""
    zero = datetime.date(2000, 1, 1)
    (sheet,) = cohort.sheets.values()
    found = {}
    for row in sheet.records():
        days = {
            name: zero + datetime.timedelta(days=int(row[header]))
            for name, header in (("last", "futime"), ("remission", "crtime"), ("relapse", "rltime"))
            if row[header]
        }
        died = days["last"] if row["death"] == "1" else None
        found[row["id"]] = Events(zero, death=died, **days)
    return found

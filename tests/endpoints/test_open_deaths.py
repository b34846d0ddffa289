"""A death known to a month or a year, and a landmark that lies in it: it is asked."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from tests.endpoints.facts import Fact, facts_of
from venaza.pipeline.endpoints.open_deaths import deaths_at_a_landmark

INDEX = datetime.date(2023, 1, 12)
OS = {"OS": {"start": "INDEX", "label": "OS"}}


def asked(death: str, flag: str | None = "M", last: str | None = None, days=180, **course) -> list:
    """What is asked of one patient; ``course``: the days of remission and of assessments."""
    dates = {"INDEXDT": INDEX.isoformat(), "DTHDT": death, "LSTALVDT": last}
    row = {name: pd.Timestamp(day) if day else pd.NaT for name, day in dates.items()}
    row |= {"USUBJID": "1", "SEQ": 1, "DTHDTF": flag}
    row |= {"DTHDY": (row["DTHDT"] - row["INDEXDT"]).days}
    facts = {"INDEX": {"1": [_fact(0)]}}
    for name in ("FIRST_REMISSION", "ASSESSED"):
        facts[name] = {"1": [_fact(day) for day in course.get(name, [])]}
        facts[name] = facts[name] if facts[name]["1"] else {}
    landmark = {"days": days, "reached": "FIRST_REMISSION"}
    efs = {"EFS.eln2022": {"start": "INDEX", "label": "EFS", "landmark": landmark}}
    study = {"endpoints": OS, "alternatives": efs}
    tables = {"patients": pd.DataFrame([row])}
    return list(deaths_at_a_landmark(facts_of(facts), tables, study))


def _fact(day: int) -> Fact:
    return Fact(day, "patients", "X", 1, "X", "x")


def test_a_year_of_death_with_the_landmark_in_it_is_asked():
    (query,) = asked("2023-07-15")
    assert (query.rule, query.column) == ("completed_death_at_landmark", "DTHDT")
    assert query.said == {"part": "year", "day": 184, "landmark": 180, "of": "EFS"}


def test_a_whole_date_is_not_asked():
    assert asked("2023-07-15", flag=None) == []


# July 2023 is day 170 to day 200 after 12 January.
@pytest.mark.parametrize(("days", "queries"), [(169, 0), (170, 1), (199, 1), (200, 0)])
def test_the_landmark_must_lie_among_the_days_left_open(days, queries):
    assert len(asked("2023-07-15", flag="D", days=days)) == queries


# Known alive on the landmark, he may have died on it; a day later he has outlived it.
@pytest.mark.parametrize(("last", "queries"), [("2023-07-11", 1), ("2023-07-12", 0)])
def test_who_was_alive_after_the_landmark_did_not_die_by_it(last, queries):
    assert len(asked("2023-07-15", last=last)) == queries


@pytest.mark.parametrize("name", ["FIRST_REMISSION", "ASSESSED"])
@pytest.mark.parametrize(("day", "queries"), [(180, 0), (181, 1)])
def test_who_was_in_remission_or_evaluable_by_the_landmark_is_not_asked(name, day, queries):
    assert len(asked("2023-12-15", **{name: [day]})) == queries


def test_without_a_landmark_nothing_is_asked():
    row = {"USUBJID": "1", "SEQ": 1, "DTHDTF": "M"}
    study = {"endpoints": OS, "alternatives": {}}
    assert list(deaths_at_a_landmark(facts_of({}), {"patients": pd.DataFrame([row])}, study)) == []

"""The page of outcomes holds what comes out: a bounded part of the ways is tried again here."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.metamorphic import events_page
from tests.metamorphic.cohort import STUDIES
from tests.metamorphic.page import PAGE, kept_outcomes, page, tasks, tried
from tests.metamorphic.ways import WAYS

RECORD = {(outcome.way, outcome.study): outcome for outcome in kept_outcomes()}
#: The quickest study first. Of the ways that one of these two can show, every fifth is tried.
QUICK = ("bmt", "all_venaza")
SHOWABLE = [
    (name, next(study for study in QUICK if study in way.studies))
    for name, way in WAYS.items()
    if set(QUICK) & set(way.studies)
]
#: What the primary study alone can show.
ALWAYS = [("have_and_have_not_in_the_gene_column", "aml_venaza"), ("doubtful_words", "aml_venaza")]


@pytest.mark.parametrize(("way", "study"), [*SHOWABLE[::5], *ALWAYS])
def test_what_comes_out_is_what_the_page_says(way, study):
    outcome = tried((way, study))
    assert outcome.kept, outcome.text
    assert outcome == RECORD[way, study]


def test_the_page_is_made_of_the_outcomes():
    assert list(RECORD) == tasks()
    assert PAGE.read_text(encoding="utf-8") == page(list(RECORD.values()))


def test_the_numbers_of_an_export_of_events_are_those_of_its_table():
    rows = events_page.numbers()
    pd.testing.assert_frame_equal(rows, events_page.kept())
    counted = rows[rows["reason"] == ""]
    assert (counted["events"] == counted["venaza_events"]).all()
    assert (counted["median"] == counted["venaza_median"]).all()
    assert {"EFS", "OS", "RFS"} <= set(counted["endpoint"])


def test_there_are_many_ways_of_each_kind():
    kinds = [way.kind for way in WAYS.values()]
    assert len(WAYS) > 120
    assert min(kinds.count(kind) for kind in set(kinds)) >= 8
    for study in STUDIES:
        assert sum(study in way.studies for way in WAYS.values()) >= 60


def test_where_a_way_cannot_be_is_said():
    for way in WAYS.values():
        assert bool(way.scope.why) == (set(way.studies) != set(STUDIES)), way.name

"""Ways of real life give what is expected of them: a bounded part of them is tried here."""

from __future__ import annotations

import pytest

from tests.metamorphic.cohort import STUDIES
from tests.metamorphic.page import tried
from tests.metamorphic.ways import WAYS

#: The quickest study first. Of the ways that one of these two can show, every third is tried.
QUICK = ("bmt", "all_venaza")
SHOWABLE = [
    (name, next(study for study in QUICK if study in way.studies))
    for name, way in WAYS.items()
    if set(QUICK) & set(way.studies)
]
#: What the primary study alone can show, and what the issue of events is about.
ALWAYS = [
    ("a_registry_of_events_declared", "aml_venaza"),
    ("have_and_have_not_in_the_gene_column", "aml_venaza"),
]


@pytest.mark.parametrize(("way", "study"), [*SHOWABLE[::3], *ALWAYS])
def test_what_comes_out_is_what_the_page_says(way, study):
    outcome = tried((way, study))
    assert outcome.kept, outcome.text


def test_there_are_many_ways_of_each_kind():
    kinds = [way.kind for way in WAYS.values()]
    assert len(WAYS) > 120
    assert min(kinds.count(kind) for kind in set(kinds)) > 10
    for study in STUDIES:
        assert sum(study in way.studies for way in WAYS.values()) >= 60


def test_where_a_way_cannot_be_is_said():
    for way in WAYS.values():
        assert bool(way.scope.why) == (set(way.studies) != set(STUDIES)), way.name

"""Every way of real life gives what was expected of it, on a part of the patients."""

from __future__ import annotations

import pytest

from tests.metamorphic.pending import PENDING
from tests.metamorphic.way import CALENDAR
from tests.metamorphic.ways import WAYS

#: The quickest first: a way is tried on the first study that it applies to, here.
QUICK = ("bmt", "all_venaza", "aml_venaza", "myeloid")
TASKS = [
    (name, next(study for study in QUICK if study in way.studies)) for name, way in WAYS.items()
]


@pytest.mark.parametrize(("name", "study"), [t for t in TASKS if t[0] not in PENDING])
def test_the_outcome_is_the_expected_one(name, study):
    _, verdict = WAYS[name].tried(study, part=True)
    assert verdict.kept, verdict.text


def test_there_are_many_ways_of_each_kind():
    kinds = [way.kind for way in WAYS.values()]
    assert len(WAYS) > 100
    assert min(kinds.count(kind) for kind in set(kinds)) > 10
    assert sum(set(CALENDAR) <= set(way.studies) for way in WAYS.values()) > 60

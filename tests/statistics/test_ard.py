"""Keys of the ARD and what it refuses."""

import pytest

from venaza.contracts.results import slug
from venaza.pipeline.statistics import ard, selections


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ND", "ND"),
        ("AML low risk", "AML_low_risk"),
        ("VEN-AZA + selinexor", "VEN_AZA_selinexor"),
        ("≥ 65", "65"),
        ("复发", "复发"),
        ("+", "_"),
    ],
)
def test_slug(text, key):
    assert slug(text) == key


def test_levels_that_share_a_key_are_told_apart():
    assert ard.slugs(["< 5", "> 5", "missing"], taken=("missing",)) == {
        "< 5": "5",
        "> 5": "5_2",
        "missing": "missing_2",
    }


def row(key, value=1.0, reason=None):
    (made,) = ard.rows(
        key.rpartition(".")[0],
        {key.rpartition(".")[2]: ard.Number(value, "count", reason, "1")},
        rows=selections.patients(),
        analysis="test",
        method="test",
    )
    return made


def test_a_key_may_stand_once():
    with pytest.raises(ValueError, match=r"given twice: a\.b"):
        ard.assemble([row("a.b"), row("a.c"), row("a.b")])


def test_a_key_may_not_be_the_beginning_of_another():
    with pytest.raises(ValueError, match=r"a\.b is a prefix of a\.b\.c"):
        ard.assemble([row("a.b"), row("a.b.c")])
    assert len(ard.assemble([row("a.b"), row("a.bc")])) == 2


def test_an_empty_number_needs_a_reason():
    with pytest.raises(ValueError, match=r"no reason: a\.b"):
        ard.assemble([row("a.b", None)])
    assert ard.assemble([row("a.b", None, "no patient")])["value"].isna().all()


def test_survival_of_all_only_where_the_study_pools(study):
    def keys():
        return [group.slug for group in ard.outcome_groups(study)]

    assert keys() == ["ND", "RR"]
    study["analysis"]["pooled"] = True
    assert keys() == ["ND", "RR", "all"]
    study["groups"] = None
    assert keys() == ["all"]

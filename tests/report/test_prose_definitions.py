"""The section on other definitions: which is used, whom the others change, and nothing without."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import groups_of
from venaza.pipeline.report.numbers import Numbers
from venaza.pipeline.report.text import part

STUDY = {
    "study": {"synthetic": False},
    "groups": None,
    "analysis": {"primary": "EFS", "confidence": 0.95},
    "endpoints": {"EFS": {"label": "Event-free survival", "short": "documented failure"}},
    "alternatives": {
        "EFS.a": {"of": "EFS", "short": "failure at day 0"},
        "EFS.b": {"of": "EFS", "short": "next therapy counts"},
    },
}


def context(counts: dict[str, int], **changes) -> Context:
    study = {**STUDY, **changes}
    ids = {"n.ITT.all": 50, "km.EFS.all.n": 50}
    ids |= {f"definition.{code}.all.any.n": n for code, n in counts.items()}
    rows = [{"ard_id": i, "value": float(n), "display": str(n)} for i, n in ids.items()]
    numbers = Numbers(pd.DataFrame(rows), study)
    return Context(numbers, study, groups_of(study), ["definitions_EFS"], ["sensitivity"])


@pytest.fixture
def told(tmp_path):
    """The section of a study in which other definitions change so many patients."""
    (tmp_path / "sensitivity.html").write_text("<table></table>", encoding="utf-8")

    def section(counts: dict[str, int], **changes) -> str:
        made = replace(context(counts, **changes), tables_folder=tmp_path)
        return part("results_definitions", made).strip()

    return section


def test_the_changed_are_counted_and_the_unchanged_named(told):
    text = told({"EFS.a": 28, "EFS.b": 0})
    assert "{{< var definition.EFS.a.all.any.n >}} (*" in text
    assert "; *next therapy counts* changed none." in text
    assert "@fig-definitions-efs and @tbl-sensitivity show the results under other" in text


def test_no_change_is_said_in_words(told):
    assert "None of them changed the outcome of any patient." in told({"EFS.a": 0, "EFS.b": 0})


def test_a_study_without_alternatives_has_no_such_section(told):
    assert told({}, alternatives={}) == ""

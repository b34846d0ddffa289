"""The paragraph on what changed during follow-up: its numbers, its warning, its silence."""

from __future__ import annotations

import re

import pytest

from tests.statistics.changing import changing_study
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import groups_of
from venaza.pipeline.report.numbers import Numbers
from venaza.pipeline.report.text import part


def context_of(case, ard=None) -> Context:
    numbers = Numbers(case.ard if ard is None else ard, case.study)
    return Context(numbers, case.study, groups_of(case.study), [], [])


def told(context: Context, *names: str) -> str:
    return "".join(part(name, context) for name in names)


@pytest.fixture(scope="module")
def case():
    return changing_study()


def test_it_warns_of_immortal_time_and_calls_itself_exploratory(case):
    text = told(context_of(case), "results_time_dependent")
    assert "had to survive until first complete remission" in text
    assert "exploratory" in text


def test_every_number_comes_from_the_results_or_the_configuration(case):
    text = told(context_of(case), "results_time_dependent", "methods_time_dependent")
    asked = set(re.findall(r"\{\{< var (\S+) >\}\}", text))
    assert "tdcox.OS.REMISSION.exposed" in asked
    assert "landmark.OS.d60.ND.remission.n" in asked
    bare = re.sub(r"\{\{<.*?>\}\}|\[[^\]]*\]\{[^}]*\}|\[@[^\]]*\]", "", text)
    assert re.findall(r"\d", bare) == []


def test_without_such_numbers_it_says_nothing(case):
    ard = case.ard[case.ard["ard_id"].str.startswith("km.")]
    context = context_of(case, ard)
    assert told(context, "results_time_dependent", "methods_time_dependent").strip() == ""

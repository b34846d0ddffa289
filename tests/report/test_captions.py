"""Captions: whom an exhibit shows, what its abbreviations mean, what is seen where nobody looks."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from tests.report.cohort import ard, study
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import figure_of, table
from venaza.pipeline.report.grammar import groups_of
from venaza.pipeline.report.numbers import Numbers
from venaza.pipeline.report.text import TEXT


@pytest.fixture
def context(tmp_path):
    """The made-up study with some numbers changed, its figures, and a table of that text."""

    def made(name: str = "response", html: str = "", **changed: tuple) -> Context:
        rows = ard().rows
        for ard_id, (value, display) in changed.items():
            rows[ard_id.replace("__", ".")] |= {"value": value, "display": display}
        (tmp_path / f"{name}.html").write_text(f"<table>{html}</table>", encoding="utf-8")
        numbers = Numbers(pd.DataFrame(list(rows.values())), study())
        figures = ["km_OS", "response", "swimmer"]
        groups = groups_of(study())
        return Context(numbers, study(), groups, figures, [name], tables_folder=tmp_path)

    return made


def alternative(markdown: str) -> str:
    """The alternative text of a figure."""
    (text,) = re.findall(r'fig-alt="([^"]*)"', markdown)
    return text


def test_a_figure_says_of_how_many_patients_and_until_when_it_is(context):
    caption = figure_of(context(), "km_OS")
    assert "Newly diagnosed, n = {{< var km.OS.ND.n >}}; relapsed or refractory, n = " in caption
    assert 'Data cut-off, [30 November 2023]{.given data-config="timeline.cutoff"}.' in caption
    assert "CI, confidence interval." in caption


@pytest.mark.parametrize(
    ("newly", "relapsed", "seen"),
    [
        ((11.9, "11.9"), (9.1, "9.1"), "longer in the newly diagnosed group than in the relapsed"),
        ((9.1, "9.1"), (11.9, "11.9"), "longer in the relapsed or refractory group than in the ne"),
        ((None, "not reached"), (9.1, "9.1"), "The median is not reached in the newly diagnosed"),
    ],
)
def test_what_is_seen_follows_the_medians(context, newly, relapsed, seen):
    made = context(km__OS__ND__median=newly, km__OS__RR__median=relapsed)
    assert seen in alternative(figure_of(made, "km_OS"))


def test_equal_medians_are_not_ranked(context):
    made = context(km__OS__ND__median=(9.1, "9.1"), km__OS__RR__median=(9.1, "9.1"))
    assert "The median" not in alternative(figure_of(made, "km_OS"))


def test_an_alternative_text_is_text_alone(context):
    for name in ("km_OS", "response", "swimmer"):
        text = alternative(figure_of(context(), name))
        assert len(text.split()) > 15
        assert not re.search(r"[\[\]{}<>*\\]", text)


def test_the_most_frequent_response_is_named(context):
    counts = {f"bor__ND__{code}__n": (n, str(n)) for code, n in (("CR", 30), ("PR", 90))}
    text = alternative(figure_of(context(**counts), "response"))
    assert "The most frequent best response in the newly diagnosed group is PR." in text


def test_a_table_spells_out_the_abbreviations_that_it_uses(context):
    caption = table(context(html="<td>CR</td><td>CRi</td><td>OS</td>"), "response")
    words = "CR, complete remission; CRi, complete remission with incomplete haematological"
    assert f"{words} recovery; OS, overall survival." in caption
    assert "PR, " not in caption


@pytest.mark.parametrize("told", ["CR, complete remission.", "Complete remission (CR)"])
def test_what_the_notes_of_a_table_say_is_not_said_again(context, told):
    caption = table(context(html=f"<td>CR</td><td>{told}</td>"), "response")
    assert caption.count("omplete remission") == 1


def test_a_composite_of_several_is_no_explanation(context):
    html = "<td>CR</td><td>Composite complete remission (CR, CRi)</td>"
    assert "CR, complete remission; CRi, " in table(context(html=html), "response")


def test_a_longer_word_is_no_abbreviation(context):
    assert "ELN" not in table(context(html="<td>KELNER</td>"), "response").partition("```\n\n")[2]


def test_each_language_has_the_same_captions_and_abbreviations():
    def macros(path) -> set[str]:
        text = path.read_text(encoding="utf-8")
        return {*re.findall(r"{% macro (.+?) -?%}", text), *re.findall(r'^  "(\w+)": ', text, re.M)}

    english, chinese = (macros(TEXT / lang / "captions.md.j2") for lang in ("en", "zh"))
    assert {"fig_km(code)", "CR"} <= english
    assert chinese == english

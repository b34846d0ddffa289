"""How long the paper is, and how much of its Results repeats a table of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from tests.report.claims.world import World, plain
from tests.report.claims.worlds import SHIPPED, world
from venaza.pipeline.report.documents import composed
from venaza.pipeline.report.numbers import variable
from venaza.pipeline.tables.build import build

NUMBER = re.compile(r"\{\{< var (\S+) >\}\}")


def repeated(of: World, folder) -> tuple[int, int]:
    """The sentences of the Results that repeat tables of the manuscript, and all of them."""
    context = composed(replace(of.context, said=[], lacking=[]))
    # Tables of published series hold no number of the cohort that the text repeats.
    tables = [name[4:] for name in context.main if name.startswith("tbl ")]
    shown = [name for name in tables if name not in ("evidence", "trials")]
    build(shown, of.tables, of.ard, of.study, folder)
    html = "".join((folder / f"{name}.html").read_text("utf-8") for name in shown)
    known = {variable(unescape(ard_id)) for ard_id in re.findall(r'data-ard="([^"]*)"', html)}
    said = [
        set(NUMBER.findall(one.text))
        for name, placed in context.placed.items()
        for one in placed
        if name.startswith("sentence ")
        and (one.document, one.part[:8]) == ("manuscript", "results_")
    ]
    return sum(bool(ids) and ids <= known for ids in said), len(said)


@pytest.mark.parametrize("name", SHIPPED)
def test_less_than_a_third_of_the_results_repeats_a_table(name, tmp_path):
    again, sentences = repeated(world(name), tmp_path)
    assert sentences > 10
    assert 0 < again < sentences / 3


@pytest.mark.parametrize("name", SHIPPED)
def test_the_abstract_has_at_most_300_words(name):
    own = world(name)
    text = plain(own.parts["abstract"], own.shown).replace("**", "")
    words = [word for word in text.split() if re.search(r"\w", word)]
    assert 100 < len(words) <= 300

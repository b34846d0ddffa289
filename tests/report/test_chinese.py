"""The Chinese text says the same sentences with the same numbers as the English one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from tests.report.claims.worlds import world
from tests.tables.test_chinese_tables import english_in, own_words, printed, told
from venaza.contracts.wording import small
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.documents import written
from venaza.pipeline.report.numbers import Numbers
from venaza.pipeline.report.variables import variables_yaml

WORLDS = ("aml_venaza", "all_venaza", "bmt", "myeloid", "four_groups", "no_groups", "no_responses")
NUMBER = re.compile(r"\{\{< var (\S+) >\}\}")


def in_language(context: Context, language: str) -> tuple[Context, dict[str, str]]:
    """The context and the parts of the same study in a language."""
    study = {**context.study, "language": language}
    told = replace(context, study=study, said=[], lacking=[])
    return told, written(told)[1]


def numbers(context: Context) -> dict[str, Counter]:
    """How often each number stands in the sentences of a name."""
    found: dict[str, Counter] = {}
    for one in context.said:
        found.setdefault(one.name, Counter()).update(NUMBER.findall(one.text))
    return found


@pytest.mark.parametrize("name", WORLDS)
def test_sentences_and_numbers_are_those_of_the_english_text(name):
    (english, parts), (chinese, own) = (in_language(world(name).context, k) for k in ("en", "zh"))
    assert parts.keys() == own.keys()
    assert [one.name for one in english.said] == [one.name for one in chinese.said]
    differing = {k: (v, numbers(chinese)[k]) for k, v in numbers(english).items()}
    assert {k: v for k, v in differing.items() if v[0] != v[1]} == {}
    assert english.lacking == chinese.lacking


def test_a_sentence_of_words_is_chinese():
    chinese, _ = in_language(world("aml_venaza").context, "zh")
    plain = {
        s.name: re.sub(r"\{\{.*?\}\}|\[[^\]]*\](\{[^}]*\})?", "", s.text) for s in chinese.said
    }
    without = [k for k, text in plain.items() if not re.search(r"[\u4e00-\u9fff]", text)]
    assert without == ["notice.synthetic"]  # the study file's own words


#: Names in the sentences beside those in the tables.
NAMED = """
Brookmeyer Crowley Deauville Efron Greenwood Makuch Simon Python lifelines pandas Snakemake
"""
#: Sentences that are the study file's own.
OWN = ("methods.data", "availability.source")
#: Marks, references and addresses: what is no word of a sentence.
MARKS = re.compile(r"\{\{.*?\}\}|\{[.#][^}]*\}|@[\w-]+|\]\([^)]*\)|`[^`]*`")


@pytest.mark.parametrize("name", WORLDS)
def test_labels_and_terms_in_the_sentences_are_chinese(name):
    made, study = world(name), told(name, "zh")
    numbers, folder = Numbers(made.ard, study), printed(name, "zh")
    context = replace(
        made.context, study=study, said=[], lacking=[], numbers=numbers, tables_folder=folder
    )
    written(context)
    own = [*own_words(study), *map(str, study["study"].values()), study["id"], "venaza"]
    own = sorted((w for text in own for w in (text, small(text))), key=len, reverse=True)
    left = {
        one.name: words
        for one in context.said
        if (words := english_in(MARKS.sub(" ", one.text).replace("\\", ""), own))
        and not set(words) <= set(NAMED.split())
        and one.name not in OWN
    }
    assert left == {}


def test_where_a_number_is_not_given_the_text_says_so_in_chinese():
    ard, study = world("bmt").ard, told("bmt", "zh")
    assert ard["display"].str.contains("not reached").any()
    assert "未达到" in variables_yaml(ard, study)
    assert not re.search(r": \"\[[a-z]{2}", variables_yaml(ard, study))

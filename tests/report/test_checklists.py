"""STROBE and RECORD: each item has a true answer in every study, in the words of its language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.report.claims.cohorts import ROOT
from tests.report.claims.worlds import NAMES, world
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.documents import composed
from venaza.pipeline.report.facts.checklists import Answer, answer
from venaza.pipeline.report.sentences import FACTS
from venaza.pipeline.report.text import TEXT
from venaza.study.author import DECLARATIONS, TEXTS
from venaza.study.documents import read_yaml
from venaza.study.library import CHECKLISTS, read_definition

LISTS = {n: read_definition(ROOT, f"config/checklists/{n}.yaml", "checklist") for n in CHECKLISTS}
ITEMS = [item for checklist in LISTS.values() for item in checklist["items"]]
METHODS = "1a 1b 2 3 4 5 6a 6b 7 8 9 10 11 12a 12b 12c 12d 12e"
RESULTS = "13a 13b 13c 14a 14b 14c 15 16a 16b 16c 17 18 19 20 21 22"
RECORD = "1.1 1.2 1.3 6.1 6.2 6.3 7.1 12.1 12.2 12.3 13.1 19.1 22.1"
LINK = re.compile(r'<a href="(\w+)\.html#([^"]+)">')
HEADING = re.compile(r"^#+ (.+?)(?: \{.*)?$", re.MULTILINE)


def test_every_item_of_the_statements_is_there_in_its_order():
    numbers = {name: [i["item"] for i in found["items"]] for name, found in LISTS.items()}
    assert numbers["strobe"] == [*METHODS.split(), *RESULTS.split()]
    assert numbers["record"] == RECORD.split()


def test_items_name_sentences_parts_and_texts_that_exist():
    for item in ITEMS:
        for kind, _, name in (what.partition(" ") for what in item.get("where", ())):
            if kind == "sentence":
                pattern = re.compile(name.replace(".", r"\.").replace("*", ".*"))
                assert any(map(pattern.fullmatch, FACTS)), name
            if kind == "part":
                assert (TEXT / "en" / f"{name}.md.j2").is_file(), name
        assert set(item.get("author", ())) <= {*TEXTS, *DECLARATIONS}


def test_every_text_has_its_chinese():
    words = read_yaml(ROOT / "config/words/zh.yaml", "config/words/zh.yaml")["checklists"]
    keys = ("topic", "asks", "fill", "if_absent")
    texts = [c["title"] for c in LISTS.values()] + [i[k] for i in ITEMS for k in keys if k in i]
    assert [text for text in texts if not re.search(r"[\u4e00-\u9fff]", words.get(text, ""))] == []


def answered(context: Context) -> dict[str, Answer]:
    """The answers of a study as it is written anew, by item."""
    written = composed(replace(context, said=[], lacking=[]))
    return {item["item"]: answer(written, item) for item in ITEMS}


@pytest.mark.parametrize("name", NAMES)
def test_every_item_has_an_answer_that_leads_somewhere(name):
    text = world(name).parts["checklist"]
    cells = re.findall(r"<td>([^<]*(?:<(?!/td>)[^<]*)*)</td></tr>", text)
    assert len(cells) == len(ITEMS)
    assert [c for c in cells if not re.search("href=|to be filled|Not applicable: .", c)] == []
    for document, target in LINK.findall(text):
        assert target in identifiers(world(name), document), (document, target)


def identifiers(of, document: str) -> set[str]:
    """The identifiers of the sections and exhibits that a document has, from its parts."""
    qmd = of.documents[document]
    names = re.findall(r"_generated/(\w+)\.md", qmd)
    whole = "\n".join([qmd, *(of.parts[name] for name in names)])
    sections = [re.sub(r"\[(.*?)\]\{.*?\}", r"\1", found) for found in HEADING.findall(whole)]
    plain = {re.sub(r"[^\w-]", "", name.lower().replace(" ", "-")) for name in sections}
    again = {f"{name}-{n}" for name in plain for n in (1, 2)}
    return plain | again | set(re.findall(r"\{#([\w-]+)", whole))


@pytest.mark.parametrize("name", TEXTS[:7])
def test_a_text_that_is_given_answers_its_items_and_taken_away_is_to_be_filled(name):
    asking = [item["item"] for item in ITEMS if name in item.get("author", ())]
    context = world("bmt").context
    given = {"texts": {name: "As we say."}, "seen": {}}
    with_text = answered(replace(context, study={**context.study, "author": given}))
    without = answered(replace(context, study={**context.study, "author": {**given, "texts": {}}}))
    for item in asking:
        assert name not in with_text[item].lacking
        assert with_text[item].places
        introduction = name == "background" and context.study["report"]["introduction"]
        assert (name in without[item].lacking) == (not introduction)


def test_a_declaration_that_is_given_answers_its_item():
    context = world("bmt").context
    report = {**context.study["report"], "funding": "Nobody paid."}
    given = answered(replace(context, study={**context.study, "report": report}))["22"]
    assert [place.address for place in given.places] == ["manuscript.html#declarations"]
    assert given.lacking == ()
    assert answered(context)["22"] == Answer(lacking=("funding",))


def test_what_a_study_has_not_is_pointed_at_nowhere():
    found = answered(replace(world("bmt").context, figures=[]))
    assert found["13c"] == Answer()  # to be filled
    assert found["12b"] == Answer(absent="no subgroup or interaction was examined")
    assert answered(world("myeloid").context)["12b"].places
    assert found["12c"] == Answer(absent="no baseline value of the analysis is missing")
    assert answered(world("aml_venaza").context)["12c"].places

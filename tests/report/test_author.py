"""The authors' own words in the report: numbers quoted, moved, and what is left to be filled in."""

from __future__ import annotations

import json

import pytest

from tests.report.cohort import ard, study
from venaza.contracts.errors import StudyError
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import author
from venaza.pipeline.report.grammar import groups_of
from venaza.pipeline.report.numbers import Numbers
from venaza.pipeline.report.text import part

QUOTE = "Survival was {{< var km.OS.ND.median >}} months."


def context(texts: dict | None = None, seen: dict | None = None, **report) -> Context:
    wanted = study()
    wanted["report"] |= report
    wanted["author"] = {"texts": texts or {}, "seen": seen or {}}
    return Context(Numbers(ard().frame(), wanted), wanted, groups_of(wanted), [], [])


def display(ard_id: str) -> str:
    return context().numbers.field(ard_id, "display")


def test_a_text_is_taken_by_paragraphs():
    found = author.paragraphs(context({"discussion": f"One.\n\n{QUOTE}\n \nTwo."}), "discussion")
    assert [paragraph.text for paragraph in found] == ["One.", QUOTE, "Two."]
    assert [paragraph.moved for paragraph in found] == [[], [], []]
    assert author.paragraphs(context(), "discussion") == []


def test_a_part_of_an_id_that_is_a_number_is_written_as_quarto_takes_it():
    found = context({"discussion": "{{< var desc.ECOG.ND.2.n >}}"})
    if "desc.ECOG.ND.2.n" in found.numbers:
        assert "_2" in author.paragraphs(found, "discussion")[0].text


def test_a_number_that_moved_marks_its_paragraph():
    now = display("km.OS.ND.median")
    same = context({"discussion": QUOTE}, {"km.OS.ND.median": now})
    other = context({"discussion": f"One.\n\n{QUOTE}"}, {"km.OS.ND.median": "1.0"})
    assert author.moved(same) == []
    marks = [paragraph.moved for paragraph in author.paragraphs(other, "discussion")]
    assert marks == [[], [author.Moved("discussion", "km.OS.ND.median", "1.0", now)]]
    assert author.moved(other) == marks[1]
    assert author.unseen(same) == author.unseen(other) == []
    assert author.unseen(context({"discussion": QUOTE})) == ["km.OS.ND.median"]


def test_a_number_that_does_not_exist_is_named_with_its_line():
    wrong = context({"discussion": "One.\n\n{{< var km.OS.ND.medain >}}"})
    with pytest.raises(StudyError) as error:
        author.paragraphs(wrong, "discussion")
    assert error.value.what == "This text quotes a number that the study does not have."
    assert error.value.place["file"] == "config/studies/made_up/discussion.md"
    assert error.value.place["row"] == 3
    assert "km.OS.ND.median" in error.value.fix


def test_what_is_not_given_is_a_visible_place_and_is_noted():
    empty = context()
    text = part("declarations", empty)
    assert r"[\[to be filled: the committee, its number and date\]]{.to-fill}" in text
    assert {"ethics", "consent", "conflicts", "funding", "roles"} <= set(empty.lacking)
    assert "acknowledgements" not in empty.lacking
    filled = context(ethics="Approved: 2019-007.", funding="None_")
    text = part("declarations", filled)
    assert '**Ethics approval.** [Approved: 2019-007.]{.given data-config="report.ethics"}' in text
    assert r"**Funding.** None\_" in text
    assert not {"ethics", "funding"} & set(filled.lacking)


AUTHORS = [
    {"name": "A. One", "affiliations": ["Here", "There"], "orcid": "0000-0001-2345-678X"},
    {"name": "B. Two", "affiliations": ["There"], "email": "b@two.example", "roles": ["Software"]},
    "C. Three",
]


def test_the_title_page_numbers_the_affiliations_in_the_order_of_the_authors():
    known = context(authors=AUTHORS, running_title="Short")
    text = " ".join(part("title_page", known).split())
    assert "A. One^1,2^ (ORCID [0000-0001-2345-678X]" in text
    assert "B. Two^2^, C. Three ^1^ Here ^2^ There" in text
    assert "**Correspondence:** B. Two, b\\@two.example" in text
    assert text.endswith("**Running title:** Short :::")
    assert known.lacking == []
    assert "Software: B. Two." in part("declarations", known)


def test_a_title_page_without_authors_says_what_lacks():
    empty = context(authors=[])
    assert part("title_page", empty).count("{.to-fill}") == 4
    assert empty.lacking == ["authors", "affiliations", "email", "running_title"]


def test_the_notes_for_the_end_of_the_run():
    told = context({"discussion": QUOTE}, {"km.OS.ND.median": "1.0"})
    author.lacks(told, "ethics")
    found = author.notes(told)
    assert found["lacking"] == ["ethics"]
    assert found["moved"][0]["was"] == "1.0"
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("name", ["discussion", "conclusion", "introduction"])
def test_what_only_the_authors_know_has_its_place(name):
    lacking = "background" if name == "introduction" else name
    empty = context(introduction="")
    assert "{.to-fill}" in part(name, empty)
    assert lacking in empty.lacking
    written = context({lacking: "As we say."}, introduction="")
    assert "As we say." in part(name, written)
    assert lacking not in written.lacking


def test_an_introduction_of_the_study_file_is_background_enough():
    known = context(introduction="It is known.")
    assert "{.to-fill}" not in part("introduction", known)
    assert known.lacking == []

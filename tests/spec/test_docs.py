"""The page of endpoints and its drawings are what the definitions and the tests say."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.spec.courses import Course, Mark, Result, courses
from tests.spec.draw import draw
from tests.spec.make_docs import DRAWINGS, PAGE, pages, slug
from tests.spec.spec import ROOT, cases

FILES = pages()
STALE = "run: python -m tests.spec.make_docs"


def test_the_page_and_every_drawing_are_fresh():
    stale = [
        path.as_posix()
        for path, text in FILES.items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text(encoding="utf-8") != text
    ]
    left_over = [p.name for p in (ROOT / DRAWINGS).glob("*.svg") if DRAWINGS / p.name not in FILES]
    assert (stale, left_over) == ([], []), STALE


def test_every_case_is_drawn_once_and_every_link_leads_somewhere():
    page = FILES[PAGE]
    every = cases()
    assert len({slug(case) for case in every}) == len(every)
    for case in every:
        assert page.count(f'src="images/endpoints/{slug(case)}.svg"') == 1
    headings = re.findall(r"^###? (.+)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
    assert set(re.findall(r"\]\(#(.+)\)", page)) == anchors
    for target in re.findall(r"\]\(([\w-]+\.md)\)", page):
        assert (ROOT / "docs" / target).is_file(), target


@pytest.mark.parametrize("case", cases(), ids=slug)
def test_a_drawing_shows_every_patient_and_dated_row(case):
    drawing = ElementTree.fromstring(FILES[DRAWINGS / f"{slug(case)}.svg"])
    words = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    for course in courses(case):
        assert course.patient in words
        for shown in [*course.marks, *course.results]:
            assert shown.words in words


def test_labels_of_one_day_stand_above_each_other():
    marks = [Mark(50, "response", "RELAPSE"), Mark(50, "death", "death")]
    drawing = draw("x", [Course("a", marks, [Result("EFS 50 days: relapse", (0, 50), "event")])])
    heights = re.findall(r'y="([\d.]+)" text-anchor="middle">(RELAPSE|death)<', drawing)
    assert len({height for height, _ in heights}) == 2


def test_names_with_signs_stay_text():
    assert "<script>" not in draw("<script>", [Course("<script>", [Mark(1, "tick", "<script>")])])

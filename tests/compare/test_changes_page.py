"""The page of changes: alarms on top, everything linked, safe, legible on a phone."""

from __future__ import annotations

import pytest

from tests.audit.conftest import make, place
from tests.audit.test_pages import Outline
from tests.axe import SCREENS, findings
from tests.compare.test_changes import ALIVE, DEAD, compare, cycle, export, number, patient
from venaza.pipeline.compare import changes_page as module
from venaza.pipeline.compare.changes import combined, no_changes
from venaza.pipeline.compare.changes_page import changes_page

HOSTILE = '<script>alert("x")</script>'
TOLD = {
    **{"wish": "before", "export": "2022-12-31", "base": "demo/audit/baseline/2022-12-31"},
    **{"record": None, "notes": []},
    "states": [
        {"name": "the export compared with", "ard": "a", "causes": []},
        {"name": "this export", "ard": "b", "causes": ["data"]},
    ],
}
NOTHING = {**TOLD, "export": None, "base": None, "states": []}


@pytest.fixture
def pair() -> tuple[dict, dict]:
    before = export([patient(), patient("X&Y")], adtte=[ALIVE], ard=[number("a.b", 1.0, "1.00")])
    died = patient(DTHDT="2023-05-21", SURVSTAT=HOSTILE)
    after = export([died, patient("new")], adtte=[DEAD], ard=[number("a.b", 0.5, "0.50")])
    query = {"QUERYID": "q-1", "USUBJID": "P1", "SEVERITY": "error", "RULE": "range"}
    query |= {"TABLE": "patients", "COLUMN": "DTHDT", "VALUE": HOSTILE, **place(2)}
    before["clean/queries"] = make("clean/queries", [])
    after["clean/queries"] = make("clean/queries", [{**query, "MESSAGE": "Odd."}])
    return before, after


@pytest.fixture
def html(pair, study) -> str:
    return changes_page(compare(*pair, study), study, TOLD)


def test_alarms_come_first_and_all_is_linked(html):
    outline = Outline(html)
    text = " ".join(outline.text)
    assert text.index("Vanished patient") < text.index("No headline number moved")
    assert "2022-12-31" in text
    assert "1 added, 1 gone" in text
    assert "−0.5" in text
    assert "index.html#ard-a.b" in outline.links
    assert "index.html#patient-P1" in outline.links
    assert not any("X%26Y" in link for link in outline.links)
    inner = {link[1:] for link in outline.links if link.startswith("#line-")}
    assert inner
    assert inner <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.loaded == []


def test_hostile_text_stays_text(html):
    assert HOSTILE not in html
    assert HOSTILE in "".join(Outline(html).text)


def test_a_query_that_was_opened_names_the_cell(html):
    text = " ".join(Outline(html).text)
    assert "opened" in text
    assert "patients.DTHDT: empty → 2023-05-21" in text


def test_without_an_earlier_export_the_page_says_so(study):
    text = " ".join(Outline(changes_page(no_changes(), study, NOTHING)).text)
    assert "The export of 2023-06-30 is the first of this study." in text


def test_a_run_that_was_told_to_compare_with_nothing_says_so(study):
    page = changes_page(no_changes(), study, {**NOTHING, "wish": "none"})
    text = " ".join(Outline(page).text)
    assert "compared with no other export" in text
    assert "first of this study" not in text


def test_nothing_changed_is_said_section_by_section(study):
    one = export(adtte=[ALIVE])
    page = changes_page(compare(one, one, study), study, TOLD)
    assert page.count("Nothing changed.") == 5
    assert "No headline number moved." in page


def test_only_numbers_where_the_raw_files_are_gone(study):
    from venaza.pipeline.compare import changes

    pair = [export(ard=[number("a.b", value, str(value))]) for value in (1.0, 2.0)]
    states = [([], pair[0]["statistics/ard"]), (["data"], pair[1]["statistics/ard"])]
    note = "Of the export of 2022-12-31 only the kept record is left, so numbers are compared."
    told = {**TOLD, "base": None, "notes": [note]}
    outline = Outline(changes_page(changes.compare(None, pair[1], states, study), study, told))
    assert note in " ".join(outline.text)
    assert "cells" not in outline.ids
    assert "index.html#ard-a.b" in outline.links


def test_a_number_that_several_steps_moved_shows_each(study):
    from venaza.pipeline.compare import changes

    pair = [export(ard=[number("a.b", value, f"{value}")]) for value in (1.0, 2.0, 3.0)]
    ards = [part["statistics/ard"] for part in pair]
    states = [([], ards[0]), (["code"], ards[1]), (["data"], ards[2])]
    found = changes.compare(pair[0], pair[2], states, study)
    record = {"export": "2022-12-31", "note": "as <submitted>", "code": {"version": "0.1.0"}}
    told = {**TOLD, "record": record}
    text = " ".join(" ".join(Outline(changes_page(found, study, told)).text).split())
    assert "code: 1.0 → 2.0 data: 2.0 → 3.0" in text
    assert "as <submitted>" in text


def test_thousands_of_changes_are_capped_and_the_table_has_all(study, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 20)
    cycles = [cycle(n, "2023-01-01", n, n + 1) for n in range(1, 101)]
    found = compare(export(), export(cycles=cycles), study)
    page = changes_page(found, study, TOLD)
    assert page.count("row added") < 30
    assert "The first 20 of 100 are shown" in page
    assert (combined(found)["KIND"] == "cell").sum() == 100


def many(study) -> str:
    """The page of a hundred cells and sixty numbers, forty of them headlines."""
    cycles = [cycle(n, "2023-01-01", n, n + 1) for n in range(1, 101)]
    names = [*(f"km.OS.ND.m{n}.estimate" for n in range(1, 41)), *(f"a.b{n}" for n in range(20))]
    pair = [export(ard=[number(name, v, str(v)) for name in names]) for v in (1.0, 2.0)]
    pair[1] |= {"clean/cycles": export(cycles=cycles)["clean/cycles"]}
    found = compare(*pair, study)
    found["numbers"] = found["numbers"].assign(
        CLASS=["headline" if n.startswith("km") else "other" for n in found["numbers"]["ard_id"]]
    )
    return changes_page(found, study, TOLD)


def test_long_lists_are_folded_and_a_link_into_them_unfolds(study, tmp_path, opened):
    path = tmp_path / "changes.html"
    path.write_text(many(study), encoding="utf-8")
    page = opened(path, wait=False, viewport={"width": 1280, "height": 800})
    assert page.evaluate("document.documentElement.scrollHeight") < 4000
    assert page.locator("#headlines-list tbody tr").count() == 12
    assert page.locator("#headlines-rest tbody tr").count() == 28
    for name in ("headlines-rest", "cells-list", "numbers-list"):
        assert page.locator(f"#{name}").is_hidden(), name
    first = page.locator("#cells-list tbody tr").first.get_attribute("id")
    page.evaluate("(to) => { location.hash = encodeURIComponent(to); }", first)
    page.locator("#cells-list").wait_for(state="visible")
    page.locator(".tiles a[href='#numbers'], nav a[href='#numbers']").first.click()
    page.locator("#numbers-list").wait_for(state="visible")
    assert page.locator("#headlines-rest").is_hidden()


def test_a_short_list_stands_open(html, tmp_path, opened):
    path = tmp_path / "changes.html"
    path.write_text(html, encoding="utf-8")
    page = opened(path, wait=False)
    assert page.locator("#patients-list").is_visible()
    assert page.locator("#headlines-rest").count() == 0


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing_grave_folded_or_not(study, pair, tmp_path, opened, screen):
    path = tmp_path / "changes.html"
    for html in (many(study), changes_page(compare(*pair, study), study, TOLD)):
        path.write_text(html, encoding="utf-8")
        page = opened(path, wait=False, **screen)
        assert findings(page) == []
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == screen["viewport"]["width"]


def test_it_fits_a_phone_and_a_link_leads_to_the_cell(html, tmp_path, opened):
    path = tmp_path / "changes.html"
    path.write_text(html, encoding="utf-8")
    for width in (390, 1280):
        page = opened(path, wait=False, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator("#endpoints-list .refs a").first.click()
    assert page.evaluate("location.hash").startswith("#line-cell-")
    assert page.locator("tr:target").inner_text().startswith("P1")

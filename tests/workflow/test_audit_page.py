"""From a number in the manuscript of a finished run, by clicks, to the cell that was sent."""

from __future__ import annotations

import datetime
import json
import random
import re
from urllib.parse import unquote

import openpyxl
import pytest

from tests.audit.test_page_alive import compare_behind
from tests.browser import settled
from tests.workflow.conftest import STUDIES
from venaza.pipeline.audit.results import read_results

EXPORT = "data/raw/aml_venaza/2023-11-30"


def audit(project, study: str):
    return project / "results" / study / "audit/index.html"


def in_workbook(project, anchor: str) -> str:
    """The text of the cell that an address names, read from the hospital's file with openpyxl."""
    _, file, sheet, place = anchor.split("/")
    (path,) = [p for p in (project / EXPORT).iterdir() if p.name.replace(" ", "~") == file]
    (name,) = [n for n in workbook(path).sheetnames if n.replace(" ", "~") == sheet]
    return as_text(workbook(path)[name][place].value)


_books: dict = {}


def workbook(path):
    if path not in _books:
        _books[path] = openpyxl.load_workbook(path, data_only=True)
    return _books[path]


def as_text(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@pytest.mark.parametrize("number", ["km.OS.ND.median", "km.EFS.RR.median", "rate.CRC.ND.percent"])
def test_a_number_is_clicked_through_to_the_raw_cell(finished, opened, number):
    manuscript = finished / "results/aml_venaza/report/manuscript.html"
    page = opened(manuscript, wait=False)
    printed = page.locator(f'a.ard[data-ard="{number}"]').first
    text = printed.inner_text()
    printed.click()
    page.wait_for_url("**/audit/index.html*")
    settled(page)
    row = page.locator("tr.landed")
    assert row.get_attribute("id") == f"ard-{number}"
    assert row.locator("td strong").inner_text() == text
    behind = page.locator("tr.unfolded .list tbody tr").first
    patient = behind.locator("th a").inner_text()
    where = behind.locator("td").last.inner_text()
    behind.locator("th a").click()
    settled(page)
    assert page.locator("tr.landed").get_attribute("id") == f"patient-{patient}"
    page.go_back()
    settled(page)
    page.locator("tr.unfolded .list tbody tr").first.locator("td").last.locator("a").click()
    settled(page)
    cell = page.locator("td.landed")
    assert cell.is_visible()
    assert "decides " in cell.locator("small").inner_text()
    anchor = cell.get_attribute("id")
    assert anchor.startswith(f"cell-{patient}/")
    assert anchor.endswith(f"/{where.split()[-1]}")
    assert cell.locator(".text").inner_text() == in_workbook(finished, anchor)


def test_a_number_leads_back_to_its_sentence_and_to_the_start_page(finished, opened):
    page = opened(audit(finished, "aml_venaza"), "ard-desc.AGE.ND.median")
    back = page.locator("tr.unfolded dl a[href*='manuscript.html']")
    places = back.all_inner_texts()
    places = [place.removeprefix("manuscript, ") for place in places]
    assert places[0] == "Abstract"
    assert any(place.startswith("Table ") for place in places)
    for n, place in enumerate(places):
        if n:
            page.go_back()
            settled(page)
        back.nth(n).click()
        page.wait_for_url("**/manuscript.html#*")
        landed = page.locator("a.ard:target")
        assert landed.get_attribute("data-ard") == "desc.AGE.ND.median"
        assert landed.is_visible()
        if place.startswith("Table "):
            caption = page.locator(".table-float:has(:target) figcaption").inner_text()
            assert " ".join(caption.split()).startswith(f"{place}.")
    page.locator("nav.ways a", has_text="All results").click()
    page.wait_for_url("**/aml_venaza/index.html")
    page.locator("dd a", has_text="web page").first.click()
    page.wait_for_url("**/report/manuscript.html")


def test_each_cell_that_decided_an_endpoint_is_the_cell_of_the_file(finished, opened):
    page = opened(audit(finished, "aml_venaza"))
    found = page.evaluate(
        """async () => {
          const adtte = await table("adtte"), out = [];
          for (const row of adtte.rows()) {
            const reference = adtte.get("CELL", row), name = adtte.get("USUBJID", row);
            if (!reference || reference.endsWith(".")) continue;
            readTexts(name, (await parcelOf(name)).cells);
            out.push([cellAnchor(name, cellOf(reference)), textsOf.get(name).get(reference)]);
          }
          return out;
        }"""
    )
    assert len(found) > 400
    for anchor, text in found:
        assert text.strip() == in_workbook(finished, anchor).strip(), anchor


def test_the_source_that_decided_is_that_of_the_endpoint(finished, opened):
    page = opened(audit(finished, "aml_venaza"))
    pairs = page.evaluate(
        """async () => {
          const adtte = await table("adtte"), out = [];
          for (const row of adtte.rows()) {
            const name = adtte.get("USUBJID", row), { tried } = await parcelOf(name);
            const decided = tried.of(name).filter((k) => tried.get("DECIDED", k) === "Y" &&
              tried.get("PARAMCD", k) === adtte.get("PARAMCD", row));
            out.push([adtte.get("CELL", row), decided.map((k) => tried.get("CELL", k))]);
          }
          return out;
        }"""
    )
    assert len(pairs) > 500
    assert [(own, tried) for own, tried in pairs if tried != [own]] == []


@pytest.mark.parametrize("study", STUDIES)
def test_every_number_of_the_manuscript_leads_to_its_row(finished, opened, study):
    html = (finished / f"results/{study}/report/manuscript.html").read_text(encoding="utf-8")
    named = re.findall(r'data-ard="([^"]*)"', html)
    links = re.findall(
        r'<a class="ard" id="[^"]*" data-ard="([^"]*)" href="\.\./audit/index\.html#([^"]*)"', html
    )
    assert [ard_id for ard_id, _ in links] == named
    assert len(named) > 100
    page = opened(audit(finished, study))
    known = set(
        page.evaluate(
            "core.tables.ard.rows().map((i) => anchor('ard', core.tables.ard.get('ard_id', i)))"
        )
    )
    assert {unquote(target) for _, target in links} <= known
    for ard_id, target in random.Random(5).sample(links, 8):
        page.evaluate("(to) => { location.hash = to; }", target)
        settled(page)
        assert page.locator("tr.landed").get_attribute("id") == f"ard-{ard_id}"
        assert page.locator("tr.unfolded .printed").is_visible()


@pytest.mark.parametrize("study", STUDIES)
def test_each_box_of_the_flow_holds_as_many_patients_as_it_says(finished, opened, study):
    page = opened(audit(finished, study), "flow")
    boxes = page.evaluate(
        """() => core.tables.flow.rows().map((row) => [core.tables.flow.get("BOX", row),
             core.tables.flow.get("N", row), inBox(core.tables.flow.get("BOX", row)).length])"""
    )
    assert len(boxes) >= 4
    assert [n for name, n, _ in boxes if name != "raw"] == [
        k for name, _, k in boxes if name != "raw"
    ]


@pytest.mark.parametrize("study", STUDIES)
def test_the_rows_behind_numbers_are_those_of_why(finished, opened, study):
    root = finished / "results" / study
    tables = read_results(root)
    ard = tables["statistics/ard"]
    kinds = (
        ard["analysis"]
        + ard["endpoint"].fillna("")[ard["analysis"] != "descriptive"].str.split(".").str[0]
    )
    chosen = ard.groupby(kinds.fillna(ard["analysis"]), sort=True).sample(1, random_state=7).index
    page = opened(audit(finished, study))
    compare_behind(page, tables, list(chosen)[:45])


def test_a_file_of_the_run_shows_what_it_was_made_of(finished, opened):
    page = opened(audit(finished, "aml_venaza"), "files")
    page.get_by_role("link", name="statistics: every number, 9 files").focus()
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("link", name="statistics/ard.parquet", exact=True).click()
    settled(page)
    text = page.locator("tr.unfolded").first.inner_text()
    manifest = json.loads((finished / "results/aml_venaza/audit/manifest.json").read_text("utf-8"))
    (entry,) = [e for e in manifest["files"] if e["file"] == "statistics/ard.parquet"]
    assert entry["sha256"] in text
    assert "endpoints/adtte.parquet" in entry["made_from"]
    for part in (*entry["made_from"], "report:", "figures:", "First rows", "n.ITT.ND"):
        assert part in text, part

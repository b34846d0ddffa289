"""The audit page and the page of changes: whole, safe, the same each time, alive in a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from tests.audit.conftest import PATIENTS
from venaza.audit import markup
from venaza.audit.manifest import build_manifest, run_facts
from venaza.audit.page import audit_page
from venaza.audit.results import natural, read_dictionaries, read_results

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
VOID = {"meta", "input", "br", "link", "img"}


class Outline(HTMLParser):
    """Collects ids, links and text, and fails on an element that is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        self.loaded += [
            v for k, v in attrs if k in ("src", "srcset") or (tag, k) == ("link", "href")
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["script"], ["style"]):
            self.text.append(data)


@pytest.fixture
def page(results, study) -> str:
    manifest = build_manifest(results, None, run_facts(study, "c0de"))
    return audit_page(read_results(results), read_dictionaries(results), study, manifest)


def test_the_page_is_well_formed_and_needs_nothing_beside_itself(page):
    outline = Outline(page)
    assert outline.loaded == []
    assert not re.search(r"url\(|@import|https?://", page)
    assert len(outline.ids) == len(set(outline.ids))
    assert not any(re.search(r"\s", name) for name in outline.ids)


def test_every_number_patient_and_file_has_its_own_id(page, tables):
    ids = set(Outline(page).ids)
    for key in tables["statistics/ard"]["ard_id"]:
        assert f"ard-{key}" in ids
    assert {markup.anchor("patient", name) for name in PATIENTS} <= ids
    assert "file-clean/patients.parquet" in ids


def test_every_link_within_the_page_leads_somewhere(page):
    outline = Outline(page)
    targets = [link[1:] for link in outline.links if link.startswith("#")]
    assert len(targets) > 5
    assert {markup.anchor("patient", "P<2>")} <= set(outline.ids)
    assert set(targets) <= {quote(name, safe="~.-_") for name in outline.ids}
    assert "#patient-nobody" not in outline.links


def test_what_the_hospital_wrote_is_text_and_never_markup(page):
    assert "<i>1</i>" not in page
    text = " ".join(Outline(page).text)
    assert "<i>1</i>" in text
    assert "P<2>" in text
    assert "Demo <AML>" in text


def test_a_correction_of_the_clinic_is_shown_with_who_and_why(page):
    text = " ".join(Outline(page).text)
    assert "Corrections of the clinic" in text
    for part in ("chart", "Dr <Li>", "2023-12-05", "applied", "导出 2023.xlsx · 病人 · row 2"):
        assert part in text


def test_a_patients_endpoints_name_the_raw_cell_that_decided(page):
    text = " ".join(Outline(page).text)
    assert "导出 2023.xlsx · 病人 · row 2 · 死亡日期: 2023.4.11" in text
    assert "event: Death" in text
    assert "censored: Last known alive" in text
    assert "Without a row: PFOS: no failure." in text


def test_synthetic_data_is_called_so_and_real_data_is_not(page, results, study):
    assert "Synthetic data." in page
    study["study"]["synthetic"] = False
    manifest = build_manifest(results, None, run_facts(study, "c0de"))
    real = audit_page(read_results(results), read_dictionaries(results), study, manifest)
    assert "Synthetic data." not in real


def test_the_same_results_give_the_same_page_whatever_the_page_before(page, results, study):
    (results / "audit").mkdir()
    for name in ("index.html", "lineage.csv", "manifest.json"):
        (results / "audit" / name).write_text("older,\n")
    manifest = build_manifest(results, None, run_facts(study, "c0de"))
    again = audit_page(read_results(results), read_dictionaries(results), study, manifest)
    assert again == page


def test_a_study_without_queries_says_so(results, study, tables):
    manifest = build_manifest(results, None, run_facts(study, "c0de"))
    tables["clean/queries"] = tables["clean/queries"].iloc[:0]
    tables["endpoints/queries"] = tables["endpoints/queries"].iloc[:0]
    text = " ".join(Outline(audit_page(tables, {}, study, manifest)).text)
    assert "There are none." in text


def test_patients_sort_as_people_count():
    assert sorted(["P10", "P2", "1", "x", "P2a"], key=natural) == ["1", "P2", "P2a", "P10", "x"]


def in_browser(html: str, tmp_path, target: str = "", script: str = "") -> str:
    path = tmp_path / "page.html"
    path.write_text(html.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"{path.as_uri()}{target}"]
    run = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return run.stdout.decode()


needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@needs_browser
@pytest.mark.parametrize("name", PATIENTS)
def test_a_link_opens_the_patient_whatever_the_name(page, tmp_path, name):
    link = markup.link(markup.anchor("patient", name), "x")
    target = re.search(r'href="([^"]*)"', link).group(1)
    dom = in_browser(page, tmp_path, target)
    opened = re.findall(r'<details id="([^"]*)" open', dom)
    assert [
        entry.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") for entry in opened
    ] == [markup.anchor("patient", name)]


@needs_browser
def test_search_and_choice_leave_the_rows_that_fit(page, tmp_path):
    script = """
      const field = document.querySelector('[data-search="number-list"]');
      field.value = "MEDIAN km";
      field.dispatchEvent(new Event("input"));
      const choice = document.querySelectorAll('[data-choice="number-list"]')[1];
      choice.value = "RR";
      choice.dispatchEvent(new Event("change"));
    """
    dom = in_browser(page, tmp_path, script=script)
    assert re.findall(r'<tr id="ard-([^"]*)" hidden', dom) == ["km.OS.ND.median"]
    assert ">1 of 2</output>" in dom

"""The section on published evidence: its numbers, its words, and the filter of the trials."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.report.cohort import ard, study
from tests.report.conftest import ADAE, EMBEDDED, FIGURES, PROJECT
from tests.report.test_prose import CAUSAL, text_of, without_sources
from tests.shown_evidence import POOL, with_evidence
from venaza.pipeline.report import render, stage
from venaza.pipeline.report.embedded import expand
from venaza.pipeline.report.numbers import variable
from venaza.pipeline.tables import build_all, planned

PARTS = ("results_evidence", "results_trials")


def staged_with(figures: Path, folder: Path, wanted: dict, own, **more) -> tuple[Path, object]:
    wanted, numbers, rows = with_evidence(wanted, own, **more)
    build_all({"adae": ADAE, **rows}, numbers, wanted, folder / "tables")
    for suffix in (".svg", ".pdf", ".png"):
        shutil.copyfile(figures / f"flow{suffix}", figures / f"evidence{suffix}")
    stage(
        folder / "source",
        tables={},
        ard=numbers,
        study=wanted,
        facts={"export": "2023-11-30", "files": [], "code": {"version": "0", "sha256": "0"},
               "configuration": {"sha256": "0"}, "python": "3.11", "packages": {},
               "renderer": {"name": "embedded", "version": "1"}},
        figures=[*FIGURES, "evidence"],
        figures_folder=figures,
        printed=planned(wanted),
        tables_folder=folder / "tables",
        project_folder=PROJECT,
        reference=PROJECT / "reference.docx",
    )  # fmt: skip
    return folder / "source", numbers


@pytest.fixture(scope="module")
def shown(figures, tmp_path_factory):
    made_up = study()
    made_up["study"] = made_up["study"] | {"synthetic": True}
    folder = tmp_path_factory.mktemp("evidence")
    return staged_with(figures, folder, made_up, ard().frame())


def test_no_number_stands_without_its_source(shown):
    text = without_sources(text_of(shown[0], *PARTS))
    assert re.findall(r".{0,40}\d.{0,20}", text) == []
    assert len(text) > 800


def test_every_number_is_one_of_the_ard(shown):
    used = set(re.findall(r"\{\{< var (\S+) >\}\}", text_of(shown[0], *PARTS)))
    assert len(used) > 12
    assert used <= {variable(ard_id) for ard_id in shown[1]["ard_id"]}


def test_it_says_what_is_shown_and_how_it_was_pooled(shown):
    text = expand(shown[0], "supplement")
    section = text[text.index("## Evidence in context") : text.index("## Ongoing trials")]
    plain = re.sub(r"\[([^\]]*)\]\{\.[^}]*\}", r"\1", section)
    assert "17 rates from 14 published series" in plain
    assert "a count derived from the percentage" in plain
    assert "was 59.3% (95%" in plain
    assert "; 3 series, 829 patients)" in " ".join(plain.split())
    assert "the pooled rate of CR+CRi with venetoclax (all treated)" in plain
    assert "I² 88.1%" in plain
    assert "No formal comparison was made with published results" in plain
    assert "synthetic" in plain
    methods = text_of(shown[0], "methods_evidence")
    assert "[@knapp2003]" in methods
    assert "This cohort was not included in the pooled rates" in " ".join(methods.split())


def test_nothing_is_said_to_cause_anything(shown):
    text = without_sources(text_of(shown[0], *PARTS))
    assert re.findall(CAUSAL, text, re.IGNORECASE) == []


def test_without_enough_series_it_says_that_none_was_pooled(figures, tmp_path):
    more = {"pool": {**POOL, "least": 9}, "trials": "none"}
    source, _ = staged_with(figures, tmp_path, study(), ard().frame(), **more)
    text = " ".join(text_of(source, "results_evidence").split())
    assert 'fewer than [9]{.given data-config="evidence.pool.least"} series' in text
    assert text_of(source, "results_trials").strip() == ""


def test_a_study_without_evidence_leaves_the_sections_out(source):
    assert text_of(source, *PARTS).strip() == ""
    assert "Published results" not in text_of(source, "methods_evidence")


@pytest.mark.parametrize("fmt", ["html", "docx", "pdf"])
def test_it_is_rendered_with_links_in_each_format(shown, fmt, tmp_path):
    render(shown[0], fmt, tmp_path / f"m.{fmt}", EMBEDDED, "supplement")
    if fmt == "html":
        page = (tmp_path / "m.html").read_text(encoding="utf-8")
        assert page.count("https://clinicaltrials.gov/study/") == 18
        assert "trial-filter" in page
        return
    if fmt == "docx":
        from docx import Document

        document = Document(tmp_path / "m.docx")
        links = [r.target_ref for r in document.part.rels.values() if "hyperlink" in r.reltype]
        text = " ".join(p.text for p in document.paragraphs)
    else:
        from pypdf import PdfReader

        pages = PdfReader(tmp_path / "m.pdf").pages
        notes = [note.get_object() for page in pages for note in page.get("/Annots") or []]
        links = [n["/A"]["/URI"] for n in notes if "/URI" in n.get("/A", {})]
        text = " ".join(page.extract_text() for page in pages)
    assert len({link for link in links if "clinicaltrials.gov" in link}) == 15
    assert "trial-filter" not in text
    assert "Ongoing trials" in text


def test_the_filter_shows_what_was_asked_for(shown, tmp_path, browser):
    render(shown[0], "html", tmp_path / "m.html", EMBEDDED, "supplement")
    page = browser.new_page()
    page.goto((tmp_path / "m.html").as_uri())
    assert page.locator("table.trials tbody tr:visible").count() == 18
    page.locator(".trial-filter").get_by_label("Lineage").select_option(label="T")
    assert page.locator("table.trials tbody tr:visible").count() == 2
    assert page.locator(".trial-filter output").inner_text() == "2 of 18 rows"
    page.locator(".trial-filter").get_by_label("Setting").select_option(label="R/R")
    row = page.locator("table.trials tbody tr:visible")
    assert row.locator("a").get_attribute("href").endswith("NCT05576532")
    page.locator(".trial-filter").get_by_label("Lineage").select_option(label="not stated")
    assert page.locator("table.trials tbody tr:visible").count() == 5
    page.locator(".trial-filter").get_by_label("Setting").select_option(label="all")
    page.locator(".trial-filter").get_by_label("Lineage").select_option(label="all")
    page.locator(".trial-filter").get_by_label("Ph status").select_option(label="negative")
    assert page.locator("table.trials tbody tr:visible").count() == 2
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto((tmp_path / "m.html").as_uri())
    assert plain.locator("table.trials tbody tr:visible").count() == 18
    assert plain.locator(".trial-filter").count() == 0

"""The report on ALL, in its three formats, speaks of ALL: no wording of AML is left in it."""

from __future__ import annotations

import html
import json
import re

import pytest

from venaza.pipeline.audit.trace.printed import why_json
from venaza.preflight import load_study

#: What belongs to AML: its name, its guidelines and risk groups, its genes, its categories.
FOREIGN = re.compile(
    r"myeloid|\bAML\b|ELN ?20(17|22)|FLT3|NPM1|IDH[12]|\bMLFS\b|\bCRh\b|four-gene|less-intensive"
    r"|VIALE|hypomethylating|unfit for intensive|D[öo]hner|≥ ?1\.0|≥ ?100",
    re.IGNORECASE,
)
STUDY = "results/all_venaza/report/manuscript"


def text_of(project, form):
    path = project / f"{STUDY}.{form}"
    if form == "html":
        text = re.sub(
            r"<(script|style)\b.*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.S
        )
        text = re.sub(r"</?(span|a|em|strong|sup)\b[^>]*>", "", text)
        return html.unescape(re.sub(r"<[^>]+>", " ", text))
    if form == "docx":
        from docx import Document

        document = Document(path)
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells])
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
def test_no_wording_of_aml_is_left(finished, form):
    # one of the ongoing trials takes patients with either leukaemia
    text = text_of(finished, form).replace("ALL/AML (R/R)", "")
    text = re.sub(r"AML,\s+acute\s+myeloid\s+leukaemia", "", text)
    assert len(text) > 20_000
    assert [text[max(0, m.start() - 30) : m.end() + 30] for m in FOREIGN.finditer(text)] == []


@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
def test_it_says_what_a_reader_of_all_looks_for(finished, form):
    text = re.sub(r"[\s\u00ad]+", " ", text_of(finished, form))
    for phrase in (
        *("ELN 2024 criteria for ALL", "Deauville score of 1 to 3", "CRp", "Immunophenotype"),
        *("Philadelphia chromosome", "Prior nelarabine", "Bridge to transplant or CAR-T"),
        *("0.01%", "6 of 18 patients (33.3%", "16 of 18 patients (88.9%", "24.1 months"),
    ):
        assert phrase in text, phrase


def test_the_figures_too(finished):
    for path in sorted((finished / "results/all_venaza/figures").glob("*.svg")):
        assert not FOREIGN.search(path.read_text(encoding="utf-8")), path.name


def test_the_reports_on_aml_would_be_found_out(finished):
    """The pattern of this module can fail."""
    page = (finished / "results/aml_venaza/report/manuscript.html").read_text(encoding="utf-8")
    assert len(FOREIGN.findall(page)) > 20


def test_a_number_leads_to_the_cells_of_the_event_that_decided(finished):
    """REDCap has a row for each event of a patient; the clean row points at the first of them."""
    results = finished / "results/all_venaza"
    answer = json.loads(why_json(results, load_study(finished, "all_venaza"), "km.OS.all.median"))
    assert len(answer["rows"]) == 18
    for row in answer["rows"]:
        cells = [c for c in row["cells"] if c["of"] in ("STARTDT", "ADT") and not c["condition"]]
        assert cells
        for cell in cells:
            assert cell["RAW"], (row["USUBJID"], cell)

"""The Word file as a co-author gets it: styles, rows, columns, keywords, lines to write on."""

from __future__ import annotations

import re
import shutil
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.report.cohort import ard, study
from tests.report.conftest import EMBEDDED, PROJECT
from venaza.contracts.errors import StudyError
from venaza.pipeline.report import render
from venaza.pipeline.report.word import STYLES, keep_rows_whole, missing_styles, prepare
from venaza.preflight.reference_docx import with_reference

FILTER = PROJECT / "filters/manuscript.lua"


@pytest.fixture(scope="module")
def word(rendered):
    return Document(rendered["docx"][0])


@pytest.fixture(scope="module")
def submission(staged, tmp_path_factory):
    wanted = study()
    wanted["report"]["submission"] = True
    folder = tmp_path_factory.mktemp("submission")
    own = staged(wanted, ard().frame())
    for fmt in ("docx", "pdf"):
        render(own, fmt, folder / f"m.{fmt}", EMBEDDED)
    return folder


def test_rows_stay_whole_and_no_table_lies_in_another(word):
    rows = [row._tr for table in word.tables for row in table.rows]
    assert rows
    assert all(len(row.xpath("./w:trPr/w:cantSplit")) == 1 for row in rows)
    assert all(len(row.xpath("./w:trPr")) == 1 for row in rows)
    assert word.element.body.xpath(".//w:tc//w:tbl") == []


def test_a_table_that_fits_a_page_stays_on_one_with_its_note_and_a_longer_one_breaks(tmp_path):
    def kept(rows: int, text: str = "") -> list[int]:
        document = Document()
        table = document.add_table(rows, 2)
        for cell in table._cells:
            cell.text = text
            cell.paragraphs[0]._p.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), "Normal")
        document.save(tmp_path / "t.docx")
        keep_rows_whole(tmp_path / "t.docx")
        found = Document(tmp_path / "t.docx").tables[0].rows
        return [len(row._tr.xpath(".//w:pStyle/following-sibling::w:keepNext")) for row in found]

    assert kept(45) == [2] * 45
    assert kept(46) == [0] * 46
    assert kept(9, "a" * 175) == [2] * 9
    assert kept(9, "a" * 176) == [0] * 9


def test_styles_are_used_and_all_that_are_used_are_asked_for(word, rendered):
    with zipfile.ZipFile(rendered["docx"][0]) as archive:
        xml = archive.read("word/document.xml").decode("utf-8")
    ids = set(re.findall(r'w:(?:p|r|tbl)Style w:val="([^"]+)"', xml))
    names = {s.style_id: s.name for s in word.styles}
    used = {names[style] for style in ids}
    assert used <= {"Caption", "To Fill", *STYLES}
    assert {"Keywords", "Table Caption", "Image Caption", "Table Note", "Table Section"} <= used
    assert {"Table Level 1", "Compact", "Body Text", "Bibliography", "Table"} <= used


def test_the_filter_names_styles_of_the_reference_document():
    found = set(re.findall(r'styled\("([^"]+)"', FILTER.read_text(encoding="utf-8")))
    named = {f"{n}{level}" for n in found for level in ((1, 2) if n.endswith(" ") else ("",))}
    assert "Callout" in named
    assert named <= set(STYLES)
    assert missing_styles(PROJECT / "reference.docx") == []


def test_keywords_stand_under_the_abstract(word, rendered):
    found = [p for p in word.paragraphs if p.style.name == "Keywords"]
    assert [p.text for p in found] == ["Keywords leukaemia; survival"]
    html = rendered["html"][0].read_text(encoding="utf-8")
    within = html[html.index('id="abstract"') : html.index("The regimen is widely used")]
    assert re.search(r"<p><strong>Keywords</strong>\s+leukaemia;\s+survival</p>", within)


def test_without_keywords_there_is_no_line_for_them(source, tmp_path):
    own = tmp_path / "source"
    shutil.copytree(source, own)
    text = (own / "_study.yml").read_text(encoding="utf-8")
    (own / "_study.yml").write_text(
        re.sub("(?m)^(printed-)?keywords.*\n", "", text), encoding="utf-8"
    )
    render(own, "docx", tmp_path / "m.docx", EMBEDDED)
    assert "Keywords" not in {p.style.name for p in Document(tmp_path / "m.docx").paragraphs}


def columns(source, folder, widths, head, cells) -> list[float]:
    """The shares that a table's columns have in Word."""
    own = folder / "source"
    shutil.copytree(source, own)
    cols = "".join(f'<col style="width:{w}%">' for w in widths)
    html = (
        f"<table><colgroup>{cols}</colgroup><thead><tr>"
        + "".join(f"<th>{text}</th>" for text in head)
        + "</tr></thead><tbody><tr>"
        + "".join(f"<td>{text}</td>" for text in cells)
        + "</tr></tbody></table>"
    )
    text = f"::: {{#tbl-narrow}}\n\n```{{=html}}\n{html}\n```\n\n**Narrow.**\n:::\n"
    (own / "_generated/discussion.md").write_text(text, encoding="utf-8")
    render(own, "docx", folder / "m.docx", EMBEDDED)
    tables = Document(folder / "m.docx").tables
    table = next(t for t in tables if t.cell(0, 0).text == head[0])
    found = [int(c.get(qn("w:w"))) for c in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    return [round(100 * w / 7920, 1) for w in found]


def test_a_column_lends_to_one_that_would_break_a_word(source, tmp_path):
    found = columns(source, tmp_path, [86, 7, 7], ["Here", "Patients", "n"], ["b", "1", "2"])
    assert found[1] > 9
    assert found[2] == pytest.approx(7, abs=0.2)
    assert sum(found) == pytest.approx(100, abs=0.2)


def test_columns_that_hold_their_words_are_left_alone(source, tmp_path):
    words = ["Here", "Patients", "Events, all of a long line"], ["b", "1", "2"]
    assert columns(source, tmp_path, [50, 20, 30], *words) == [50, 20, 30]


def test_a_hash_may_break_and_takes_no_room(source, tmp_path):
    words = ["Here", "n", "Hash"], ["b", "1", "a" * 64]
    assert columns(source, tmp_path, [50, 20, 30], *words) == [50, 20, 30]


def test_a_table_too_wide_for_the_page_is_shared_by_need(source, tmp_path):
    head = [f"{letter}bcdefghijklmnopqr" for letter in "ABCDEFG"]
    found = columns(source, tmp_path, [40, 10, 10, 10, 10, 10, 10], head, "1234567")
    assert max(found) - min(found) < 0.5
    assert sum(found) == pytest.approx(100, abs=0.3)


def test_a_submission_has_numbered_lines_twice_as_far_apart(submission, word):
    document = Document(submission / "m.docx")
    numbers = document.element.body.xpath("./w:sectPr/w:lnNumType")
    assert [n.get(qn("w:restart")) for n in numbers] == ["continuous"]
    for name in ("Normal", "Body Text", "First Paragraph", "Bibliography"):
        assert document.styles[name].paragraph_format.line_spacing == 2.0
        assert word.styles[name].paragraph_format.line_spacing != 2.0
    for name in ("Compact", "Table Note", "Footer", "Table Caption"):
        assert document.styles[name].paragraph_format.line_spacing < 1.3
    assert word.element.body.xpath("./w:sectPr/w:lnNumType") == []


def test_what_a_submission_adds_stands_in_the_order_of_words_schema(tmp_path):
    own = Document(PROJECT / "reference.docx")
    section = own.element.body.sectPr
    for tag in ("w:cols", "w:docGrid"):
        section.append(OxmlElement(tag))
    for tag in ("w:jc", "w:outlineLvl"):
        own.styles["Keywords"].element.get_or_add_pPr().append(OxmlElement(tag))
    own.save(tmp_path / "own.docx")
    for _ in range(2):
        prepare(tmp_path / "own.docx", "", submission=True)
    document = Document(tmp_path / "own.docx")
    tags = [child.tag for child in document.element.body.sectPr]
    after = [tags.index(qn(f"w:{n}")) for n in ("pgMar", "lnNumType", "cols", "docGrid")]
    assert after == sorted(after)
    assert tags.count(qn("w:lnNumType")) == 1
    style = [child.tag for child in document.styles["Keywords"].element.pPr]
    assert style == [qn("w:spacing"), qn("w:jc"), qn("w:outlineLvl")]


def test_the_pdf_of_a_submission_has_numbered_lines(submission, rendered):
    from pypdf import PdfReader

    def numbered(path) -> bool:
        text = PdfReader(path).pages[1].extract_text().split()
        return len({str(n) for n in range(40, 60)} & set(text)) > 12

    assert numbered(submission / "m.pdf")
    assert not numbered(rendered["pdf"][0])


def test_a_reference_document_of_ones_own_gives_its_styles(staged, tmp_path):
    own = Document(PROJECT / "reference.docx")
    own.styles["Body Text"].font.size = Pt(13)
    own.save(tmp_path / "own.docx")
    report = {**study()["report"], "reference_docx": "own.docx"}
    assert len(with_reference(tmp_path, report, "s.yaml")["reference_sha256"]) == 64
    source = staged(study(), ard().frame(), reference=tmp_path / "own.docx")
    render(source, "docx", tmp_path / "m.docx", EMBEDDED)
    assert Document(tmp_path / "m.docx").styles["Body Text"].font.size == Pt(13)


def refused(root, file) -> str:
    with pytest.raises(StudyError) as error:
        with_reference(root, {"reference_docx": file}, "config/studies/s.yaml")
    return str(error.value)


def test_a_reference_document_that_is_none_is_refused(tmp_path):
    (tmp_path / "text.docx").write_text("no archive", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "sheet.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with zipfile.ZipFile(tmp_path / "broken.docx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("word/styles.xml", "<x>")
    for file in ("text.docx", "sheet.docx", "broken.docx", "nowhere.docx", "."):
        text = refused(tmp_path, file)
        assert "This reference document is not a Word file that can be read." in text
        assert f"report > reference_docx\n  value:  {file}" in text
    assert "Did you mean 'text.docx'" in refused(tmp_path, "test.docx")


def test_a_reference_document_without_our_styles_is_refused_by_their_names(tmp_path):
    Document().save(tmp_path / "plain.docx")
    text = refused(tmp_path, "plain.docx")
    assert "lacks styles that the report uses: " in text
    assert "Table Level 2" in text
    assert "Heading 1" not in text
    assert "copy of report/reference.docx" in text


def test_what_is_to_be_filled_in_is_yellow_in_word_and_on_the_web(rendered, word):
    style = word.styles["To Fill"].element
    assert style.xpath("./w:rPr/w:shd/@w:fill") == ["FFF0B3"]
    assert any(run.style.name == "To Fill" for p in word.paragraphs for run in p.runs)
    page = rendered["html"][0].read_text(encoding="utf-8")
    assert re.search(r"\.to-fill[^{]*\{[^}]*background: var\(--found\)", page)
    assert '<span class="to-fill">' in page

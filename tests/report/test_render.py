"""The rendered manuscript: whole, self-contained, numbered, the same bytes each time."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from tests.report.cohort import ard, study
from tests.report.conftest import EMBEDDED
from venaza.pipeline.report import render
from venaza.pipeline.report.rendering import add_chinese

#: The exhibits of the main text, of the usual ones: those that the made-up study has.
TABLES, PICTURES = 4, 4


class Page(HTMLParser):
    """What a page loads, shows and links to."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded, self.links, self.ids, self.tags = [], [], set(), []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.ids.add(found.get("id"))
        if "src" in found:
            self.loaded.append(found["src"])
        if tag == "link":
            self.loaded.append(found.get("href"))
        if tag == "a":
            self.links.append(found.get("href"))


@pytest.fixture(scope="module")
def html(rendered):
    return rendered["html"][0].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html):
    parsed = Page()
    parsed.feed(html)
    return parsed


@pytest.fixture(scope="module")
def pdf(rendered):
    return PdfReader(rendered["pdf"][0])


@pytest.fixture(scope="module")
def pdf_text(pdf):
    return " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)


@pytest.fixture(scope="module")
def word(rendered):
    from docx import Document

    return Document(rendered["docx"][0])


def test_the_line_says_what_rendered_it(rendered):
    for fmt in ("html", "docx", "pdf"):
        assert rendered[fmt][1] == f"manuscript.{fmt}: rendered by the embedded renderer"


def test_the_page_loads_nothing_from_elsewhere(html, page):
    assert page.loaded
    assert [src for src in page.loaded if not src.startswith("data:")] == []
    style = "".join(re.findall(r"<style.*?</style>", html, re.DOTALL))
    assert [u for u in re.findall(r"url\(['\"]?([^'\")]{0,9})", style) if u[:5] != "data:"] == []


def test_every_link_within_the_page_has_its_target(page):
    within = [href[1:] for href in page.links if href.startswith("#")]
    assert len(within) > 30
    assert [target for target in within if target not in page.ids] == []


def test_figures_and_tables_of_the_page_are_counted(html, page):
    assert page.tags.count("table") == TABLES
    assert page.tags.count("img") == PICTURES
    captions = re.findall(r"<strong>(Figure|Table)\u00a0(\d+)\.</strong>", html)
    assert [int(n) for kind, n in captions if kind == "Figure"] == list(range(1, PICTURES + 1))
    assert sorted(int(n) for kind, n in captions if kind == "Table") == list(range(1, TABLES + 1))
    assert re.search(r"<strong>Table\u00a01\.</strong>\s*<strong>Patients at baseline", html)


def test_numbers_of_the_page_name_their_source_and_lead_to_the_audit_page(html):
    median = (
        '<a class="ard" id="ard-km.OS.ND.median" data-ard="km.OS.ND.median" '
        'href="../audit/index.html#ard-km.OS.ND.median">'
    )
    assert f"{median}11.93</a>" in html
    assert html.count(' data-ard="') == len(
        re.findall(r'<a class="ard" id="[^"]+" data-ard="[^"]+" href=', html)
    )
    assert 'data-config="analysis.confidence"' in html


def test_citations_are_numbered_in_order(html):
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "The regimen is widely used [1]." in text
    authors = "DiNardo CD, Jonas BA, Pullarkat V, Thirman MJ, Garcia JS, Wei AH, et al."
    assert re.search(rf"1\. *{re.escape(authors)} Azacitidine and venetoclax", text)
    assert "N Engl J Med. 2020;383:617–629. doi:10.1056/NEJMoa2012971." in text
    assert "Bai et al. BMC Cancer. 2025;25:990." in text


def test_the_word_file_has_native_tables_with_repeated_heads(word):
    assert len(word.tables) == TABLES
    for table in word.tables:
        heads = [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows]
        assert heads == sorted(heads, reverse=True)
        assert heads[0], table.cell(0, 0).text
    assert sum(bool(r._tr.xpath("./w:trPr/w:tblHeader")) for r in word.tables[1].rows) == 2
    spanned = word.tables[1].rows[0]._tr.xpath(".//w:gridSpan")
    assert len(spanned) == 2


def test_the_word_file_has_pictures_that_word_can_show(rendered, word):
    import zipfile

    assert len(word.inline_shapes) == PICTURES
    with zipfile.ZipFile(rendered["docx"][0]) as archive:
        media = [n for n in archive.namelist() if n.startswith("word/media/")]
    assert media
    assert all(name.endswith(".png") for name in media)
    drawn = word.element.body.xpath(".//wp:docPr/@descr")
    assert any(text.startswith("Kaplan–Meier curve of overall survival in") for text in drawn)


def test_captions_of_the_word_file_are_counted_by_word(word):
    captions = [p for p in word.paragraphs if p.style.name in ("Table Caption", "Image Caption")]
    assert len(captions) == TABLES + PICTURES
    for caption in captions:
        fields = caption._p.xpath(".//w:fldSimple/@w:instr")
        assert fields in ([" SEQ Table \\* ARABIC "], [" SEQ Figure \\* ARABIC "])


def test_row_labels_of_the_word_file_are_indented_by_style(word):
    styles = {p.style.name for t in word.tables for row in t.rows for p in row.cells[0].paragraphs}
    assert {"Table Level 1", "Table Level 2", "Table Section"} <= styles


def test_the_pdf_has_pages_and_can_be_searched(pdf, pdf_text):
    assert 5 <= len(pdf.pages) <= 20
    assert "Median overall survival (OS) was 11.93 months (95% CI 7.20 to not reached)" in pdf_text
    assert "Table 1. Patients at baseline by disease status." in pdf_text
    assert "Figure 3. Event-free survival by disease status." in pdf_text
    assert pdf.metadata.title == "A regimen in leukaemia"


def test_the_pdf_has_the_fonts_of_the_source_and_no_date_of_today(pdf):
    fonts = set()
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            fonts.add(font.get_object()["/BaseFont"].split("+")[-1])
    assert fonts
    known = ("SourceSerifPro", "SourceSansPro", "DejaVuSansMono")
    assert all(name.startswith(known) for name in fonts)
    assert pdf.metadata.creation_date.strftime("%Y-%m-%d") == "2023-11-30"


@pytest.mark.parametrize("fmt", ["html", "docx", "pdf"])
def test_the_same_source_gives_the_same_bytes(source, rendered, fmt, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("LC_ALL", "C")
    moved = tmp_path / "another place"
    shutil.copytree(source, moved)
    render(moved, fmt, tmp_path / "again", EMBEDDED)
    assert (tmp_path / "again").read_bytes() == rendered[fmt][0].read_bytes()


@pytest.fixture(scope="module")
def synthetic(staged, tmp_path_factory):
    made = study()
    made["study"]["synthetic"] = True
    source = staged(made, ard().frame())
    folder = tmp_path_factory.mktemp("synthetic")
    for fmt in ("html", "docx", "pdf"):
        render(source, fmt, folder / f"m.{fmt}", EMBEDDED)
    return folder


def test_synthetic_data_are_marked_on_every_page(synthetic):
    from docx import Document
    from pypdf import PdfReader

    notice = "Synthetic data: no row describes a real person"
    footer = Document(synthetic / "m.docx").sections[0].footer
    assert notice in footer.paragraphs[0].text
    for page in PdfReader(synthetic / "m.pdf").pages:
        assert notice in " ".join(page.extract_text().split())
    html = (synthetic / "m.html").read_text(encoding="utf-8")
    assert html.index('class="callout-warning"') < html.index('<section id="abstract"')
    assert notice in html[html.index('<div class="footer">') :]


def test_real_data_are_not(word):
    assert word.sections[0].footer.paragraphs[0].text.strip().startswith("1") or (
        "Synthetic" not in word.sections[0].footer.paragraphs[0].text
    )
    assert "STUDY-NOTICE" not in word.sections[0].footer.paragraphs[0].text


def test_a_failure_leaves_the_old_file_and_no_half(source, tmp_path):
    broken = tmp_path / "source"
    shutil.copytree(source, broken)
    (broken / "_generated/discussion.md").write_text("See @fig-nowhere.", encoding="utf-8")
    target = tmp_path / "out" / "manuscript.html"
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError, match="fig-nowhere"):
        render(broken, "html", target, EMBEDDED)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in target.parent.iterdir()] == ["manuscript.html"]


def test_a_citation_without_a_reference_stops_the_rendering(source, tmp_path):
    broken = tmp_path / "source"
    shutil.copytree(source, broken)
    (broken / "_generated/introduction.md").write_text("So [@nobody1999].", encoding="utf-8")
    with pytest.raises(RuntimeError, match="nobody1999"):
        render(broken, "html", tmp_path / "m.html", EMBEDDED)


def test_an_unknown_variable_stops_the_rendering(source, tmp_path):
    broken = tmp_path / "source"
    shutil.copytree(source, broken)
    (broken / "_generated/discussion.md").write_text("{{< var km.OS.XX.median >}}", "utf-8")
    with pytest.raises(RuntimeError, match=r"no var km\.OS\.XX\.median"):
        render(broken, "html", tmp_path / "m.html", EMBEDDED)


def test_content_for_one_format_shows_in_that_one(source, tmp_path):
    own = tmp_path / "source"
    shutil.copytree(source, own)
    parts = [
        '::: {.content-visible when-format="html"}\nonly-html\n:::',
        '::: {.content-hidden when-format="html"}\nnever-html\n:::',
        '::: {.content-visible unless-format="html"}\nnot-html\n:::',
    ]
    (own / "_generated/discussion.md").write_text("\n\n".join(parts), encoding="utf-8")
    render(own, "html", tmp_path / "m.html", EMBEDDED)
    text = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "only-html" in text
    assert "never-html" not in text
    assert "not-html" not in text


def test_an_unknown_format_is_refused(source, tmp_path):
    with pytest.raises(ValueError, match="odt"):
        render(source, "odt", tmp_path / "m.odt", EMBEDDED)


def test_chinese_is_set_in_the_fonts_that_come_along(source, tmp_path):
    own = tmp_path / "source"
    shutil.copytree(source, own)
    add_chinese(own, "manuscript")
    assert not list(own.glob("fonts/Noto*"))  # nothing asks for them
    (own / "_generated/discussion.md").write_text("Der File 随访导出.", encoding="utf-8")
    with (own / "references.bib").open("a", encoding="utf-8") as file:
        file.write("x: 王伟\n")
    render(own, "pdf", tmp_path / "m.pdf", EMBEDDED)
    reader = PdfReader(tmp_path / "m.pdf")
    assert "Der File 随访导出." in "".join(page.extract_text() for page in reader.pages)
    assert any("NotoSerifSC" in name for page in reader.pages for name in fonts_of(page))
    assert not list(own.glob("fonts/Noto*"))  # they lie beside the copy that is rendered


@pytest.mark.parametrize("name", ["_study.yml", "references.bib"])
def test_names_and_references_ask_for_the_fonts_too(source, tmp_path, name):
    own = tmp_path / "source"
    shutil.copytree(source, own)
    with (own / name).open("a", encoding="utf-8") as file:
        file.write("x: 王伟\n")
    add_chinese(own, "manuscript")
    assert len(list(own.glob("fonts/Noto*"))) == 2


def fonts_of(page) -> list[str]:
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]

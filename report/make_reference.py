"""Makes reference.docx, the styles of the Word manuscript, from pandoc's own default.

Run from anywhere: ``python report/make_reference.py``. Word does not carry the PDF's fonts with
it, so the styles name fonts that every machine has or has twins of: Times New Roman to read,
Arial for headings and tables. The footer holds a mark that the pipeline replaces by the
study's notice.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pypandoc
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

TARGET = Path(__file__).with_name("reference.docx")
READ, HEAD = "Times New Roman", "Arial"
INK, QUIET, ACCENT, WARN = "1F2328", "5B6470", "17446B", "9A3412"
#: Replaced in each study's copy by what its footer says.
FOOTER_MARK = "STUDY-NOTICE"


def main() -> None:
    """Write reference.docx beside this script, the same bytes each time."""
    pandoc = pypandoc.get_pandoc_path()
    default = subprocess.run(
        [pandoc, "--print-default-data-file", "reference.docx"], capture_output=True, check=True
    ).stdout
    document = Document(io.BytesIO(default))
    _page(document)
    _text(document)
    _headings(document)
    _captions_and_notes(document)
    _tables(document)
    _footer(document)
    out = io.BytesIO()
    document.save(out)
    _write_fixed(out.getvalue())


def _page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(25), Mm(24)


def _font(style, name: str, size: float, colour: str, bold: bool | None = None) -> None:
    style.font.name, style.font.size = name, Pt(size)
    style.font.bold, style.font.italic = bold, None if bold is None else False
    for spread in style.element.get_or_add_rPr().findall(qn("w:spacing")):
        spread.getparent().remove(spread)
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(key), name)
    fonts.set(qn("w:eastAsia"), "SimSun")


def _spacing(style, before: float, after: float, line: float = 1.0, keep: bool = False) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = line
    style.paragraph_format.keep_with_next = keep


def _style(document, name: str, based_on: str = "Normal"):
    names = [style.name for style in document.styles]
    if name in names:
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles[based_on]
    return style


def _text(document) -> None:
    for name in ("Normal", "Body Text", "First Paragraph", "Bibliography"):
        style = document.styles[name]
        _font(style, READ, 11, INK)
        _spacing(style, 0, 7, 1.2)
    _style(document, "Keywords", "Body Text")
    document.styles["Bibliography"].font.size = Pt(9.5)
    _spacing(document.styles["Bibliography"], 0, 4, 1.1)
    document.styles["Bibliography"].paragraph_format.left_indent = Mm(8)
    document.styles["Bibliography"].paragraph_format.first_line_indent = Mm(-8)
    compact = document.styles["Compact"]
    _font(compact, HEAD, 8, INK)
    _spacing(compact, 1, 1)
    section = _style(document, "Table Section", "Compact")
    section.font.bold = True
    section.paragraph_format.keep_with_next = True
    document.styles["Verbatim Char"].font.size = Pt(7.5)
    for level in (1, 2):
        style = _style(document, f"Table Level {level}", "Compact")
        style.paragraph_format.left_indent = Mm(3.2 * level + 2)
        style.paragraph_format.first_line_indent = Mm(-2)
    mark = document.styles.add_style("To Fill", WD_STYLE_TYPE.CHARACTER)
    yellow = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FFF0B3"/>')
    mark.element.get_or_add_rPr().append(yellow)
    link = document.styles["Hyperlink"]
    link.font.color.rgb = RGBColor.from_string(ACCENT)


def _headings(document) -> None:
    for name, size, before, after in (
        ("Title", 20, 0, 8),
        ("Subtitle", 12, 0, 8),
        ("Author", 11, 0, 2),
        ("Date", 9.5, 0, 12),
        ("Heading 1", 15, 20, 6),
        ("Heading 2", 12, 14, 4),
        ("Heading 3", 10.5, 10, 3),
    ):
        style = document.styles[name]
        colour = {"Subtitle": WARN, "Author": INK, "Date": QUIET}.get(name, ACCENT)
        _font(style, HEAD, size, colour, bold=name.startswith(("Title", "Heading")))
        _spacing(style, before, after, 1.05, keep=True)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _captions_and_notes(document) -> None:
    captions = (("Table Caption", 14, 4, True), ("Image Caption", 5, 14, False))
    for name, before, after, keep in captions:
        style = _style(document, name, "Caption")
        _font(style, HEAD, 9, INK, bold=False)
        _spacing(style, before, after, 1.05, keep)
    _spacing(document.styles["Captioned Figure"], 12, 0, 1.0, keep=True)
    note = _style(document, "Table Note")
    _font(note, HEAD, 8, QUIET)
    _spacing(note, 3, 14)
    callout = _style(document, "Callout")
    _font(callout, HEAD, 9.5, "4A2A12")
    # Room above and below, and none between its own paragraphs.
    _spacing(callout, 6, 12, 1.1)
    spacing = callout.element.get_or_add_pPr().find(qn("w:spacing"))
    spacing.addnext(parse_xml(f"<w:contextualSpacing {nsdecls('w')}/>"))
    for xml in (
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="8" '
        f'w:color="{WARN}"/></w:pBdr>',
        f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FDF3E7"/>',
    ):
        spacing.addprevious(parse_xml(xml))


def _tables(document) -> None:
    """The style ``Table`` that pandoc gives every table: rules above, below and under the head."""
    style = document.styles["Table"].element
    for tag in ("w:tblPr", "w:tblStylePr", "w:rPr", "w:pPr"):
        for element in style.findall(qn(tag)):
            style.remove(element)
    rule = 'w:val="single" w:sz="{}" w:space="0" w:color="1F2328"'
    style.append(
        parse_xml(
            f'<w:tblPr {nsdecls("w")}><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>'
            f"<w:top {rule.format(8)}/><w:bottom {rule.format(8)}/></w:tblBorders>"
            '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
            '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
            "</w:tblPr>"
        )
    )
    style.append(
        parse_xml(
            f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
            f'<w:tcBorders><w:bottom {rule.format(4)}/></w:tcBorders><w:vAlign w:val="bottom"/>'
            "</w:tcPr></w:tblStylePr>"
        )
    )


def _footer(document) -> None:
    """The study's notice on the left, the page number on the right."""
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    style = _style(document, "Footer")
    _font(style, HEAD, 8, QUIET)
    _spacing(style, 0, 0)
    # LibreOffice would number the line where the lines of the text are numbered.
    style.element.get_or_add_pPr().insert(0, parse_xml(f"<w:suppressLineNumbers {nsdecls('w')}/>"))
    paragraph.style = style
    paragraph._p.get_or_add_pPr().append(
        parse_xml(
            f'<w:tabs {nsdecls("w")}><w:tab w:val="clear" w:pos="4680"/>'
            '<w:tab w:val="clear" w:pos="9360"/><w:tab w:val="right" w:pos="9070"/></w:tabs>'
        )
    )
    paragraph.add_run(FOOTER_MARK)
    paragraph.add_run("\t")
    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )


def _write_fixed(data: bytes) -> None:
    """The archive with its members in order, under one fixed date, without a person's name."""
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(TARGET, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, source.read(name))


if __name__ == "__main__":
    main()

"""What Word files have beside pandoc's: the styles that they stand on, line numbers, whole rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.dom import minidom
from xml.parsers.expat import ExpatError

#: What a reference document must have: each style is used in a manuscript of some study.
STYLES = (
    *("Normal", "Title", "Subtitle", "Author", "Date", "Heading 1", "Heading 2", "Heading 3"),
    *("Body Text", "First Paragraph", "Bibliography", "Hyperlink", "Verbatim Char", "Callout"),
    *("Keywords", "Captioned Figure", "Image Caption", "Table Caption", "Table", "Compact"),
    *("Table Section", "Table Level 1", "Table Level 2", "Table Note", "Footer"),
)
#: Of these the lines of a submission are wide apart.
_READ = ("Normal", "Body Text", "First Paragraph", "Bibliography", "Keywords")
#: What reference.docx has where the footer's notice goes (see report/make_reference.py).
FOOTER_MARK = "STUDY-NOTICE"
# What may follow in the order of Word's schema.
_AFTER_LINE_NUMBERS = (
    *("w:pgNumType", "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg"),
    *("w:textDirection", "w:bidi", "w:rtlGutter", "w:docGrid", "w:printerSettings"),
)
_AFTER_PARAGRAPH = ("w:rPr", "w:tblPr", "w:trPr", "w:tcPr", "w:tblStylePr")
_AFTER_SPACING = (
    *("w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc"),
    *("w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId"),
    *("w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
_TABLE = re.compile(rb"<w:tbl>.*?</w:tbl>", re.DOTALL)
_PARAGRAPH_STYLE = re.compile(rb"(<w:pStyle [^>]*/>)")
_WORDS = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)")
#: So many lines of a table, with caption and note, have room on a page, and a row of so many
#: letters is about one.
_FITS, _LETTERS = 45, 70
_ROW = re.compile(rb"(<w:tr(?: [^>]*)?>)\s*(?:<w:trPr>)?")


def missing_styles(reference: Path) -> list[str]:
    """The styles that a Word file would have to have and has not.

    Raises ``ValueError`` where the file is no Word file.
    """
    try:
        with zipfile.ZipFile(reference) as archive:
            archive.getinfo("word/document.xml")
            styles = _styles(minidom.parseString(archive.read("word/styles.xml")))
    except (KeyError, zipfile.BadZipFile, OSError, ExpatError) as error:
        raise ValueError(str(error)) from None
    return [name for name in STYLES if name.casefold() not in styles]


def prepare(reference: Path, notice: str, submission: bool) -> None:
    """The study's notice into the footer of a reference document; for a submission lines that are
    numbered and twice as far apart. The archive is otherwise the same.
    """

    def change(name: str, data: bytes) -> bytes:
        if name.startswith("word/footer"):
            return data.replace(FOOTER_MARK.encode(), notice.encode())
        if submission and name in ("word/document.xml", "word/styles.xml"):
            xml = minidom.parseString(data)
            (_number_lines if name == "word/document.xml" else _space_lines)(xml)
            return xml.toxml(encoding="UTF-8")
        return data

    _rewrite(reference, change)


def keep_rows_whole(document: Path) -> None:
    """No row of a table goes over two pages, nor does a table that fits one with its note;
    pandoc has no word for either.
    """

    def change(name: str, data: bytes) -> bytes:
        if name != "word/document.xml":
            return data
        return _TABLE.sub(_on_one_page, _ROW.sub(_whole, data))

    _rewrite(document, change)


def _on_one_page(match: re.Match) -> bytes:
    letters = sum(map(len, _WORDS.findall(match[0])))
    if max(len(_ROW.findall(match[0])), letters / _LETTERS) > _FITS:
        return match[0]
    return _PARAGRAPH_STYLE.sub(rb"\1<w:keepNext />", match[0])


def _whole(match: re.Match) -> bytes:
    close = b"" if match[0].endswith(b"<w:trPr>") else b"</w:trPr>"
    return match[1] + b"<w:trPr><w:cantSplit />" + close


def _number_lines(xml: minidom.Document) -> None:
    for section in xml.getElementsByTagName("w:sectPr"):
        numbers = _child(section, "w:lnNumType", _AFTER_LINE_NUMBERS)
        numbers.setAttribute("w:countBy", "1")
        numbers.setAttribute("w:restart", "continuous")


def _space_lines(xml: minidom.Document) -> None:
    styles = _styles(xml)
    for name in _READ:
        paragraph = _child(styles[name.casefold()], "w:pPr", _AFTER_PARAGRAPH)
        spacing = _child(paragraph, "w:spacing", _AFTER_SPACING)
        spacing.setAttribute("w:line", "480")
        spacing.setAttribute("w:lineRule", "auto")


def _styles(xml: minidom.Document) -> dict[str, minidom.Element]:
    """The styles by name; Word writes those of its own small."""
    found = {}
    for style in xml.getElementsByTagName("w:style"):
        for name in style.getElementsByTagName("w:name"):
            found[name.getAttribute("w:val").casefold()] = style
    return found


def _child(parent: minidom.Element, tag: str, after: tuple[str, ...]) -> minidom.Element:
    """The child of that name, made before the first of ``after`` where there is none."""
    for child in parent.childNodes:
        if child.nodeName == tag:
            return child
    made = parent.ownerDocument.createElement(tag)
    parent.insertBefore(made, next((c for c in parent.childNodes if c.nodeName in after), None))
    return made


def _rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Write an archive anew, each member through ``change``."""
    with zipfile.ZipFile(path) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, data in members:
            archive.writestr(info, change(info.filename, data))

"""What a file really is: its first bytes decide, not its name."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.xls_scan import OLE

WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods", ".xlsb"}
TEXTS = {".csv", ".tsv", ".txt"}
STATISTICS = {".sav", ".zsav", ".xpt", ".sas7bdat", ".dta"}
PAGES = {".html", ".htm"}
ARCHIVES = {".zip"}
#: Endings of the files that are read.
FORMATS = WORKBOOKS | TEXTS | STATISTICS | PAGES | ARCHIVES

_FOREIGN = {
    b"%PDF": "a PDF",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "an RTF document",
    b"PAR1": "a Parquet file",
}
_SAS = b"\xc2\xea\x81\x60"
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|table|head|body|meta)\b", re.IGNORECASE)


def format_of(path: Path) -> str:
    """One of text, html, xlsx, xlsb, xls, ods, sav, xpt, sas7bdat, dta, zip; by content.

    Raises ``StudyError`` for what is none of them, whatever its name says.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK"):
        return _zip_format(path)
    if head.startswith(OLE):
        return "xls"
    statistics = _statistics_format(head)
    if statistics:
        return statistics
    for mark, name in _FOREIGN.items():
        if head.startswith(mark):
            raise _foreign(path, name)
    return _text_format(path, head)


def _zip_format(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            kind = b""
            if "mimetype" in names:
                with package.open("mimetype") as stream:
                    kind = stream.read(100)
    except Exception:  # noqa: BLE001 - zipfile and zlib raise many kinds; the reader says it well
        return "zip" if path.suffix.lower() in ARCHIVES else "xlsx"
    lower = {name.lower() for name in names}
    if "xl/workbook.bin" in lower:
        return "xlsb"
    if "xl/workbook.xml" in lower:
        return "xlsx"
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    if path.suffix.lower() in WORKBOOKS:
        return "xlsx" if path.suffix.lower() != ".ods" else "ods"
    if any(name.startswith("word/") for name in lower):
        raise _foreign(path, "a Word document")
    return "zip"


def _statistics_format(head: bytes) -> str | None:
    if head.startswith((b"$FL2", b"$FL3")):
        return "sav"
    if head.startswith(b"HEADER RECORD*******LIB"):
        return "xpt"
    if head[12:16] == _SAS:
        return "sas7bdat"
    if head.startswith(b"<stata_dta>") or (
        head[:1] in b"\x69\x6c\x6e\x6f\x71\x72\x73" and _old_dta(head)
    ):
        return "dta"
    return None


def _old_dta(head: bytes) -> bool:
    """Stata 5 to 12: release, byte order 1 or 2, file type 1, a zero."""
    return len(head) > 60 and head[1] in (1, 2) and head[2] == 1 and head[3] == 0


def _text_format(path: Path, head: bytes) -> str:
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if plain.startswith(b"MIME-Version"):
        raise _foreign(path, "a web archive (MHTML)")
    if b"schemas-microsoft-com:office:spreadsheet" in plain and plain.startswith(b"<?xml"):
        raise _foreign(path, "an XML Spreadsheet 2003")
    if plain.startswith(b"<") and _PAGE.search(plain):
        return "html"
    return "text"


def _foreign(path: Path, what: str) -> StudyError:
    return StudyError(
        f"This file is named like a table, but it is {what}.",
        fix="Ask for the data as .xlsx or .csv; an archive of another kind is unpacked.",
        file=path.name,
    )

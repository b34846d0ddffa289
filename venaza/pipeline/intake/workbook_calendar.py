"""The day from which a workbook counts its serial numbers: 1900, 1904, or a day of its own.

Excel for Mac long counted from 1904; a cell of format General holds the bare number in either.
Sources: ECMA-376 part 1, 18.2.28 (date1904); [MS-XLSB] 2.4.822
(BrtWbProp); OpenDocument 1.3 part 3, 9.4.3 (table:null-date).
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from venaza.pipeline.intake.limits import Limits
from venaza.pipeline.intake.package import open_zip
from venaza.pipeline.intake.xls_scan import since_1904
from venaza.pipeline.intake.xlsb_scan import records_of

#: Day 0 of the two calendars of Excel; serial 61 is 1 March 1900 in the first.
FROM_1900, FROM_1904 = "1899-12-30", "1904-01-01"
_DATE_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904=["'](?:1|true)["']""")
_NULL_DATE = re.compile(rb"""<table:null-date\b[^>]*date-value=["'](\d{4}-\d{2}-\d{2})""")
_FIRST_TABLE = re.compile(rb"<table:table[\s>]")
_WORKBOOK_PROPERTIES = 153
_CHUNK, _OVERLAP = 1 << 16, 512


def day_zero(path: Path, kind: str, limits: Limits) -> str:
    """The ISO date that is serial 0 in a workbook of ``kind`` (xlsx, xlsb, xls, ods)."""
    if kind == "xls":
        return FROM_1904 if since_1904(path) else FROM_1900
    with open_zip(path, limits, path.name) as package:
        if kind == "ods":
            return _null_date(package) or FROM_1900
        if kind == "xlsb":
            late = _xlsb_1904(package)
        else:
            late = _DATE_1904.search(_member(package, "xl/workbook.xml"))
    return FROM_1904 if late else FROM_1900


def _member(package: zipfile.ZipFile, name: str) -> bytes:
    found = next((n for n in package.namelist() if n.lower() == name), None)
    return package.read(found) if found else b""


def _xlsb_1904(package: zipfile.ZipFile) -> bool:
    data = _member(package, "xl/workbook.bin")
    flags = next((body for kind, body in records_of(data) if kind == _WORKBOOK_PROPERTIES), b"\0")
    return bool(flags[:1] and flags[0] & 1)


def _null_date(package: zipfile.ZipFile) -> str:
    """The null date of an OpenDocument sheet, which stands before its first table."""
    if "content.xml" not in package.namelist():
        return ""
    kept = b""
    with package.open("content.xml") as stream:
        while data := stream.read(_CHUNK):
            kept += data
            if found := _NULL_DATE.search(kept):
                return found[1].decode()
            if _FIRST_TABLE.search(kept):
                return ""
            kept = kept[-_OVERLAP:]
    return ""

"""What calamine does not say of a workbook: errors, formulas without a value, formats, extent."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

from venaza.pipeline.intake.limits import Limits, check_length, refuse
from venaza.pipeline.intake.number_formats import BUILT_IN, NumberFormat, formats_of
from venaza.pipeline.intake.package import parse_part, relations
from venaza.pipeline.intake.sheet import Cell

_PLACE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,9})$")
_REFERENCE = re.compile(rb"""\sr=["']([A-Za-z]{0,7})([0-9]{1,9})["']""")
#: What only the slow pass can tell: formulas, error cells, what is hidden.
_SLOW = re.compile(rb"""<(?:\w+:)?f[\s/>]|\st=["']e["']|\shidden=|<!DOCTYPE""")


@dataclass
class Scan:
    """Of one sheet: cells to lay over what calamine gives, and what is to be said.

    ``formats`` are those of the cells that show another number than they store; ``merged`` is
    None where calamine knows better.
    """

    overlay: dict[tuple[int, int], Cell] = field(default_factory=dict)
    formats: dict[tuple[int, int], NumberFormat] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] | None = None
    rows: int = 0
    columns: int = 0
    cells: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0

    def reach(self, row: int, column: int, limits: Limits, shown: str, sheet: str) -> None:
        """Note a cell at ``row`` and ``column`` (from 1); raises where the sheet is too large."""
        self.cells += 1
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        checks = (
            ("columns", self.columns, "This sheet has too many columns"),
            ("cells", self.cells, "This sheet has too many cells"),
            ("grid", self.rows * self.columns, "This sheet reaches too far"),
        )
        for name, found, what in checks:
            if found > getattr(limits, name):
                raise refuse(limits, name, found, what, shown, sheet=sheet, row=row)

    def notes(self) -> list[str]:
        """What the audit should say of hidden rows and columns."""
        said = []
        if self.hidden_rows:
            said.append(f"{self.hidden_rows} hidden row(s) are read")
        if self.hidden_columns:
            said.append(f"{self.hidden_columns} hidden column(s) are read")
        return said


def column_number(letters: str) -> int:
    """The number of a column by its letters; A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def scan_xlsx(
    package: zipfile.ZipFile, limits: Limits, shown: str, *, extent_only: bool = False
) -> dict[str, Scan]:
    """Each sheet of an .xlsx or .xlsm by its name.

    With ``extent_only`` how far it reaches, and the formats of its numbers.
    """
    scans = {}
    if "xl/sharedStrings.xml" in package.namelist():
        parse_part(package, "xl/sharedStrings.xml", shown)
    sheets, styles = _sheet_parts(package, shown)
    formats = _cell_formats(package, styles, shown) if styles else {}
    formatted = _style_pattern(formats)
    for name, part in sheets.items():
        scan, slow, shaped = _extent(package, part, name, limits, shown, formatted)
        if scan.rows == 0 or shaped or (slow and not extent_only):
            scan = _SheetScan(package, part, name, limits, shown, formats).scan
        scans[name] = scan
    return scans


def _cell_formats(package: zipfile.ZipFile, part: str, shown: str) -> dict[str, NumberFormat]:
    """The formats that show another number than is stored, by the style's number."""
    codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
    used: list[str] = []
    within = False

    def start(name: str, given: dict) -> None:
        nonlocal within
        if name == "numFmt":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "cellXfs":
            within = True
        elif name == "xf" and within:
            used.append(given.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal within
        within = within and name != "cellXfs"

    parse_part(package, part, shown, start, end)
    found = formats_of(codes.get(code, "General") for code in used)
    return {str(style): form for style, form in found.items()}


def _style_pattern(formats: dict[str, NumberFormat]) -> re.Pattern | None:
    """What a cell with one of the styles looks like in the XML of a sheet."""
    if not formats:
        return None
    if "0" in formats:  # the style of a cell that names none
        return re.compile(rb"<(?:\w+:)?c[\s>]")
    return re.compile(rb"""\ss=["'](?:%s)["']""" % "|".join(formats).encode())


def _extent(
    package: zipfile.ZipFile,
    part: str,
    sheet: str,
    limits: Limits,
    shown: str,
    formatted: re.Pattern | None,
) -> tuple[Scan, bool, bool]:
    """How far a sheet reaches by its cells' references, and whether there is more to be told.

    The last answer is whether a number of it is ``formatted``. A first pass without a call for
    each cell: four times as quick. Bad XML is refused here, since calamine reads over some of it.
    """
    scan, slow, shaped, kept = Scan(), False, False, b""

    def look(chunk: bytes) -> None:
        nonlocal slow, shaped, kept
        data = kept + chunk
        found = _REFERENCE.findall(data)
        rows = max((int(number) for _, number in found), default=0)
        wide = max((column_number(n.decode()) for n in {n for n, _ in found}), default=0)
        if rows:
            scan.reach(rows, max(wide, 1), limits, shown, sheet)
        slow = slow or _SLOW.search(data) is not None
        shaped = shaped or (formatted is not None and formatted.search(data) is not None)
        kept = data[-40:]

    parse_part(package, part, shown, chunk=look)
    return scan, slow, shaped


def _sheet_parts(package: zipfile.ZipFile, shown: str) -> tuple[dict[str, str], str | None]:
    """The part of each sheet that is in the package, and that of the styles."""
    members = {name.lower(): name for name in package.namelist()}
    book = members.get("xl/workbook.xml")
    rels = members.get("xl/_rels/workbook.xml.rels")
    if book is None or rels is None:
        return {}, None
    related = relations(package, rels, shown)
    styles = [part for part, kind in related.values() if kind.endswith("/styles")]
    sheets: dict[str, str] = {}

    def sheet(name: str, given: dict) -> None:
        if name == "sheet":
            key = next((v for k, v in given.items() if k.rpartition(":")[2] == "id"), "")
            part = members.get(related.get(key, ("",))[0])
            if part is not None and "sheets/" in part and "chartsheets" not in part:
                sheets[given.get("name", "")] = part

    parse_part(package, book, shown, start=sheet)
    return sheets, next((members[part] for part in styles if part in members), None)


class _SheetScan:
    """One pass over the XML of a sheet."""

    def __init__(
        self, package, part: str, sheet: str, limits: Limits, shown: str, formats: dict
    ) -> None:
        self.limits, self.shown, self.sheet, self.formats = limits, shown, sheet, formats
        self.scan = Scan()
        self.style = ""
        self.row = self.column = 0
        self.kind: str | None = None
        self.formula: list[str] | None = None
        self.value: list[str] = []
        self.size = 0
        self.into: list[str] | None = None
        parse_part(package, part, shown, self.start, self.end, self.text)

    def start(self, name: str, given: dict) -> None:
        if name == "c":
            self._place(given.get("r", ""))
            self.kind, self.formula, self.value, self.size = given.get("t", ""), None, [], 0
            self.style = given.get("s", "0")
        elif name == "row":
            number = given.get("r", "")
            self.row = int(number) if number.isdigit() and len(number) < 9 else self.row + 1
            self.column = 0
            self.scan.hidden_rows += given.get("hidden") in ("1", "true")
        elif name == "f":
            self.formula = self.into = []
        elif name in ("v", "t"):
            self.into = self.value
        elif name == "col" and given.get("hidden") in ("1", "true"):
            self.scan.hidden_columns += 1

    def _place(self, reference: str) -> None:
        found = _PLACE.match(reference)
        if found:
            self.column, self.row = column_number(found.group(1)), int(found.group(2))
        else:
            self.column += 1

    def text(self, data: str) -> None:
        if self.into is None:
            return
        self.size += len(data)
        check_length(self.limits, self.size, self.shown, self.sheet, self.row)
        self.into.append(data)

    def end(self, name: str) -> None:
        if name in ("f", "v", "t"):
            self.into = None
        elif name == "c":
            value = "".join(self.value)
            if value == "" and self.formula is None:
                return
            self.scan.reach(self.row, self.column, self.limits, self.shown, self.sheet)
            at = (self.row - 1, self.column - 1)
            if self.style in self.formats and self.kind in ("", "n"):
                self.scan.formats[at] = self.formats[self.style]
            if self.kind == "e" and value:
                self.scan.overlay[at] = (value, "error")
            elif self.formula is not None and value == "" and self.kind != "str":
                self.scan.overlay[at] = ("=" + "".join(self.formula), "formula")

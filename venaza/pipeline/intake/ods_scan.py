"""What calamine does not say of an OpenDocument sheet: extent, merged and error cells, formats."""

from __future__ import annotations

import zipfile
from decimal import Decimal, InvalidOperation

from venaza.pipeline.intake.limits import Limits, check_length
from venaza.pipeline.intake.number_formats import NumberFormat, as_seen, seen_of_date
from venaza.pipeline.intake.package import parse_part
from venaza.pipeline.intake.scan import Scan


def scan_ods(package: zipfile.ZipFile, limits: Limits, shown: str) -> dict[str, Scan]:
    """Each sheet of an .ods by its name."""
    reader = _Content(limits, shown)
    if "content.xml" in package.namelist():
        parse_part(package, "content.xml", shown, reader.start, reader.end, reader.add)
    return reader.sheets


class _Content:
    """One pass over content.xml. A cell stands for as many as its row and it are repeated."""

    def __init__(self, limits: Limits, shown: str) -> None:
        self.limits, self.shown = limits, shown
        self.sheets: dict[str, Scan] = {}
        self.sheet = ""
        self.depth = 0
        self.row = self.column = self.repeated = 0
        self.given: dict[str, str] | None = None
        self.text: list[str] = []
        self.size = 0

    def start(self, name: str, given: dict) -> None:
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.sheet, self.row = _value(given, "name"), 0
                self.sheets[self.sheet] = Scan(merged=[])
        elif self.depth == 1 and name == "table-row":
            self.column, self.repeated = 0, _number(given, "number-rows-repeated")
            if _value(given, "visibility") in ("collapse", "filter"):
                self.sheets[self.sheet].hidden_rows += self.repeated
        elif self.depth == 1 and name in ("table-cell", "covered-table-cell"):
            self.given, self.text, self.size = given, [], 0
        elif name == "annotation":
            self.depth += 1

    def add(self, data: str) -> None:
        if self.given is None or self.depth != 1:
            return
        self.size += len(data)
        check_length(self.limits, self.size, self.shown, self.sheet, self.row + 1)
        self.text.append(data)

    def end(self, name: str) -> None:
        if name in ("table", "annotation"):
            self.depth -= 1
        elif self.depth == 1 and name == "table-row":
            self.row += self.repeated
        elif self.depth == 1 and name in ("table-cell", "covered-table-cell"):
            if self.given:
                self._cell(self.given)
            else:
                self.column += 1
            self.given = None

    def _cell(self, given: dict) -> None:
        scan, text = self.sheets[self.sheet], "".join(self.text)
        across = _number(given, "number-columns-repeated")
        right, down = self.column + across, self.row + self.repeated
        has_value = any(
            key.rpartition(":")[2] in ("value", "date-value", "time-value", "boolean-value")
            for key in given
        )
        formula = _value(given, "formula")
        if text or has_value or _value(given, "string-value") or formula:
            scan.reach(down, right, self.limits, self.shown, self.sheet)
            scan.cells += self.repeated * across - 1
            cell = None
            if given.get("calcext:value-type") == "error":
                cell = (text or "#N/A", "error")
            elif formula and not text and not has_value and not _value(given, "value-type"):
                cell = ("=" + formula.partition("=")[2], "formula")
            form = _format(given, text.strip()) if text and has_value and not cell else None
            if cell or form:
                places = [(r, c) for r in range(self.row, down) for c in range(self.column, right)]
                if cell:
                    scan.overlay |= dict.fromkeys(places, cell)
                else:
                    scan.formats |= dict.fromkeys(places, form)
        spans = (_number(given, "number-rows-spanned"), _number(given, "number-columns-spanned"))
        if spans != (1, 1):
            bottom, end = self.row + spans[0] - 1, self.column + spans[1] - 1
            scan.merged.append((self.row, self.column, bottom, end))
        self.column = right


def _format(given: dict, text: str) -> NumberFormat | None:
    """The format of a number or a date, by the text that the file holds of it."""
    kind, stored = _value(given, "value-type"), _value(given, "value")
    if kind == "date":
        period = seen_of_date(text, _value(given, "date-value"))
        return NumberFormat((), period) if period else None
    if kind not in ("float", "percentage", "currency"):
        return None
    try:
        Decimal(stored)
    except InvalidOperation:
        return None
    return as_seen(text, stored, percent=kind == "percentage")


def _value(given: dict, name: str) -> str:
    return next((v for k, v in given.items() if k.rpartition(":")[2] == name), "")


def _number(given: dict, name: str) -> int:
    text = _value(given, name)
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1

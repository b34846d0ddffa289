"""Tables of web pages: what many hospital systems hand out under the name .xls."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.limits import Limits, refuse
from venaza.pipeline.intake.sheet import EMPTY, Opened, Sheet, text_cell
from venaza.pipeline.intake.text import decode

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_BREAKS = {"br", "p", "div", "li"}
_UNSEEN = {"script", "style", "head", "title"}


def read_html(path: Path, encoding: str | None, limits: Limits) -> Opened:
    """Every table of a web page as a sheet: ``""`` where there is one, else its number."""
    with path.open("rb") as stream:
        declared = _CHARSET.search(stream.read(4000))
    charset = declared.group(1).decode("ascii").lower() if declared else None
    if charset in ("gb2312", "gbk"):
        charset = "gb18030"
    try:
        text, found = decode(path, encoding or charset)
    except StudyError:
        text, found = decode(path, encoding)
    reader = _Tables(path, limits)
    reader.feed(text)
    reader.close()
    reader.finish()
    if not reader.sheets:
        raise StudyError(
            "This file is a web page without a table.",
            fix="Ask for the export as .xlsx or .csv; the page may be a log-in or error page.",
            file=path.name,
        )
    if len(reader.sheets) == 1:
        reader.sheets[0].name = ""
    return Opened("html", reader.sheets, found)


class _Tables(HTMLParser):
    """Collects tables; a table within a cell is text of that cell."""

    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.limits = path, limits
        self.sheets: list[Sheet] = []
        self.depth = self.unseen = self.count = self.outside = 0
        self.text: list[str] | None = None
        self.span = (1, 1)
        self.reach: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.sheets.append(Sheet(str(len(self.sheets) + 1), [], merged=[]))
                self.reach = {}
        elif self.depth == 1 and tag == "tr":
            self._end_cell()
            self.sheets[-1].rows.append([])
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self.span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self.text = []
        elif tag in _BREAKS and self.text:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self._end_cell()
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        if self.text is not None:
            self.text.append(re.sub(r"[ \t\r\n]+", " ", data))
        elif data.strip():
            self.outside += 1

    def finish(self) -> None:
        """What is still open at the end of the page is closed."""
        self._end_cell()
        if self.sheets and self.outside:
            self.sheets[0].notes.append(f"{self.outside} text(s) outside of cells are not read")

    def _end_cell(self) -> None:
        if self.text is None:
            return
        lines = "".join(self.text).replace("\xa0", " ").split("\n")
        text = "\n".join(line.strip() for line in lines).strip("\n")
        self.text = None
        sheet = self.sheets[-1]
        if not sheet.rows:
            sheet.rows.append([])
        row, number = sheet.rows[-1], len(sheet.rows) - 1
        while self.reach.get(len(row), -1) >= number:
            row.append(EMPTY)
        down, across = self.span
        left = len(row)
        self._check(text, left + across, across, number)
        row.append(text_cell(text))
        row += [EMPTY] * (across - 1)
        if down > 1:
            self.reach |= dict.fromkeys(range(left, left + across), number + down - 1)
        if down > 1 or across > 1:
            sheet.merged.append((number, left, number + down - 1, left + across - 1))

    def _check(self, text: str, width: int, across: int, number: int) -> None:
        self.count += across
        checks = (
            ("columns", width, "A table of this page has too many columns"),
            ("grid", self.count, "This page has too many cells"),
            ("cell_characters", len(text), "A cell is too long"),
        )
        for name, found, what in checks:
            if found > getattr(self.limits, name):
                raise refuse(self.limits, name, found, what, self.path.name, row=number + 1)


def _span(text: str | None) -> int:
    digits = (text or "").strip()
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1

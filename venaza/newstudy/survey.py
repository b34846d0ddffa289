"""The sheets of an unknown export: where their headers stand and what their columns hold."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from dataclasses import dataclass
from pathlib import Path

from venaza.clean.text import folded
from venaza.config.exports import readable
from venaza.config.mapping import find_header_row
from venaza.config.synonyms import Synonyms
from venaza.errors import StudyError
from venaza.intake.archives import sources
from venaza.intake.formats import FORMATS, WORKBOOKS
from venaza.intake.limits import Limits
from venaza.intake.read import header_of, open_sheets
from venaza.newstudy.profile import Profile, profile_of
from venaza.privacy.detect import kind_of_header, kind_of_values


@dataclass
class Sheet:
    """A sheet with a header row: ``file`` is the pattern under which its file is found."""

    file: str
    name: str
    header_row: int
    columns: dict[str, Profile]
    rows: int
    identifying: dict[str, str]
    proven: set[str]
    twice: list[str]
    pattern: str = ""

    @property
    def shown(self) -> str:
        """The sheet as messages name it."""
        return f"{self.file} > {self.name}" if self.name else self.file

    def known(self) -> list[str]:
        """The headers that may be looked at and mapped."""
        return [h for h in self.columns if h not in self.identifying]


def survey(
    source: Path, synonyms: Synonyms, unknown_words: list[str], private: dict
) -> list[Sheet]:
    """Every sheet of a file or folder that has a header row and a row below it.

    ``unknown_words`` say that nothing is known; ``private`` is config/privacy.yaml.
    Files of a folder that have the same sheets and headers are taken as one, by a pattern.
    Raises ``StudyError`` where there is nothing to read.
    """
    silent = {folded(word) for word in unknown_words}
    found: list[Sheet] = []
    folder = source.parent if source.is_file() else source
    with sources(files_of(source), folder, Limits()) as files:
        for file in files:
            sheets = {} if file.archive else open_sheets(file.path)
            for name, rows in sheets.items():
                sheet = _sheet(file.base, name, rows, synonyms, silent, private)
                if sheet:
                    _add(found, sheet)
    if not found:
        raise StudyError(
            "No sheet here has a header row and rows below it.",
            fix="Point --from at the folder or the file with the export.",
            file=str(source),
        )
    return found


def files_of(source: Path) -> list[Path]:
    """The readable files of a folder, or the one file."""
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise StudyError(
            "There is no such folder or file.",
            fix="Give the folder that holds what the hospital sent, or the one file: --from PATH.",
            file=str(source),
        )
    found = sorted(p for p in source.rglob("*") if p.is_file() and readable(p))
    if not found:
        raise StudyError(
            "This folder holds no file that can be read.",
            fix=f"Readable are {', '.join(sorted(FORMATS))}.",
            file=str(source),
        )
    return found


def _sheet(
    file: str, name: str, rows: list, synonyms: Synonyms, silent: set, private: dict
) -> Sheet | None:
    row = find_header_row(rows, None, synonyms)
    if row == 1:
        row = _fullest(rows)
    headers = header_of(rows, row)
    keys = [i for i, header in enumerate(headers) if header.strip() and synonyms.is_key(header)]
    below = [cells for cells in rows[row:] if _is_record(cells, keys)]
    named = [h for h in headers if h.strip()]
    if len(named) < 2 or not below:
        return None
    columns = {}
    for position, header in enumerate(headers):
        if header.strip() and headers.count(header) == 1:
            cells = [r[position] if position < len(r) else ("", "text") for r in below]
            columns[header] = profile_of(header, cells, silent)
    shown = {h: kind_of_values(p.texts) for h, p in columns.items()}
    hidden = {h: kind or kind_of_header(h, private) for h, kind in shown.items()}
    hidden = {h: kind for h, kind in hidden.items() if kind}
    proven = {h for h, kind in shown.items() if kind}
    twice = sorted({h for h in named if headers.count(h) > 1})
    return Sheet(file, name, row, columns, len(below), hidden, proven, twice)


def set_patterns(sheets: list[Sheet]) -> None:
    """Give each sheet the pattern for its file: the next export may be named by another date."""
    files = sorted({sheet.file for sheet in sheets})
    for sheet in sheets:
        suffix = Path(sheet.file).suffix
        if "*" in sheet.file:
            sheet.pattern = sheet.file
            continue
        others = [f for f in files if f != sheet.file]
        loose = re.sub(r"[^*]*\d{4,}[^*]*", _without_date, glob.escape(sheet.file))
        alone = suffix not in {Path(f).suffix for f in others}
        wished = f"*{suffix}" if alone and suffix in WORKBOOKS else loose
        clash = any(fnmatch.fnmatch(f, wished) for f in others)
        sheet.pattern = glob.escape(sheet.file) if clash else wished


def _without_date(found: re.Match) -> str:
    return re.sub(r"\d[\d.\-_年月日]{3,}", "*", found[0])


def _is_record(cells: list, keys: list[int]) -> bool:
    """Whether a row says something of a patient; totals and notes below a table have no number."""
    looked_at = [cells[i] for i in keys if i < len(cells)] if keys else cells
    return any(text.strip() for text, _ in looked_at)


def _fullest(rows: list) -> int:
    """The first of the first ten rows that has as many cells as the widest of them."""
    widths = [sum(bool(text.strip()) for text, _ in row) for row in rows[:10]]
    if not widths or widths[0] >= 2:
        return 1
    return widths.index(max(widths)) + 1


def _add(found: list[Sheet], sheet: Sheet) -> None:
    """Add a sheet, or widen the pattern of one with the same name and headers in another file."""
    for other in found:
        same = (other.name, list(other.columns)) == (sheet.name, list(sheet.columns))
        if same and other.file != sheet.file and other.header_row == sheet.header_row:
            start = os.path.commonprefix([other.file.replace("*", ""), sheet.file])
            other.file = f"{start}*{Path(sheet.file).suffix}"
            other.rows += sheet.rows
            for header, profile in sheet.columns.items():
                mine = other.columns[header]
                mine.rows, mine.filled = mine.rows + profile.rows, mine.filled + profile.filled
                mine.words += profile.words
                mine.texts += profile.texts
                mine.distinct = max(mine.distinct, len(mine.words))
            return
    found.append(sheet)

"""The sheets of an unknown export: where their headers stand and what their columns hold."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from pathlib import Path

from venaza.commands.new_study.legend import codebook_of, set_legends
from venaza.commands.new_study.profile import profile_of
from venaza.commands.new_study.redcap import (
    instruments,
    is_dictionary,
    missing_codes,
    tag,
    translated,
)
from venaza.commands.new_study.sheet import Sheet
from venaza.contracts.errors import StudyError
from venaza.contracts.grouping import grouped
from venaza.contracts.headers import header_key
from venaza.contracts.text import folded
from venaza.pipeline.clean.odd_rows import is_summary
from venaza.pipeline.intake.archives import Source, sources
from venaza.pipeline.intake.formats import FORMATS, WORKBOOKS
from venaza.pipeline.intake.headers import headers_of
from venaza.pipeline.intake.limits import Limits
from venaza.pipeline.intake.privacy.detect import (
    RECORD,
    are_known,
    kind_of_header,
    kind_of_values,
    long_numbers,
)
from venaza.pipeline.intake.privacy.names import SURE, Names
from venaza.pipeline.intake.privacy.places import refuse_places
from venaza.pipeline.intake.read import header_of, open_file
from venaza.pipeline.intake.sheet import Sheet as RawSheet
from venaza.preflight.exports import readable
from venaza.preflight.header_row import find_header_row, no_header_row, rows_of_headers
from venaza.preflight.redcap import read_dictionary
from venaza.study.synonyms import Synonyms


def survey(
    source: Path,
    synonyms: Synonyms,
    unknown_words: list[str],
    private: dict,
    names: Names,
    notes: list[str] | None = None,
) -> tuple[list[Sheet], dict, list[str]]:
    """Every sheet that has a header row and a row below it, the section ``redcap``, the others.

    The others are the sheets whose rows are patients', with no row of headers above them.
    ``unknown_words`` say that nothing is known; ``private`` is config/privacy.yaml; ``notes`` head
    rows of totals and notes, which are no patient's.
    Files of a folder that have the same sheets and headers are taken as one, by a pattern.
    Raises ``StudyError`` where there is nothing to read.
    """
    silent = {folded(word) for word in unknown_words}
    found: list[Sheet] = []
    headless: list[tuple[str, str]] = []
    files, limits = files_of(source), Limits()
    base = source if source.is_dir() else source.parent
    refuse_places(source.name, (), names)
    with sources(files, base, limits) as parts:
        for part in parts:
            refuse_places(part.name, (), names)
        known = [p for p in parts if not p.archive and p.path.suffix.lower() in FORMATS]
        opened = {part: _opened(part, limits, names) for part in known}
        dictionary = next((p for p, sheets in opened.items() if is_dictionary(sheets)), None)
        fields = read_dictionary(dictionary.path) if dictionary else {}
    tables = {part: sheets for part, sheets in opened.items() if part != dictionary}
    book: dict[str, dict[str, str]] = {}
    codes = missing_codes(list(tables.values())) if dictionary else []
    silent |= set(codes)
    for part, sheets in tables.items():
        for raw in sheets:
            rows = translated(raw, fields)
            if explained := codebook_of(rows):
                book |= explained
                continue
            row = find_header_row(rows, None, synonyms, names)
            if row is None:
                headless += [(part.base, raw.name)] if rows else []
                continue
            sheet = _sheet(part.base, raw, rows, row, synonyms, silent, private, names, notes or [])
            if sheet:
                tag(sheet, fields, dict(zip(header_of(raw.rows, 1), raw.names, strict=False)))
                found += instruments(sheet, silent)
    if headless and not found:
        raise no_header_row(*headless[0], "tables > ...")
    if not found:
        raise StudyError(
            "No sheet here has a header row and rows below it.",
            fix="Point --from at the folder or the file with the export.",
            file=str(source),
        )
    names = {part.base for part in opened}
    found = _joined(found, names)
    _set_patterns(found, names)
    _share_identifying(found)
    set_legends(found, book, synonyms)
    bare = [f"{file} > {name}" if name else file for file, name in headless]
    if dictionary is None:
        return found, {}, bare
    return found, {"dictionary": undated(dictionary.base), "missing_codes": codes}, bare


def _share_identifying(sheets: list[Sheet]) -> None:
    """A header that identifies in one sheet does so in all: it is declared by its name.

    A hospital's number stays one under another header.
    """
    numbers = {
        number
        for sheet in sheets
        for header, kind in sheet.identifying.items()
        if kind == RECORD and header in sheet.columns
        for number in long_numbers(sheet.columns[header].texts)
    }
    for sheet in sheets:
        for header in sheet.known():
            if are_known(sheet.columns[header].texts, numbers):
                sheet.identifying[header] = RECORD
    kinds = {header_key(h): kind for sheet in sheets for h, kind in sheet.identifying.items()}
    proven = {header_key(h) for sheet in sheets for h in sheet.proven}
    for sheet in sheets:
        for header in sheet.columns:
            if header_key(header) in kinds:
                sheet.identifying.setdefault(header, kinds[header_key(header)])
            if header_key(header) in proven:
                sheet.proven.add(header)


def _opened(part: Source, limits: Limits, names: Names) -> list[RawSheet]:
    try:
        sheets = open_file(part.path, None, limits).sheets
    except StudyError as error:
        error.place["file"] = part.name
        raise
    refuse_places(part.name, [sheet.name for sheet in sheets], names)
    return sheets


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
    file: str,
    raw: RawSheet,
    rows: list,
    row: int,
    synonyms: Synonyms,
    silent: set,
    private: dict,
    names: Names,
    notes: list[str],
) -> Sheet | None:
    heads = rows_of_headers(raw, row, names)
    headers = header_of(rows, row) if len(heads) == 1 else headers_of(raw, heads).names
    row = heads[-1]
    keys = [i for i, header in enumerate(headers) if header.strip() and synonyms.is_key(header)]
    below = [cells for cells in rows[row:] if _is_record(cells, keys, notes)]
    named = [h for h in headers if h.strip()]
    if len(named) < 2 or not below:
        return None
    columns = {}
    for position, header in enumerate(headers):
        if header.strip() and headers.count(header) == 1:
            cells = [r[position] if position < len(r) else ("", "text") for r in below]
            columns[header] = profile_of(header, cells, silent)
    shown = {h: kind_of_values(p.texts, names) for h, p in columns.items()}
    hidden = {h: kind or kind_of_header(h, private) for h, kind in shown.items()}
    hidden = {h: kind for h, kind in hidden.items() if kind}
    proven = {h for h, kind in shown.items() if kind}
    twice = sorted({h for h in named if headers.count(h) > 1})
    named = {
        h
        for h, profile in columns.items()
        if h not in hidden and any(names.judge(text) == SURE for text in set(profile.texts))
    }
    where = row if len(heads) == 1 else heads
    made = Sheet(file, raw.name, where, columns, len(below), hidden, proven, twice, named)
    if len(heads) > 1:  # the lower header by itself says what a column is
        under = dict(zip(headers, header_of(rows, row), strict=False))
        made.labels = {h: under[h] for h in columns if under.get(h, "").strip()}
    return made


def _set_patterns(sheets: list[Sheet], files: set[str]) -> None:
    """Give each sheet the pattern for its file: the next export may be named by another date."""
    for sheet in sheets:
        suffix = Path(sheet.file).suffix
        if sheet.pattern:
            continue
        others = [f for f in files if f != sheet.file]
        loose = undated(sheet.file)
        alone = suffix not in {Path(f).suffix for f in others}
        wished = f"*{suffix}" if alone and suffix in WORKBOOKS else loose
        clash = any(fnmatch.fnmatch(f, wished) for f in others)
        sheet.pattern = glob.escape(sheet.file) if clash else wished


def undated(file: str) -> str:
    """A file's name as a pattern, with ``*`` for the date in it."""
    return re.sub(r"\d[\d.\-_年月日]{2,}[\d日]", "*", glob.escape(file))


def _is_record(cells: list, keys: list[int], notes: list[str]) -> bool:
    """Whether a row says something of a patient; totals and notes below a table have no number."""
    looked_at = [cells[i] for i in keys if i < len(cells)] if keys else cells
    said = [text for text, _ in looked_at if text.strip()]
    return bool(said) and not is_summary(said[0], notes)


def _joined(sheets: list[Sheet], files: set[str]) -> list[Sheet]:
    """Sheets with the same name and headers in several files as one, found by a pattern.

    The pattern may fit none but these files; otherwise they stay apart.
    """
    groups = grouped(sheets, lambda s: (s.name, str(s.header_row), tuple(s.columns), str(s.where)))
    joined = []
    for group in groups.values():
        own = {sheet.file for sheet in group}
        start = glob.escape(os.path.commonprefix(sorted(own)))
        pattern = f"{start}*{Path(group[0].file).suffix}"
        fits = {file for file in files if fnmatch.fnmatch(file, pattern)}
        if len(own) == 1 or len(own) < len(group) or fits != own:
            joined += group
            continue
        whole = group[0]
        for other in group[1:]:
            _extend(whole, other)
        whole.file = whole.pattern = pattern
        joined.append(whole)
    return joined


def _extend(whole: Sheet, other: Sheet) -> None:
    """Add the rows of another file's sheet to the profiles of the first; in place."""
    whole.rows += other.rows
    for header, profile in other.columns.items():
        mine = whole.columns[header]
        mine.rows, mine.filled = mine.rows + profile.rows, mine.filled + profile.filled
        mine.words += profile.words
        mine.texts += profile.texts
        mine.distinct = len({text for text in mine.texts if text})
        if mine.kind == "empty":
            mine.kind, mine.low, mine.high = profile.kind, profile.low, profile.high
        elif profile.kind not in ("empty", mine.kind):
            numbers = {"integer", "number"}
            mine.kind = "number" if {mine.kind, profile.kind} <= numbers else "word"
        if mine.kind in ("date", "integer", "number") and profile.low is not None:
            mine.low, mine.high = min(mine.low, profile.low), max(mine.high, profile.high)
    whole.identifying |= other.identifying
    whole.proven |= other.proven
    whole.named |= other.named

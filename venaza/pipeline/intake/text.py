"""Delimited text: its encoding, its delimiter, its cells."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.limits import Limits, refuse
from venaza.pipeline.intake.sheet import Cell, Opened, Sheet, text_cell

DELIMITERS = "\t;,|"
_SEP = re.compile(r"sep=([^\r\n\"])\r?\n", re.IGNORECASE)
#: The text of Western Europe where it is not Unicode.
WESTERN = "cp1252"
_HIGH = re.compile(rb"[\x80-\xff]+")
#: All bytes but those of a to z: what stands beside a letter with an accent is mostly a letter.
_OTHERS = bytes(b for b in range(256) if not chr(b).isascii() or not chr(b).isalpha())
_HIGH_OR_NOT = b"." * 128 + b"H" * 128
#: So many of its letters with accents have none beside them.
_ALONE = 0.9
#: What Western texts hold beyond ASCII: letters with accents, °, µ, ², º, quotation marks, dashes.
_LETTERS = {*range(0xC0, 0x100), *b"\x80\x84\x85\x8a\x8c\x91\x92\x93\x94\x96\x97\x9a\x9c\x9f"}
_LETTERS |= {*b"\xa0\xa1\xa7\xaa\xab\xb0\xb1\xb2\xb3\xb5\xb7\xb9\xba\xbb\xbf"}
#: Rows that are looked at for the delimiter.
_SAMPLE = 50


def read_text(path: Path, encoding: str | None, limits: Limits, head: int | None = None) -> Opened:
    """A text file as one sheet without a name; with ``head`` its first rows only."""
    text, found = decode(path, encoding)
    if not text or text.isspace():
        raise empty_file(path.name)
    notes = []
    if found == WESTERN and not encoding:
        notes.append("read as Windows-1252; where it is not, name its encoding (tables)")
    declared = _SEP.match(text)
    if declared:
        text = text[declared.end() :]
        notes.append(f"the first line names the delimiter ({declared.group().strip()})")
    before = csv.field_size_limit(limits.cell_characters)
    try:
        delimiter = declared.group(1) if declared else _delimiter(text)
        rows = _even(text, delimiter, limits) if head is None else None
        rows = _rows(text, delimiter, path, limits, head) if rows is None else rows
    finally:
        csv.field_size_limit(before)
    return Opened("text", [Sheet("", rows, notes=notes)], found)


def decode(path: Path, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file and the encoding that it was in.

    A byte-order mark decides; else strict UTF-8, then strict GB18030, unless the study file
    names the encoding. Detection by statistics is wrong on mostly-ASCII Chinese files; but a
    Chinese character is two such bytes, and a letter with an accent of Windows-1252 is one.
    """
    data = path.read_bytes()
    tried: list[str] = []
    for candidate in _candidates(data, encoding):
        tried.append(candidate)
        if candidate == "gb18030":
            _refuse_broken_utf8(data, path)
        try:
            text = data.decode(candidate)
        except (UnicodeError, LookupError):
            continue
        except Exception:  # noqa: BLE001, S112 - a codec that is none for text
            continue
        if isinstance(text, str) and "\x00" not in text:
            return text, candidate
    raise _undecodable(data, tried, path.name)


def empty_file(name: str) -> StudyError:
    """The error for a file that holds nothing, or blanks only."""
    return StudyError(
        "This file is empty.",
        fix="Ask for the export again, or for it without this file.",
        file=name,
    )


def _undecodable(data: bytes, candidates: list[str], name: str) -> StudyError:
    """The error for a text that no encoding reads, with the first byte that breaks it."""
    at = max(_broken_at(data, candidate) for candidate in candidates)
    wide = candidates[0].startswith("utf-16")
    before = data[: max(at, 0)].decode("utf-16" if wide else "latin-1", errors="replace")
    row = len(re.findall(r"\r\n|\r|\n", before)) + 1
    if data[at : at + 1] == b"\x00" and not wide:
        return StudyError(
            "A NUL byte stands in this text, which no text has: the file broke on its way.",
            fix="Copy the file again, or ask for the export again.",
            file=name,
            row=row,
        )
    byte = "" if at < 0 else f" (byte {at + 1:,} is 0x{data[at]:02X})"
    return StudyError(
        f"The text of this file is not in the encoding {' or '.join(candidates)}{byte}.",
        fix="Name its encoding in the study file (tables > TABLE > encoding).",
        file=name,
        row=None if at < 0 else row,
    )


def _broken_at(data: bytes, candidate: str) -> int:
    """The position of the first byte that is NUL or no character; -1 for a codec that is none."""
    nul = data.find(b"\x00")
    try:
        data.decode(candidate)
    except UnicodeDecodeError as error:
        broken = min(error.start, len(data) - 1)
        return nul if 0 <= nul < broken else broken
    except Exception:  # noqa: BLE001 - a codec that is none for text
        return -1
    return nul


def _candidates(data: bytes, encoding: str | None) -> Iterator[str]:
    """The encodings to try, each thought of when the one before it does not do."""
    start = data[:2000]
    wide = [
        name
        for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2]))
        if len(zeros) > 1 and zeros.count(0) > len(zeros) * 0.3
    ]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    elif encoding or wide:
        yield encoding or wide[0]
    else:
        yield "utf-8-sig"
        yield WESTERN if _is_western(data) else "gb18030"


def _is_western(data: bytes) -> bool:
    """Whether the bytes beyond ASCII stand alone, as letters with accents do between others."""
    high = b"." + data.translate(_HIGH_OR_NOT)
    number = high.count(b".H")
    if not number or number - high.count(b".HH") < _ALONE * number:
        return False
    runs = [(m.start(), m.end()) for m in _HIGH.finditer(data)]
    beside = sum(data[max(start - 1, 0) : end + 1].strip(_OTHERS) != b"" for start, end in runs)
    return 2 * beside >= number and all(set(data[start:end]) <= _LETTERS for start, end in runs)


def _refuse_broken_utf8(data: bytes, path: Path) -> None:
    """Raise for UTF-8 with a few broken bytes, which GB18030 might read as other characters."""
    text = data.decode("utf-8", errors="replace")
    good = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    bad = text.count("\ufffd")
    if bad and good >= 20 and bad * 20 <= good:
        row = text[: text.index("\ufffd")].count("\n") + 1
        raise StudyError(
            f"This file is UTF-8 text, but {bad} character(s) in it are broken.",
            fix="Ask for the export again: what is broken in it is lost.",
            file=path.name,
            row=row,
        )


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first rows into the same number of cells."""
    lines = _first_lines(text)
    there = [d for d in DELIMITERS if any(d in line for line in lines)]
    strict = {d: _fit(lines, d, True) for d in there}
    if not any(rows for rows, _ in strict.values()):
        strict = {d: _fit(lines, d, False) for d in there}
    return max(there, key=strict.get, default=",")


def _first_lines(text: str) -> list[str]:
    """The lines that the sample lies in; no more than the beginning of the text is copied."""
    number, end = _SAMPLE * 4, 1 << 16
    while True:
        lines = list(itertools.islice(io.StringIO(text[:end], newline=""), number + 1))
        if len(lines) > number or end >= len(text):
            return lines[:number]
        end *= 4


def _fit(lines: list[str], delimiter: str, strict: bool) -> tuple[int, int]:
    """How many of the rows have the commonest number of cells, and that number."""
    counts: Counter = Counter()
    try:
        for row in itertools.islice(csv.reader(lines, delimiter=delimiter, strict=strict), _SAMPLE):
            counts[len(row)] += len(row) > 1
    except csv.Error as error:
        if "unexpected end" not in str(error):  # the sample may end within a cell
            return 0, 0
    return max(((rows, cells) for cells, rows in counts.items()), default=(0, 0))


def _even(text: str, delimiter: str, limits: Limits):
    """The rows of a text as ``even_rows`` reads them; None where it does not."""
    try:
        width = len(next(csv.reader(_first_lines(text), delimiter=delimiter), ()))
    except csv.Error:
        return None
    if not 1 < width <= limits.columns or not delimiter.isascii():
        return None
    # Neither pyarrow nor numpy is loaded while the rules are read.
    from venaza.pipeline.intake.even_text import even_rows

    return even_rows(text, delimiter, width, limits)


class _Cells(dict):
    """The cell of each text, made once: most texts come back."""

    def __missing__(self, text: str) -> Cell:
        self[text] = text_cell(text)
        return self[text]


def _rows(text: str, delimiter: str, path: Path, limits: Limits, head: int | None) -> list:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, cells, grid, known = [], 0, 0, _Cells()
    try:
        for row in itertools.islice(reader, head):
            rows.append([known[value] for value in row])
            if len(row) > limits.columns:
                found, what = len(row), "This text has too many columns"
                raise refuse(limits, "columns", found, what, path.name, row=len(rows))
            cells += len(row) - row.count("")
            grid += len(row)
            if cells > limits.cells:
                raise refuse(limits, "cells", cells, "This file has too many cells", path.name)
            if grid > limits.grid:
                raise refuse(limits, "grid", grid, "This file has too many cells", path.name)
    except csv.Error as error:
        raise _broken(error, len(rows) + 1, path, limits) from None
    return rows


def _broken(error: csv.Error, row: int, path: Path, limits: Limits) -> StudyError:
    if "field limit" in str(error) or "field larger" in str(error):
        what = "A cell is too long; a quotation mark may be opened and never closed"
        found = f"more than {limits.cell_characters:,} characters"
        return refuse(limits, "cell_characters", found, what, path.name, row=row)
    return StudyError(
        f"This text file cannot be read as a table ({error}).",
        fix="Look for a quotation mark that is opened and not closed.",
        file=path.name,
        row=row,
    )

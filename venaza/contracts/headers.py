"""Sheets and raw headers as a table of the study file names them, and how they are compared."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from venaza.contracts.script import simplified


@lru_cache(maxsize=1 << 16)
def header_key(text: str) -> str:
    """The form of a raw header under which it is looked up.

    Without white space and full-width forms, in simplified characters.
    """
    return simplified(number_key(text))


@lru_cache(maxsize=1 << 16)
def number_key(text: str) -> str:
    """The form of a patient's number under which it is compared: no white space, no full-width.

    Its characters stay: two numbers that only Chinese script tells apart are two.
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def takes_file(spec: dict, file: str) -> bool:
    """Whether a table takes a file, by its name without folders, a pattern, or a list of them."""
    return any(fnmatch.fnmatch(file, wanted) for wanted in listed(spec["file"]))


def takes_sheet(spec: dict, sheet: str) -> bool:
    """Whether a table takes a sheet of a file that it takes: by its name or by a pattern of names.

    A file that is no workbook has one sheet without a name, which every table takes.
    """
    wanted = listed(spec.get("sheet"))
    return not wanted or sheet == "" or any(_is_called(sheet, name) for name in wanted)


def _is_called(name: str, wanted: str) -> bool:
    return name == wanted or fnmatch.fnmatchcase(name, wanted)


def listed(wanted: str | list[str] | None) -> list[str]:
    """The files or sheets that a table names, one or several; none where it names none."""
    return [wanted] if isinstance(wanted, str) else list(wanted or ())


def is_joined(spec: dict) -> bool:
    """Whether a table is made of sheets with different headers: it lists files or sheets."""
    return isinstance(spec.get("sheet"), list) or isinstance(spec["file"], list)


def share_a_sheet(spec: dict, other: dict) -> bool:
    """Whether two tables name a sheet of the same file in the same words."""
    files = set(listed(spec["file"])) & set(listed(other["file"]))
    own, theirs = (set(listed(s.get("sheet"))) for s in (spec, other))
    return bool(files) and (bool(own & theirs) or own == theirs)


def is_part(wanted: str, file: str, sheet: str) -> bool:
    """Whether a sheet is the part of a joined table that ``wanted`` names.

    A part is called by its sheet, or by its file where that is no workbook.
    """
    return _is_called(sheet or file.split("/")[-1], wanted)


def shown_sheet(spec: dict) -> str | None:
    """The sheet or sheets of a table, as messages name them."""
    return ", ".join(listed(spec.get("sheet"))) or None


def header_rows(spec: dict, file: str = "", sheet: str = "") -> list[int]:
    """The rows of a table's headers, the first row of a sheet being 1.

    Of a table of several sheets each may have rows of its own (``header_row: {sheet: rows}``).
    """
    rows = spec.get("header_row", 1)
    if isinstance(rows, dict):
        own = [row for part, row in rows.items() if is_part(part, file, sheet)]
        rows = own[0] if own else 1
    return [rows] if isinstance(rows, int) else sorted(rows)


def is_pattern(name: str) -> bool:
    """Whether the name of a sheet in a study file stands for several: ``*``, ``?`` or ``[...]``."""
    return any(sign in name for sign in "*?[")


#: Keys of a column of a study file that name a raw header.
NAMING = ("from", "unit_from", "range_from")


def named_by(how: dict) -> list[str]:
    """The raw headers that a column of a study file is read from, without those of ``when``."""
    return [how[key] for key in NAMING if how.get(key)]


def mapped_columns(spec: dict) -> Iterator[tuple[str, dict]]:
    """The clean columns of a table's records with how each is read, record by record."""
    for record in spec.get("records", ()):
        yield from record.get("columns", {}).items()


def read_by(how: dict) -> list[str]:
    """The raw headers that a column is read from, and those of its conditions (``when``)."""
    return [*named_by(how), *how.get("when", {})]


def mapped_headers(spec: dict) -> list[str]:
    """Every raw header that a table of the study file names, each once."""
    wanted = [spec["key"]] if spec.get("key") else []
    for _, how in mapped_columns(spec):
        wanted += read_by(how)
    fill = spec.get("fill_down", [])
    wanted += [fill] if isinstance(fill, str) else fill
    wanted += list(spec.get("where", {}))
    wanted += [spec["newer_by"]] if "newer_by" in spec else []
    wanted += [spec["regimen"]["from"]] if "regimen" in spec else []
    return list(dict.fromkeys(wanted))

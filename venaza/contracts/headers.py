"""Sheets and raw headers as a table of the study file names them, and how they are compared."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
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


def takes_sheet(spec: dict, sheet: str) -> bool:
    """Whether a table takes a sheet of a file that it takes: by its name or by a pattern of names.

    A file that is no workbook has one sheet without a name, which every table takes.
    """
    wanted = spec.get("sheet")
    return wanted is None or sheet in (wanted, "") or fnmatch.fnmatchcase(sheet, wanted)


def is_pattern(name: str) -> bool:
    """Whether the name of a sheet in a study file stands for several: ``*``, ``?`` or ``[...]``."""
    return any(sign in name for sign in "*?[")


#: Keys of a column of a study file that name a raw header.
NAMING = ("from", "unit_from", "range_from")


def named_by(how: dict) -> list[str]:
    """The raw headers that a column of a study file is read from, without those of ``when``."""
    return [how[key] for key in NAMING if how.get(key)]


def mapped_headers(spec: dict) -> list[str]:
    """Every raw header that a table of the study file names, each once."""
    wanted = [spec["key"]] if spec.get("key") else []
    for record in spec.get("records", []):
        for how in record.get("columns", {}).values():
            wanted += named_by(how)
            wanted += list(how.get("when", {}))
    fill = spec.get("fill_down", [])
    wanted += [fill] if isinstance(fill, str) else fill
    wanted += list(spec.get("where", {}))
    wanted += [spec["newer_by"]] if "newer_by" in spec else []
    return list(dict.fromkeys(wanted))

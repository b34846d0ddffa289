"""Pairing the rows of two exports: the same fact, wherever it stands in the sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from venaza.contracts.clean import PLACE
from venaza.contracts.queries import ROW_KEYS
from venaza.contracts.wording import shown
from venaza.pipeline.audit.trace.origins import known

#: What makes a row of a table the same row in both exports, as far as the first of them says. A
#: cycle keeps its number when its dates are corrected.
KEYS = {**ROW_KEYS, "patients": (), "cycles": ("CYCLE",)}

#: Rows without an equal key are the same row when so much of what they say is equal.
_ALIKE = 0.5
#: Columns that say whose row it is and where it stands, not what it says.
KEY_AND_PLACE = ("USUBJID", "SEQ", *PLACE)


@dataclass(frozen=True)
class Said:
    """What a clean row says, as text by column, its place in the export, and its number."""

    values: tuple[str, ...]
    key: tuple[str, ...]
    place: tuple
    seq: object = None


def compared_columns(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """The columns that are compared: all but the key and the place in the export.

    A day column is left out where its date is known in either export: it only follows the
    date, and all of a patient's day columns would follow a moved index date.
    """
    names = list(dict.fromkeys([*before.columns, *after.columns]))
    dated = {
        name[:-2]
        for name in names
        if name.endswith("DT") and any(name in f and f[name].notna().any() for f in (before, after))
    }
    return [
        name
        for name in names
        if name not in KEY_AND_PLACE and not (name.endswith("DY") and name[:-2] in dated)
    ]


def as_text(
    frame: pd.DataFrame, columns: list[str], patients: set, table: str
) -> dict[str, list[Said]]:
    """The rows of ``patients``, by patient, in an order that the export does not decide."""
    texts = [map(shown, _column(frame, name)) for name in columns]
    at = [columns.index(name) for name in KEYS[table] if name in columns]
    places = [_column(frame, name) for name in (*PLACE, "SEQ")]
    found: dict[str, list[Said]] = {}
    who = frame["USUBJID"].tolist()
    lines = zip(who, zip(*texts, strict=True), zip(*places, strict=True), strict=True)
    for patient, values, (*place, seq) in lines:
        if patient in patients:
            said = Said(values, tuple(values[i] for i in at), tuple(place), seq)
            found.setdefault(patient, []).append(said)
    return {patient: sorted(rows, key=lambda row: row.values) for patient, rows in found.items()}


def _column(frame: pd.DataFrame, name: str) -> list:
    return known(frame[name]) if name in frame else [None] * len(frame)


def pair_rows(
    before: list[Said], after: list[Said], table: str
) -> list[tuple[Said | None, Said | None]]:
    """Which row of one export is which of the other; equal rows are left out.

    First rows that say the same, then those with the same key, then those most alike. What
    is left over came or went.
    """
    old, new = _without_equal(before, after)
    pairs: list[tuple[Said | None, Said | None]] = []
    if table == "patients" and old and new:
        pairs, old, new = [(old[0], new[0])], old[1:], new[1:]
    for row in list(old):
        match = next((r for r in new if any(row.key) and r.key == row.key), None)
        if match is not None:
            pairs.append((row, match))
            old.remove(row)
            new.remove(match)
    ranked = sorted(
        ((-_likeness(a, b), i, j) for i, a in enumerate(old) for j, b in enumerate(new))
    )
    used_old, used_new = set(), set()
    for score, i, j in ranked:
        if -score > _ALIKE and i not in used_old and j not in used_new:
            pairs.append((old[i], new[j]))
            used_old.add(i)
            used_new.add(j)
    pairs += [(row, None) for i, row in enumerate(old) if i not in used_old]
    return pairs + [(None, row) for j, row in enumerate(new) if j not in used_new]


def _without_equal(before: list[Said], after: list[Said]) -> tuple[list[Said], list[Said]]:
    common = Counter(r.values for r in before) & Counter(r.values for r in after)
    sides = []
    for rows in (before, after):
        left, rest = Counter(common), []
        for row in rows:
            if left[row.values] > 0:
                left[row.values] -= 1
            else:
                rest.append(row)
        sides.append(rest)
    return sides[0], sides[1]


def _likeness(a: Said, b: Said) -> float:
    """Equal cells among those that either row fills, of all and of those beside the key.

    The smaller share counts: two samples of one day's kind are not one sample.
    """
    equal, filled = _counted(a.values, b.values)
    in_key, of_key = _counted(a.key, b.key)
    if not filled or filled == of_key:
        return 0.0
    return min(equal / filled, (equal - in_key) / (filled - of_key))


def _counted(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[int, int]:
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x or y]
    return sum(x == y for x, y in pairs), len(pairs)

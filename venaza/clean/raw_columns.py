"""Raw rows as columns (adapter until RawTable lands)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from venaza.contracts.headers import header_key


class Entry(NamedTuple):
    text: str
    label: str
    stored: object


@dataclass
class RawColumn:
    codes: object
    entries: object
    numbers: object
    corrected: object


class RawColumns:
    def __init__(self, rows, at=None):
        self.rows = rows
        self.patients = [r.patient for r in rows]
        self.places = [r.place for r in rows]
        self.redcap = rows[0].redcap if rows else None
        self._cols = {}

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return iter(self.rows)

    def row(self, i):
        return self.rows[i]

    @property
    def day_zero(self):
        return [r.day_zero for r in self.rows]

    def of_rows(self, mask):
        return RawColumns([r for r, m in zip(self.rows, mask, strict=True) if m])

    def column(self, header):
        key = header_key(header)
        if key in self._cols:
            return self._cols[key]
        known = {}
        codes = []
        for r in self.rows:
            e = (r.text(header), r.label(header), r.stored(header))
            codes.append(known.setdefault(e, len(known)))
        c = RawColumn(
            np.array(codes, dtype=int),
            [Entry(*e) for e in known],
            np.array([r.numbers.get(key) or 0 for r in self.rows], dtype=np.int64),
            np.array([key in r.corrected for r in self.rows], dtype=bool),
        )
        self._cols[key] = c
        return c

    def labels(self, header):
        return [r.label(header) for r in self.rows]

    def texts(self, header):
        return [r.text(header) for r in self.rows]

"""The patients of the page in parcels: raw cells, cleaning, clean rows, and which cell decided."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.contracts.clean import GIVES, PLACE
from venaza.contracts.headers import header_key
from venaza.pipeline.audit.page.compressed_tables import (
    Coded,
    coded_column,
    coded_table,
    combined,
    packed_rows,
)
from venaza.pipeline.audit.page.sheets import Sheets, looked_up, owned_cells, places_of
from venaza.pipeline.audit.results import clean_rows

#: Patients in a parcel: opening one of them unpacks the others too.
SIZE = 100
#: What the page shows of a source that was tried.
_TRIED = ["USUBJID", "PARAMCD", "NTH", "ROLE", "SOURCE", "FOUND", "ADY", "SAID", "DECIDED"]


class CleanRows:
    """The rows of the clean tables by number, with the raw cells that their values came from."""

    def __init__(self, tables: dict[str, pd.DataFrame], patients: pd.Index, sheets: Sheets) -> None:
        clean = clean_rows(tables)
        self._names, self._patients, self._sheets = pd.Index(list(clean)), patients, sheets
        self._longest = max((int(f["SEQ"].max()) for f in clean.values() if len(f)), default=0) + 1
        named = [(np.full(len(f), i), f["USUBJID"], f["SEQ"]) for i, f in enumerate(clean.values())]
        self._rows = np.concatenate([self._row(*of) for of in named])
        self._lines = np.concatenate([sheets.line_of(frame) for frame in clean.values()])
        noted = tables["clean/origins"]
        noted = noted[noted["ROLE"].isin(GIVES) & noted["CELL"].notna()]
        table = places_of(self._names, noted["TABLE"])
        self._columns = pd.Index(noted["COLUMN"].unique(), dtype="object")
        row = self._row(table, noted["USUBJID"], noted["SEQ"])
        self._values = self._value(row, noted["COLUMN"])
        self._cells = noted["CELL"].to_numpy("int64") - 1

    def _row(self, table: np.ndarray, patient: pd.Series, seq: pd.Series) -> np.ndarray:
        who, seq = places_of(self._patients, patient), seq.to_numpy("int64", na_value=-1)
        there = (table >= 0) & (who >= 0) & (seq >= 0) & (seq < self._longest)
        return np.where(there, (table * len(self._patients) + who) * self._longest + seq, -1)

    def _value(self, row: np.ndarray, column: pd.Series) -> np.ndarray:
        place = places_of(self._columns, column)
        return np.where((row >= 0) & (place >= 0), row * len(self._columns) + place, -1)

    def cells(self, frame: pd.DataFrame) -> Coded:
        """The cell that each row of a table with ``SRCDOM SRCVAR SRCSEQ`` comes from.

        It is ``sheet.row.column``, without the column where none can be told.
        """
        table = places_of(self._names, frame["SRCDOM"])
        row = self._row(table, frame["USUBJID"], frame["SRCSEQ"])
        cell = looked_up(self._values, self._cells, self._value(row, frame["SRCVAR"]))
        line = looked_up(self._rows, self._lines, row)
        known = cell >= 0
        lines = np.where(known, self._sheets.line[cell], line)
        return self._sheets.references(lines, np.where(known, self._sheets.column[cell], -1))


def parcels(
    tables: dict[str, pd.DataFrame], patients: pd.Index, sheets: Sheets, rows: CleanRows
) -> Iterator[dict[str, dict]]:
    """The packed tables of each parcel of ``patients``.

    They are ``cells`` (USUBJID S SRCROW C VALUE OF: sheet, row, column, text, and the columns of
    the clean patients table that it gives), ``tried`` (the sources of endpoints in the order
    tried), ``cleaning_log`` and the clean tables; of the latter two only what says anything.
    """
    trail = tables["endpoints/trail"]
    always = {
        "cells": _cells(tables, patients, sheets),
        "tried": {**coded_table(trail[_TRIED]), "CELL": rows.cells(trail)},
    }
    more = {**clean_rows(tables), "cleaning_log": tables["clean/cleaning_log"]}
    for name, frame in more.items():
        sheet = coded_column(sheets.sheet_of(frame))
        more[name] = {**coded_table(frame.drop(columns=PLACE[:2])), "S": sheet}
    count = max(1, -(-len(patients) // SIZE))
    cut = {name: _cut(table, patients, count) for name, table in {**always, **more}.items()}
    for number in range(count):
        own = {name: cut[name][number] for name in more if len(cut[name][number])}
        yield {
            **{name: packed_rows(table, cut[name][number]) for name, table in always.items()},
            **{name: packed_rows(more[name], found, every=False) for name, found in own.items()},
        }


def _cut(table: dict[str, Coded], patients: pd.Index, count: int) -> list[np.ndarray]:
    """The rows of each parcel's patients."""
    names, places = table["USUBJID"]
    who = np.append(patients.get_indexer(pd.Index(names, dtype="object")), -SIZE)[places]
    parcel = who // SIZE
    order = np.argsort(parcel, kind="stable")
    return np.split(order, np.searchsorted(parcel[order], np.arange(count + 1)))[1:-1]


def _cells(tables: dict[str, pd.DataFrame], patients: pd.Index, sheets: Sheets) -> dict[str, Coded]:
    who, cell = owned_cells(tables, patients, sheets)
    of = {
        "S": sheets.sheet,
        "SRCROW": sheets.row,
        "C": sheets.column,
        "VALUE": tables["intake/cells"]["VALUE"],
    }
    coded = {name: coded_column(values) for name, values in of.items()}
    return {
        "USUBJID": (list(patients), who),
        **{name: (values, places[cell]) for name, (values, places) in coded.items()},
        "OF": _columns_of_patients(tables["clean/origins"], patients, who, cell),
    }


def _giving(noted: pd.DataFrame) -> pd.DataFrame:
    """The lines of ``clean/origins`` with a cell that gives a value of the patients table."""
    return noted[(noted["TABLE"] == "patients") & noted["ROLE"].isin(GIVES) & noted["CELL"].notna()]


def headers_of_patients(tables: dict[str, pd.DataFrame]) -> dict[str, list[str]]:
    """The raw headers that each column of the clean patients table was read from."""
    noted = _giving(tables["clean/origins"])
    heads = tables["intake/cells"]["HEADER"].iloc[noted["CELL"].to_numpy("int64") - 1]
    _, first = combined([noted["COLUMN"], heads])
    found: dict[str, dict[str, str]] = {}
    for column, header in zip(noted["COLUMN"].iloc[first], heads.iloc[first], strict=True):
        found.setdefault(column, {}).setdefault(header_key(header), header)
    return {column: list(headers.values()) for column, headers in found.items()}


def _columns_of_patients(
    noted: pd.DataFrame, patients: pd.Index, who: np.ndarray, cell: np.ndarray
) -> Coded:
    """The columns of the clean patients table that a cell gives a patient, parted by spaces."""
    noted = _giving(noted)
    noted = noted[noted["USUBJID"].isin(patients)]
    number = noted["CELL"].to_numpy("int64") - 1
    width = max(number.max(initial=0), cell.max(initial=0)) + 1
    keys = places_of(patients, noted["USUBJID"]) * width + number
    columns = pd.Series(noted["COLUMN"].to_numpy(object), index=keys)
    several = columns.index.duplicated(keep=False)
    joined = columns[several].groupby(level=0, sort=False).agg(" ".join)
    columns = pd.concat([columns[~several], joined])
    places, names = pd.factorize(columns)
    return list(names), looked_up(columns.index.to_numpy(), places, who * width + cell)

"""The hospital's sheets as CSV files, in its headers and its several words for one thing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from venaza.commands.simulate.columns import stream
from venaza.commands.simulate.outline import WORDS
from venaza.commands.simulate.redcap import CHUNK, as_text

if TYPE_CHECKING:
    from venaza.commands.simulate.cohort import Cohort

#: The unit of each laboratory test.
UNITS = {
    "WBC": "×10^9/L",
    "ANC": "×10^9/L",
    "HGB": "g/L",
    "PLT": "×10^9/L",
    "CREAT": "µmol/L",
    "UA": "µmol/L",
    "K": "mmol/L",
    "PHOS": "mmol/L",
    "CA": "mmol/L",
}


def sheet_files(cohort: Cohort, seed: int) -> Iterator[tuple[str, Iterator[str]]]:
    """Each sheet as a CSV file in UTF-8: its name, and its text in parts."""
    for number, (table, sheet) in enumerate(cohort.plan["sheets"].items()):
        rng = stream(seed, WORDS, number)
        yield f"{sheet['name']}.csv", _sheet(cohort, table, sheet["columns"], rng)


def _sheet(cohort: Cohort, table: str, columns: dict, rng: np.random.Generator) -> Iterator[str]:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(columns.values())
    yield "\ufeff" + out.getvalue()
    for first in range(0, cohort.n, CHUNK):
        rows = long_rows(table, cohort, first, min(first + CHUNK, cohort.n))
        if len(rows):
            frame = _written(rows, columns, cohort, rng)
            yield frame.to_csv(index=False, header=False, lineterminator="\r\n")


def long_rows(table: str, cohort: Cohort, first: int, last: int) -> pd.DataFrame:
    """The rows of a table as the sheets have them: one for each gene, one for each test."""
    if table == "labs" and "LBTESTCD" not in cohort.tables["labs"]:
        wide = cohort.rows("labs", first, last)
        long = wide.melt(["PATIENT", "LBDT"], var_name="LBTESTCD", value_name="LBSTRESN")
        long = long[long["LBSTRESN"].notna()].assign(UNIT=lambda f: f["LBTESTCD"].map(UNITS))
        return long.sort_values(["PATIENT", "LBDT"], kind="stable").reset_index(drop=True)
    if table == "mutations" and table not in cohort.tables:
        genes = cohort.rows("genes", first, last)
        long = genes.drop(columns="PANEL").melt("PATIENT", var_name="GENE", value_name="GERES")
        tested = genes.set_index("PATIENT")["PANEL"].loc[long["PATIENT"]].to_numpy() == "Y"
        words = long["GERES"].map({"Y": "MUTATED", "N": "WILD-TYPE"})
        long = long.assign(GERES=np.where(tested, words, "NOT TESTED"))
        return long.sort_values("PATIENT", kind="stable").reset_index(drop=True)
    return cohort.rows(table, first, last)


def _written(rows: pd.DataFrame, columns: dict, cohort: Cohort, rng) -> pd.DataFrame:
    made = {}
    dates = cohort.dates(rows)
    for name, header in columns.items():
        u = rng.random(len(rows))
        if name == "USUBJID":
            made[header] = cohort.numbers[rows["PATIENT"].to_numpy()]
        elif name == "MRDVAL" and "MRDRES" in rows:
            made[header] = _mrd(rows)
        elif name in dates:
            made[header] = dates[name]
        elif name in rows:
            made[header] = _worded(cohort.plan["words"].get(name, {}), rows[name].map(as_text), u)
        else:
            made[header] = np.full(len(rows), "", dtype=object)
    return pd.DataFrame(made)


def _worded(words: dict, cells: pd.Series, u: np.ndarray) -> np.ndarray:
    """Codes in the hospital's words: one of several, the usual one most often."""
    found = cells.to_numpy(object, copy=True)
    for code, ways in words.items():
        own = (cells == code).to_numpy()
        found[own] = np.array(ways, dtype=object)[(u[own] * len(ways)).astype(int)]
    return found


def _mrd(rows: pd.DataFrame) -> np.ndarray:
    """The level in percent, or below the limit of detection."""
    below = "<" + rows["MRDLOD"].map(as_text)
    level = rows["MRDVAL"].map(as_text)
    return np.where(rows["MRDRES"] == "NEGATIVE", below, level)

"""Planted contradictions: what a plan's ``defects`` do to the rows of an export."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from venaza.commands.simulate.cohort import Cohort


@dataclass(frozen=True)
class Defect:
    """A planted defect: where it is, what it is, and the check that must find it."""

    table: str
    patient: str
    what: str
    rule: str


def plant(cohort: Cohort, defects: Iterable[dict]) -> tuple[Cohort, list[Defect]]:
    """The cohort with the ``defects`` of its export in its tables, and a list of them.

    A defect with an ``export`` belongs to the export of that day alone.
    """
    tables, found = dict(cohort.tables), []
    for defect in defects:
        if defect.get("export", cohort.plan["cutoff"]) != cohort.plan["cutoff"]:
            continue
        table, at = defect["table"], dict(defect.get("at", {}))
        patient = defect.get("patient", "")
        if patient:
            at["PATIENT"] = list(cohort.numbers).index(patient)
        tables[table] = planted(tables[table], {**defect, "at": at})
        called = {**defect.get("set", {}), **defect.get("add", {})}.get("USUBJID", patient)
        found.append(Defect(table, called, defect.get("what", ""), defect.get("rule", "")))
    return replace(cohort, tables=tables), found


def planted(frame: pd.DataFrame, defect: dict) -> pd.DataFrame:
    """The table with one defect, at the ``nth`` row (the first) that fits ``at``.

    ``set`` gives columns other values, ``move`` shifts days, ``times`` multiplies; ``again``
    repeats the row at the end with numbers added to it; ``add`` puts a new row below the last
    of the patient's, or at the end where it bears another patient's number.
    """
    fits = (frame[list(defect["at"])] == list(defect["at"].values())).all(axis=1).to_numpy()
    rows = np.flatnonzero(fits)
    for kind, change in KINDS.items():
        if kind in defect:
            frame = change(frame.copy(), rows, rows[defect.get("nth", 1) - 1], defect[kind])
    return frame


def _set(frame: pd.DataFrame, _rows: np.ndarray, row: int, values: dict) -> pd.DataFrame:
    for name, value in values.items():
        if name in frame:  # a word may stand where numbers stood
            frame[name] = frame[name].astype(object)
        frame.loc[row, name] = value
    return frame


def _move(frame: pd.DataFrame, _rows: np.ndarray, row: int, days: dict) -> pd.DataFrame:
    return _set(frame, _rows, row, {name: frame.loc[row, name] + n for name, n in days.items()})


def _times(frame: pd.DataFrame, _rows: np.ndarray, row: int, factors: dict) -> pd.DataFrame:
    values = {name: round(frame.loc[row, name] * by, 1) for name, by in factors.items()}
    return _set(frame, _rows, row, values)


def _again(frame: pd.DataFrame, _rows: np.ndarray, row: int, more: dict) -> pd.DataFrame:
    last = len(frame)
    return _move(_inserted(frame, last, frame.loc[row].to_dict()), _rows, last, more)


def _add(frame: pd.DataFrame, rows: np.ndarray, row: int, values: dict) -> pd.DataFrame:
    below = len(frame) if "USUBJID" in values else rows[-1] + 1
    return _inserted(frame, below, {"PATIENT": frame.loc[row, "PATIENT"], **values})


def _inserted(frame: pd.DataFrame, place: int, row: dict) -> pd.DataFrame:
    new = pd.DataFrame([row], dtype=object).astype({"PATIENT": int})
    return pd.concat([frame.iloc[:place], new, frame.iloc[place:]], ignore_index=True)


#: What a defect may do to its row: the table, the rows that fit, the row, and the plan's values.
KINDS: dict[str, Callable[..., pd.DataFrame]] = {
    "set": _set,
    "move": _move,
    "times": _times,
    "again": _again,
    "add": _add,
}

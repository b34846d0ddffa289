"""From a clean value to its raw cells, as cleaning noted them in ``clean/origins``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.clean import GIVES, PLACE
from venaza.contracts.headers import header_key, is_part
from venaza.pipeline.audit.page.sheets import Sheets
from venaza.pipeline.audit.results import clean_rows

#: Roles of the cell that says the value itself, and of one that would have.
_SAYS = (*GIVES, "idle", "constant")
_CELL = (*PLACE, "COL", "HEADER", "VALUE")


class CleanTable:
    """A clean table whose values are looked up by patient, row and column."""

    def __init__(self, frame: pd.DataFrame) -> None:
        keys = zip(frame["USUBJID"], frame["SEQ"], strict=True)
        self._frame, self._rows = frame, {key: row for row, key in enumerate(keys)}
        self._columns: dict[str, np.ndarray] = {}

    def values(self, patient: str, seq: object, *columns: str) -> tuple | None:
        """The values of a row, None where missing; None where there is no such row."""
        row = self._rows.get((patient, seq))
        if row is None:
            return None
        for name in columns:
            if name not in self._columns:
                self._columns[name] = known(self._frame[name]) if name in self._frame else None
        return tuple(held and held[row] for held in map(self._columns.get, columns))


class Origins:
    """Looks up the raw cells of clean values.

    A cell is a dict: ``SRCFILE SRCSHEET SRCROW COL SRCCOL RAW`` (where it stands in the export, its
    header and its text) and ``role``: one of ``venaza.contracts.clean.ROLES``; ``empty`` where the
    export has nothing in the column that the study file names; ``unread`` where nothing was read
    there (an error of the spreadsheet, a form that nobody filled in). Without a cell ``RAW`` is
    None, and the place is that of the clean row.
    """

    def __init__(self, tables: dict[str, pd.DataFrame], study: dict) -> None:
        self._study, self._raw = study, RawRows(tables["intake/cells"])
        self.clean = {name: CleanTable(frame) for name, frame in clean_rows(tables).items()}
        lines = tables["clean/origins"]
        names = ("TABLE", "SEQ", "COLUMN", "CELL", "ROLE", "LINE")
        self._columns = [_objects(lines[name]) for name in names]
        self._rows = lines.groupby("USUBJID", sort=False, observed=True).indices
        self._of: dict[str, dict[tuple, list[tuple]]] = {}
        made = tables.get("clean/corrections")
        self._corrected = {} if made is None else {r["LINE"]: r for r in made.to_dict("records")}

    def _noted(self, patient: str) -> dict[tuple, list[tuple]]:
        """(cell, role, line of a correction) by table, SEQ and column of a patient's values."""
        if patient not in self._of:
            found: dict[tuple, list[tuple]] = {}
            rows = self._rows.get(patient, ())
            own = (column[rows].tolist() for column in self._columns) if len(rows) else ()
            for table, seq, column, *line in zip(*own, strict=True):
                found.setdefault((table, seq, column), []).append(tuple(line))
            self._of[patient] = found
        return self._of[patient]

    def of(self, table: str, patient: str, seq: object, column: str) -> list[dict]:
        """The cells of a clean value, the one that says it first; none of a row that is not there.

        The day of a date comes from the cells of the date.
        """
        if table not in self.clean:
            return []
        place = self.clean[table].values(patient, seq, *PLACE)
        if place is None:
            return []
        noted = self._noted(patient)
        lines = noted.get((table, seq, column))
        if lines is None and column.endswith("DY"):
            lines = noted.get((table, seq, f"{column[:-2]}DT"))
        says = [line for line in lines or () if line[1] in _SAYS]
        rest = [line for line in lines or () if line not in says]
        found = [self._cell(place, *line) for line in says]
        keys = [n for n, role, _ in noted.get((table, seq, "USUBJID"), ()) if role == "key"]
        rows = list(dict.fromkeys(self._raw.cell(number)[:3] for number in keys)) or [place]
        found = found or self._empty(rows, table, column)
        return found + [self._cell(place, *line) for line in rest]

    def _cell(self, place: tuple, number: int | None, role: str, line: int | None) -> dict:
        """A cell, or the place that a correction filled though the export has no cell there."""
        if number is not None:
            file, sheet, row, letter, header, text = self._raw.cell(number)
            return _told((file, sheet, row), letter, header, text, role)
        if line is not None and line in self._corrected:
            made = self._corrected[line]
            at = tuple(None if made[c] != made[c] else made[c] for c in PLACE)
            return _told(at, None, made["SRCCOL"], None, role)
        return _told(place, None, None, None, role)

    def _empty(self, rows: list[tuple], table: str, column: str) -> list[dict]:
        """In each raw row of a clean one the column that the study file names, where that is one.

        Of the sheets that a table joins only those count that have the column; where none has it,
        every row is named, without a column.
        """
        hows = [how for how in _hows(table, column, self._study) if "from" in how]
        keys = {header_key(how["from"]) for how in hows}
        found = []
        for file, sheet, row in rows if len(keys) == 1 else ():
            asked = [h for h in hows if "sheet" not in h or is_part(h["sheet"], file, sheet or "")]
            under = asked and self._raw.under((file, sheet, row), *keys)
            if under:
                role = "empty" if under[2] is None else "unread"
                found.append(_told((file, sheet, row), *under, role))
        return found or [_told(row, None, None, None, "empty") for row in rows]


class RawRows:
    """The raw cells by their number, and by their row and header."""

    def __init__(self, cells: pd.DataFrame) -> None:
        self._cells, self._columns = cells, [_objects(cells[c]) for c in _CELL]
        self._sheets: Sheets | None = None

    def cell(self, number: int) -> tuple:
        """File, sheet, row, column's letter, header and text of a cell; None where missing."""
        return tuple(column[number - 1] for column in self._columns)

    def under(self, place: tuple, key: str) -> tuple | None:
        """Letter, header and text (None where empty) of a row under a folded header.

        None where the sheet has no such header.
        """
        if self._sheets is None:
            self._sheets = Sheets(self._cells)
        cells = (self.cell(number + 1) for number in self._sheets.cells_in(*place))
        texts = [cell[3:] for cell in cells if cell[4] and header_key(cell[4]) == key]
        heads = self._sheets.columns_of(*place[:2])
        names = [(*head, None) for head in heads if head[1] and header_key(head[1]) == key]
        return next(iter(texts[-1:] + names), None)


def _told(place: tuple, letter: str | None, header: str | None, text: str | None, role: str):
    file, sheet, row = place
    return {
        "SRCFILE": file,
        "SRCSHEET": sheet or None,
        "SRCROW": row,
        "COL": letter,
        "SRCCOL": header,
        "RAW": text,
        "role": role,
    }


def _objects(values: pd.Series) -> np.ndarray:
    """The values as Python's own, None where missing."""
    return values.astype(object).where(values.notna(), None).to_numpy()


def known(values: pd.Series) -> list:
    """The values as Python's own, None where missing."""
    return _objects(values).tolist()


def headers_of(table: str | None, variable: str | None, study: dict) -> list[str]:
    """The raw headers that the study file maps to a clean column; empty for a constant."""
    return list(
        dict.fromkeys(how["from"] for how in _hows(table, variable, study) if "from" in how)
    )


def words_for(
    table: str, variable: str, header: str, study: dict, given: object = None
) -> str | None:
    """What a cell must say for a column to count, as the study file has it; None without a rule.

    Of several records that read the column it is those whose header, or constant, is ``given``.
    """
    hows = [how for how in _hows(table, variable, study) if how.get("when")]
    said = header_key(str(given))
    own = [h for h in hows if header_key(str(h.get("from", h.get("constant")))) == said]
    asked, key = [how["when"] for how in own or hows], header_key(header)
    wanted = [words for when in asked for named, words in when.items() if header_key(named) == key]
    words = [word for some in wanted for word in (some if isinstance(some, list) else [str(some)])]
    return " or ".join(dict.fromkeys(words)) or None


def _hows(table: str | None, variable: str | None, study: dict) -> list[dict]:
    """How the records of a table read a column."""
    spec = study.get("tables", {}).get(table) or {}
    records = spec.get("records") or [{"columns": spec.get("columns", {})}]
    hows = [record["columns"].get(variable) for record in records]
    return [{"from": how} if isinstance(how, str) else how for how in hows if how]


def place_text(file: object, sheet: object, row: object) -> str:
    """A raw place in words: ``file · sheet · row 12``."""
    known_parts = [str(part) for part in (file, sheet) if not pd.isna(part) and part != ""]
    if not pd.isna(row):
        known_parts.append(f"row {int(row)}")
    return " · ".join(known_parts)

"""From a clean value to its raw cells, as cleaning noted them in ``clean/origins``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.audit.results import of_stage
from venaza.contracts.headers import header_key

if TYPE_CHECKING:
    import pandas as pd

_PLACE = ("SRCFILE", "SRCSHEET", "SRCROW")
#: Roles of the cell that says the value itself; and of one that would have.
GIVES = ("value", "corrected", "computed")
_SAYS = (*GIVES, "idle")


class Origins:
    """Looks up the raw cells of clean values.

    A cell is a dict: ``SRCFILE SRCSHEET SRCROW COL SRCCOL RAW`` (where it stands in the export, its
    header and its text) and ``role``: one of ``venaza.contracts.clean.ROLES``; ``empty`` where the
    export has nothing in the column that the study file names; ``unread`` where nothing was read
    there (an error of the spreadsheet, a form that nobody filled in). Without a cell ``RAW`` is
    None, and the place is that of the clean row.
    """

    def __init__(self, tables: dict[str, pd.DataFrame], study: dict) -> None:
        self._study = study
        self._places = clean_places(of_stage(tables, "clean"))
        cells = tables["intake/cells"]
        columns = (known(cells[c]) for c in ("CELL", *_PLACE, "COL", "HEADER", "VALUE"))
        self._cells = {number: rest for number, *rest in zip(*columns, strict=True)}
        self._lines: dict[tuple, list[tuple]] = {}
        names = ("TABLE", "USUBJID", "SEQ", "COLUMN", "CELL", "ROLE", "LINE")
        lines = (known(tables["clean/origins"][c]) for c in names)
        for table, patient, seq, column, *line in zip(*lines, strict=True):
            self._lines.setdefault((table, patient, seq, column), []).append(line)
        made = tables.get("clean/corrections")
        self._corrected = {} if made is None else {r["LINE"]: r for r in made.to_dict("records")}
        self._letters: dict[tuple, tuple] = {}
        self._texts: dict[tuple, str] = {}

    def of(self, table: str, patient: str, seq: object, column: str) -> list[dict]:
        """The cells of a clean value, the one that says it first; none of a row that is not there.

        The day of a date comes from the cells of the date.
        """
        place = self._places.get((table, patient, seq))
        if place is None:
            return []
        lines = self._lines.get((table, patient, seq, column))
        if lines is None and column.endswith("DY"):
            lines = self._lines.get((table, patient, seq, f"{column[:-2]}DT"))
        says = [line for line in lines or () if line[1] in _SAYS or line[1] == "constant"]
        rest = [line for line in lines or () if line not in says]
        found = [self._cell(place, *line) for line in says]
        return (found or [self._empty(place, table, column)]) + [
            self._cell(place, *line) for line in rest
        ]

    def _cell(self, place: tuple, number: int | None, role: str, line: int | None) -> dict:
        """A cell, or the place that a correction filled though the export has no cell there."""
        if number is not None:
            file, sheet, row, letter, header, text = self._cells[number]
            return _told((file, sheet, row), letter, header, text, role)
        if line is not None and line in self._corrected:
            made = self._corrected[line]
            at = tuple(None if made[c] != made[c] else made[c] for c in _PLACE)
            return _told(at, None, made["SRCCOL"], None, role)
        return _told(place, None, None, None, role)

    def _empty(self, place: tuple, table: str, column: str) -> dict:
        """The column that the study file names, where that is one and the sheet has it."""
        if not self._texts:
            self._read_columns()
        headers = headers_of(table, column, self._study)
        letter, header, text = None, None, None
        if len(headers) == 1:
            key = header_key(headers[0])
            letter, header = self._letters.get((*place[:2], key), (None, None))
            text = self._texts.get((*place, key))
        return _told(place, letter, header, text, "empty" if text is None else "unread")

    def _read_columns(self) -> None:
        """Letter and header of each column of each sheet, and the text of each cell by place."""
        for file, sheet, row, letter, header, text in self._cells.values():
            if header is not None:
                place, key = (file, sheet or ""), header_key(header)
                self._letters.setdefault((*place, key), (letter, header))
                self._texts[(*place, row, key)] = text


def _told(place: tuple, letter: str | None, header: str | None, text: str | None, role: str):
    file, sheet, row = place
    return {
        **{"SRCFILE": file, "SRCSHEET": sheet or None, "SRCROW": row},
        **{"COL": letter, "SRCCOL": header, "RAW": text, "role": role},
    }


def known(values: pd.Series) -> list:
    """The values as Python's own, None where missing."""
    return values.astype(object).where(values.notna(), None).tolist()


def clean_places(clean: dict[str, pd.DataFrame]) -> dict[tuple, tuple]:
    """(table, patient, SEQ) of each clean row -> (file, sheet, row) of the export."""
    places = {}
    for table, frame in clean.items():
        if not {"USUBJID", "SEQ", *_PLACE} <= set(frame.columns):
            continue
        columns = (known(frame[c]) for c in ("USUBJID", "SEQ", *_PLACE))
        for patient, seq, file, sheet, row in zip(*columns, strict=True):
            places[(table, patient, seq)] = (file, sheet or "", row)
    return places


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
    import pandas as pd

    known_parts = [str(part) for part in (file, sheet) if not pd.isna(part) and part != ""]
    if not pd.isna(row):
        known_parts.append(f"row {int(row)}")
    return " · ".join(known_parts)

"""Corrections that the clinic has decided on, put into the raw cells before these are read."""

from __future__ import annotations

import difflib
import re

import numpy as np
import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.contracts.headers import header_key, is_joined, mapped_columns, read_by
from venaza.contracts.intake import CORRECTED
from venaza.contracts.text import folded, tidy
from venaza.pipeline.clean.conditions import Conditions
from venaza.pipeline.clean.date_rules import DAY_ZERO, DateRules
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.fill_down import fill_down
from venaza.pipeline.clean.journal import Journal, Place
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.clean.numbers import read_number
from venaza.pipeline.clean.raw_table import RawRow, RawTable

APPLIED, THERE = "applied", "already in the export"
#: A date that went through a spreadsheet may have come back as its serial number.
_BY_SPREADSHEET = DateRules(origin=DAY_ZERO[1900], spreadsheet=True)
_SHOWN = 20
#: Columns of the cells that a correction writes into.
_TEXTS = ("SRCFILE", "SRCSHEET", "COL", "HEADER", "VALUE", "KIND")


class RefusedError(Exception):
    """Why a line of the corrections file does not apply."""

    def __init__(self, why: str, row: RawRow | None = None) -> None:
        super().__init__(why)
        self.row = row


def correct(cells: pd.DataFrame, study: dict, journal: Journal) -> tuple[pd.DataFrame, list[dict]]:
    """The ``cells`` with the study's corrections, and what became of each (``CORRECTIONS``).

    Each is logged by the rule ``correction`` for every clean column that reads the cell.
    Raises ``StudyError``, naming every line that does not fit, where the study's corrections
    are ``strict``; else (an earlier export) such a line is listed and not applied.
    """
    told = study.get("corrections")
    if not told:
        return cells, []
    redcap = Redcap.of(study)
    export = Export(cells)
    sheets = {
        table: table_rows(export, table, study, redcap)
        for table in study["tables"]
        if any(line["table"] == table for line in told["lines"])
    }
    now: dict[tuple[Place, str], tuple[str, str, int]] = {}
    made, refused = [], []
    for line in told["lines"]:
        row, header = None, None
        try:
            row, header, status = _apply(line, sheets, study, now, journal)
        except RefusedError as why:
            row, status = why.row, f"does not apply: {why}"
            refused.append((line, str(why)))
        made.append(_account(line, row, header, status, study))
    if refused and told["strict"]:
        raise _error(refused, told["file"])
    return _changed(export, now, redcap), made


def table_rows(export: Export, table: str, study: dict, redcap: Redcap) -> list[RawRow]:
    """Every raw row of the sheets that a ``table`` maps and asks for, with its patient."""
    spec, conditions = study["tables"][table], Conditions(study, table)
    rows = RawTable.of(export, export.below_headers(spec, redcap), spec["key"], redcap)
    if "fill_down" in spec:
        fill_down(rows, "", spec, study["vocabulary"].get("summary_rows", []), Journal())
    rows = rows.of_rows(conditions.all_hold(rows, spec.get("where", {})))
    named = rows.column(spec["key"]).each(lambda entry: redcap.record(tidy(entry.text)))
    rows.patients = named.tolist()
    return [rows[index] for index in rows.in_order().tolist()]


def clean_names(spec: dict, header: str) -> list[str]:
    """The clean columns that a table's ``spec`` reads from a raw header."""
    found = (
        name
        for name, how in mapped_columns(spec)
        if header_key(header) in map(header_key, read_by(how))
    )
    return list(dict.fromkeys(found))


def header_named(spec: dict, name: str) -> str:
    """The raw header that a correction's ``column`` means: a header, or a clean column's name.

    Raises ``RefusedError`` where the table maps no such column, or several.
    """
    headers = [spec["key"], *spec.get("fill_down", []), *spec.get("where", {})]
    headers += [spec["regimen"]["from"]] if "regimen" in spec else []
    by_name: dict[str, list[str]] = {}
    for clean, how in mapped_columns(spec):
        headers += read_by(how)
        if how.get("from"):
            by_name.setdefault(clean, []).append(how["from"])
    for header in headers:
        if header_key(header) == header_key(name):
            return header
    meant = list(dict.fromkeys(by_name.get(name.strip().upper(), [])))
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise RefusedError(f"'{name}' is read from several columns: name one of {', '.join(meant)}")
    known = list(dict.fromkeys(headers))
    close = difflib.get_close_matches(name, [*known, *by_name], n=1)
    hint = f"; did you mean '{close[0]}'?" if close else f"; known are {', '.join(known)}"
    raise RefusedError(f"the study maps no column '{name}' in this table{hint}")


def rows_meant(rows: list[RawRow], spec: dict, patient: str, key: str) -> list[RawRow]:
    """The rows of a patient that a row key fits.

    The key is empty (all of the patient), a row number (``7``, ``SHEET!7``, ``FILE!7``), or
    ``COLUMN=value``, several joined by a semicolon. Raises ``RefusedError`` for an unknown column.
    """
    own = [row for row in rows if row.patient == tidy(patient)]
    key = key.strip()
    if not key:
        return own
    if match := re.fullmatch(r"(?:(.*)!)?\s*(\d+)(?:\.0)?", key):
        where = [part for part in (match[1] or "").split("!") if part]
        return [
            row
            for row in own
            if row.place.row == int(match[2])
            and set(where) <= {row.place.file, row.place.file.split("/")[-1], row.place.sheet}
        ]
    for part in re.split(r"\s*[;；]\s*", key):
        name, sign, value = part.partition("=")
        if not sign:
            raise RefusedError(f"'{part}' is neither a row number nor COLUMN=value")
        header = header_key(header_named(spec, name.strip()))
        own = [row for row in own if same(row.text(header), value)]
    return own


def same(one: str, other: str, exact: bool = False) -> bool:
    """Whether two raw texts say the same, however a spreadsheet has written them since.

    Patients' numbers are compared ``exact``: 007 and 7 are two patients.
    """
    if exact:
        return tidy(one) == tidy(other)
    if folded(one) == folded(other):
        return True
    days = [read_date(tidy(text), _BY_SPREADSHEET).day for text in (one, other)]
    if None not in days:
        return days[0] == days[1]
    numbers = [read_number(tidy(text)) for text in (one, other)]
    return not any(n.problem for n in numbers) and numbers[0] == numbers[1]


def _apply(line: dict, sheets: dict, study: dict, now: dict, journal: Journal) -> tuple:
    """Row, header and status of a line that fits; notes the new text in ``now``."""
    table = line["table"]
    spec = study["tables"].get(table)
    if spec is None:
        raise RefusedError(f"the study has no table '{table}'; it has {', '.join(study['tables'])}")
    header = header_named(spec, line["column"])
    row = _the_row(sheets[table], spec, line)
    at = (row.place, header_key(header))
    found = now[at][1] if at in now else row.text(at[1])
    exact = header_key(header) == header_key(spec["key"])
    if same(found, line["new"], exact):
        return row, header, THERE
    if not same(found, line["old"], exact):
        old, shown = line["old"] or "empty", found or "empty"
        raise RefusedError(f"old is '{old}', the export has '{shown}'", row)
    now[at] = (header, line["new"], line["line"])
    for name in clean_names(spec, header) or [None]:
        told = (found, line["new"] or None, "correction", row.place, header, note(line))
        journal.change(row.patient, table, name, *told)
    return row, header, APPLIED


def note(line: dict) -> str:
    """Why, by whom and when, in one text."""
    return f"{line['reason']} ({line['who']}, {line['date']})"


def _the_row(rows: list[RawRow], spec: dict, line: dict) -> RawRow:
    patient, key = line["patient"], line["row"]
    fitting = rows_meant(rows, spec, patient, key)
    if len(fitting) > 1 and not key.strip() and is_joined(spec):
        fitting = _of_its_sheet(fitting, rows, header_key(header_named(spec, line["column"])))
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        numbers = ", ".join(str(row.place.row) for row in fitting)
        wish = f"row '{key}' fits" if key else "without a row key it fits"
        raise RefusedError(f"{wish} {len(fitting)} rows ({numbers}); say which")
    known = sorted({row.patient for row in rows})
    if tidy(patient) in known:
        raise RefusedError(f"the patient has no row '{key}' in this table")
    # A spreadsheet that saved the file may have taken leading zeros off.
    bare = tidy(patient).lstrip("0")
    close = [p for p in known if p.lstrip("0") == bare] or difflib.get_close_matches(patient, known)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    raise RefusedError(f"there is no such patient in this table{hint}")


def _of_its_sheet(own: list[RawRow], rows: list[RawRow], key: str) -> list[RawRow]:
    """A patient's rows on the sheets of a joined table that have the corrected column."""
    sheets = {(row.place.file, row.place.sheet) for row in rows if row.number(key)}
    return [row for row in own if (row.place.file, row.place.sheet) in sheets] or own


def _account(line: dict, row: RawRow | None, header: str | None, status: str, study: dict) -> dict:
    spec = study["tables"].get(line["table"])
    names = clean_names(spec, header) if spec and header else []
    place = row.place if row else Place(None, None, None)
    return {
        "LINE": line["line"],
        "USUBJID": line["patient"] or None,
        "TABLE": line["table"],
        "COLUMN": ", ".join(names) or None,
        "OLD": line["old"] or None,
        "NEW": line["new"] or None,
        "REASON": line["reason"],
        "WHO": line["who"],
        "WHEN": line["date"],
        "STATUS": status,
        "SRCCOL": header or line["column"],
        "SRCFILE": place.file,
        "SRCSHEET": place.sheet,
        "SRCROW": place.row,
    }


def _error(refused: list[tuple[dict, str]], file: str) -> StudyError:
    lines = [
        f"  line {line['line']}: patient {line['patient'] or '(none)'}, {line['table']}, "
        f"{line['column']}: {why}."
        for line, why in refused[:_SHOWN]
    ]
    if len(refused) > _SHOWN:
        lines.append(f"  and {len(refused) - _SHOWN} more.")
    count = "One correction does" if len(refused) == 1 else f"{len(refused)} corrections do"
    shown = "\n".join(lines)
    return StudyError(
        f"{count} not fit the export; none was applied:\n{shown}",
        fix="Look at the cell in the export. Where the clinic has corrected it in another way, or "
        "the row is gone, take the line out; else correct the line.",
        file=file,
    )


def _changed(
    export: Export, now: dict[tuple[Place, str], tuple[str, str, int]], redcap: Redcap
) -> pd.DataFrame:
    """The cells with the texts of ``now``: changed, taken out where empty, or added.

    An added cell has no number in the export; in its place stands the line, less than 0.
    """
    cells = export.cells
    if not now:
        return cells
    wanted = {(place, redcap.keys(name)[-1]): told for (place, name), told in now.items()}
    places = {place for place, _ in wanted}
    rows = np.flatnonzero(np.isin(export.row_number, [place.row for place in places]))
    rows = [r for r, place in zip(rows, export.places(rows), strict=True) if place in places]
    near = np.flatnonzero(np.isin(export.row, rows) & (export.header >= 0))
    addresses = [(place, redcap.keys(head)[-1]) for place, head, _ in export.addresses(near)]
    hits = [(n, a) for n, a in zip(near.tolist(), addresses, strict=True) if a in wanted]
    at = [position for position, _ in hits]
    made = cells.astype(dict.fromkeys(_TEXTS, "string"))
    made.iloc[at, made.columns.get_loc("VALUE")] = [wanted[address][1] for _, address in hits]
    for beside in [name for name in ("LABEL", "STORED") if name in made]:
        made.iloc[at, made.columns.get_loc(beside)] = pd.NA
    # What stood there may have been an error or a formula: what the clinic gives is a value.
    made.iloc[at, made.columns.get_loc("KIND")] = CORRECTED
    made = made[(made["VALUE"] != "").to_numpy()]
    there = {address for _, address in hits}
    new = [
        {
            "SRCFILE": place.file,
            "SRCSHEET": place.sheet,
            "SRCROW": place.row,
            "COL": _letter(export, name, redcap),
            "HEADER": header,
            "VALUE": text,
            "KIND": CORRECTED,
            "CELL": -line,
        }
        for (place, name), (header, text, line) in wanted.items()
        if text and (place, name) not in there
    ]
    if new:
        made = pd.concat([made, pd.DataFrame(new).astype(dict.fromkeys(_TEXTS, "string"))])
    return made.reset_index(drop=True)


def _letter(export: Export, key: str, redcap: Redcap) -> str | None:
    """The letter of the column with a header's ``key``, the last where several have it."""
    under = export.under(np.flatnonzero(export.header >= 0), key, redcap)
    return export.cells["COL"].iloc[under[-1]] if len(under) else None


def emptied(sent: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """The cells that corrections emptied, counted like every other (``CELL_ACCOUNT``)."""
    if kept is sent:
        return sent.head(0)
    place = ["SRCFILE", "SRCSHEET", "COL", "HEADER"]
    gone = sent.loc[~sent["CELL"].isin(kept["CELL"]), place].astype("string")
    counts = gone.groupby(place).size().reset_index(name="N")
    return counts.rename(columns={"HEADER": "SRCCOL"}).assign(OUTCOME="emptied by a correction")

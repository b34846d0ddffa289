"""`python -m venaza answers`: a workbook that the clinic has filled in becomes corrections."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.contracts.files import csv_text, original, read_table, write_text
from venaza.contracts.headers import header_key
from venaza.contracts.queries import ROW_KEYS
from venaza.contracts.text import tidy
from venaza.pipeline.clean.corrections import RefusedError, correct, rows_meant, same, table_rows
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.clean.export import Export
from venaza.pipeline.clean.journal import Journal
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.clean.raw_table import RawRow
from venaza.pipeline.queries.columns import EMPTY, HEADINGS, NEEDED, SHEETS
from venaza.preflight.corrections import COLUMNS, corrections_file, read_corrections


@dataclass
class Answers:
    """What a filled-in workbook says: lines to add, and what needs none or cannot be used."""

    lines: list[dict] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    by_hand: list[tuple[str, str]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unanswered: int = 0


def run(options: argparse.Namespace, root: Path) -> None:
    """Read a workbook, add its answers where that is asked; prints what they say."""
    from venaza.preflight import load_run, load_study, settings

    load_run(root, {"studies": options.study, "export": "newest", "formats": "html"})
    study = load_study(root, options.study)
    found = read_answers(
        answered_rows(options.workbook),
        *_results(root / "results" / options.study, options.study),
        settings(study, "clean"),
        options.workbook.name,
    )
    shown = corrections_file(options.study)
    if options.write and found.lines:
        append(root / shown, found.lines)
    print(told(found, shown, options.write))


def _results(folder: Path, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells of the study's last run and all its queries."""
    paths = [folder / stage / "queries.parquet" for stage in ("clean", "endpoints")]
    cells = folder / "intake/cells.parquet"
    if not all(path.is_file() for path in (*paths, cells)):
        raise StudyError(
            f"The study '{name}' has no queries yet.",
            fix=f"Run: snakemake --cores 4 --config studies={name}",
        )
    queries = pd.concat([read_table(path) for path in paths], ignore_index=True)
    return read_table(cells), queries


def answered_rows(path: Path) -> list[dict[str, str]]:
    """The lines of a workbook's sheet of queries, by the keys ``NEEDED``.

    Those of earlier versions are read too: they had the same columns and more.
    """
    from venaza.pipeline.intake.read import open_sheets

    if not path.is_file():
        raise StudyError(
            "There is no such workbook.",
            fix="Give the path of the queries.xlsx that the clinic has filled in.",
            file=path.name,
        )
    sheets = open_sheets(path)
    for language, names in SHEETS.items():
        rows = sheets.get(names["asked"], [])
        headings = {tidy(HEADINGS[language][key]): key for key in NEEDED}
        for number, row in enumerate(rows, start=1):
            keys = [headings.get(tidy(cell[0])) for cell in row]
            if set(NEEDED) <= set(keys):
                return [
                    _named(keys, cells, {"line": str(n), "language": language}, path.name)
                    for n, cells in enumerate(rows[number:], start=number + 1)
                    if any(cell[0] for cell in cells)
                ]
    raise StudyError(
        "This workbook has no sheet of queries with all of its columns.",
        fix="Use the queries.xlsx of the study; its columns, the hidden one too, may be "
        "moved, not renamed or removed.",
        file=path.name,
        sheet=SHEETS["en"]["asked"],
    )


def _named(keys: list[str | None], cells: list[tuple], line: dict, file: str) -> dict[str, str]:
    named = line | dict.fromkeys(NEEDED, "")
    for key, (text, kind) in zip(keys, cells, strict=False):
        if key and kind in ("formula", "error"):
            place = _place_in(named, key, file)
            raise StudyError(
                f"The column '{place['column']}' holds a formula without a value, or an error.",
                fix="Write the value itself.",
                **place,
                value=text,
            )
        if key:
            named[key] = original(text)
    return named


def _place_in(row: dict[str, str], key: str, file: str) -> dict:
    """Where a cell of the workbook stands, by its own sheet and heading."""
    own = row["language"]
    place = {"file": file, "sheet": SHEETS[own]["asked"], "row": int(row["line"])}
    return {**place, "column": HEADINGS[own][key]}


def read_answers(
    rows: list[dict[str, str]], cells: pd.DataFrame, queries: pd.DataFrame, study: dict, file: str
) -> Answers:
    """What the filled-in ``rows`` say of the ``queries`` of the last run.

    ``study`` has the sections of cleaning. Raises ``StudyError`` for a query that the run does
    not have, for one whose value is no longer as sent, and for an answer without name or date.
    """
    corrected, _ = correct(cells, study, Journal())
    known = {query["QUERYID"]: query for query in queries.to_dict("records")}
    redcap = Redcap.of(study)
    export = Export(corrected)
    of_table = {name: table_rows(export, name, study, redcap) for name in study["tables"]}
    already = (study.get("corrections") or {"lines": []})["lines"]
    found, seen = Answers(), set()
    for row in rows:
        answer = row["answer"].strip()
        if not answer:
            found.unanswered += 1
            continue
        if row["id"] not in known and any(_from(row["id"], line) for line in already):
            found.known.append(row["id"])
            continue
        query = _query(row, known, seen, file)
        for line in _lines(row, query, of_table, study, found):
            if any(_equal(line, other) for other in already):
                found.known.append(row["id"])
            elif not any(_equal(line, other) for other in found.lines):
                _no_contradiction(line, found.lines, row, file)
                found.lines.append(line)
    return found


def _query(row: dict[str, str], known: dict, seen: set, file: str) -> dict:
    """The query that a line answers; refused where it is another than was asked."""
    query = known.get(row["id"])
    if query is None:
        raise StudyError(
            f"The last run has no query '{row['id']}'.",
            fix="The hidden column of the query may not be changed. If the query has been answered "
            "meanwhile, empty the answer; else run the study on the export of the workbook.",
            **_place_in(row, "id", file),
            value=row["id"] or "(empty)",
        )
    if row["id"] in seen:
        raise StudyError(
            f"The query '{row['id']}' is answered twice.",
            fix="Keep one of the two lines.",
            **_place_in(row, "id", file),
            value=row["id"],
        )
    seen.add(row["id"])
    sent = "" if pd.isna(query["VALUE"]) else str(query["VALUE"])
    if not same(sent, row["value"]):
        raise StudyError(
            f"The query '{row['id']}' was asked about another value: now it is '{sent}'.",
            fix="Ask again with the workbook of the last run, or empty the answer.",
            **_place_in(row, "value", file),
            value=row["value"] or "(empty)",
        )
    for key in ("who", "date"):
        if not row[key].strip():
            place = _place_in(row, key, file)
            raise StudyError(
                f"An answer lacks '{place['column']}'.",
                fix="Each answer needs the name of who gave it, and the day.",
                **place,
            )
    read = read_date(tidy(row["date"]))
    if read.day is None:
        raise StudyError(
            f"The date of an answer cannot be read: {read.problem}.",
            fix="Write it as YYYY-MM-DD.",
            **_place_in(row, "date", file),
            value=row["date"],
        )
    return query


def _lines(row: dict, query: dict, of_table: dict, study: dict, found: Answers) -> list[dict]:
    """The corrections that an answer asks for; noted in ``found`` where there are none.

    What is right for a patient is right in all of the patient's rows of the patients' sheet.
    """
    table = query["TABLE"]
    column, sheet = ("" if pd.isna(query[k]) else query[k] for k in ("SRCCOL", "SRCSHEET"))
    if not column or table not in of_table:
        found.by_hand.append((row["id"], "the query is about a row, not about one cell"))
        return []
    at = (query["SRCFILE"], sheet, query["SRCROW"])
    raw = next((r for r in of_table[table] if _place(r) == at), None)
    if raw is None:
        found.by_hand.append((row["id"], "its row is not read into this table"))
        return []
    answer = "" if tidy(row["answer"]) in map(tidy, EMPTY.values()) else row["answer"].strip()
    rows = [raw]
    if table == "patients" and raw.patient:
        rows += [r for r in of_table[table] if r.patient == raw.patient and r is not raw]
    header = header_key(column)
    exact = header == header_key(study["tables"][table]["key"])
    wrong = [
        r for r in rows if not same(r.text(header), answer, exact) and (r is raw or r.text(header))
    ]
    if not wrong:
        found.confirmed.append(row["id"])
    remark = row["remark"].strip()
    told = {
        "column": column,
        "new": answer,
        "who": row["who"].strip(),
        "reason": f"{remark} {_mark(row['id'])}".lstrip(),
        "date": read_date(tidy(row["date"])).day.isoformat(),
    }
    return [
        {
            "patient": r.patient,
            "table": table,
            "old": r.text(header),
            "row": row_key(r, of_table[table], table, study["tables"][table], column),
            **told,
        }
        for r in wrong
    ]


def _mark(query: str) -> str:
    return f"[query {query}]"


def _from(query: str, line: dict) -> bool:
    """Whether a line of the corrections file was made from the answer to a query."""
    return line["reason"].endswith(_mark(query))


def _place(row: RawRow) -> tuple:
    return row.place.file, row.place.sheet or "", row.place.row


def row_key(raw: RawRow, rows: list[RawRow], table: str, spec: dict, column: str) -> str:
    """A key that names ``raw`` alone among its patient's rows, and will in the next export.

    Empty for a patient with one row in the patients' sheet; else what the table's rows are told
    apart by, its date above all, then the old value; the row's number where nothing else does.
    """
    wanted = ROW_KEYS.get(table, ())
    headers = {
        name: how["from"]
        for name, how in spec["records"][0]["columns"].items()
        if name in wanted and how.get("from") and how["from"] != column
    }
    parts = []
    for header in [headers[name] for name in wanted if name in headers]:
        value = raw.text(header)
        if value and not set(value) & set(";；"):
            parts.append(f"{header}={value}")
    old = raw.text(column)
    for key in ("; ".join(parts), "; ".join([*parts, f"{column}={old}"])):
        if not raw.patient or (not key and table != "patients"):
            continue
        try:
            if rows_meant(rows, spec, raw.patient, key) == [raw]:
                return key
        except RefusedError:
            continue
    return str(raw.place.row)


def _equal(line: dict, other: dict) -> bool:
    keys = ("patient", "table", "row", "column", "old", "new")
    return all(same(line[key], other[key]) for key in keys)


def _no_contradiction(line: dict, lines: list[dict], row: dict, file: str) -> None:
    for other in lines:
        if all(line[key] == other[key] for key in ("patient", "table", "row", "column")):
            raise StudyError(
                f"Two answers give the same cell different values: '{other['new']}' and "
                f"'{line['new']}' ({line['patient']}, {line['column']}).",
                fix="Two queries ask about this cell: answer both alike.",
                **_place_in(row, "answer", file),
                value=line["new"],
            )


def told(found: Answers, shown: str, written: bool) -> str:
    """What was found in the workbook, for the terminal."""
    from venaza.contracts.terminal import section, table

    rows = [[line[name] for name in COLUMNS] for line in found.lines]
    head = f"Lines added to {shown}" if written and rows else f"Lines for {shown}"
    parts = [section(head, table(COLUMNS, rows) if rows else []).lstrip("\n")]
    for title, lines in (
        ("Confirmed as sent: no line is needed", found.confirmed),
        ("In the file already", found.known),
        ("To be corrected by hand", [f"{name}: {why}" for name, why in found.by_hand]),
    ):
        if lines:
            parts.append(section(title, lines))
    parts.append(f"\nNot answered: {found.unanswered}")
    if rows:
        next_step = "Run snakemake: cleaning and what hangs on it is done again."
        parts.append(next_step if written else "Nothing was written; --write adds the lines.")
    return "\n".join(parts)


def append(path: Path, lines: list[dict]) -> None:
    """Write the corrections file anew with ``lines`` at its end, in UTF-8 with its mark.

    The mark lets spreadsheets show Chinese text; what is there already is kept, in its order.
    """
    kept = read_corrections(path, path.name) if path.is_file() else []
    rows = [[line[name] for name in COLUMNS] for line in [*kept, *lines]]
    write_text(csv_text([COLUMNS, *rows]), path)

"""The examples that a study file carries, and the study as an example sees it."""

from __future__ import annotations

from venaza.commands.examples.worked import Example, Rows, read_rows, sort_tables
from venaza.preflight.milestones import known_codes


def examples_of(study: dict) -> list[tuple[Example, dict]]:
    """The examples under ``examples`` of a loaded study, each with the study it runs in.

    Raises ``StudyError`` where a table cannot be read or an endpoint is not the study's.
    """
    where = f"config/studies/{study['id']}.yaml"
    found = []
    for spec in study.get("examples", []):
        example = Example(spec["name"], where)
        sort_tables(example, {n: _rows(example, n, t) for n, t in spec["given"].items()})
        if example.expected:
            raise example.error(
                f"'{next(iter(example.expected))}' is no table that can be given.",
                "Put it under 'expected'.",
                "given",
            )
        _check_codes(example, study)
        sort_tables(example, {n: _rows(example, n, t) for n, t in spec["expected"].items()})
        chosen = spec.get("endpoints", list(study["endpoints"]))
        found.append((example, study_for(example, study, chosen)))
    return found


def _check_codes(example: Example, study: dict) -> None:
    """Raise ``StudyError`` for a given cell that is no code of its column."""
    for table, rows in example.given.items():
        for column in dict.fromkeys(name for row in rows for name in row):
            known = known_codes(table, column, study)
            for word in dict.fromkeys(row[column] for row in rows if row.get(column)):
                if known is not None and word not in known:
                    raise example.no_such(word, known, f"a code of {column}", table, column)


def study_for(example: Example, study: dict, endpoints: list[str]) -> dict:
    """The study with the endpoints chosen and without cut-off: an example is in study days.

    Groups count where the example's patients state theirs; else all are in one group.
    """
    for code in endpoints:
        if code not in study["endpoints"]:
            known = list(study["endpoints"])
            raise example.no_such(code, known, "an endpoint of this study", "endpoints")
    patients = example.given.get("patients", [])
    grouped = study["groups"] and any(study["groups"]["variable"] in row for row in patients)
    tables = {name: {"records": [{"columns": {}}]} for name in example.given}
    return study | {
        "endpoints": {code: study["endpoints"][code] for code in endpoints},
        "alternatives": {
            code: definition
            for code, definition in study["alternatives"].items()
            if definition["of"] in endpoints
        },
        "groups": study["groups"] if grouped else None,
        "tables": {**study["tables"], **tables},
        "cutoff": None,
    }


def _rows(example: Example, name: str, table: str | list[dict]) -> Rows:
    if isinstance(table, str):
        try:
            return read_rows(table)
        except ValueError as error:
            fix = "Write it as the tables in tests/spec/."
            raise example.error(f"This table cannot be read: {error}.", fix, name) from None
    columns = list(dict.fromkeys(column for row in table for column in row))
    return [{c: _cell(row.get(c)) for c in columns} for row in table]


def _cell(value: object) -> str:
    return "" if value is None else str(value)

"""The published evidence of a study: its tables judged, and what the study file says of them."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.evidence import Row, chosen, read_rows
from venaza.contracts.record import file_hash
from venaza.contracts.results import slug
from venaza.study.documents import read_yaml, validator, written
from venaza.study.names import check_known, like_file
from venaza.study.percentages import counts_for
from venaza.study.printed_numbers import printed
from venaza.study.wording import explain, innermost, order, place_of

_SCHEMAS = {"outcomes": "evidence.schema.yaml", "trials": "trials.schema.yaml"}


def evidence_of(root: Path, study: dict, shown: str, own: dict | None = None) -> dict | None:
    """What the report shows of the literature; None where the study asks for nothing, or all
    that it asks for is in no table.

    Adds ``shows``: of ``rates``, ``others`` and ``trials`` those that have rows, and ``sha256`` of
    each table, so that results of another state of them are known as such. ``own`` is the section
    as the study file has it: the field's defaults may name what these tables lack. Raises
    ``StudyError`` for a table that breaks its schema and for names that the study or the tables
    do not have.
    """
    spec = study["evidence"]
    if spec["disease"] == "none":
        return None
    for file in spec["files"]:
        _check_readable(root, file, shown, "evidence > files")
    if spec["trials"] != "none":
        _check_readable(root, spec["trials"], shown, "evidence > trials")
    rows = [r for file in spec["files"] for r in outcomes(root, file)]
    _check_names(spec, study, rows, shown)
    _check_endpoints(own or {}, spec["disease"], study, rows, shown)
    settings = {slug(group): setting for group, setting in spec["settings"].items()}
    spec = {**spec, "settings": settings}
    found = {row["endpoint"] for _, row in chosen(rows, spec)}
    trials = spec["trials"] != "none" and ongoing(root, spec["trials"])
    shows = {
        "rates": bool(found & set(spec["rates"])),
        "others": bool(found & set(spec["others"])),
        "trials": bool(trials),
    }
    read = [*spec["files"], *([spec["trials"]] if trials else [])]
    hashes = {file: file_hash(root / file) for file in read}
    return {**spec, "shows": shows, "sha256": hashes} if any(shows.values()) else None


def _check_readable(root: Path, file: str, shown: str, place: str) -> None:
    try:
        read_rows(root / file)
    except (OSError, ValueError, csv.Error):
        hint = like_file(root, file)
        raise StudyError(
            "This table of published evidence cannot be read.",
            fix=f"{hint}Give the path of a CSV file in UTF-8 from the project's folder; trials may "
            "also be none.",
            at=Key(shown, place, file),
        ) from None


def outcomes(root: Path, file: str) -> list[Row]:
    """The rows of a table of published outcomes; ``StudyError`` for what breaks its rules."""
    rows = _judged(root, file, "outcomes", written(root / file))
    for line, row in enumerate(rows, 2):
        if row["counts"]:
            _check_counts(row, file, line)
    return rows


def ongoing(root: Path, file: str) -> list[Row]:
    """The rows of a table of trials; ``StudyError`` for what breaks its rules."""
    rows = _judged(root, file, "trials", written(root / file))
    for line, row in enumerate(rows, 2):
        if not row["address"].endswith(row["registry_number"]):
            raise StudyError(
                "The address of a trial is that of another one.",
                fix="End it with the registry number of the row.",
                file=file,
                row=line,
                column="address",
                value=row["address"],
            )
    return rows


@lru_cache(maxsize=16)
def _judged(root: Path, file: str, kind: str, _when: int) -> list[Row]:
    """The rows of a file, each judged by its schema, once for all studies of a run."""
    rows = read_rows(root / file)
    name = f"workflow/schemas/{_SCHEMAS[kind]}"
    judge = validator(read_yaml(root / name, name))
    seen: set[str] = set()
    for line, row in enumerate(rows, 2):
        error = min(judge.iter_errors(row), key=order, default=None)
        if error is not None:
            error = innermost(error)
            refused = explain(error)
            column = next(iter(place_of(error)), None)
            raise StudyError(
                f"A row of published evidence breaks the rules of its table: {refused.what}",
                fix=f"{refused.fix} docs/evidence.md says what each column holds.",
                file=file,
                row=line,
                column=column,
                value=row.get(column) if column else None,
            )
        if row["id"] in seen:
            raise StudyError(
                "Two rows of published evidence have the same id.",
                fix="Give each row an id of its own.",
                file=file,
                row=line,
                column="id",
                value=row["id"],
            )
        seen.add(row["id"])
    return rows


def _check_counts(row: Row, file: str, line: int) -> None:
    """A count must print its percentage; one that was worked out must be the only one to."""
    counts = counts_for(printed(row["value"]), int(row["denominator"]))
    k = int(row["k"])
    if k in counts and (len(counts) == 1 or row["counts"] == "published"):
        return
    which = f"{counts[0]} to {counts[-1]}" if counts else "none"
    raise StudyError(
        f"{k} of {row['denominator']} is not the one count that prints {row['value']}%.",
        fix=f"Leave k empty, or correct it; counts that print it: {which}.",
        file=file,
        row=line,
        column="k",
        value=row["k"],
    )


def _check_names(spec: dict, study: dict, rows: list[Row], shown: str) -> None:
    """Groups, columns and values that the study file names must exist."""
    groups = [*(map(str, study["groups"]["levels"]) if study["groups"] else ()), "all"]
    for group in spec["settings"]:
        check_known([group], groups, "a group of this study", shown, "evidence > settings")
    for place, where in (("where", spec["where"]), ("pool > where", spec["pool"]["where"])):
        for column, values in where.items():
            columns = list(rows[0]) if rows else []
            kind = "a column of the evidence"
            check_known([column], columns, kind, shown, f"evidence > {place}")
            there = sorted({row[column] for row in rows})
            kind, at = "a value of the evidence", f"evidence > {place} > {column}"
            check_known(values, there, kind, shown, at)
    _check_classes(spec["pool"]["classes"], rows, shown)
    series = sorted({row["series"] for row in rows})
    kind, at = "a series of the evidence", "evidence > pool > leave_out"
    check_known(spec["pool"]["leave_out"], series, kind, shown, at)


def _check_classes(classes: dict[str, list[str]], rows: list[Row], shown: str) -> None:
    """A class is of regimens that there are, each in one class, under a name of its own."""
    there = sorted({row["regimen"] for row in rows})
    seen: dict[str, str] = {}
    for name, regimens in classes.items():
        place = f"evidence > pool > classes > {name}"
        check_known(regimens, there, "a regimen of the evidence", shown, place)
        if twice := [regimen for regimen in regimens if regimen in seen]:
            raise StudyError(
                f"The regimen '{twice[0]}' stands in two classes.",
                fix=f"Leave it in one of them; it is in '{seen[twice[0]]}' too.",
                at=Key(shown, place, twice[0]),
            )
        others = [*classes, *there]
        others = {slug(other) for other in others if other != name and other not in regimens}
        if slug(name) in others | {""} or (name in there and name not in regimens):
            raise StudyError(
                "The name of a class is that of a regimen or of another class.",
                fix="Give it a name with letters or digits that no other has.",
                at=Key(shown, place, name),
            )
        seen |= dict.fromkeys(regimens, name)


def _check_endpoints(own: dict, disease: str, study: dict, rows: list[Row], shown: str) -> None:
    """Endpoints of the tables, and numbers of the study, that its own file names."""
    there = sorted({row["endpoint"] for row in rows if row["disease"] == disease})
    for key in ("rates", "others"):
        kind, place = f"an endpoint of the evidence on {disease}", f"evidence > {key}"
        check_known(own.get(key, ()), there, kind, shown, place)
    for name, number in own.get("others", {}).items():
        kind, _, rest = number.partition(".")
        code = rest.partition(".")[0]
        if kind != "early":
            place = f"evidence > others > {name}"
            check_known([code], study["endpoints"], "an endpoint of this study", shown, place)

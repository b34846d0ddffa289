"""The published figures that a study compares itself with: the file, its study, what is named."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.evidence import Row, read_rows
from venaza.contracts.results import ENDPOINT, KINDS, POPULATIONS, STATISTICS
from venaza.study.names import check_known, like_file

_COLUMNS = ("study", "group", "measure", "value", "numerator", "denominator", "unit")


def published_of(root: Path, study: dict, shown: str) -> dict | None:
    """The section ``published``; None for a study without one.

    Raises ``StudyError`` for a file that is not there or is no such table, a study or a measure
    that it does not have, and a number with another gap than ``{group}``.
    """
    spec = study.get("published")
    if not spec:
        return None
    rows = _rows(root, spec["file"], shown)
    studies = dict.fromkeys(row["study"] for row in rows)
    kind, place = f"a study of {spec['file']}", "published > study"
    check_known([spec["study"]], studies, kind, shown, place)
    measures = dict.fromkeys(row["measure"] for row in rows if row["study"] == spec["study"])
    kind, place = f"a measure of {spec['study']}", "published > numbers"
    check_known(spec["numbers"], measures, kind, shown, place)
    for measure, number in spec["numbers"].items():
        _check_number(measure, number, shown)
        _check_parts(measure, number, study, shown)
    _refuse_twice(rows, spec)
    return spec


def _check_parts(measure: str, number: str, study: dict, shown: str) -> None:
    """The kind of a number, the statistic at its end, and the endpoint of which it is."""
    place = f"published > numbers > {measure}"
    kind, second, last = (number.split(".")[n] for n in (0, 1, -1))
    check_known([kind], KINDS, "a kind of numbers", shown, place)
    if KINDS[kind] == ENDPOINT:
        check_known([second], study["endpoints"], "an endpoint of this study", shown, place)
    if kind == "n":
        check_known([second], POPULATIONS, "a population", shown, place)
    else:
        check_known([last], STATISTICS, "a statistic", shown, place)


def _rows(root: Path, file: str, shown: str) -> list[Row]:
    try:
        rows = read_rows(root / file)
    except (OSError, ValueError, csv.Error):
        rows = []
    if not rows or any(row.get(column) is None for row in rows for column in _COLUMNS):
        hint = like_file(root, file)
        raise StudyError(
            "The file of published figures cannot be read as such a table.",
            fix=f"{hint}Give the path of a CSV file in UTF-8 with the columns "
            f"{', '.join(_COLUMNS)}.",
            at=Key(shown, "published > file", file),
        )
    return rows


def _refuse_twice(rows: list[Row], spec: dict) -> None:
    seen: set[tuple] = set()
    for line, row in enumerate(rows, start=2):
        one = (row["study"], row["group"], row["measure"])
        if one in seen:
            raise StudyError(
                f"The measure '{row['measure']}' is published twice for one group.",
                fix="Take one of the two rows out.",
                file=spec["file"],
                row=line,
                column="measure",
                value=row["measure"],
            )
        seen.add(one)


def _check_number(measure: str, number: str, shown: str) -> None:
    name = number.replace("{group}", "GROUP")
    if re.search(r"[{}]", name):
        what = "The name of a number has another gap than {group}."
    elif not re.fullmatch(r"[^.\s]+(\.[^.\s]+)+", name):
        what = "This is not the name of a number: it has parts between points, as km.OS.all.median."
    else:
        return
    raise StudyError(
        what,
        fix="Write it as 'python -m venaza why' shows it, with {group} for the group's key.",
        at=Key(shown, f"published > numbers > {measure}", number),
    )

"""Published outcomes and ongoing trials: reading their tables, and which rows a study shows."""

from __future__ import annotations

import csv
from pathlib import Path

Row = dict[str, str]

#: Kinds of denominator, as printed.
KINDS = {
    "all": "all treated",
    "evaluable": "evaluable",
    "fits": "of the n given",
    "inferred": "inferred",
    "pooled": "several series",
    "unclear": "not stated",
    "": "not stated",
}

#: Settings, as printed.
SETTINGS = {"ND": "Newly diagnosed", "RR": "Relapsed or refractory"}


def read_rows(path: str | Path) -> list[Row]:
    """The rows of a reference table as text; nothing is judged here (see ``venaza.preflight``)."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fits(row: Row, where: dict[str, list[str]]) -> bool:
    """Whether a row has, in each column of ``where``, one of the values asked for."""
    return all(row[column] in values for column, values in where.items())


def chosen(rows: list[Row], evidence: dict) -> list[tuple[str, Row]]:
    """(group of the study, row) of each published outcome that the study shows.

    In the order of the study's settings, then of the endpoints it names, then of the file.
    ``evidence`` is the study's section. A row is shown where disease, setting and ``where`` fit
    and the study names its endpoint.
    """
    wanted = [*evidence["rates"], *evidence["others"]]
    found = []
    for group, setting in evidence["settings"].items():
        own = [r for r in rows if r["disease"] == evidence["disease"] and r["setting"] == setting]
        own = [r for r in own if fits(r, evidence["where"])]
        found += [(group, r) for endpoint in wanted for r in own if r["endpoint"] == endpoint]
    return found

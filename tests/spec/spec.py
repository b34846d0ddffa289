"""Reads the text tables of this folder: patients' rows in, expected rows out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from venaza.clean.build import contract
from venaza.config.documents import merge, read_yaml
from venaza.config.risk import risk_tables
from venaza.config.study import _endpoints
from venaza.contracts.clean import ROW_ACCOUNT, TABLES
from venaza.contracts.files import conform

ROOT = Path(__file__).parents[2]


@dataclass
class Case:
    """One ``##`` section of a file: the clean rows given and the rows expected."""

    file: str
    title: str
    endpoints: dict[str, str]
    criteria: str
    changed: dict[str, object] = field(default_factory=dict)
    given: dict[str, list[dict]] = field(default_factory=dict)
    expected: dict[str, list[dict]] = field(default_factory=dict)


def cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in sorted(Path(__file__).parent.glob("*.md")) for case in _read(path)]


def _read(path: Path) -> list[Case]:
    text = path.read_text(encoding="utf-8")
    endpoints = dict(re.findall(r"^Endpoint: (\w+) (\w+)$", text, re.MULTILINE))
    criteria = re.findall(r"^Criteria: (\w+)$", text, re.MULTILINE)
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        case = Case(path.stem, title, endpoints, criteria[0] if criteria else "eln2022_aml")
        set_here = re.findall(r"^Set: (\S+) = (.+)$", text, re.MULTILINE)
        case.changed = {key: yaml.safe_load(value) for key, value in set_here}
        for name, table in re.findall(
            r"^([a-z_]+(?: [A-Z]+)?)\n((?:\|.*\n?)+)", body, re.MULTILINE
        ):
            rows = _table(table)
            (case.given if name in TABLES else case.expected)[name] = rows
        found.append(case)
    return found


def _table(text: str) -> list[dict]:
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    header = lines[0]
    return [dict(zip(header, line, strict=True)) for line in lines[2:]]


def study_of(case: Case) -> dict:
    """A study in study days with the field's defaults and the case's endpoints."""
    library = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")
    study = merge(read_yaml(ROOT / "config/defaults.yaml", "defaults"), {"id": "spec"})
    for key, value in case.changed.items():
        section, name = key.split(".")
        study[section] = {**study.get(section, {}), name: value}
    if "risk" in study:
        columns = {"records": [{"columns": {"RISK": {}}}]}
        study["risk_tables"] = risk_tables(ROOT, study | {"tables": {"patients": columns}}, "spec")
    study |= {"milestones": library["milestones"], "failure": library["failure"]}
    study["endpoints"] = _endpoints(case.endpoints, library["definitions"], "spec")
    study["criteria"] = read_yaml(ROOT / f"config/criteria/{case.criteria}.yaml", "criteria")
    study["ctcae"] = read_yaml(ROOT / "config/ctcae.yaml", "ctcae")
    tables = {name: {"records": [{"columns": {}}]} for name in case.given}
    return study | {"groups": None, "columns": [], "tables": tables, "cutoff": None}


def clean_tables(case: Case, study: dict) -> dict[str, pd.DataFrame]:
    """The given rows as clean tables; patients without an index day have day 0."""
    tables = {}
    for name in TABLES:
        rows = [{k: v or None for k, v in row.items()} for row in case.given.get(name, [])]
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["USUBJID"]] = counts.get(row["USUBJID"], 0) + 1
            row |= {"SEQ": counts[row["USUBJID"]]}
            if name == "patients":
                row.setdefault("INDEXDY", 0)
        tables[name] = conform(pd.DataFrame(rows), contract(name, study))
    return {**tables, "row_account": conform(pd.DataFrame(), ROW_ACCOUNT)}

"""Reads the text tables of this folder: patients' rows in, expected rows out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from venaza.commands.examples import Example, read_tables, sort_tables
from venaza.preflight.load import _alternatives, _endpoints
from venaza.study.checks import load_checks
from venaza.study.documents import merge, read_yaml
from venaza.study.risk import risk_tables

ROOT = Path(__file__).parents[2]


@dataclass
class Case(Example):
    """One ``##`` section of a file, with the file's title, endpoints and criteria."""

    file: str = ""
    subject: str = ""
    endpoints: dict[str, str] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)
    criteria: str = "eln2022_aml"
    changed: dict[str, object] = field(default_factory=dict)


def cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in sorted(Path(__file__).parent.glob("*.md")) for case in _read(path)]


def _read(path: Path) -> list[Case]:
    text = path.read_text(encoding="utf-8")
    about = {
        "file": path.stem,
        "subject": text.partition("\n")[0].removeprefix("# "),
        "endpoints": dict(re.findall(r"^Endpoint: (\w+) (\w+)$", text, re.MULTILINE)),
    }
    about["beside"] = re.findall(r"^Beside: (\w+\.\w+)$", text, re.MULTILINE)
    criteria = re.findall(r"^Criteria: (\w+)$", text, re.MULTILINE)
    if criteria:
        about["criteria"] = criteria[0]
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        case = Case(title, f"tests/spec/{path.name}", **about)
        set_here = re.findall(r"^Set: (\S+) = (.+)$", text, re.MULTILINE)
        case.changed = {key: yaml.safe_load(value) for key, value in set_here}
        sort_tables(case, read_tables(body))
        found.append(case)
    return found


def _chosen(case: Case) -> dict:
    """The definitions shown beside an endpoint of the case, as a study file asks for them."""
    chosen: dict[str, dict] = {}
    for name in case.beside:
        code, _, other = name.partition(".")
        own = {"like": f"{code}.{case.endpoints[code]}", "alternatives": []}
        chosen.setdefault(code, own)["alternatives"].append(other)
    return chosen


def study_of(case: Case) -> dict:
    """A study in study days with the field's defaults and the case's endpoints."""
    library = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")
    study = merge(read_yaml(ROOT / "config/defaults.yaml", "defaults"), {"id": "spec"})
    study |= {key: library[key] for key in ("milestones", "failure", "on_one_day")}
    study["vocabulary"] |= read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary")
    for key, value in case.changed.items():
        section, name = key.split(".")
        study[section] = {**study.get(section, {}), name: value}
    if "risk" in study:
        columns = {"records": [{"columns": {"RISK": {}}}]}
        study["risk_tables"] = risk_tables(ROOT, study | {"tables": {"patients": columns}}, "spec")
    study["endpoints"] = _endpoints(case.endpoints, library["definitions"], "spec")
    study["criteria"] = read_yaml(ROOT / f"config/criteria/{case.criteria}.yaml", "criteria")
    for name in ("lab_grades", "tls"):
        study[name] = read_yaml(ROOT / f"config/{name}.yaml", name)
    study["checks"] = load_checks(ROOT, {}, "spec")
    study["ctcae"] = read_yaml(ROOT / "config/ctcae.yaml", "ctcae")
    tables = {name: {"records": [{"columns": {}}]} for name in case.given}
    study["alternatives"] = _alternatives(_chosen(case), library["definitions"], "spec")
    return study | {"groups": None, "columns": [], "tables": tables, "cutoff": None}

"""Reads the cases of this folder: raw files as text tables, a study file, expected results."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from venaza.commands.examples import Example
from venaza.commands.examples.worked import read_rows

#: Day of every export; nothing is dated after it.
EXPORT = "2024-12-31"
STUDY = "small"
_NAMED = re.compile(r"^`([^`\n]+)`(.*)\n+((?:\|.*(?:\n|\Z))+)", re.MULTILINE)
_FILE = re.compile(r"[\w-]+\.(?:csv|xlsx|xpt|sav|dta)")
_YAML = re.compile(r"^```yaml\n(.*?)^```\n?", re.MULTILINE | re.DOTALL)
_STOPS = re.compile(r"^The run stops:\n\n((?:> .*(?:\n|\Z))+)", re.MULTILINE)
_BLOCK = re.compile(r"^(?:[`>]|The run stops:|By hand:)", re.MULTILINE)
_BY_HAND = re.compile(r"^By hand: (.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass
class Raw:
    """A raw table: its file, its sheet, how the file is written, its rows by header."""

    file: str
    sheet: str
    how: str
    rows: list[dict[str, str]]

    @property
    def title(self) -> str:
        return f"`{self.file}`" + (f", sheet `{self.sheet}`" if self.sheet else "") + self.how


@dataclass
class Case:
    """One ``##`` section; ``about``: what goes wrong elsewhere, ``by_hand``: the right values."""

    title: str
    file: str
    subject: str
    about: str
    told: str
    by_hand: str
    raw: list[Raw] = field(default_factory=list)
    expected: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)

    def study(self) -> dict:
        """The study file: what the case tells, over the least that a study has."""
        told = {
            "study": {
                **{"title": "A small cohort", "short": "Small cohort", "synthetic": True},
                **{"disease": "acute myeloid leukaemia", "data": "made up", "source": "made up"},
            },
            "timeline": {"index": "first dose"},
            "endpoints": {"OS": "standard"},
            "analysis": {"primary": "OS"},
        }
        for section, keys in yaml.safe_load(self.told or "{}").items():
            both = isinstance(keys, dict) and section != "endpoints"
            told[section] = {**told.get(section, {}), **keys} if both else keys
        if "tables" not in told:
            told["tables"] = {raw.file.partition(".")[0]: _as_named(raw) for raw in self.raw}
            told["timeline"] |= {"dates": "study_days", "cutoff": "none"}
        return told


def _as_named(raw: Raw) -> dict:
    """The mapping of a file whose headers are the names of clean columns, in study days."""
    columns = {header: header for header in raw.rows[0] if header != "USUBJID"}
    if raw.file.startswith("patients."):
        columns = {"INDEXDT": {"constant": 0}, **columns}
    return {"file": raw.file, "key": "USUBJID", "columns": columns}


def cases() -> list[Case]:
    """Every case of every file, in the order in which the page shows them."""
    folder = Path(__file__).parent
    return [case for path in sorted(folder.glob("*.md")) for case in _read(path)]


def _read(path: Path) -> list[Case]:
    text = path.read_text(encoding="utf-8")
    subject = text.partition("\n")[0].removeprefix("# ")
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        told, hand = _YAML.search(body), _BY_HAND.search(body)
        about = re.split(r"^[`>]|^The run stops:|^By hand:", body, maxsplit=1, flags=re.MULTILINE)[
            0
        ]
        case = Case(
            title,
            path.stem,
            subject,
            about.strip(),
            told[1] if told else "",
            " ".join(hand[1].split()) if hand else "",
        )
        if stops := _STOPS.search(body):
            case.stops = [line[2:] for line in stops[1].splitlines()]
        for name, how, table in _NAMED.findall(body):
            rows = read_rows(table)
            if _FILE.fullmatch(name):
                sheet = re.search(r"sheet `([^`]+)`", how)
                more = re.sub(r",? ?sheet `[^`]+`", "", how)
                case.raw.append(Raw(name, sheet[1] if sheet else "", more, rows))
            else:
                case.expected[name] = rows
        found.append(case)
    return found


def example_of(case: Case) -> Example:
    """The expected results as an example of the project, to be compared by its rules."""
    return Example(case.title, f"tests/cases/{case.file}.md", expected=case.expected)

"""A small export for the tests of cleaning: rows in, clean tables out."""

from __future__ import annotations

import copy
from pathlib import Path

import pandas as pd

from venaza.pipeline.clean.build import clean
from venaza.pipeline.intake.cells import read_export
from venaza.study.checks import load_checks
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[2]
HEADER = "病案号,性别,疗效,首次用药日期,末次随访日期,死亡日期,生存状态,确诊日期,HGB"
COLUMNS = {
    **{"SEX": "性别", "INDEXDT": "首次用药日期", "LSTALVDT": "末次随访日期", "HGB": "HGB"},
    **{"DTHDT": "死亡日期", "SURVSTAT": "生存状态", "DIAGDT": "确诊日期"},
}


def patients_csv(rows: list[tuple]) -> str:
    """The text of a CSV; each row is (patient, sex, response, and any further cells)."""
    lines = [HEADER]
    for row in rows:
        cells = [*row, *[""] * (9 - len(row))]
        if len(row) <= 3:
            cells[3], cells[4] = "2021-01-01", "2021-06-01"
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def study(responses: bool = False, **sections) -> dict:
    """The sections of a study that cleaning works with."""
    defaults = read_yaml(ROOT / "config/defaults.yaml", "defaults")
    words = read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary")
    asked = words.pop("asked", {})
    made = {
        "asked": asked,
        "id": "small",
        "columns": [],
        "cutoff": None,
        "timeline": copy.deepcopy(defaults["timeline"]),
        "numbers": copy.deepcopy(defaults["numbers"]),
        "labs": copy.deepcopy(defaults["labs"]),
        "vocabulary": {**words, **defaults["vocabulary"]},
        "ctcae": read_yaml(ROOT / "config/ctcae.yaml", "ctcae"),
        "units": read_yaml(ROOT / "config/units.yaml", "units"),
        "checks": load_checks(ROOT, {}, "small.yaml"),
        "tables": {"patients": _table(COLUMNS)},
    }
    if responses:
        made["tables"]["responses"] = _table({"RSDT": "末次随访日期", "RSINV": "疗效"})
    for name, value in sections.items():
        made[name] = {**made.get(name, {}), **value} if isinstance(value, dict) else value
    return made


def _table(columns: dict) -> dict:
    records = [{"columns": {name: {"from": header} for name, header in columns.items()}}]
    return {"file": "*.csv", "header_row": 1, "key": "病案号", "records": records}


def clean_of(text: str, tmp: Path | None = None, **sections) -> dict[str, pd.DataFrame]:
    """The clean tables of a CSV text."""
    import tempfile

    made = study(**sections)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_text(text, encoding="utf-8")
        cells, _ = read_export([path], Path(folder), made)
    return clean(cells, made)

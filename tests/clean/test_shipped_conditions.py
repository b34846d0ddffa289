"""The codes of the shipped exports, written as other programs write them, give the same tables."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import pytest

from venaza.contracts.clean import TABLES
from venaza.contracts.headers import header_key
from venaza.pipeline.clean.build import clean
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect
from venaza.preflight import export_files, load_study, settings

ROOT = Path(__file__).parents[2]
STUDIES = ("all_venaza", "bmt", "myeloid")
FORMS = {
    "a decimal, as pandas and R write a column with a gap": lambda code: f"{code}.0",
    "spaces and a tab": lambda code: f" {code}\t",
    "full-width digits": lambda code: code.translate(
        str.maketrans("0123456789-", "０１２３４５６７８９－")
    ),
    "a decimal comma": lambda code: f"{code},0",
}


@cache
def study(name: str) -> dict:
    return load_study(ROOT, name)


def has_conditions(told: dict) -> bool:
    specs = told["tables"].values()
    columns = [how for s in specs for r in s["records"] for how in r["columns"].values()]
    return any("where" in spec for spec in specs) or any("when" in how for how in columns)


def test_every_shipped_study_with_conditions_is_tried():
    known = [path.stem for path in sorted((ROOT / "config/studies").glob("*.yaml"))]
    assert tuple(name for name in known if has_conditions(study(name))) == STUDIES


def coded_headers(told: dict) -> set[str]:
    """The columns whose cells are codes: those of conditions, of ``values``, of the dictionary."""
    found: set[str] = set()
    for spec in told["tables"].values():
        found |= set(spec.get("where", {}))
        for record in spec["records"]:
            for how in record["columns"].values():
                found |= set(how.get("when", {}))
                if "values" in how or "vocabulary" in how:
                    found.add(how["from"])
    redcap = told["redcap"] or {"fields": {}}
    found |= {name for name, field in redcap["fields"].items() if field["choices"]}
    return {header_key(header) for header in found}


def rewritten(text: str, headers: set[str], form) -> tuple[str, int]:
    """A CSV with the whole numbers under these headers written in another form; how many."""
    rows = list(csv.reader(io.StringIO(text)))
    at = [n for n, header in enumerate(rows[0]) if header_key(header) in headers]
    changed = 0
    for row in rows[1:]:
        for n in at:
            if row[n].lstrip("-").isdigit():
                row[n], changed = form(row[n]), changed + 1
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue(), changed


def tables_of(told: dict, paths: list[Path], folder: Path):
    cells, _ = read_export(paths, folder, settings(told, "intake"))
    cells, _ = protect(cells, settings(told, "intake"), folder)
    return clean(cells, settings(told, "clean"))


@cache
def shipped(name: str):
    told = study(name)
    folder = ROOT / "data/raw" / name / told["export"]
    return tables_of(told, export_files(ROOT, name, told["export"]), folder)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", STUDIES)
def test_codes_in_another_form_give_the_same_tables(name, form, tmp_path):
    told, changed, paths = study(name), 0, []
    headers = coded_headers(told)
    dictionary = (told["redcap"] or {}).get("dictionary")
    for path in export_files(ROOT, name, told["export"]):
        text = path.read_text(encoding="utf-8-sig")
        if path.name != dictionary:
            text, n = rewritten(text, headers, FORMS[form])
            changed += n
        paths.append(tmp_path / path.name)
        paths[-1].write_text(text, encoding="utf-8")
    assert changed > 400
    found, expected = tables_of(told, paths, tmp_path), shipped(name)
    for table in TABLES:
        assert found[table].equals(expected[table]), table
    for account in ("row_account", "cell_account"):
        assert found[account].equals(expected[account]), account
    about = ["USUBJID", "RULE", "TABLE", "COLUMN", "SRCROW"]
    assert found["queries"][about].equals(expected["queries"][about])

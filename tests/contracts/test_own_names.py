"""A study's own column cannot have a name that a later stage gives to a column beside it."""

import ast
import re
from pathlib import Path

from venaza.contracts.analysis import ADRS, ADSL_DERIVED, ADTTE, NOT_OWN, TEMPORARY
from venaza.contracts.clean import TABLES

ROOT = Path(__file__).parents[2]
_OWN = re.compile(r"[A-Z][A-Z0-9]{0,7}")


def assigned() -> set[str]:
    """Names of columns that the statistics lay beside others with ``assign(NAME=...)``."""
    found = set()
    for path in sorted((ROOT / "venaza/pipeline/statistics").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".assign"):
                found |= {k.arg for k in node.keywords if k.arg and _OWN.fullmatch(k.arg)}
    return found


def test_every_name_that_statistics_give_is_known():
    assert assigned()
    assert assigned() <= NOT_OWN


def test_a_temporary_name_is_in_use():
    assert set(TEMPORARY) <= assigned()


def test_names_of_the_analysis_tables_are_taken_and_those_of_the_patients_are_not():
    derived = {column.name for columns in (ADSL_DERIVED, ADRS, ADTTE) for column in columns}
    assert derived - {"USUBJID"} <= NOT_OWN
    assert not NOT_OWN & {column.name for column in TABLES["patients"]}

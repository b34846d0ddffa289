"""The number of a query names what tells its row apart, also where the row stands on no sheet."""

from __future__ import annotations

import pandas as pd
import pytest

from venaza.contracts.clean import QUERIES, TABLES
from venaza.contracts.files import conform
from venaza.contracts.queries import query_ids


def query(row: int | None) -> pd.DataFrame:
    about = {
        "RULE": "late",
        "USUBJID": "P1",
        "TABLE": "mrd",
        "COLUMN": "MRDVAL",
        "VALUE": "0.1",
    }
    place = {"SRCFILE": "a.csv", "SRCSHEET": "", "SRCROW": row}
    return conform(pd.DataFrame([about | place]), QUERIES)


def samples(*rows: int | None) -> pd.DataFrame:
    place = {"SRCFILE": "a.csv", "SRCSHEET": "", "USUBJID": "P1"}
    return conform(pd.DataFrame([{**place, "SRCROW": n, "MRDDY": 28} for n in rows]), TABLES["mrd"])


@pytest.mark.parametrize("row", [7, None])
def test_the_row_is_told_apart_by_its_day(row):
    """isin of pandas does not find a missing number (findings/pandas_isin_of_missing.sh)."""
    found = query_ids(query(row), {"mrd": samples(3, row, 9)})
    assert found == ["late:P1:mrd.MRDVAL:day 28"]


def test_without_such_a_row_by_the_value_as_sent():
    assert query_ids(query(8), {"mrd": samples(3, 7, None)}) == ["late:P1:mrd.MRDVAL:0.1"]

"""What we write for spreadsheets runs nothing in them, and is read back as it was."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from venaza.contracts.columns import Column
from venaza.contracts.files import neutral, original, read_table, write_table


@pytest.mark.parametrize(
    "text",
    [
        *("=cmd|' /C calc'!A0", "+1+2", "@SUM(A1:A9)", "-2+3+cmd|' /C calc'!A0", "\t=1", "\r=1"),
        *("-", "＝1+1", "＠SUM(A1)", "=HYPERLINK(\"http://x\")"),
    ],
)  # fmt: skip
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-3", "+1.5", "-3e-5", "-.5", "-12%", "AML", "a=b", "", "'quoted'"]
)
def test_numbers_and_plain_words_stay_as_they_are(text):
    assert neutral(text) == text


@given(st.text(alphabet="'=+-@\t\rＡ＝1.e% a"))
def test_every_text_can_be_read_back(text):
    assert original(neutral(text)) == text


def test_the_csv_beside_a_table_is_neutral_and_the_parquet_is_exact(tmp_path):
    columns = (Column("WORD", "string", "Word"), Column("N", "number", "Number"))
    words = ["=cmd|' /C calc'!A0", "@SUM", "-3", None]
    frame = pd.DataFrame({"WORD": words, "N": [-1.5, -2.0, 3.0, None]})
    write_table(frame, columns, tmp_path / "t.parquet")
    read = pd.read_csv(tmp_path / "t.csv", encoding="utf-8-sig", dtype={"WORD": "string"})
    assert read["WORD"].fillna("").tolist() == ["'=cmd|' /C calc'!A0", "'@SUM", "-3", ""]
    assert read["N"].tolist()[:3] == [-1.5, -2.0, 3.0]
    back = [None if pd.isna(v) else original(v) for v in read["WORD"]]
    assert back == words
    assert read_table(tmp_path / "t.parquet")["WORD"].fillna("").tolist() == [*words[:3], ""]

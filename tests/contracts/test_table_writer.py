"""Tables are written column by column, with the bytes that pandas writes row by row."""

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venaza.contracts import files
from venaza.contracts.columns import Column
from venaza.contracts.files import conform, neutral, read_table, write_table

COLUMNS = (
    Column("TEXT", "string", "A text"),
    Column("KIND", "string", "A text that comes back"),
    Column("N", "integer", "A whole number"),
    Column("X", "number", "A number", "g/L", "as measured"),
    Column("DAY", "date", "A day"),
)
TYPES = (pa.string(), pa.string(), pa.int64(), pa.float64(), pa.date32())
texts = st.none() | st.text(alphabet="aé甲'\"=+-@\t\r\n,;1. \ufeff＝－＠", max_size=6)
days = st.none() | st.dates(dt.date(1700, 1, 1), dt.date(2250, 1, 1))
numbers = st.none() | st.floats(allow_nan=False)
rows = st.lists(
    st.tuples(texts, texts, st.none() | st.integers(-(2**63), 2**63 - 1), numbers, days),
    max_size=12,
)


def written_by_pandas(frame, columns, path):
    """The Parquet and the CSV as pandas writes them, a row at a time."""
    frame = conform(frame, columns)
    fields, arrays = [], []
    for column, kind in zip(columns, TYPES, strict=False):
        meta = {"label": column.label, "unit": column.unit, "derivation": column.derivation}
        fields.append(pa.field(column.name, kind, metadata=meta))
        values = frame[column.name]
        if column.dtype == "date":
            values = values.dt.date.where(values.notna(), None)
        arrays.append(pa.array(values, type=kind, from_pandas=True))
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), path)
    for column in columns:
        if column.dtype == "date":
            frame[column.name] = frame[column.name].dt.strftime("%Y-%m-%d")
        elif column.dtype == "string":
            known = {value: neutral(value) for value in frame[column.name].dropna().unique()}
            frame[column.name] = frame[column.name].map(known)
    csv = path.with_suffix(".csv")
    frame.to_csv(csv, index=False, lineterminator="\n", encoding="utf-8-sig")
    return path.read_bytes(), csv.read_bytes()


def written(frame, columns, path):
    write_table(frame, columns, path)
    return path.read_bytes(), path.with_suffix(".csv").read_bytes()


def framed(made):
    frame = pd.DataFrame(made, columns=[column.name for column in COLUMNS], dtype="object")
    return frame.assign(N=frame["N"].astype("Int64"), DAY=pd.to_datetime(frame["DAY"]))


@settings(deadline=None)
@given(rows)
def test_every_table_has_the_bytes_that_pandas_writes(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("tables")
    expected = written_by_pandas(framed(made), COLUMNS, folder / "expected.parquet")
    assert written(framed(made), COLUMNS, folder / "t.parquet") == expected
    kinds = framed(made).assign(KIND=lambda frame: frame["KIND"].astype("category"))
    assert written(kinds, COLUMNS, folder / "t.parquet") == expected


@settings(deadline=None)
@given(st.lists(texts, max_size=5))
def test_an_empty_cell_of_the_only_column_is_a_row_too(tmp_path_factory, made):
    folder, frame = tmp_path_factory.mktemp("tables"), pd.DataFrame({"TEXT": made}, dtype="object")
    expected = written_by_pandas(frame, COLUMNS[:1], folder / "expected.parquet")
    assert written(frame, COLUMNS[:1], folder / "t.parquet") == expected


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.1 + 0.2, "0.30000000000000004"),
        (-0.0, "-0.0"),
        (0.0, "0.0"),
        (1e16, "1e+16"),
        (1e22, "1e+22"),
        (123456789012345.0, "123456789012345.0"),
        (5e-324, "5e-324"),
        (float("inf"), "inf"),
    ],
)
def test_a_number_is_written_with_the_digits_that_give_it_back(tmp_path, number, shown):
    frame = pd.DataFrame({"N": [1, 1], "X": [number, None]})
    _, csv = written(frame, COLUMNS[2:4], tmp_path / "t.parquet")
    assert csv.decode("utf-8-sig") == f"N,X\n1,{shown}\n1,\n"


def test_zero_of_either_sign_stays_apart(tmp_path):
    _, csv = written(pd.DataFrame({"X": [0.0, -0.0]}), COLUMNS[3:4], tmp_path / "t.parquet")
    assert csv.decode("utf-8-sig") == "X\n0.0\n-0.0\n"


def test_tables_longer_than_one_piece_are_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_ROW_GROUP", 7)
    monkeypatch.setattr(files, "_LINES", 3)
    frame = pd.DataFrame({"TEXT": [f'say "{n}"' for n in range(20)], "KIND": [None, "=a"] * 10})
    frame = frame.assign(KIND=frame["KIND"].astype("category"), N=np.arange(20))
    write_table(frame, COLUMNS[:3], tmp_path / "t.parquet")
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()
    kinds = ["", "'=a"] * 10
    assert lines == ["TEXT,KIND,N", *(f'"say ""{n}""",{kinds[n]},{n}' for n in range(20))]
    read = read_table(tmp_path / "t.parquet")
    assert read["TEXT"].tolist() == frame["TEXT"].tolist()
    assert read["KIND"].dropna().tolist() == ["=a"] * 10


def test_a_category_is_read_as_text(tmp_path):
    frame = pd.DataFrame({"TEXT": pd.Categorical(["b", None, "a"], categories=["b", "a", "c"])})
    write_table(frame, COLUMNS[:1], tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").dtypes["TEXT"] == "string"


@settings(deadline=None)
@given(rows)
def test_a_table_is_read_with_its_types_and_its_values(tmp_path_factory, made):
    path = tmp_path_factory.mktemp("tables") / "t.parquet"
    write_table(framed(made), COLUMNS, path)
    pd.testing.assert_frame_equal(read_table(path), conform(framed(made), COLUMNS))

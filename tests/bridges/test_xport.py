"""Transport files as the note has them (TS-140), and read back by two readers that are not ours."""

import math
import struct
import time
from datetime import date

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venaza.pipeline.bridges.adam import _held
from venaza.pipeline.bridges.xport import LARGEST, SMALLEST, Variable, dataset

DAY = date(2023, 11, 30)
#: IBM doubles worked by hand; 118.625 is the example of the literature.
WORKED = {
    1.0: "4110000000000000",
    -1.0: "C110000000000000",
    -118.625: "C276A00000000000",
    0.1: "401999999999999A",
    16.0: "4210000000000000",
    0.0: "0000000000000000",
    None: "2E00000000000000",
}


def ibm(value: float | None) -> bytes:
    """The eight bytes of a number in the file of one row."""
    data = dataset("DEMO", "x", [Variable("N", "n", True)], [[value]], DAY)
    body = data.index(b"HEADER RECORD*******OBS") + 80
    return data[body : body + 8]


@pytest.mark.parametrize("value", WORKED, ids=str)
def test_numbers_worked_by_hand(value):
    assert ibm(value).hex().upper() == WORKED[value]


@settings(deadline=None)
@given(
    st.floats(SMALLEST, LARGEST)
    | st.floats(-LARGEST, -SMALLEST)
    | st.integers(-(2**53), 2**53).filter(bool)
)
def test_every_number_in_range_is_held_exactly(value):
    assert _held(value) == value
    head, *rest = ibm(value)
    fraction = int.from_bytes(bytes(rest), "big") / 2**56
    assert math.ldexp(fraction, 4 * ((head & 127) - 64)) * (-1 if head & 128 else 1) == value


@pytest.mark.parametrize("sign", [1, -1])
def test_the_first_numbers_beyond_the_format(sign):
    assert _held(sign * np.nextafter(LARGEST, math.inf)) is None
    assert _held(sign * math.inf) is None
    assert _held(sign * np.nextafter(SMALLEST, 0)) == 0
    assert _held(0) == 0


def test_the_records_stand_where_the_note_has_them():
    variables = [Variable("TEXT", "A text", False), Variable("N", "A number", True, "DATE9")]
    data = dataset("DEMO", "A label", variables, [["abcde", None], [1.0, None]], DAY)
    assert len(data) % 80 == 0
    records = [data[i : i + 80] for i in range(0, len(data), 80)]
    assert records[0].startswith(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000")
    assert records[1][:24] == b"SAS     SAS     SASLIB  "
    assert records[1][64:] == records[2][:16] == b"30NOV23:00:00:00"
    assert records[3].endswith(b"000000000000000001600000000140  ")
    assert records[5][8:16] == b"DEMO    "
    assert records[5][64:] == records[6][:16] == b"30NOV23:00:00:00"
    assert records[6][32:39] == b"A label"
    assert records[7][48:58] == b"0000000002"
    namestr = data[8 * 80 : 8 * 80 + 140]
    kind, zero, length, number = struct.unpack(">hhhh", namestr[:8])
    assert (kind, zero, length, number, namestr[8:16]) == (2, 0, 5, 1, b"TEXT    ")
    second = data[8 * 80 + 140 : 8 * 80 + 280]
    assert second[56:64] == b"DATE    "
    assert struct.unpack(">hh", second[64:68]) == (9, 0)
    assert struct.unpack(">l", second[84:88]) == (5,)
    body = data.index(b"HEADER RECORD*******OBS") + 80
    assert data[body : body + 26] == b"abcde" + ibm(1.0) + b"     " + ibm(None)


def test_no_clock_is_in_it():
    before = dataset("DEMO", "x", [Variable("N", "n", True)], [[1.0]], DAY)
    time.sleep(1.1)
    assert dataset("DEMO", "x", [Variable("N", "n", True)], [[1.0]], DAY) == before
    year = f"{date.today():%y}:".encode()
    assert year not in before or DAY.year == date.today().year


TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200).map(
    lambda text: text.rstrip(" ") or None
)
NUMBERS = st.none() | st.integers(-(10**9), 10**9) | st.floats(1e-60, 1e60) | st.floats(-1e9, -1e-9)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, NUMBERS), min_size=1, max_size=8))
def test_what_is_written_is_read_by_others(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("xpt") / "a.xpt"
    variables = [Variable("TEXT", "A text", False), Variable("N", "A number", True)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    path.write_bytes(dataset("DEMO", "", variables, columns, DAY))
    read, meta = pyreadstat.read_xport(path)
    assert meta.column_names_to_labels == {"TEXT": "A text", "N": "A number"}
    assert [text or None for text in read["TEXT"]] == [text for text, _ in rows]
    wanted = [math.nan if number is None else float(number) for _, number in rows]
    np.testing.assert_array_equal(read["N"].to_numpy(float), wanted)
    # pandas takes blanks in a file's last record for its end, and gives 5.4e-79 for zero.
    path.write_bytes(dataset("DEMO", "", variables[1:], columns[1:], DAY))
    other = pd.read_sas(path, format="xport", encoding="ascii")
    np.testing.assert_allclose(other["N"].to_numpy(float), wanted, rtol=1e-15, atol=1e-78)

"""Numbers are looked up by id, in the order of the ARD; what is empty or absent is None."""

import pandas as pd
import pytest

from venaza.contracts.numbers import NumbersById, minus


@pytest.fixture(scope="module")
def numbers() -> NumbersById:
    rows = [
        ("km.OS.RR.median", 11.5, "11.50", "log-log"),
        ("km.OS.ND.median", None, "not reached", None),
        ("km.EFS.ND.median", 0.0, "0.00", "log-log"),
    ]
    ard = pd.DataFrame(rows, columns=["ard_id", "value", "display", "method"])
    return NumbersById(ard.astype({"value": "Float64", "display": "string", "method": "string"}))


def test_a_number_is_found_by_its_id(numbers):
    assert numbers.value("km.OS.RR.median") == 11.5
    assert numbers.value("km.EFS.ND.median") == 0
    assert numbers.field("km.OS.RR.median", "method") == "log-log"


def test_an_empty_number_is_none_and_there(numbers):
    assert numbers.value("km.OS.ND.median") is None
    assert numbers.field("km.OS.ND.median", "method") == ""
    assert "km.OS.ND.median" in numbers


def test_an_absent_number_is_none_and_not_there(numbers):
    assert numbers.value("km.PFS.ND.median") is None
    assert "km.PFS.ND.median" not in numbers
    with pytest.raises(KeyError):
        numbers.field("km.PFS.ND.median", "method")


def test_a_pattern_fits_whole_ids_in_the_order_of_the_ard(numbers):
    found = numbers.matching(r"km\.OS\.([^.]+)\.median")
    assert [(match[1], ard_id) for match, ard_id in found] == [
        ("RR", "km.OS.RR.median"),
        ("ND", "km.OS.ND.median"),
    ]
    assert numbers.matching(r"km\.OS\.ND") == []
    assert [row["display"] for row in numbers.rows()] == ["11.50", "not reached", "0.00"]


def test_a_prefix_is_used_where_an_id_starts_with_it(numbers):
    assert numbers.used("km.EFS.")
    assert not numbers.used("EFS.")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-0.5", "\u22120.5"),
        ("0.5", "0.5"),
        ("-", "-"),
        ("", ""),
        ("1 to -2", "1 to -2"),
        ("-not estimable", "-not estimable"),
    ],
)
def test_a_negative_number_has_a_minus_sign(text, printed):
    assert minus(text) == printed

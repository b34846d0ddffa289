"""Conditions on columns with empty values: what is not known is not true."""

import pandas as pd

from venaza.contracts.truth import is_true


def test_an_empty_condition_is_false():
    found = is_true(pd.Series([True, None, False], dtype="boolean"))
    assert list(found) == [True, False, False]
    assert found.dtype == bool


def test_an_empty_value_equals_nothing_and_differs_from_nothing():
    values = pd.Series(["Y", None], dtype="string")
    assert list(is_true(values == "Y")) == [True, False]
    assert list(is_true(values != "Y")) == [False, False]

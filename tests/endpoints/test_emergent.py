"""The treatment-emergent period and early death: each end from both sides."""

from __future__ import annotations

import pytest

from tests.spec.spec import Case, study_of
from venaza.commands.examples import clean_tables
from venaza.pipeline.endpoints.build import derive


def derived(rows: dict, **changed) -> dict:
    case = Case("emergent", "", given={k: [*v] for k, v in rows.items()}, endpoints={})
    case.changed = changed
    study = study_of(case)
    return derive(clean_tables(case, study), study)


def emergent(days, rule=None, **own) -> list[int]:
    """The days of adverse events of one patient, alive on day 400, that are emergent."""
    rows = {"patients": [{"USUBJID": "p", "LSTALVDY": 400, **own.pop("patient", {})}], **own}
    rows["adverse_events"] = [
        {"USUBJID": "p", "AESTDY": day, "AEDECOD": "Nausea", "AETOXGR": 3} for day in days
    ]
    changed = {f"treatment_emergent.{key}": value for key, value in (rule or {}).items()}
    found = derived(rows, **changed)["adae"]
    return list(found.loc[found["TRTEMFL"] == "Y", "ASTDY"].astype(object).where(
        found["ASTDY"].notna(), None))  # fmt: skip


def cycles(*spans):
    return [
        {"USUBJID": "p", "CYCLE": n, "EXSTDY": start, "EXENDY": end}
        for n, (start, end) in enumerate(spans, start=1)
    ]


def test_the_period_ends_thirty_days_after_the_last_dose():
    assert emergent([-1, 0, 58, 59], cycles=cycles((0, 13), (28, 28))) == [0, 58]


def test_a_recorded_stop_comes_before_the_cycles():
    stop = {"STOPDY": 40}
    assert emergent([69, 70, 71], patient=stop, cycles=cycles((0, 13), (28, 55))) == [69, 70]


def test_a_cycle_without_an_end_has_doses_on_its_days_and_none_after_follow_up():
    assert emergent([57, 58], cycles=cycles((0, ""))) == [57]  # day 27, and 30 more
    rows = {"patients": [{"USUBJID": "p", "LSTALVDY": 10}], "cycles": cycles((0, ""))}
    assert list(derived(rows)["adsl"]["TRTEDY"]) == [10]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("therapies", {"CMSTDY": 35, "CMTRT": "FLAG-IDA", "CMCLAS": "INTENSIVE"}),
        ("transplants", {"TXDY": 35}),
    ],
)
def test_what_comes_next_ends_the_period_earlier(table, row):
    more = {table: [{"USUBJID": "p", **row}]}
    assert emergent([35, 36], cycles=cycles((0, 13), (28, 28)), **more) == [35]


def test_without_a_known_last_dose_only_what_comes_next_ends_the_period():
    assert emergent([0, 300]) == [0, 300]
    therapy = [{"USUBJID": "p", "CMSTDY": 100, "CMTRT": "FLAG-IDA", "CMCLAS": "INTENSIVE"}]
    assert emergent([100, 101], therapies=therapy) == [100]


def test_an_event_without_a_day_is_emergent():
    assert emergent([""], cycles=cycles((0, 13))) == [None]


def test_the_study_may_move_each_end():
    rule = {"after_last_dose": None, "cycle_days": 28, "until": []}
    therapy = [{"USUBJID": "p", "CMSTDY": 100, "CMTRT": "FLAG-IDA", "CMCLAS": "INTENSIVE"}]
    assert emergent([399], rule, cycles=cycles((0, 13)), therapies=therapy) == [399]
    rule = {"after_last_dose": 7, "cycle_days": 10, "until": []}
    assert emergent([16, 17], rule, cycles=cycles((0, ""))) == [16]


def test_laboratory_grades_end_on_the_same_day():
    rows = {
        "patients": [{"USUBJID": "p", "LSTALVDY": 400}],
        "cycles": cycles((0, 13)),
        "labs": [
            {"USUBJID": "p", "LBDY": day, "LBTESTCD": "PLT", "LBSTRESN": 20} for day in (43, 44)
        ],
    }
    adlb = derived(rows)["adlb"].set_index("ADY")
    assert adlb["ONTRTFL"].to_dict() == {43: "Y", 44: "N"}


def test_an_early_death_is_a_death_by_the_last_early_day():
    ends = {"a": 60, "b": 61, "c": 1832}
    rows = {
        "patients": [{"USUBJID": k, "LSTALVDY": d, "DTHDY": d} for k, d in ends.items()]
        + [{"USUBJID": "d", "LSTALVDY": 500}, {"USUBJID": "e", "LSTALVDY": 500}],
        "responses": [{"USUBJID": "e", "RSDY": 30, "CYCLE": 1, "RSINV": "CR"}],
    }
    flow = derived(rows)["flow"].set_index("BOX")
    assert flow.loc["evaluable", "N"] == 1
    assert flow.loc["evaluable", "REASONS"] == (
        "died after day 60 without an evaluable assessment (n = 2); "
        "died by day 60 without an evaluable assessment (n = 1); "
        "no evaluable response assessment (n = 1)"
    )

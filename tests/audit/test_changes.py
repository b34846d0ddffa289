"""What a new export changed, on hand-made pairs of exports."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.conftest import course, make, place
from venaza.audit.changes import CHANGES, combined, compare, outcome_text
from venaza.audit.changes_page import no_changes
from venaza.contracts.columns import names


def patient(name="P1", row=2, **values) -> dict:
    base = {"USUBJID": name, "SEQ": 1, "SEX": "M", "AGE": 60.0, "INDEXDT": "2023-01-01"}
    return {**base, "INDEXDY": 0, "LSTALVDT": "2023-06-01", "LSTALVDY": 151, **place(row), **values}


def cycle(number, start, seq, row, **values) -> dict:
    base = {"USUBJID": "P1", "SEQ": seq, "CYCLE": number, "EXSTDT": start, "VENDOSE": 400.0}
    return {**base, **place(row, "疗程"), **values}


def export(patients=None, cycles=(), adtte=(), ard=()) -> dict[str, pd.DataFrame]:
    return {
        "patients": make("clean/patients", patients or [patient()]),
        "cycles": make("clean/cycles", list(cycles)),
        "adtte": make("endpoints/adtte", list(adtte)),
        "ard": make("statistics/ard", list(ard)),
    }


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    return [
        tuple(None if pd.isna(value) else value for value in line)
        for line in frame[list(columns)].itertuples(index=False)
    ]


CELL = ("USUBJID", "TABLE", "STATUS", "COLUMN", "BEFORE", "AFTER")


def test_equal_exports_have_no_changes(study):
    one = export(cycles=[cycle(1, "2023-01-01", 1, 5)])
    found = compare(one, one, study)
    assert set(found) == set(CHANGES)
    assert all(frame.empty for frame in found.values())
    assert all(list(found[name].columns) == names(CHANGES[name]) for name in CHANGES)


def test_patients_added_gone_and_changed(study):
    before = export([patient("A"), patient("B", 3), patient("C", 4)])
    after = export([patient("B", 2), patient("C", 3, LSTALVDT="2023-07-01"), patient("D", 4)])
    found = compare(before, after, study)
    expected = [("A", "gone", 0, 0), ("C", "changed", 1, 0), ("D", "added", 0, 0)]
    assert rows(found["patients"], "USUBJID", "STATUS", "CELLS", "ENDPOINTS") == expected


def test_a_cell_has_its_value_before_and_after_and_its_place(study):
    after = export([patient(row=7, LSTALVDT="2023-07-01", LSTALVDY=181)])
    cells = compare(export(), after, study)["cells"]
    expected = ("P1", "patients", "changed", "LSTALVDT", "2023-06-01", "2023-07-01")
    assert rows(cells, *CELL) == [expected]
    assert rows(cells, "SRCSHEET", "SRCROW") == [("病人", 7)]


def test_in_study_days_the_days_are_compared(study):
    given_days = {"INDEXDT": None, "LSTALVDT": None}
    before = export([patient(**given_days)])
    after = export([patient(**given_days | {"LSTALVDY": 181})])
    cells = compare(before, after, study)["cells"]
    assert rows(cells, "COLUMN", "BEFORE", "AFTER") == [("LSTALVDY", "151", "181")]


def test_a_row_put_in_between_changes_nothing_else(study):
    first, third = cycle(1, "2023-01-01", 1, 5), cycle(3, "2023-03-01", 2, 6)
    second = cycle(2, "2023-02-01", 2, 6)
    after = export(cycles=[first, second, {**third, "SEQ": 3, "SRCROW": 7}])
    cells = compare(export(cycles=[first, third]), after, study)["cells"]
    said = "CYCLE 2; EXSTDT 2023-02-01; VENDOSE 400"
    assert rows(cells, *CELL) == [("P1", "cycles", "row added", None, None, said)]
    back = compare(after, export(cycles=[first, third]), study)["cells"]
    assert rows(back, *CELL) == [("P1", "cycles", "row gone", None, said, None)]


def test_a_row_is_known_again_by_its_key_and_then_by_likeness(study):
    before = export(cycles=[cycle(1, "2023-01-01", 1, 5), cycle(None, "2023-02-01", 2, 6)])
    after = export(
        cycles=[
            cycle(1, "2023-01-03", 1, 5, VENDOSE=100.0),
            cycle(None, "2023-02-01", 2, 6, VENDAYS=14),
        ]
    )
    cells = compare(before, after, study)["cells"]
    assert rows(cells, "STATUS", "COLUMN", "BEFORE", "AFTER") == [
        ("changed", "EXSTDT", "2023-01-01", "2023-01-03"),
        ("changed", "VENDOSE", "400", "100"),
        ("changed", "VENDAYS", None, "14"),
    ]


def test_a_table_that_one_export_lacks_counts_as_empty(study):
    before = export()
    del before["cycles"]
    after = export(cycles=[cycle(1, "2023-01-01", 1, 5)])
    assert list(compare(before, after, study)["cells"]["STATUS"]) == ["row added"]
    assert list(compare(after, before, study)["cells"]["STATUS"]) == ["row gone"]


ALIVE = course("P1", "OS", 151, 1, "Last known alive", ("patients", "LSTALVDT", 1))
DEAD = course("P1", "OS", 140, 0, "Death", ("patients", "DTHDT", 1))


def test_an_endpoint_that_moved_names_the_cell_that_moved_it(study):
    died = patient(DTHDT="2023-05-21", ECOG=2)
    found = compare(export(adtte=[ALIVE]), export([died], adtte=[DEAD]), study)["endpoints"]
    (row,) = found.to_dict("records")
    assert (row["AVAL_BEFORE"], row["AVAL_AFTER"]) == (151, 140)
    assert (row["CNSR_BEFORE"], row["CNSR_AFTER"]) == (1, 0)
    assert (row["EVNTDESC_BEFORE"], row["EVNTDESC_AFTER"]) == ("Last known alive", "Death")
    assert (row["SRCDOM"], row["SRCVAR"]) == ("patients", "DTHDT")
    assert row["CAUSE"] == "patients.DTHDT: empty → 2023-05-21"
    assert outcome_text(row, "AFTER") == "140 days, event: Death"


def test_an_endpoint_that_moved_without_a_cell_points_elsewhere(study):
    (row,) = compare(export(adtte=[ALIVE]), export(adtte=[DEAD]), study)["endpoints"].to_dict(
        "records"
    )
    assert row["CAUSE"].startswith("no cell of the patient changed")


def test_a_new_endpoint_names_the_row_that_starts_it(study):
    before, after = export(), export(adtte=[{**DEAD, "PARAMCD": "PFOS"}])
    relapse = {"USUBJID": "P1", "SEQ": 1, "RSDT": "2023-03-01", "RSINV": "RELAPSE", **place(8)}
    after["responses"] = make("clean/responses", [relapse])
    (row,) = compare(before, after, study)["endpoints"].to_dict("records")
    assert row["STATUS"] == "new"
    assert row["CAUSE"] == "responses row added: RSDT 2023-03-01; RSINV RELAPSE"


def test_endpoints_of_patients_that_came_or_went_are_not_listed(study):
    after = export([patient("P2")], adtte=[{**DEAD, "USUBJID": "P2"}])
    assert compare(export(adtte=[ALIVE]), after, study)["endpoints"].empty


def number(key, value, display) -> dict:
    return {"ard_id": key, "value": value, "display": display, "unit": "months"}


def test_numbers_that_moved_before_and_after(study):
    before = [number("same", 1.0, "1"), number("moved", 2.0, "2.00"), number("lost", None, "x")]
    before += [number("gone", 1.0, "1")]
    after = [number("same", 1.0 + 1e-15, "1"), number("moved", 2.5, "2.50")]
    after += [number("lost", 3.0, "3.00"), number("new", 9.0, "9")]
    found = compare(export(ard=before), export(ard=after), study)["numbers"]
    assert rows(found, "ard_id", "STATUS", "BEFORE", "AFTER", "DIFFERENCE") == [
        ("moved", "moved", "2.00", "2.50", 0.5),
        ("lost", "moved", "x", "3.00", None),
        ("new", "new", None, "9", None),
        ("gone", "gone", "1", None, None),
    ]


@pytest.mark.parametrize(
    ("was", "now", "alarms"),
    [
        ({}, None, [("vanished patient", None)]),
        ({"DTHDT": "2023-05-01"}, {}, [("undone death", "DTHDT")]),
        ({"DTHDT": "2023-05-01"}, {"DTHDT": "2023-05-09"}, [("changed death date", "DTHDT")]),
        (
            {"DTHDT": "2023-05-09"},
            {"DTHDT": "2023-05-01"},
            [("changed death date", "DTHDT"), ("follow-up going backwards", "DTHDT")],
        ),
        ({}, {"AGE": 61.0}, [("changed age", "AGE")]),
        ({}, {"AGE": None}, [("changed age", "AGE")]),
        ({"AGE": None}, {}, []),
        ({}, {"SEX": "F"}, [("changed sex", "SEX")]),
        ({}, {"INDEXDT": "2023-01-02"}, [("changed index date", "INDEXDT")]),
        ({}, {"LSTALVDT": "2023-05-31"}, [("follow-up going backwards", "LSTALVDT")]),
        ({}, {"LSTALVDT": None}, [("follow-up going backwards", "LSTALVDT")]),
        ({}, {"DTHDT": "2023-05-01"}, [("follow-up going backwards", "DTHDT")]),
        ({}, {"LSTALVDT": "2023-08-01", "DTHDT": "2023-08-02"}, []),
        (
            {"INDEXDT": None, "LSTALVDT": None, "LSTALVDY": 100},
            {"INDEXDT": None, "LSTALVDT": None, "LSTALVDY": 99},
            [("follow-up going backwards", "LSTALVDY")],
        ),
    ],
)
def test_alarms(study, was, now, alarms):
    after = export([patient("other") if now is None else patient(**now)])
    found = compare(export([patient(**was)]), after, study)["alarms"]
    assert rows(found, "ALARM", "COLUMN") == alarms
    assert all(found["MESSAGE"].str.len() > 10)


def test_a_changed_birth_date_is_an_alarm_in_a_study_that_has_one(study):
    pair = [export() for _ in range(2)]
    for one, born in zip(pair, ("1960-01-01", "1961-01-01"), strict=True):
        one["patients"] = one["patients"].assign(BRTHDT=pd.Timestamp(born))
    (row,) = compare(*pair, study)["alarms"].to_dict("records")
    assert (row["ALARM"], row["BEFORE"]) == ("changed birth date", "1960-01-01")


def test_one_table_holds_every_change_the_alarms_first(study):
    before = export(adtte=[ALIVE], ard=[number("x", 1.0, "1")])
    after = export([patient(DTHDT="2023-05-21")], adtte=[DEAD], ard=[number("x", 2.0, "2")])
    found = combined(compare(before, after, study))
    assert list(found["KIND"]) == ["alarm", "patient", "endpoint", "number", "cell"]
    cell = found.iloc[-1]
    assert (cell["ITEM"], cell["AFTER"]) == ("patients.DTHDT", "2023-05-21")
    assert cell["NOTE"].endswith("row 2")
    assert combined(no_changes()).empty


CYCLES = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(1, 3)),
        st.sampled_from(["2023-01-01", "2023-02-01"]),
        st.sampled_from([100.0, 400.0]),
    ),
    max_size=5,
)


ONE_PATIENT = pd.DataFrame([patient()])


def made(given_cycles) -> dict[str, pd.DataFrame]:
    lines = [cycle(n, d, i + 1, i + 2, VENDOSE=v) for i, (n, d, v) in enumerate(given_cycles)]
    blank = cycle(None, None, 0, 0)
    return {"patients": ONE_PATIENT, "cycles": pd.DataFrame(lines, columns=list(blank))}


@settings(max_examples=50)
@given(CYCLES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_matters(some, random):
    shuffled = list(some)
    random.shuffle(shuffled)
    assert compare(made(some), made(shuffled), {})["cells"].empty


@settings(max_examples=50)
@given(CYCLES, CYCLES)
def test_every_difference_is_found_and_turns_round(one, other):
    forth = compare(made(one), made(other), {})["cells"]
    back = compare(made(other), made(one), {})["cells"]
    assert forth.empty == (sorted(map(str, one)) == sorted(map(str, other)))
    turned = {"row added": "row gone", "row gone": "row added", "changed": "changed"}
    assert sorted(forth["STATUS"].map(turned)) == sorted(back["STATUS"])

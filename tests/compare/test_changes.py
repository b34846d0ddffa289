"""What a new export changed, on hand-made pairs of exports."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.conftest import LIMITS, course, make, place
from venaza.contracts.columns import names
from venaza.pipeline.compare import changes
from venaza.pipeline.compare.changes import CHANGES, combined, no_changes
from venaza.pipeline.compare.endpoints import outcome_text


def patient(name="P1", row=2, **values) -> dict:
    base = {"USUBJID": name, "SEQ": 1, "SEX": "M", "AGE": 60.0, "INDEXDT": "2023-01-01"}
    return {**base, "INDEXDY": 0, "LSTALVDT": "2023-06-01", "LSTALVDY": 151, **place(row), **values}


def cycle(number, start, seq, row, **values) -> dict:
    base = {"USUBJID": "P1", "SEQ": seq, "CYCLE": number, "EXSTDT": start, "VENDOSE": 400.0}
    return {**base, **place(row, "疗程"), **values}


def export(patients=None, cycles=(), adtte=(), ard=()) -> dict[str, pd.DataFrame]:
    given = {
        "clean/patients": patients or [patient()],
        "clean/cycles": list(cycles),
        "endpoints/adtte": list(adtte),
        "statistics/ard": list(ard),
        "endpoints/adrs": [],
    }
    return {name: make(name, rows) for name, rows in given.items()}


def compare(before: dict, after: dict, study: dict, earlier: dict | None = None) -> dict:
    """The changes between two exports of one code and configuration."""
    blank = make("statistics/ard", [])
    states = [([], before.get("statistics/ard", blank))]
    states.append((["data"], after.get("statistics/ard", blank)))
    return changes.compare(before, after, states, study, earlier)


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
    assert rows(cells, "SRCSHEET_AFTER", "SRCROW_BEFORE", "SRCROW_AFTER") == [("病人", 2, 7)]


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
    del before["clean/cycles"]
    after = export(cycles=[cycle(1, "2023-01-01", 1, 5)])
    assert list(compare(before, after, study)["cells"]["STATUS"]) == ["row added"]
    assert list(compare(after, before, study)["cells"]["STATUS"]) == ["row gone"]


ALIVE = course("P1", "OS", 151, 1, "Last date known alive", ("patients", "LSTALVDT", 1))
DEAD = course("P1", "OS", 140, 0, "Death", ("patients", "DTHDT", 1))


def test_an_endpoint_that_moved_names_the_cell_that_moved_it(study):
    died = patient(DTHDT="2023-05-21", ECOG=2)
    found = compare(export(adtte=[ALIVE]), export([died], adtte=[DEAD]), study)["endpoints"]
    (row,) = found.to_dict("records")
    assert (row["AVAL_BEFORE"], row["AVAL_AFTER"]) == (151, 140)
    assert (row["CNSR_BEFORE"], row["CNSR_AFTER"]) == (1, 0)
    assert (row["EVNTDESC_BEFORE"], row["EVNTDESC_AFTER"]) == ("Last date known alive", "Death")
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
    after["clean/responses"] = make("clean/responses", [relapse])
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
        ("lost", "moved", "x", "3.00", None),
        ("new", "new", None, "9", None),
        ("gone", "gone", "1", None, None),
        ("moved", "moved", "2.00", "2.50", 0.5),
    ]


def test_one_table_holds_every_change_the_alarms_first(study):
    before = export(adtte=[ALIVE], ard=[number("x", 1.0, "1")])
    after = export([patient(DTHDT="2023-05-21")], adtte=[DEAD], ard=[number("x", 2.0, "2")])
    found = combined(compare(before, after, study))
    assert list(found["KIND"]) == ["alarm", "patient", "number", "endpoint", "cell"]
    cell = found.iloc[-1]
    assert (cell["ITEM"], cell["AFTER"]) == ("patients.DTHDT", "2023-05-21")
    assert (cell["SRCROW_BEFORE"], cell["SRCROW_AFTER"]) == (2, 2)
    assert found.iloc[3]["REFS"] == cell["REF"]
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
    return {"clean/patients": ONE_PATIENT, "clean/cycles": pd.DataFrame(lines, columns=list(blank))}


@settings(max_examples=50, deadline=None)
@given(CYCLES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_never_matters(some, random):
    shuffled = list(some)
    random.shuffle(shuffled)
    assert compare(made(some), made(shuffled), {"changes": LIMITS})["cells"].empty


@settings(max_examples=50, deadline=None)
@given(CYCLES, CYCLES)
def test_every_difference_is_found_and_turns_round(one, other):
    forth = compare(made(one), made(other), {"changes": LIMITS})["cells"]
    back = compare(made(other), made(one), {"changes": LIMITS})["cells"]
    assert forth.empty == (sorted(map(str, one)) == sorted(map(str, other)))
    turned = {"row added": "row gone", "row gone": "row added", "changed": "changed"}
    assert sorted(forth["STATUS"].map(turned)) == sorted(back["STATUS"])

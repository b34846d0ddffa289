"""Responses recorded by cycle: the day that each is given, worked by hand (invented patients)."""

from __future__ import annotations

import pytest

from tests.clean.sheets import derived, outcomes, tables_of, times
from venaza.contracts.errors import StudyError

#: A patient a row: three cycles, a response and MRD after each, dates of remission and relapse.
HEAD = "id,start,last,died,tx,next,C1,C2,C3,R1,R2,R3,M1,CR,relapse"
PATIENTS = {"INDEXDT": "start", "LSTALVDT": "last", "DTHDT": "died"}
EVENTS = [
    {"columns": {"RSDT": "CR", "RSINV": {"constant": "CR"}}},
    {"columns": {"RSDT": "relapse", "RSINV": {"constant": "RELAPSE"}}},
]


def sheets(rule=None, **more) -> dict:
    plain = {"file": "a.csv", "key": "id"}
    record = {"repeat": [1, 3], "columns": {"CYCLE": {"constant": "{n}"}, "RSINV": "R{n}"}}
    course = {"repeat": [1, 3], "columns": {"CYCLE": {"constant": "{n}"}, "EXSTDT": "C{n}"}}
    made = {
        "patients": {**plain, "columns": PATIENTS},
        "cycles": {**plain, "records": [course]},
        "responses": {**plain, "records": [record, *EVENTS]},
        "transplants": {**plain, "columns": {"TXDT": "tx"}},
        "therapies": {**plain, "columns": {"CMSTDT": "next"}},
    }
    made["responses"]["dated_by_cycles"] = rule or {"days": 28}
    made |= more
    return {table: spec for table, spec in made.items() if spec}


def read(folder, *lines, rule=None, days=False, cutoff="none", **more):
    """The tables of an export with these rows, in dates or, with ``days``, in study days."""
    kind = {"dates": "study_days" if days else "calendar"}
    text = "\n".join([HEAD, *lines]) + "\n"
    return tables_of(folder, {"a.csv": text}, sheets(rule, **more), cutoff, **kind)


def dated(tables) -> list[tuple]:
    """Cycle, day from index, response and flag of each response."""
    rows = tables["responses"].astype(object).where(tables["responses"].notna(), None)
    return [tuple(row) for row in rows[["CYCLE", "RSDY", "RSINV", "RSDTF"]].values]


def test_a_response_is_dated_by_the_next_cycle_and_the_last_by_its_own(tmp_path):
    line = "A1,2021-01-01,2021-12-01,,,,2021-01-01,2021-02-03,2021-03-10,NR,PR,CR,,,"
    tables = read(tmp_path, line)
    assert dated(tables) == [(1, 33, "NR", "Y"), (2, 68, "PR", "Y"), (3, 96, "CR", "Y")]
    log = tables["cleaning_log"].set_index("RULE").loc["dated by the cycles"]
    assert log["CLEAN"].tolist() == ["2021-02-03", "2021-03-10", "2021-04-07"]
    assert log["NOTE"].tolist() == [
        "the start of cycle 2",
        "the start of cycle 3",
        "28 days after the start of cycle 3",
    ]
    asked = tables["queries"].set_index("RULE")
    assert asked.loc["dated_by_cycles", "MESSAGE"].startswith("3 response(s) are recorded by cycle")
    assert set(asked.index) == {"dated_by_cycles"}
    assert set(outcomes(tables["cell_account"])) == {"used", "title or header"}


def test_study_days_are_counted_as_dates_are(tmp_path):
    tables = read(tmp_path, "A1,0,300,,,,0,33,68,NR,PR,CR,,,", days=True)
    assert dated(tables) == [(1, 33, "NR", "Y"), (2, 68, "PR", "Y"), (3, 96, "CR", "Y")]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ({"days": 30}, [40, 90, 120]),  # the next cycle, however late
        ({"days": 30, "rule": "days"}, [30, 70, 120]),
        ({"days": 40, "rule": "days"}, [40, 80, 130]),  # the next cycle is on that day
        ({"days": 41, "rule": "days"}, [40, 81, 131]),  # and here a day before it
    ],
)
def test_the_rule_says_which_day_it_is(tmp_path, rule, days):
    tables = read(tmp_path, "A1,0,300,,,,0,40,90,NR,PR,CR,,,", rule=rule, days=True)
    assert [day for _, day, *_ in dated(tables)] == days


@pytest.mark.parametrize(
    ("cells", "day", "note"),
    [
        ("27,27,,", 27, "not after the death"),
        ("28,28,,", 28, ""),
        ("29,29,,", 28, ""),
        ("27,,,", 27, "not after the last contact"),
        ("28,,,", 28, ""),
        ("300,,27,", 27, "not after the transplant"),
        ("300,,28,", 28, ""),
        ("300,,,27", 27, "not after the next therapy"),
        ("300,,,28", 28, ""),
        ("300,,0,", 28, ""),  # on the first day it is no end of the cycle
        ("300,,1,", 1, "not after the transplant"),
        ("0,0,,", 0, "not after the death"),
    ],
)
def test_nothing_is_dated_behind_death_last_contact_transplant_or_next_therapy(
    tmp_path, cells, day, note
):
    tables = read(tmp_path, f"A1,0,{cells},0,,,PR,,,,,", days=True)
    assert dated(tables) == [(1, day, "PR", "Y")]
    said = tables["cleaning_log"].set_index("RULE").loc["dated by the cycles", "NOTE"]
    assert said == "28 days after the start of cycle 1" + (f", {note}" if note else "")


def test_a_date_before_the_cycle_bounds_nothing(tmp_path):
    line = "A1,0,300,,30,,0,31,,PR,CR,,,,"
    assert dated(read(tmp_path, line, days=True)) == [(1, 30, "PR", "Y"), (2, 59, "CR", "Y")]


def test_cycle_1_starts_on_the_index_date_where_no_row_has_it(tmp_path):
    assert dated(read(tmp_path, "A1,0,300,,,,,,,PR,,,,,", days=True)) == [(1, 28, "PR", "Y")]


def test_a_cycle_that_nobody_began_leaves_its_response_undated_and_asked(tmp_path):
    tables = read(tmp_path, "A1,0,300,,,,0,,,PR,CR,,,,", days=True)
    assert dated(tables) == [(1, 28, "PR", "Y")]
    asked = tables["queries"].set_index("RULE")
    assert "The response to cycle 2 has no date" in asked.loc["cycle_without_start", "MESSAGE"]
    assert outcomes(tables["cell_account"], SRCCOL="R2") == {
        "row left out: no start of its cycle is known": 1
    }


def test_with_every_cycles_need_no_row(tmp_path):
    rule = {"days": 25, "every": 30}
    tables = read(tmp_path, "A1,0,300,,,,,,,NR,PR,CR,,,", rule=rule, days=True, cycles=None)
    assert [day for _, day, *_ in dated(tables)] == [30, 60, 90]
    tables = read(tmp_path, "A1,0,300,,,,,40,,NR,PR,CR,,,", rule=rule, days=True)
    assert [day for _, day, *_ in dated(tables)] == [40, 70, 100]  # counted on from cycle 2


def test_an_empty_cell_is_no_response_and_one_that_nobody_can_read_is_asked(tmp_path):
    tables = read(tmp_path, "A1,0,300,,,,0,30,60,PR,,未查,,,", days=True)
    assert dated(tables) == [(1, 30, "PR", "Y")]
    responses = {
        "file": "a.csv",
        "key": "id",
        "columns": {"CYCLE": "C1", "MBLAST": {"from": "R1", "unit": "%"}},
        "dated_by_cycles": {"days": 28},
    }
    tables = read(tmp_path, "A1,0,300,,,,1,30,60,lots,,,,,", days=True, responses=responses)
    assert "unreadable_value" in set(tables["queries"]["RULE"])


def test_a_date_of_its_own_is_kept_and_one_that_cannot_be_read_is_no_missing_one(tmp_path):
    text = "id,start,last,cycle,seen,said\n" + "".join(
        f"A1,0,300,{cycle},{seen},{said}\n"
        for cycle, seen, said in [(1, "25", "PR"), (2, "", "CR"), (3, "soon", "CR")]
    )
    plain = {"file": "a.csv", "key": "id"}
    tables = {
        "patients": {**plain, "columns": {"INDEXDT": "start", "LSTALVDT": "last"}},
        "responses": {
            **plain,
            "columns": {"CYCLE": "cycle", "RSDT": "seen", "RSINV": "said"},
            "dated_by_cycles": {"days": 28, "every": 30},
        },
    }
    made = tables_of(tmp_path, {"a.csv": text}, tables)
    assert dated(made) == [(1, 25, "PR", None), (2, 60, "CR", "Y")]


@pytest.mark.parametrize(
    ("remission", "found"),
    [
        ("45", [(1, 40, "NR", "Y"), (2, 45, "CRi", None), (3, 118, "CR", "Y")]),
        # After the start of cycle 2, and at most 28 days behind the day computed.
        ("40", [(1, 40, "NR", "Y"), (2, 40, "CRi", None), (3, 118, "CR", "Y")]),
        ("118", [(1, 40, "NR", "Y"), (2, 118, "CRi", None), (3, 118, "CR", "Y")]),
        # Of no cycle's remission: it stays what it says, and the earlier counts.
        ("39", [(None, 39, "CR", None), (1, 40, "NR", "Y"), (2, 90, "CRi", "Y"),
                (3, 118, "CR", "Y")]),
        ("147", [(1, 40, "NR", "Y"), (2, 90, "CRi", "Y"), (3, 118, "CR", "Y"),
                 (None, 147, "CR", None)]),
    ],
)  # fmt: skip
def test_a_recorded_date_of_remission_is_that_of_the_first_remission_of_the_cycles(
    tmp_path, remission, found
):
    line = f"A1,0,300,,,,0,40,90,NR,CRi,CR,,{remission},"
    tables = read(tmp_path, line, days=True)
    assert dated(tables) == found
    taken = "dated by the column of its event" in set(tables["cleaning_log"]["RULE"])
    assert taken == (len(found) == 3)


def test_a_remission_without_recovery_takes_the_date_only_where_there_is_no_other(tmp_path):
    tables = read(tmp_path, "A1,0,300,,,,0,40,90,MLFS,CR,,,45,", days=True)
    assert dated(tables)[1] == (2, 45, "CR", None)
    tables = read(tmp_path, "A1,0,300,,,,0,40,90,MLFS,PR,,,35,", days=True)
    assert dated(tables)[0] == (1, 35, "MLFS", None)


def test_a_recorded_relapse_is_the_relapse_of_its_cycle(tmp_path):
    line = "A1,0,300,,,,0,40,90,CR,CR,复发,,,100"
    assert dated(read(tmp_path, line, days=True)) == [
        (1, 40, "CR", "Y"),
        (2, 90, "CR", "Y"),
        (3, 100, "RELAPSE", None),
    ]


def test_a_computed_day_after_the_cut_off_shows_nobody_alive(tmp_path):
    line = "A1,2021-01-01,,,,,2021-01-01,2021-02-01,2021-03-01,NR,PR,CR,,,"
    for cutoff, kept in (("2021-03-28", 2), ("2021-03-29", 3)):
        tables = read(tmp_path, line, cutoff=cutoff)
        assert len(tables["responses"]) == kept
        assert tables["patients"]["LSTALVDT"].isna().all()
        assert ("after_cutoff" in set(tables["queries"]["RULE"])) == (kept == 2)


def test_times_hang_on_the_computed_days(tmp_path):
    text = "id,start,last,died,C1,C2,R1,R2\n" + (
        "A1,0,400,400,0,35,CR,CR\n" + "A2,0,300,,0,30,NR,CR\n" + "A3,0,20,20,0,,CR,\n"
    )
    plain = {"file": "a.csv", "key": "id"}
    record = {"repeat": [1, 2], "columns": {"CYCLE": {"constant": "{n}"}, "RSINV": "R{n}"}}
    course = {"repeat": [1, 2], "columns": {"CYCLE": {"constant": "{n}"}, "EXSTDT": "C{n}"}}
    tables = {
        "patients": {**plain, "columns": PATIENTS},
        "cycles": {**plain, "records": [course]},
        "responses": {**plain, "records": [record], "dated_by_cycles": {"days": 28}},
    }
    chosen = {"OS": "standard", "RFS": "eln2022"}
    results = derived(tmp_path, {"a.csv": text}, tables, endpoints=chosen)
    # A3: remission on the day of death, since 28 days were more than he lived.
    assert times(results, "RFS") == {"A1": (365, 0), "A2": (242, 1), "A3": (0, 0)}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"cycles": None}, "nothing says when cycles begin"),
        (
            {"transplants": {"file": "a.csv", "key": "id", "columns": {"TXDT": "tx"},
                             "dated_by_cycles": {"days": 28}}},
            "cannot be dated by cycles: responses alone can",
        ),
        (
            {"responses": {"file": "a.csv", "key": "id", "columns": {"RSINV": "R1"},
                           "dated_by_cycles": {"days": 28}}},
            "no record has the number of the cycle",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_dated_so_is_refused_before_the_run(tmp_path, more, message):
    with pytest.raises(StudyError, match=message):
        read(tmp_path, "A1,0,300,,,,0,,,PR,,,,,", days=True, **more)

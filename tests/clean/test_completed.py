"""Dates completed from a month or a year: each bound from both sides, worked by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.clean.export import clean_of, study
from tests.clean.sheets import derived, times
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import names
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.completed import MOVED
from venaza.study.checks import load_checks

ROOT = Path(__file__).parents[2]
ORDER = load_checks(ROOT, {}, "a.yaml")["order"]
MONTH, RULE_DAY = "2021-05", dt.date(2021, 5, 15)
#: What a row of each table needs beside its date.
BESIDE = {
    "cycles": {"CYCLE": 1},
    "responses": {"RSINV": "NE"},
    "therapies": {"CMTRT": "LDAC"},
    "mrd": {"MRDRES": "NEGATIVE"},
    "adverse_events": {"AETERM": "nausea", "AETOXGR": 2},
    "labs": {"LBTESTCD": "K", "LBSTRESN": 4},
    "transfusions": {"TFTYPE": "RBC"},
}
NEEDED = {"cycles": "EXSTDT", "adverse_events": "AESTDT"}


def cleaned(tables: dict[str, list[dict]], **sections) -> dict[str, pd.DataFrame]:
    """The clean tables of rows by table, whose headers are the clean columns."""
    lines, specs = [], {}
    headers = ["T", "ID"]
    for table, rows in tables.items():
        own = list(dict.fromkeys(name for row in rows for name in row))
        headers += [f"{table}.{name}" for name in own]
        columns = {name: {"from": f"{table}.{name}"} for name in own}
        specs[table] = {"file": "*.csv", "header_row": 1, "key": "ID", "where": {"T": [table]},
                        "records": [{"columns": columns}]}  # fmt: skip
    for table, rows in tables.items():
        for row in rows:
            cells = {"T": table, "ID": "p1", **{f"{table}.{n}": v for n, v in row.items()}}
            lines.append(",".join(str(cells.get(header, "")) for header in headers))
    text = "\n".join([",".join(headers), *lines]) + "\n"
    return clean_of(text, tables=specs, **sections)


def pair_of(rule: dict, first: str, then: str) -> dict[str, list[dict]]:
    """A patient with the two dates of a rule, and what their rows need."""
    (table, _, one), (other, _, two) = rule["first"].partition("."), rule["then"].partition(".")
    rows = {"patients": [{"INDEXDT": "2021-01-04", "LSTALVDT": "", "DTHDT": ""}]}

    def put(table: str, name: str, day: str, words: list, number: int) -> None:
        if table == "patients":
            rows["patients"][0][name] = day
            return
        beside = dict(BESIDE.get(table, {}))
        if words:
            beside["RSINV"] = words[0]
        if rule.get("number"):
            beside[rule["number"]] = number
        needed = NEEDED.get(table, name)
        row = (
            {needed: "2021-01-05", **beside, name: day} if needed != name else {name: day, **beside}
        )
        rows.setdefault(table, []).append(row)

    put(table, one, first, rule.get("first_is"), 1)
    if rule.get("same_row"):
        rows[table][-1][two] = then
    else:
        put(other, two, then, rule.get("then_is"), 2)
    if "LSTALVDT" not in (one, two) and "DTHDT" not in (one, two):
        rows["patients"][0]["LSTALVDT"] = "2021-12-31"
    return rows


def found(tables: dict, rule: dict, end: str) -> dt.date:
    table, _, name = rule[end].partition(".")
    frame = tables[table]
    words = rule.get(f"{end}_is")
    if words:
        frame = frame[frame["RSINV"].isin(words)]
    if rule.get("number"):
        frame = frame[frame[rule["number"]] == (1 if end == "first" else 2)]
    (day,) = frame[name].dropna()
    return day.date()


def asked(tables: dict) -> list[str]:
    return [rule for rule in tables["queries"]["RULE"] if rule == "completed_date_without_day"]


def ids(rule: dict) -> str:
    return "-".join(str(value) for value in rule.values() if not isinstance(value, list | bool))


@pytest.mark.parametrize("rule", ORDER, ids=ids)
def test_a_completed_date_is_not_before_the_whole_date_that_it_follows(rule):
    apart = dt.timedelta(days=rule.get("days", 0))
    for before, expected in ((0, 15), (1, 16), (10, 25)):
        whole = RULE_DAY - apart + dt.timedelta(days=before)
        tables = cleaned(pair_of(rule, whole.isoformat(), MONTH))
        assert found(tables, rule, "then") == dt.date(2021, 5, expected)
        assert found(tables, rule, "first") == whole
        assert asked(tables) == []


@pytest.mark.parametrize("rule", ORDER, ids=ids)
def test_a_completed_date_is_not_after_the_whole_date_that_follows_it(rule):
    apart = dt.timedelta(days=rule.get("days", 0))
    for after, expected in ((0, 15), (1, 14), (10, 5)):
        whole = RULE_DAY + apart - dt.timedelta(days=after)
        tables = cleaned(pair_of(rule, MONTH, whole.isoformat()))
        assert found(tables, rule, "first") == dt.date(2021, 5, expected)
        assert found(tables, rule, "then") == whole
        assert asked(tables) == []


@pytest.mark.parametrize("rule", ORDER, ids=ids)
def test_a_period_that_leaves_no_day_is_asked_about_where_only_a_mistake_makes_it_so(rule):
    apart = dt.timedelta(days=rule.get("days", 0))
    last, first = dt.date(2021, 5, 31), dt.date(2021, 5, 1)
    one = dt.timedelta(days=1)
    # The last day that leaves one, and the first that leaves none; then the same from below.
    for whole, expected, room in (
        (last - apart, last, True),
        (last - apart + one, last + one, False),
    ):
        tables = cleaned(pair_of(rule, whole.isoformat(), MONTH))
        if room or rule.get("firm"):
            assert found(tables, rule, "then") == expected
        else:
            assert found(tables, rule, "then") == RULE_DAY
        assert len(asked(tables)) == (not room and rule.get("firm", False))
    for whole, expected, room in (
        (first + apart, first, True),
        (first + apart - one, first - one, False),
    ):
        tables = cleaned(pair_of(rule, MONTH, whole.isoformat()))
        if room or rule.get("firm"):
            assert found(tables, rule, "first") == expected
        else:
            assert found(tables, rule, "first") == RULE_DAY
        assert len(asked(tables)) == (not room and rule.get("firm", False))


def test_the_rules_name_columns_and_words_that_there_are():
    dates = {f"{table}.{column.name}" for table, columns in TABLES.items() for column in columns
             if column.dtype == "date"}  # fmt: skip
    words = set(study()["vocabulary"]["response"]) | {"REFRACTORY"}
    for rule in ORDER:
        assert {rule["first"], rule["then"]} <= dates
        assert {*rule.get("first_is", ()), *rule.get("then_is", ())} <= words
        if "number" in rule:
            assert rule["number"] in names(TABLES[rule["first"].split(".")[0]])
    assert {d for d in dates if d not in ("patients.INDEXDT", "patients.DIAGDT")} <= {
        rule["first"] for rule in ORDER
    } | {"patients.DTHDT"}


def patient(**cells) -> dict:
    return {"patients": [{"INDEXDT": "2021-03-20", "LSTALVDT": "2021-05-28", "DTHDT": "", **cells}]}


def day_of(tables: dict, name: str, table: str = "patients") -> str:
    return tables[table][name].iloc[0].date().isoformat()


def test_a_move_is_logged_with_the_date_that_caused_it_and_keeps_its_flag():
    tables = cleaned(patient(DTHDT="2021-05"))
    assert day_of(tables, "DTHDT") == "2021-05-28"
    assert tables["patients"]["DTHDTF"][0] == "D"
    log = tables["cleaning_log"].set_index("RULE")
    assert log.loc["imputed day", "CLEAN"] == "2021-05-15"
    moved = log.loc[MOVED]
    assert (moved["RAW"], moved["CLEAN"]) == ("2021-05", "2021-05-28")
    assert moved["NOTE"] == "not before patients.LSTALVDT 2021-05-28"


def test_a_date_that_is_not_moved_is_logged_once():
    tables = cleaned(patient(DTHDT="2021-06"))
    assert list(tables["cleaning_log"]["RULE"]) == ["imputed day"]


def test_the_question_names_both_cells_and_the_day_that_was_taken():
    tables = cleaned(patient(DTHDT="2021-04"))
    query = tables["queries"].set_index("RULE").loc["completed_date_without_day"]
    assert query["MESSAGE"] == (
        "patients.DTHDT: no day of it goes with patients.LSTALVDT 2021-05-28 (row 2); "
        "taken as 2021-05-28."
    )
    assert (query["SEVERITY"], query["VALUE"], query["COLUMN"]) == ("error", "2021-04", "DTHDT")
    assert day_of(tables, "DTHDT") == "2021-05-28"


def test_of_several_contradictions_the_strongest_is_asked_about_once():
    rows = patient(DTHDT="2021-04") | {
        "responses": [
            {"RSDT": d, "RSINV": "CR"} for d in ("2021-05-02", "2021-06-03", "2021-05-20")
        ]
    }
    tables = cleaned(rows)
    assert len(asked(tables)) == 1
    assert day_of(tables, "DTHDT") == "2021-06-03"
    assert "responses.RSDT 2021-06-03" in " ".join(tables["queries"]["MESSAGE"])


@pytest.mark.parametrize(
    ("last", "day"), [("2021-06-30", "2021-06-30"), ("2021-07-01", "2021-07-01"),
                      ("2021-07-02", "2021-05-31"), ("2023-12-31", "2021-05-31")],
)  # fmt: skip
def test_a_date_goes_no_further_beyond_its_period_than_the_limit(last, day):
    # 31 May to 1 July is 31 days; a last contact of years later is a slip, or the export's day.
    tables = cleaned(patient(DTHDT="2021-05", LSTALVDT=last), cutoff=None)
    assert day_of(tables, "DTHDT") == day
    assert len(asked(tables)) == 1
    assert ("contact_after_death" in set(tables["queries"]["RULE"])) == (day < last)


def test_a_period_before_the_index_date_gives_way_to_all():
    # 2012 for 2021: the patient was seen on 28 May 2021, and died on that day or later.
    tables = cleaned(patient(DTHDT="2012-05"))
    assert day_of(tables, "DTHDT") == "2021-05-28"
    alone = cleaned(patient(DTHDT="2012-05", LSTALVDT=""))
    assert day_of(alone, "DTHDT") == "2021-03-20"
    assert len(asked(tables)) == len(asked(alone)) == 1


def test_a_relapse_of_a_month_after_the_death_stays_by_the_death():
    rows = patient(DTHDT="2021-05-10", LSTALVDT="") | {
        "responses": [
            {"RSDT": "2021-04-01", "RSINV": "CR"},
            {"RSDT": "2021-06", "RSINV": "RELAPSE"},
        ]
    }
    days = cleaned(rows)["responses"].set_index("RSINV")["RSDT"]
    assert days["RELAPSE"].date() == dt.date(2021, 5, 10)  # 22 days before 1 June
    rows["responses"][1]["RSDT"] = "2022-06"
    days = cleaned(rows)["responses"].set_index("RSINV")["RSDT"]
    assert days["RELAPSE"].date() == dt.date(2022, 6, 1)


def test_a_year_alone_is_kept_within_the_year():
    partial = {"partial_dates": {"missing_day": 15, "missing_month": 7}}
    tables = cleaned(patient(DTHDT="2021", LSTALVDT="2021-11-20"), timeline=partial)
    assert (day_of(tables, "DTHDT"), tables["patients"]["DTHDTF"][0]) == ("2021-11-20", "M")
    free = cleaned(patient(DTHDT="2021"), timeline=partial)
    assert day_of(free, "DTHDT") == "2021-07-15"


@pytest.mark.parametrize(
    ("cutoff", "export", "day"),
    [
        (None, None, "2021-06-15"),
        (None, "2021-06-15", "2021-06-15"),
        (None, "2021-06-14", "2021-06-14"),
        ("2021-06-14", "2021-06-20", "2021-06-14"),
        ("2021-06-01", "2021-06-20", "2021-06-01"),
    ],
)
def test_a_completed_date_is_not_after_the_cut_off_or_the_export_in_its_period(cutoff, export, day):
    tables = cleaned(patient(DTHDT="2021-06"), cutoff=cutoff, export=export)
    assert day_of(tables, "DTHDT") == day
    assert set(tables["queries"]["RULE"]) <= {"completed_date_across_cutoff"}


@pytest.mark.parametrize(
    ("cutoff", "export", "rules"),
    [
        ("2021-06-10", "2021-12-31", ["completed_date_across_cutoff"]),
        ("2021-06-29", "2021-12-31", ["completed_date_across_cutoff"]),
        ("2021-06-30", "2021-12-31", []),
        ("2021-06-01", "2021-12-31", ["completed_date_across_cutoff"]),
        ("2021-05-31", "2021-12-31", ["after_cutoff"]),
        ("2021-06-10", "2021-06-10", []),
    ],
)
def test_a_month_in_which_the_cut_off_lies_is_asked(cutoff, export, rules):
    tables = cleaned(patient(DTHDT="2021-06"), cutoff=cutoff, export=export)
    rules_asked = list(tables["queries"]["RULE"])
    assert [rule for rule in rules_asked if "cutoff" in rule] == rules
    assert not asked(tables)


def test_a_patient_who_was_seen_after_the_cut_off_did_not_die_before_it_in_that_month():
    later = patient(DTHDT="2021-06", LSTALVDT="2021-06-20")
    tables = cleaned(later, cutoff="2021-06-10", export="2021-12-31")
    assert set(tables["queries"]["RULE"]) == {"after_cutoff"}
    row = tables["patients"].iloc[0]
    assert row["DTHDT"] is pd.NaT
    assert row["LSTALVDT"].date() == dt.date(2021, 6, 10)


def test_a_month_after_the_cut_off_is_after_the_cut_off():
    tables = cleaned(patient(DTHDT="2021-06"), cutoff="2021-05-31", export="2021-12-31")
    assert tables["patients"]["DTHDT"].isna().all()
    assert tables["patients"]["DTHDTF"].isna().all()
    assert day_of(tables, "LSTALVDT") == "2021-05-31"


def test_two_completed_dates_keep_their_order():
    # CR on 25 May bounds the relapse, the relapse the salvage, the marrow of the 29th the death.
    rows = patient(DTHDT="2021-05", LSTALVDT="2021-05") | {
        "responses": [
            {"RSDT": "2021-05-25", "RSINV": "CR"},
            {"RSDT": "2021-05", "RSINV": "RELAPSE"},
            {"RSDT": "2021-05-29", "RSINV": "NE"},
        ],
        "therapies": [{"CMSTDT": "2021-05", "CMTRT": "LDAC"}],
    }
    tables = cleaned(rows)
    relapse = tables["responses"].set_index("RSINV").loc["RELAPSE", "RSDT"]
    assert relapse.date().isoformat() == "2021-05-26"
    assert day_of(tables, "CMSTDT", "therapies") == "2021-05-26"
    assert day_of(tables, "LSTALVDT") == day_of(tables, "DTHDT") == "2021-05-29"
    assert asked(tables) == []


def test_two_completed_dates_of_one_month_that_nothing_bounds_take_the_declared_day():
    tables = cleaned(patient(INDEXDT="2021-01-04", LSTALVDT="2021-05", DTHDT="2021-05"))
    assert day_of(tables, "LSTALVDT") == day_of(tables, "DTHDT") == "2021-05-15"
    first = {"responses": [{"RSDT": MONTH, "RSINV": word} for word in ("CR", "RELAPSE")]}
    days = cleaned(patient(LSTALVDT="2021-07-01") | first)["responses"].set_index("RSINV")["RSDT"]
    assert (days["CR"].day, days["RELAPSE"].day) == (15, 16)


def test_a_later_bound_reaches_an_earlier_completed_date():
    # Death on 10 May: the salvage of May is by the 10th, and the relapse before it too.
    rows = patient(INDEXDT="2021-01-04", DTHDT="2021-05-10", LSTALVDT="") | {
        "responses": [{"RSDT": "2021-03-01", "RSINV": "CR"}, {"RSDT": MONTH, "RSINV": "RELAPSE"}],
        "therapies": [{"CMSTDT": MONTH, "CMTRT": "LDAC"}],
    }
    tables = cleaned(rows)
    assert day_of(tables, "CMSTDT", "therapies") == "2021-05-10"
    assert set(tables["responses"]["RSDT"].dt.date.astype(str)) == {"2021-03-01", "2021-05-10"}


def test_an_earlier_rule_goes_before_a_later_one():
    # The salvage of 10 May follows the relapse of May; the CR of the 30th is the second remission.
    rows = patient(INDEXDT="2021-01-04", LSTALVDT="2021-12-01") | {
        "responses": [
            {"RSDT": "2021-03-01", "RSINV": "CR"},
            {"RSDT": MONTH, "RSINV": "RELAPSE"},
            {"RSDT": "2021-05-30", "RSINV": "CR"},
        ],
        "therapies": [{"CMSTDT": "2021-05-10", "CMTRT": "LDAC"}],
    }
    days = cleaned(rows)["responses"]
    assert days[days["RSINV"] == "RELAPSE"]["RSDT"].iloc[0].day == 10


@pytest.mark.parametrize(
    ("one", "other", "day", "flag"),
    [
        ("2021-05", "2021-05-20", "2021-05-20", None),
        ("2021-05-20", "2021-05", "2021-05-20", None),
        ("2021-05-15", "2021-05", "2021-05-15", None),
        ("2021-05", "2021-05-15", "2021-05-15", None),
        ("2021", "2021-05", "2021-05-15", "D"),
        ("2021-05", "", "2021-05-15", "D"),
    ],
)
def test_a_month_and_a_day_of_it_in_two_rows_are_one_date(one, other, day, flag):
    rows = {"patients": [
        {"INDEXDT": "2021-01-04", "LSTALVDT": "2021-02-01", "DTHDT": one},
        {"INDEXDT": "2021-01-04", "LSTALVDT": "2021-02-01", "DTHDT": other},
    ]}  # fmt: skip
    partial = {"partial_dates": {"missing_day": 15, "missing_month": 7}}
    tables = cleaned(rows, timeline=partial)
    assert day_of(tables, "DTHDT") == day
    found = tables["patients"]["DTHDTF"][0]
    assert (None if pd.isna(found) else found) == flag


def test_a_month_and_a_day_of_another_in_two_rows_stop_the_run_as_they_were_written():
    rows = {"patients": [
        {"INDEXDT": "2021-01-04", "LSTALVDT": "2021-02-01", "DTHDT": "2021-05"},
        {"INDEXDT": "2021-01-04", "LSTALVDT": "2021-02-01", "DTHDT": "2021-06-01"},
    ]}  # fmt: skip
    with pytest.raises(StudyError, match=r"contradict each other \(2021-05 in row 2\)"):
        cleaned(rows)


# What a clinician expects of whole exports.

KEEP = {
    "privacy": {"columns": {"id": {"keep": "made up"}}},
    "dates": "calendar",
    **dict.fromkeys(("response", "failure", "milestones", "mrd")),
}
PATIENTS = {
    "file": "p.csv",
    "key": "id",
    "columns": {"INDEXDT": "start", "LSTALVDT": "last", "SURVSTAT": "status", "DTHDT": "death"},
}
RESPONSES = {
    "file": "r.csv",
    "key": "id",
    "columns": {"RSDT": "date", "CYCLE": "cycle", "RSINV": "resp"},
}
THERAPIES = {"file": "t.csv", "key": "id", "columns": {"CMSTDT": "date", "CMTRT": "what"}}
#: As in the study `bmt`, whose file the tests take as a frame.
ENDPOINTS = {"OS": "standard", "RFS": "eln2022", "CIR": "from_remission", "PFOS": "from_failure"}


def results(folder: Path, patients: str, responses: str = "", therapies: str = "") -> dict:
    files = {"p.csv": f"id,start,last,status,death\n{patients}"}
    tables = {"patients": PATIENTS}
    if responses:
        files["r.csv"] = f"id,date,cycle,resp\n{responses}"
        tables["responses"] = RESPONSES
    if therapies:
        files["t.csv"] = f"id,date,what\n{therapies}"
        tables["therapies"] = THERAPIES
    chosen = ENDPOINTS if responses else {"OS": "standard"}
    return derived(folder, files, tables, endpoints=chosen, **KEEP)


def test_a_death_of_which_the_month_is_known_comes_after_the_last_contact(tmp_path):
    made = results(
        tmp_path,
        "1,2021-03-20,2021-03-28,dead,2021-04\n2,2021-03-10,2021-05-28,dead,2021-05\n"
        "3,2021-01-10,2021-11-28,alive,\n4,2021-02-10,2021-12-28,dead,2022-01\n",
        "2,2021-05-25,2,CR\n1,2021-03-27,1,NR\n3,2021-03-01,1,CR\n4,2021-04-01,1,CR\n",
    )
    # 10 March to 28 May is 79 days; to 31 May, the last day it can be, 82.
    assert times(made) == {"1": (26, 0), "2": (79, 0), "3": (322, 1), "4": (339, 0)}
    assert set(times(made, "RFS")) == {"2", "3", "4"}
    assert times(made, "RFS")["2"] == (3, 0)
    assert made["queries"].empty


def test_a_death_in_the_month_of_the_first_dose_comes_after_it(tmp_path):
    made = results(
        tmp_path,
        "1,2021-03-20,2021-03-22,dead,2021-03\n2,2021-03-10,2021-05-01,dead,2021-05\n"
        "3,2021-01-10,2021-11-28,alive,\n",
    )
    # Seen on 22 March, day 2; the month ends on day 11.
    assert times(made) == {"1": (2, 0), "2": (66, 0), "3": (322, 1)}
    assert made["queries"].empty


def test_a_death_in_a_month_before_the_first_dose_is_asked_and_does_not_stop_the_run(tmp_path):
    made = results(tmp_path, "1,2021-03-20,,dead,2021-02\n2,2021-03-10,2021-05-01,alive,\n")
    assert times(made)["1"] == (0, 0)
    assert list(made["queries"]["RULE"]) == ["completed_date_without_day"]


def test_a_relapse_before_a_death_in_the_same_month_is_a_relapse(tmp_path):
    made = results(
        tmp_path,
        "1,2022-01-01,2022-08-01,dead,2022-08\n",
        "1,2022-02-01,1,CR\n1,2022-08-28,6,relapse\n",
    )
    assert times(made, "RFS")["1"] == times(made, "CIR")["1"] == (208, 0)
    # 28 August is day 239 from 1 January; the death is on it or up to three days later.
    assert times(made)["1"] == (239, 0)


def test_a_relapse_of_which_the_month_is_known_comes_before_the_death(tmp_path):
    made = results(
        tmp_path,
        "1,2022-01-01,2022-07-20,dead,2022-08-10\n",
        "1,2022-02-01,1,CR\n1,2022-08,6,relapse\n",
    )
    assert times(made, "CIR")["1"] == (190, 0)  # by 10 August
    assert times(made)["1"] == (221, 0)


def test_a_salvage_of_which_the_month_is_known_follows_the_relapse(tmp_path):
    made = results(
        tmp_path,
        "1,2022-01-01,2022-12-01,alive,\n",
        "1,2022-02-01,1,CR\n1,2022-08-20,6,relapse\n",
        "1,2022-08,FLAG-IDA\n",
    )
    assert made["adsl"]["PFTRTFL"][0] == "Y"
    assert day_of(made, "CMSTDT", "therapies") == "2022-08-20"

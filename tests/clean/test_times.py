"""Times of an export without calendar dates: whole days, or weeks, months and years as declared."""

import pytest

from tests.clean.export import clean_of, study
from tests.clean.sheets import tables_of
from venaza.contracts.errors import StudyError
from venaza.contracts.text import folded
from venaza.pipeline.clean.times import UNITS, read_days, time_unit, unit_in_header

STUDY = study()


def days(text, how=None, unit=""):
    return read_days(text, how or {}, STUDY, unit)


@pytest.mark.parametrize(
    ("text", "unit", "made"),
    [
        *(("5", "", 5), ("5.0", "", 5), ("-10", "", -10), ("0", "", 0), ("36525", "", 36525)),
        *(("5", "days", 5), ("5.4", "days", 5), ("5.5", "days", 6), ("-5.5", "days", -5)),
        *(("2", "weeks", 14), ("0.5", "weeks", 4), ("4", "months", 122), ("12", "months", 365)),
        # 220 x 30.4375 = 6696.25; 2 x 30.4375 = 60.875; 4 x 30.4375 = 121.75; a year has 365.25.
        *(("220", "months", 6696), ("2", "months", 61), ("1", "years", 365), ("2", "years", 731)),
        *(("100", "years", 36525), ("1200", "Months", 36525), ("3", "月", 91), ("3", "wks", 21)),
    ],
)
def test_a_time_is_rounded_to_whole_days(text, unit, made):
    assert days(text, {"unit": unit} if unit else {})[0] == made
    assert days(text, unit=unit)[0] == made
    if unit and not text.startswith("-"):
        assert days(f"{text} {unit}")[0] == made


def test_the_rule_is_logged():
    assert days("5") == days("5.0", {"unit": "days"}) == (5, "", "")
    assert days("5.4", {"unit": "days"})[1] == "days x 1, rounded"
    assert days("220", {"unit": "months"})[1] == "months x 30.4375, rounded"
    assert days("2", {"unit": "years"})[1] == "years x 365.25, rounded"


def test_the_unit_beside_the_number_goes_before_the_column_and_this_before_the_mapping():
    assert days("2 weeks", {"unit": "months"}, "years")[0] == 14
    assert days("2", {"unit": "months"}, "weeks")[0] == 14
    assert days("1,5", {"unit": "weeks", "decimal": ","})[0] == 11


@pytest.mark.parametrize(
    ("text", "how", "problem"),
    [
        ("5.5", {}, "declare unit: days"),
        ("36526", {}, "no patient's time"),
        ("-36526", {}, "no patient's time"),
        ("44197", {}, "no patient's time"),
        ("106752", {}, "no patient's time"),
        ("99999999", {}, "no patient's time"),
        ("10000000000000000000", {}, "more than 15 digits"),
        ("1e308", {}, "more than 15 digits"),
        ("1e308", {"unit": "years"}, "more than 15 digits"),
        ("999999999999", {"unit": "years"}, "no patient's time"),
        ("1e400", {}, "more than 15 digits"),
        ("9" * 310, {}, "more than 15 digits"),
        ("1201", {"unit": "months"}, "no patient's time"),
        ("<30", {}, "a limit"),
        ("30-40", {}, "several numbers"),
        ("soon", {}, "not a number of days"),
        ("5 furlongs", {}, "'furlongs' is no unit of time"),
        ("2021-01-05", {}, "a calendar date among study days"),
        ("2021年1月5日", {}, "a calendar date among study days"),
    ],
)
def test_what_is_no_time_is_asked(text, how, problem):
    read = days(text, how)
    assert read[:2] == (None, "")
    assert problem in read[2]


def test_each_word_stands_for_one_unit():
    words = [folded(word) for unit, known in UNITS.items() for word in (unit, *known)]
    assert len(words) == len(set(words))
    assert {time_unit(word) for word in words} == set(UNITS)
    assert time_unit("hours") is None


@pytest.mark.parametrize(
    ("header", "unit", "bracketed"),
    [
        *(("OS (months)", "months", True), ("OS（月）", "months", True), ("OS[m]", "months", True)),
        *(("OS (d)", "days", True), ("生存（天）", "days", True), ("OS (years)", "years", True)),
        *(("OS_months", "months", False), ("in weeks", "weeks", False)),
        *(("osmonths", "months", False), ("OSmonths", "months", False)),
        *(("生存月", "months", False), ("随访年", "years", False), ("OS", None, False)),
        *(("os_mo", "months", False), ("os_m", None, False), ("os_yrs", "years", False)),
        *(("OS meses", "months", False), ("survie (mois)", "months", True)),
        *(("Überleben (Monate)", "months", True), ("生存期間(ヶ月)", "months", True)),
        *(("생존기간(개월)", "months", True), ("隨訪週數", "weeks", False)),
        *(("周期", None, False), ("年龄", None, False), ("生存天数", None, False)),
        *(("days_to_month_12", None, False), ("months (d)", "days", True)),
        *(("survival_days", None, False), ("t2m", None, False), ("OS (event)", None, False)),
    ],
)  # fmt: skip
def test_what_a_header_says_of_a_time(header, unit, bracketed):
    assert unit_in_header(header) == (unit, bracketed)


@pytest.mark.parametrize(
    ("header", "how", "made"),
    [
        ("OS (months)", {}, 122),
        ("OS (days)", {}, 4),
        ("OS (months)", {"unit": "days"}, 4),
        ("OS_months", {"unit": "months"}, 122),
        ("OS_months", {"unit": "days"}, 4),
        ("OS_months", {}, None),
    ],
)
def test_a_header_in_months_is_read_so_or_stops_the_run(header, how, made):
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": {"from": header, **how}}
    tables = {"patients": {"file": "*.csv", "header_row": 1, "key": "病案号", "records": [
        {"columns": columns}]}}  # fmt: skip
    sections = {"tables": tables, "timeline": {"dates": "study_days"}}
    text = f"病案号,{header}\na,4\n"
    if made is None:
        with pytest.raises(StudyError, match="speaks of months, and the times") as caught:
            clean_of(text, **sections)
        assert "Write unit: months (or unit: days) under tables > patients" in str(caught.value)
        return
    assert list(clean_of(text, **sections)["patients"]["LSTALVDY"]) == [made]


def test_months_of_follow_up_are_days_of_survival(tmp_path):
    rows = [(1, 4, "dead"), (2, 8, "alive"), (3, 12, "dead"), (4, 16, "alive"), (5, 20, "dead")]
    rows += [
        (6, 24, "alive"),
        (7, 28, "dead"),
        (8, 32, "alive"),
        (9, 36, "dead"),
        (10, 40, "alive"),
    ]
    text = "id,months,status\n" + "".join(f"{n},{t},{s}\n" for n, t, s in rows)
    columns = {
        "INDEXDT": {"constant": 0},
        "LSTALVDT": {"from": "months", "unit": "months"},
        "DTHDT": {"from": "months", "unit": "months", "when": {"status": "dead"}},
    }
    spec = {"patients": {"file": "p.csv", "key": "id", "columns": columns}}
    made = tables_of(tmp_path, {"p.csv": text}, spec, privacy={"columns": {"id": {"keep": "x"}}})
    patients = made["patients"]
    # Each of the ten is rounded by itself; together they are 220 months, 6,696 days.
    assert sum(patients["LSTALVDY"]) == pytest.approx(6696, abs=5)
    by_patient = patients.set_index("USUBJID")
    assert by_patient.loc["1", "DTHDY"] == 122
    assert by_patient.loc["10", "LSTALVDY"] == 1218
    assert patients["DTHDY"].notna().sum() == 5
    rules = set(made["cleaning_log"]["RULE"])
    assert rules == {"months x 30.4375, rounded"}


def test_a_column_of_days_with_decimals_stops_until_they_are_declared_to_be_rounded():
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": {"from": "t"}}
    tables = {"patients": {"file": "*.csv", "header_row": 1, "key": "病案号", "records": [
        {"columns": columns}]}}  # fmt: skip
    sections = {"tables": tables, "timeline": {"dates": "study_days"}}
    text = "病案号,t\na,5.5\nb,6.5\nc,7.25\n"
    with pytest.raises(StudyError, match="3 of 3 times under 't' have decimals: 5.5") as caught:
        clean_of(text, **sections)
    assert "or unit: days to have days rounded" in str(caught.value)
    columns["LSTALVDT"]["unit"] = "days"
    assert list(clean_of(text, **sections)["patients"]["LSTALVDY"]) == [6, 7, 7]


def test_a_number_that_no_patient_is_followed_for_is_asked_and_not_counted():
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": {"from": "t"}, "DTHDT": {"from": "d"}}
    tables = {"patients": {"file": "*.csv", "header_row": 1, "key": "病案号", "records": [
        {"columns": columns}]}}  # fmt: skip
    text = "病案号,t,d\na,44197,\nb,30,106752\nc,20,25\n"
    made = clean_of(text, tables=tables, timeline={"dates": "study_days"})
    asked = made["queries"][made["queries"]["RULE"] == "unreadable_value"]
    assert set(asked["VALUE"]) == {"44197", "106752"}
    assert made["patients"]["LSTALVDY"].tolist()[1:] == [30, 20]

"""Dates that SAS, SPSS and Stata store as numbers: each format of theirs, in real files."""

import datetime as dt

import pandas as pd
import pyreadstat
import pytest

from venaza.pipeline.intake.date_formats import DateFormat, format_of
from venaza.pipeline.intake.read import open_file
from venaza.pipeline.intake.stored_dates import converted

DAY, MORNING = dt.date(2021, 3, 5), dt.datetime(2021, 3, 5, 8, 30)
SAS = (DAY - dt.date(1960, 1, 1)).days
SPSS = (DAY - dt.date(1582, 10, 14)).days * 86400
CLOCK = 8 * 3600 + 30 * 60


def read(path, stored, form):
    """The text, the kind and the notes that one number in a file with a format becomes."""
    frame = pd.DataFrame({"V": [stored, None] if path.suffix != ".dta" else [stored]})
    write = {".xpt": pyreadstat.write_xport, ".sav": pyreadstat.write_sav}
    write.get(path.suffix, pyreadstat.write_dta)(frame, str(path), variable_format={"V": form})
    sheet = open_file(path).sheets[0]
    return *sheet.rows[1][0], sheet.notes


@pytest.mark.parametrize(
    ("forms", "stored", "shown"),
    [
        ("DATE9 DDMMYY10 MMDDYYS8 YYMMDD10 E8601DA10 B8601DA8 IS8601DA10", SAS, "2021-03-05"),
        ("JULIAN7 NENGO10 MINGUO10 HEBDATE20 HDATE17 WEEKDATX29 WORDDATE18", SAS, "2021-03-05"),
        ("EURDFDD10 DEUDFDD10 FRADFWKX20 NLDATE10 NLDATEW20 WEEKV11", SAS, "2021-03-05"),
        ("DOWNAME9 MONNAME3 DAY2 QTR1 NLDATEMN10", SAS, "2021-03-05"),
        ("MONYY7 YYMMN6 MMYYS7 DEUDFMY7 NLDATEYM10 YYMON7", SAS, "2021-03"),
        ("YYQ6 YYQC6 YYQR8 YYQZ4 NLDATEYQ10", SAS, "2021-Q1"),
        ("YEAR4 NLDATEYR4", SAS, "2021"),
        ("YYWEEKV8", SAS, "2021-W09"),
        ("DTDATE9 E8601DN10 B8601DN8 NLDATMDT10 DTWKDATX29", SAS * 86400 + CLOCK, "2021-03-05"),
        (
            "DATETIME20 DATEAMPM22 MDYAMPM20 E8601DT19 IS8601DT19 E8601DZ20 NLDATM19 EURDFDT18",
            SAS * 86400 + CLOCK,
            "2021-03-05T08:30:00",
        ),
        ("DTMONYY7 NLDATMYM10", SAS * 86400 + CLOCK, "2021-03"),
        ("DTYYQC6", SAS * 86400, "2021-Q1"),
        ("DTYEAR4", SAS * 86400, "2021"),
        ("TIME8 TOD8 HHMM5 HOUR5 TIMEAMPM11 E8601TM8 NLTIME8", CLOCK, "08:30:00"),
        ("TIME8", 26 * 3600, "26:00:00"),
        ("TOD8 TIME8", SAS * 86400 + CLOCK, "2021-03-05T08:30:00"),
    ],
)
@pytest.mark.parametrize("version", [5, 8])
def test_every_kind_of_sas_format(tmp_path, forms, stored, shown, version):
    names = forms.split()
    frame = pd.DataFrame({f"V{n}": [float(stored)] for n in range(len(names))})
    path = tmp_path / "a.xpt"
    shown_as = {f"V{n}": name for n, name in enumerate(names)}
    pyreadstat.write_xport(frame, str(path), file_format_version=version, variable_format=shown_as)
    row = open_file(path).sheets[0].rows[1]
    assert dict(zip(names, row, strict=True)) == {
        name: (shown, "time" if shown.count("-") == 0 and ":" in shown else "date")
        for name in names
    }


@pytest.mark.parametrize(
    ("forms", "stored", "shown"),
    [
        ("DATE11 ADATE10 EDATE10 JDATE7 SDATE10", SPSS, "2021-03-05"),
        ("DATE11 SDATE10", SPSS + CLOCK, "2021-03-05"),
        ("DATETIME20 YMDHMS19", SPSS + CLOCK, "2021-03-05T08:30:00"),
        ("MOYR8", SPSS, "2021-03"),
        ("QYR6", SPSS, "2021-Q1"),
        ("WKYR8", SPSS, "2021w10"),
        ("TIME8 DTIME12", CLOCK, "8:30:00"),
        ("TIME8 DTIME12", 50 * 3600, "50:00:00"),
    ],
)
def test_every_kind_of_spss_format(tmp_path, forms, stored, shown):
    for form in forms.split():
        assert read(tmp_path / "a.sav", float(stored), form)[0] == shown, form


@pytest.mark.parametrize(
    ("forms", "stored", "shown"),
    [
        ("%td %d %tdDD/NN/CCYY %tdD_m_Y %-tdMon_DD,_CCYY %dD_m_CY", SAS, "2021-03-05"),
        ("%tdDayname_DD_Month_CCYY %tdCCYY.NN.DD %tdCCYY-JJJ", SAS, "2021-03-05"),
        ("%tdMon_CCYY %tdCCYY-NN %tdDa_NN/YY %dm_CY", SAS, "2021-03"),
        ("%tdCCYY!Qq", SAS, "2021-Q1"),
        ("%tdCCYY", SAS, "2021"),
        ("%tc %tcDD/NN/CCYY_HH:MM %tcCCYY-NN-DD_Hh:MM_am", (SAS * 86400 + CLOCK) * 1000,
         "2021-03-05T08:30:00"),
        ("%tcDD/NN/CCYY", (SAS * 86400 + CLOCK) * 1000, "2021-03-05"),
        ("%tcHH:MM:SS %tcHh:MM_am", (SAS * 86400 + CLOCK) * 1000, "2021-03-05T08:30:00"),
        ("%tcHH:MM:SS %tcHh:MM_am", CLOCK * 1000, "08:30:00"),
        # 37 leap seconds since 1960 are 27 that Stata's table has, from 1972 on.
        ("%tC", (SAS * 86400 + CLOCK + 27) * 1000, "2021-03-05T08:30:00"),
        ("%tm %tmCCYY-NN", 61 * 12 + 2, "2021-03"),
        ("%tm", -1, "1959-12"),
        ("%tq %tqCCYY!Qq", 61 * 4, "2021-Q1"),
        ("%th", 61 * 2 + 1, "2021-H2"),
        ("%ty", 2021, "2021"),
        ("%tw", 61 * 52 + 9, "2021w10"),
    ],
)  # fmt: skip
def test_every_kind_of_stata_format(tmp_path, forms, stored, shown):
    for form in forms.split():
        assert read(tmp_path / "a.dta", float(stored), form)[0] == shown, form


@pytest.mark.parametrize(
    ("program", "form"),
    [
        *(("sas", form) for form in ("BEST12", "COMMA9.2", "$CHAR20", "F8.2", "DOLLAR8", "", None)),
        *(("spss", form) for form in ("F8.2", "A20", "DOLLAR8", "WKDAY3", "MONTH3", "PCT5.1")),
        *(("stata", form) for form in ("%9.0g", "%10.2f", "%20s", "%tg", "%tbnyse")),
    ],
)
def test_what_is_no_format_of_a_date(program, form):
    assert format_of(program, form) is None


def test_a_month_that_is_stored_to_the_day_is_the_month_and_noted(tmp_path):
    first, later = SPSS - 4 * 86400, SPSS
    for stored, said in ((first, False), (later, True)):
        text, kind, notes = read(tmp_path / "a.sav", float(stored), "MOYR8")
        assert (text, kind) == ("2021-03", "date")
        assert bool(notes) == said
    assert notes[0].startswith("V: read as the month that is shown, though stored to the day")


def test_leap_seconds_are_taken_out_from_the_second_that_was_inserted_on():
    form = DateFormat("leap milliseconds", "datetime")
    end = (dt.datetime(1972, 7, 1) - dt.datetime(1960, 1, 1)).total_seconds() * 1000
    # 23:59:59, the inserted 23:59:60, midnight, and one second before the second leap second.
    values = [end - 1000, end, end + 1000, end + 184 * 86_400_000]
    read_back, said = converted(values, form, "stata")
    assert [at.isoformat() for at in read_back] == [
        *("1972-06-30T23:59:59", "1972-06-30T23:59:59", "1972-07-01T00:00:00"),
        "1972-12-31T23:59:59",
    ]
    assert said == "leap seconds are taken out"


@pytest.mark.parametrize("stored", [9_999_999.0, -800_000.0, 1e30])
def test_a_number_that_no_calendar_holds_stays_a_number(tmp_path, stored):
    text, kind, _ = read(tmp_path / "a.xpt", stored, "DATE9")
    assert kind == "number"
    assert float(text) == pytest.approx(stored)


@pytest.mark.parametrize("unit", ["days", "milliseconds", "months", "weeks", "years"])
def test_what_is_no_number_of_days_is_handed_back(unit):
    values = [None, float("inf"), float("-inf"), 1e18, -1e18, 0.5 if unit != "days" else 1e9]
    read_back, _ = converted(values, DateFormat(unit, "month"), "stata")
    assert read_back[:5] == values[:5]
    assert unit == "milliseconds" or read_back[5] == values[5]


@pytest.mark.parametrize("form", ["DATE11", "MOYR8", "DATETIME20"])
def test_a_date_that_spss_declares_missing_stays_missing(tmp_path, form):
    none = float((dt.date(1900, 1, 1) - dt.date(1582, 10, 14)).days * 86400 + CLOCK)
    path = tmp_path / "a.sav"
    frame = pd.DataFrame({"V": [none, float(SPSS - 4 * 86400)]})
    ranges = {"V": [{"lo": none, "hi": none}]}
    pyreadstat.write_sav(frame, str(path), variable_format={"V": form}, missing_ranges=ranges)
    sheet = open_file(path).sheets[0]
    assert [row[0][1] for row in sheet.rows[1:]] == ["missing", "date"]
    assert sheet.notes == []


def test_a_tagged_missing_date_stays_missing(tmp_path):
    frame = pd.DataFrame({"V": [SAS, "a"]}, dtype="object")
    path = tmp_path / "a.dta"
    pyreadstat.write_dta(
        frame, str(path), variable_format={"V": "%td"}, missing_user_values={"V": ["a"]}
    )
    cells = [row[0] for row in open_file(path).sheets[0].rows[1:]]
    assert cells == [("2021-03-05", "date"), (".a", "missing")]


def test_a_special_missing_of_a_transport_file_is_empty(tmp_path):
    path = tmp_path / "a.xpt"
    frame = pd.DataFrame({"V": [float(SAS), 1.0]})
    pyreadstat.write_xport(frame, str(path), variable_format={"V": "DATE9"})
    data = path.read_bytes()
    one = bytes.fromhex("4110000000000000")  # 1.0 as IBM writes it
    assert data.count(one) == 1
    path.write_bytes(data.replace(one, b"A" + bytes(7)))
    cells = [row[0] for row in open_file(path).sheets[0].rows[1:]]
    assert cells == [("2021-03-05", "date"), ("", "text")]


def test_days_of_a_business_calendar_are_left_and_noted(tmp_path):
    text, kind, notes = read(tmp_path / "a.dta", 4000.0, "%tbnyse")
    assert (text, kind) == ("4000", "number")
    assert notes == ["V: days of a business calendar: left as numbers"]

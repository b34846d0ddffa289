"""Whole exports whose dates were read wrong once: the days of follow-up that they must give."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyreadstat
import pytest

from tests.clean.sheets import derived, times
from venaza.contracts.errors import StudyError

KEEP = {"privacy": {"columns": {"id": {"keep": "made up"}}}, "dates": "calendar"}
COLUMNS = {"INDEXDT": "start", "LSTALVDT": "last", "SURVSTAT": "status", "DTHDT": "death"}
#: Six patients followed for 200 to 250 days, the last two dead: 1,350 patient-days.
STARTS = [dt.date(2021, 1, 10) + dt.timedelta(days=20 * n) for n in range(6)]
LASTS = [day + dt.timedelta(days=200 + 10 * n) for n, day in enumerate(STARTS)]
DAYS = {f"P{n}": (200 + 10 * n, 0 if n > 3 else 1) for n in range(6)}
MONTHS = "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."
GERMAN = dict(enumerate(MONTHS.split(), start=1))
EPOCH = {"sas": dt.date(1960, 1, 1), "spss": dt.date(1582, 10, 14)}


def counted(day: dt.date, program: str, unit: int = 1) -> float:
    return float((day - EPOCH[program]).days * unit)


def frame(start, last, death) -> pd.DataFrame:
    """The cohort with its dates written by three functions."""
    dead = [n > 3 for n in range(6)]
    return pd.DataFrame({
        "id": list(DAYS),
        "start": [start(day) for day in STARTS],
        "last": [last(day) for day in LASTS],
        "status": ["dead" if d else "alive" for d in dead],
        "death": [death(day) if d else None for d, day in zip(dead, LASTS, strict=True)],
    })  # fmt: skip


def results(folder, name: str, content: str | bytes, columns: dict | None = None, **sections):
    spec = {"patients": {"file": name, "key": "id", "columns": columns or COLUMNS}}
    return derived(folder, {name: content}, spec, **{**KEEP, **sections})


def csv(write) -> str:
    return frame(write, write, write).to_csv(index=False)


@pytest.mark.parametrize("form", ["EURDFDD10", "NLDATE10", "DATE9", "WORDDATE18", "MINGUO10"])
def test_a_sas_date_of_any_format(tmp_path, form):
    made = frame(*(lambda day: counted(day, "sas") for _ in range(3)))
    path = tmp_path / "a.xpt"
    shown = {"start": form, "last": "DATE9", "death": "DATE9"}
    pyreadstat.write_xport(made, str(path), variable_format=shown)
    found = results(tmp_path, "a.xpt", path.read_bytes())
    assert times(found) == DAYS
    assert sum(days for days, _ in times(found).values()) == 1350
    assert found["queries"].empty


@pytest.mark.parametrize("form", ["DTDATE9", "DATETIME20", "E8601DT19", "NLDATM19"])
def test_a_sas_date_and_time_of_any_format(tmp_path, form):
    seconds = lambda day: counted(day, "sas", 86400) + 30600  # noqa: E731
    made = frame(seconds, *(lambda day: counted(day, "sas") for _ in range(2)))
    path = tmp_path / "a.xpt"
    shown = {"start": form, "last": "DATE9", "death": "DATE9"}
    pyreadstat.write_xport(made, str(path), variable_format=shown)
    assert times(results(tmp_path, "a.xpt", path.read_bytes())) == DAYS


def test_a_month_of_death_in_spss_is_a_month_after_the_last_contact(tmp_path):
    made = frame(*(lambda day: counted(day, "spss", 86400) for _ in range(3)))
    path = tmp_path / "a.sav"
    shown = {"start": "EDATE10", "last": "SDATE10", "death": "MOYR8"}
    pyreadstat.write_sav(made, str(path), variable_format=shown)
    found = results(tmp_path, "a.sav", path.read_bytes())
    patients = found["patients"].set_index("USUBJID")
    assert list(patients["DTHDTF"].dropna().index) == ["P4", "P5"]
    # Seen on 26 November and 26 December, died in that month: on that day or up to five later.
    assert times(found) == DAYS
    assert found["queries"].empty


def test_a_quarter_is_asked_until_it_is_declared_how_it_is_completed(tmp_path):
    made = frame(*(lambda day: counted(day, "spss", 86400) for _ in range(3)))
    path = tmp_path / "a.sav"
    shown = {"start": "EDATE10", "last": "SDATE10", "death": "QYR6"}
    pyreadstat.write_sav(made, str(path), variable_format=shown)
    asked = results(tmp_path, "a.sav", path.read_bytes())
    assert "only the part of the year" in " ".join(asked["queries"]["MESSAGE"])
    middle = {"timeline": {"partial_dates": {"part_of_year": "middle"}}}
    found = results(tmp_path, "a.sav", path.read_bytes(), **middle)
    assert times(found) == DAYS  # the last contact is in the second half of the quarter
    assert set(found["patients"]["DTHDTF"].dropna()) == {"M"}


@pytest.mark.parametrize(
    ("origin", "zero"),
    [("1970-01-01", dt.date(1970, 1, 1)), ("1960-01-01", dt.date(1960, 1, 1))],
)
def test_days_since_a_day_stop_the_run_until_that_day_is_declared(tmp_path, origin, zero):
    text = csv(lambda day: (day - zero).days)
    with pytest.raises(StudyError, match="None of the 6 filled cell") as caught:
        results(tmp_path, "a.csv", text)
    assert f"2021-01-10 by {origin}" in str(caught.value)
    assert times(results(tmp_path, "a.csv", text, timeline={"date_origin": origin})) == DAYS


def test_a_sas_file_without_formats_stops_the_run_until_the_day_is_declared(tmp_path):
    made = frame(*(lambda day: counted(day, "sas") for _ in range(3)))
    path = tmp_path / "a.xpt"
    pyreadstat.write_xport(made, str(path))
    with pytest.raises(StudyError, match="2021-01-10 by 1960-01-01"):
        results(tmp_path, "a.xpt", path.read_bytes())
    columns = {name: {"from": raw, "date_origin": "1960-01-01"} for name, raw in COLUMNS.items()}
    columns["SURVSTAT"] = "status"
    assert times(results(tmp_path, "a.xpt", path.read_bytes(), columns)) == DAYS


@pytest.mark.parametrize(
    ("write", "declared"),
    [
        (lambda day: f"{day.year - 1911}{day:%m%d}", {"calendar": "minguo"}),
        (lambda day: f"{day.year - 1911}/{day:%m/%d}", {"calendar": "minguo"}),
        (lambda day: f"民國{day.year - 1911}年{day.month}月{day.day}日", {"calendar": "minguo"}),
        (lambda day: f"{day.year + 543}-{day:%m-%d}", {"calendar": "buddhist"}),
        (lambda day: f"R{day.year - 2018}.{day.month}.{day.day}", {"calendar": "japanese"}),
        (lambda day: f"{day:%y}/{day.month}/{day.day}", {"date_order": "YMD"}),
        (lambda day: f"{day:%y%m%d}", {"date_order": "YMD"}),
        (lambda day: f"{day.day}.{day.month}.{day:%y}", {"date_order": "DMY"}),
    ],
)
def test_an_era_or_a_short_year_stops_the_run_until_it_is_declared(tmp_path, write, declared):
    text = csv(write)
    (key,) = declared
    with pytest.raises(StudyError, match="None of the 6 filled cell") as caught:
        results(tmp_path, "a.csv", text)
    assert f"{key}: {declared[key]}" in str(caught.value) or key == "date_order"
    assert times(results(tmp_path, "a.csv", text, timeline=declared)) == DAYS


@pytest.mark.parametrize(
    "write",
    [
        lambda day: f"{day.year}. {day.month}. {day.day}.",
        lambda day: f"{day.year}년 {day.month}월 {day.day}일",
        lambda day: f"{day.year}、{day.month}、{day.day}",
        lambda day: f"{day.day}. {GERMAN[day.month]} {day.year}",
    ],
)  # fmt: skip
def test_dates_of_other_countries_need_nothing(tmp_path, write):
    made = results(tmp_path, "a.csv", csv(write))
    assert times(made) == DAYS
    assert made["queries"].empty

"""Dates that do not say how they are meant: proposed with a question, never as study days."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyreadstat
import pytest

from tests.new_study.test_new_study import DATE, csv_file
from venaza.commands.check import in_memory
from venaza.commands.new_study.command import new_study
from venaza.preflight import load_study

STARTS = [dt.date(2021, 1, 10) + dt.timedelta(days=20 * n) for n in range(8)]
LASTS = [day + dt.timedelta(days=200 + 10 * n) for n, day in enumerate(STARTS)]


def written(day: dt.date, how: str) -> str:
    """A day as an export writes it."""
    year = day.year - 1911
    return {
        "R": str((day - dt.date(1970, 1, 1)).days),
        "SAS": str((day - dt.date(1960, 1, 1)).days),
        "Unix": str((day - dt.date(1970, 1, 1)).days * 86400),
        "serial": str((day - dt.date(1899, 12, 30)).days),
        "minguo": f"{year}{day:%m%d}",
        "minguo words": f"民國{year}年{day.month}月{day.day}日",
        "japanese": f"R{day.year - 2018}.{day.month}.{day.day}",
        "buddhist": f"{day.year + 543}-{day:%m-%d}",
        "year first": f"{day:%y}/{day.month}/{day.day}",
    }[how]


def frame(how: str | None) -> pd.DataFrame:
    """Eight patients, the last four dead at the last contact."""
    show = (
        (lambda day: written(day, how)) if how else (lambda day: (day - dt.date(1960, 1, 1)).days)
    )
    dead = [n > 3 for n in range(8)]
    return pd.DataFrame({
        "SUBJID": [f"P{n}" for n in range(8)],
        "SEX": ["M", "F"] * 4,
        "AGE": [60.0 + n for n in range(8)],
        "TRTSDT": [show(day) for day in STARTS],
        "LSTALVDT": [show(day) for day in LASTS],
        "STATUS": ["dead" if d else "alive" for d in dead],
        "DTHDT": [show(day) if d else None for d, day in zip(dead, LASTS, strict=True)],
    })  # fmt: skip


def proposed(project, source) -> tuple[str, dict[str, int]]:
    """What new-study says, and the days of follow-up by its study file as it is."""
    told = new_study(project, "fresh", source, copy=DATE)
    *_, results = in_memory(project, load_study(project, "fresh"))
    rows = results["adtte"][results["adtte"]["PARAMCD"] == "OS"]
    return told, dict(zip(rows["USUBJID"], rows["AVAL"], strict=True))


DAYS = {f"P{n}": 200 + 10 * n for n in range(8)}


@pytest.mark.parametrize(
    ("how", "key", "said"),
    [
        ("R", "date_origin: 1970-01-01", "(R or Unix): 18637 is 2021-01-10, or counts from 1960"),
        ("SAS", "date_origin: 1960-01-01", "(SAS or Stata): 22290 is 2021-01-10"),
        ("Unix", "unit: seconds", "1610236800 is 2021-01-10"),
        ("serial", "date_origin: 1899-12-30", "(a spreadsheet): 44206 is 2021-01-10"),
        ("minguo", "calendar: minguo", "years of the Republic of China: 1100110 is 2021-01-10"),
        ("minguo words", "calendar: minguo", "民國110年1月10日 is 2021-01-10"),
        ("japanese", "calendar: japanese", "R3.1.10 is 2021-01-10"),
        ("buddhist", "calendar: buddhist", "2564-01-10 is 2021-01-10"),
        (
            "year first",
            "date_order: YMD",
            "the year first, and years of two digits: 21/1/10 is 2021-01-10",
        ),
    ],
)
def test_dates_of_a_text_file_are_proposed_with_what_must_be_declared(
    project, tmp_path, how, key, said
):
    made = frame(how)
    rows = [list(made.columns), *made.fillna("").values.tolist()]
    told, days = proposed(project, csv_file(tmp_path / "in", "adsl.csv", rows))
    assert days == DAYS
    assert said in " ".join(told.split())
    assert key.split(":")[0] in told
    text = (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")
    assert text.replace("'", "").count(key) == 3
    assert "dates: calendar" in text


@pytest.mark.parametrize(
    ("ending", "write", "origin"),
    [
        (".xpt", pyreadstat.write_xport, "1960-01-01"),
        (".dta", pyreadstat.write_dta, "1960-01-01"),
    ],
)
def test_numbers_of_a_statistics_file_without_formats_count_as_its_program_does(
    project, tmp_path, ending, write, origin
):
    made = frame(None)
    folder = tmp_path / "in"
    folder.mkdir()
    write(made, str(folder / f"adsl{ending}"))
    told, days = proposed(project, folder)
    assert days == DAYS
    assert f"counts from {origin}" in " ".join(told.split())


def test_true_study_days_stay_days(project, tmp_path):
    rows = [["patient id", "sex", "survival days", "status"]]
    rows += [[f"P{n}", "M", 200 + 10 * n, "dead" if n > 3 else "alive"] for n in range(8)]
    told, days = proposed(project, csv_file(tmp_path / "in", "a.csv", rows))
    assert days == DAYS
    assert "How are these dates meant" not in told

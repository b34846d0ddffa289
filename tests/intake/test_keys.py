"""Patient numbers that a spreadsheet has spoilt."""

import pytest
from openpyxl import Workbook

from tests.intake.made import intake_of, table
from venaza.contracts.errors import StudyError


def keys(tmp_path, *values, **more):
    (tmp_path / "p.csv").write_text("id\n" + "\n".join(values) + "\n", encoding="utf-8")
    spec = table("p.csv", "id", {})
    return intake_of(tmp_path, patients=spec, **more)


@pytest.mark.parametrize("value", ["1.23E+10", "1.23e+10", "2E+17"])
def test_a_number_shown_as_a_power_of_ten_stops_the_run(tmp_path, value):
    with pytest.raises(StudyError, match="has lost digits") as caught:
        keys(tmp_path, "007", value)
    assert caught.value.place["row"] == 3
    assert caught.value.place["column"] == "id"


@pytest.mark.parametrize("value", [123456789012345678, 1234567890123456])
def test_a_long_number_of_a_workbook_stops_the_run(tmp_path, value):
    book = Workbook()
    book.active.append(["id"])
    book.active.append([value])
    book.save(tmp_path / "p.xlsx")
    with pytest.raises(StudyError, match="has lost digits"):
        intake_of(tmp_path, patients=table("p.xlsx", "id", {}))


def test_a_long_number_stored_as_text_is_kept(tmp_path):
    book = Workbook()
    book.active.append(["id"])
    book.active.append(["123456789012345678"])
    book.save(tmp_path / "p.xlsx")
    cells, _ = intake_of(tmp_path, patients=table("p.xlsx", "id", {}))
    assert cells.iloc[-1]["VALUE"] == "123456789012345678"


def test_numbers_cut_after_15_digits_stop_the_run_and_are_not_shown(tmp_path):
    with pytest.raises(StudyError, match="all end in zeros") as caught:
        keys(tmp_path, "110101199003070000", "110101199003080000", "7")
    assert "110101" not in str(caught.value)


def test_long_numbers_with_their_digits_are_kept(tmp_path):
    cells, _ = keys(tmp_path, "110101199003070000", "110101199003081234")
    assert len(cells) == 3


def test_a_single_number_that_ends_in_a_zero_is_no_proof(tmp_path):
    cells, _ = keys(tmp_path, "1234567890123450")
    assert len(cells) == 2


def test_a_power_of_ten_in_another_column_is_a_value(tmp_path):
    (tmp_path / "p.csv").write_text("id,mrd\n7,1.2E+10\n", encoding="utf-8")
    cells, _ = intake_of(tmp_path, patients=table("p.csv", "id", {}))
    assert cells.iloc[-1]["VALUE"] == "1.2E+10"


def test_numbers_with_a_decimal_are_noted(tmp_path):
    _, files = keys(tmp_path, "123.0", "124.0")
    assert "are written with a decimal (.0)" in files.loc[0, "NOTES"]


def test_lost_leading_zeros_are_noted(tmp_path):
    (tmp_path / "r.csv").write_text("id\n7\n12\n", encoding="utf-8")
    _, files = keys(tmp_path, "007", "012", responses=table("r.csv", "id", {}))
    said = dict(zip(files["SRCFILE"], files["NOTES"], strict=True))
    assert said["r.csv"] == (
        "2 patient number(s) of 'responses' seem to have lost their leading zeros"
    )
    assert said["p.csv"] is None


def test_the_sheets_of_a_pattern_are_looked_at_and_others_are_not(tmp_path):
    book = Workbook()
    for name, number in (("p1", "007"), ("p2", "7"), ("other", "1.23E+10")):
        sheet = book.create_sheet(name)
        sheet.append(["id", "x"])
        sheet.append([number, "1"])
    book.save(tmp_path / "a.xlsx")
    patients = table("a.xlsx", "id", {"AGE": "x"}, sheet="p1")
    _, files = intake_of(tmp_path, patients=patients, labs={**patients, "sheet": "p[0-9]"})
    assert "1 patient number(s) of 'labs' seem to have lost" in files.loc[0, "NOTES"]
    with pytest.raises(StudyError, match="has lost digits"):
        intake_of(tmp_path, patients={**patients, "sheet": "*"})

"""Corrections decided by the clinic: applied to the cell they name, or refused."""

import pandas as pd
import pytest

from tests.clean.export import clean_of, patients_csv
from tests.clean.test_build import OK, rows_with
from venaza.contracts.errors import StudyError

LINE = {
    **{"line": 2, "patient": "p1", "table": "patients", "row": "", "column": "HGB"},
    **{"old": "9.5", "new": "95", "reason": "wrong unit", "who": "Dr Li", "date": "2023-12-01"},
}
OTHER = ("p2", *OK[1:])


def with_lines(text: str, *lines: dict, strict: bool = True, responses: bool = False) -> dict:
    made = [{**LINE, "line": n, **line} for n, line in enumerate(lines, start=2)]
    told = {"file": "config/corrections/small.csv", "strict": strict, "lines": made}
    return clean_of(text, responses=responses, corrections=told)


def refused(text: str, *lines: dict, **more) -> str:
    with pytest.raises(StudyError) as caught:
        with_lines(text, *lines, **more)
    return str(caught.value)


WRONG = patients_csv([rows_with(hgb="9.5"), OTHER])


def test_a_corrected_cell_is_read_with_its_new_value_and_raises_no_query():
    tables = with_lines(WRONG, {})
    assert tables["patients"].set_index("USUBJID")["HGB"].tolist() == [95, 95]
    assert tables["queries"].empty
    assert not clean_of(WRONG)["queries"].empty


def test_a_correction_is_logged_with_its_reason_and_who_decided():
    log = with_lines(WRONG, {})["cleaning_log"]
    own = log[log["RULE"] == "correction"].to_dict("records")
    assert len(own) == 1
    assert (own[0]["RAW"], own[0]["CLEAN"], own[0]["COLUMN"]) == ("9.5", "95", "HGB")
    assert own[0]["NOTE"] == "wrong unit (Dr Li, 2023-12-01)"
    assert (own[0]["SRCFILE"], own[0]["SRCROW"], own[0]["SRCCOL"]) == ("export.csv", 2, "HGB")


def test_the_table_of_corrections_names_the_raw_cell():
    made = with_lines(WRONG, {})["corrections"].iloc[0]
    assert (made["STATUS"], made["SRCROW"], made["LINE"]) == ("applied", 2, 2)
    assert made["WHEN"] == pd.Timestamp("2023-12-01")


def test_without_corrections_the_table_is_there_and_empty():
    assert clean_of(WRONG)["corrections"].empty


def test_an_old_value_that_no_longer_matches_is_refused_with_both_values():
    text = refused(WRONG, {"old": "8.5"})
    assert "line 2: patient p1, patients, HGB: old is '8.5', the export has '9.5'." in text
    assert "config/corrections/small.csv" in text


def test_a_cell_that_the_hospital_has_corrected_itself_needs_nothing():
    tables = with_lines(patients_csv([OK, OTHER]), {})
    assert list(tables["corrections"]["STATUS"]) == ["already in the export"]
    assert "correction" not in set(tables["cleaning_log"]["RULE"])


def test_every_line_that_does_not_fit_is_told_at_once():
    text = refused(WRONG, {"patient": "p9"}, {"old": "1"}, {"column": "HBG"})
    assert "3 corrections do not fit" in text
    for part in ("line 2: patient p9", "line 3: patient p1", "line 4", "did you mean 'HGB'?"):
        assert part in text


def test_a_patient_whose_zeros_a_spreadsheet_took_off_is_suggested():
    text = refused(patients_csv([("007", *OK[1:])]), {"patient": "7", "old": "95", "new": "9"})
    assert "did you mean '007'?" in text


def test_nothing_is_applied_where_one_line_does_not_fit():
    assert "none was applied" in refused(WRONG, {}, {"patient": "p9"})


VISITS = patients_csv(
    [
        ("p1", "男", "CR", "2021-01-01", "2021-06-01"),
        ("p1", "男", "PR", "2021-01-01", "2021-06-01"),
        ("p2", "男", "PR", "2021-01-01", "2021-06-02"),
    ]
)
RESPONSE = {"table": "responses", "column": "RSINV", "old": "PR", "new": "CRi"}


def test_a_key_that_fits_two_rows_is_refused_with_their_numbers():
    text = refused(VISITS, {**RESPONSE, "row": "末次随访日期=2021-06-01"}, responses=True)
    assert "fits 2 rows (2, 3); say which" in text
    assert "without a row key it fits 2 rows" in refused(VISITS, RESPONSE, responses=True)


@pytest.mark.parametrize(
    "row", ["3", "export.csv!3", "疗效=PR", "RSDT=2021/6/1; RSINV=PR", "RSDT=2021-06-01；疗效=PR"]
)
def test_a_row_is_named_by_its_number_or_by_what_it_says(row):
    tables = with_lines(VISITS, {**RESPONSE, "row": row}, responses=True)
    assert sorted(tables["responses"]["RSINV"]) == ["CR", "CRi", "PR"]
    assert list(tables["corrections"]["SRCROW"]) == [3]


def test_a_row_of_another_patient_does_not_count():
    assert "no row '4'" in refused(VISITS, {**RESPONSE, "row": "4"}, responses=True)


def test_a_key_survives_a_new_export_in_which_rows_have_moved():
    lines = VISITS.splitlines()
    moved = "\n".join([lines[0], lines[3], lines[1], lines[2]]) + "\n"
    key = {**RESPONSE, "row": "RSDT=2021-06-01; RSINV=PR"}
    assert list(with_lines(moved, key, responses=True)["corrections"]["SRCROW"]) == [4]


def test_an_empty_cell_can_be_filled_and_a_filled_one_emptied():
    text = patients_csv([rows_with(hgb=""), OTHER])
    filled = with_lines(text, {"old": "", "new": "95"})["patients"]
    assert filled.set_index("USUBJID").loc["p1", "HGB"] == 95
    emptied = with_lines(WRONG, {"new": ""})
    assert pd.isna(emptied["patients"].set_index("USUBJID").loc["p1", "HGB"])
    assert emptied["queries"].empty


def test_no_cell_is_lost_from_the_account():
    plain = clean_of(WRONG)["cell_account"]["N"].sum()
    emptied = with_lines(WRONG, {"new": ""})["cell_account"]
    assert emptied["N"].sum() == plain
    line = emptied[emptied["OUTCOME"] == "emptied by a correction"].iloc[0]
    assert (line["SRCCOL"], line["COL"], line["N"]) == ("HGB", "I", 1)
    changed = with_lines(WRONG, {})["cell_account"]
    assert changed["N"].sum() == plain
    assert "emptied by a correction" not in set(changed["OUTCOME"])


def test_a_column_that_is_empty_throughout_can_be_filled():
    text = patients_csv([rows_with(hgb="")])
    assert with_lines(text, {"old": "", "new": "95"})["patients"]["HGB"].tolist() == [95]


def test_a_patient_number_that_was_left_out_is_given_by_row():
    text = patients_csv([OK, rows_with(id="")])
    line = {"patient": "", "row": "3", "column": "病案号", "old": "", "new": "p7"}
    assert with_lines(text, line)["patients"]["USUBJID"].tolist() == ["p1", "p7"]


def test_two_corrections_of_one_cell_follow_each_other():
    tables = with_lines(WRONG, {"new": "96"}, {"old": "96", "new": "97"})
    assert tables["patients"].set_index("USUBJID").loc["p1", "HGB"] == 97


def test_a_date_that_a_spreadsheet_has_rewritten_is_still_the_same_value():
    line = {"column": "DIAGDT", "old": "2020/12/20", "new": "2020-12-21"}
    made = with_lines(patients_csv([OK]), line)["patients"].iloc[0]
    assert made["DIAGDT"] == pd.Timestamp("2020-12-21")


def test_an_earlier_export_takes_what_fits_and_lists_the_rest():
    tables = with_lines(WRONG, {"patient": "p9"}, {}, strict=False)
    status = tables["corrections"]["STATUS"].tolist()
    assert status[0].startswith("does not apply: there is no such patient")
    assert status[1] == "applied"


def test_an_unknown_table_is_refused_with_those_that_there_are():
    assert "it has patients" in refused(WRONG, {"table": "labs"})

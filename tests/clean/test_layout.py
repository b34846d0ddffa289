"""Layouts: repeated columns, merged cells, rows that a table asks for, several files of a table."""

import datetime as dt

import pytest

from tests.clean.sheets import PATIENTS, loaded, outcomes, tables_of
from venaza.contracts.errors import StudyError

ONE = {"file": "export.csv", "key": "id"}
WIDE = """id,last,rs_day_1,rs_1,rs_day_2,rs_2,rs_day_3,rs_3
p1,400,30,CR,200,RELAPSE,,
p2,300,,,28,PR,56,CR
p3,20,,,,,,
"""


def wide_tables(repeat=(1, 3), columns=None) -> dict:
    columns = columns or {"RSDT": "rs_day_{n}", "RSINV": "rs_{n}"}
    records = [{"repeat": list(repeat), "columns": columns}]
    return {"patients": {**ONE, "columns": PATIENTS}, "responses": {**ONE, "records": records}}


def test_repeated_columns_become_rows(tmp_path):
    tables = tables_of(tmp_path, {"export.csv": WIDE}, wide_tables())
    rows = tables["responses"][["USUBJID", "SEQ", "RSDY", "RSINV", "SRCROW"]]
    assert rows.values.tolist() == [
        ["p1", 1, 30, "CR", 2],
        ["p1", 2, 200, "RELAPSE", 2],
        ["p2", 1, 28, "PR", 3],
        ["p2", 2, 56, "CR", 3],
    ]


def test_a_raw_row_counts_once_however_many_rows_it_gives(tmp_path):
    tables = tables_of(tmp_path, {"export.csv": WIDE}, wide_tables())
    account = outcomes(tables["row_account"], TABLE="responses")
    assert account == {"used": 2, "nothing recorded in it": 1}


def test_the_number_may_be_padded_and_stand_in_a_constant(tmp_path):
    text = "id,last,d01,d02\np1,400,30,60\n"
    columns = {"RSDT": "d{n:02}", "RSINV": {"constant": "CR"}, "CYCLE": {"constant": "{n}"}}
    tables = tables_of(tmp_path, {"export.csv": text}, wide_tables((1, 2), columns))
    assert tables["responses"][["RSDY", "CYCLE"]].values.tolist() == [[30, 1], [60, 2]]


def test_repeated_columns_that_the_sheet_lacks_are_named(tmp_path):
    with pytest.raises(StudyError) as caught:
        loaded(tmp_path, {"export.csv": WIDE}, wide_tables((1, 5)))
    assert "4 such columns do not stand there: rs_day_4, rs_4, rs_day_5, rs_5" in str(caught.value)


def test_a_repeat_that_has_no_number_in_it_is_refused(tmp_path):
    columns = {"RSDT": "rs_day_1", "RSINV": "rs_1"}
    with pytest.raises(StudyError, match="names the same columns each time"):
        loaded(tmp_path, {"export.csv": WIDE}, wide_tables((1, 3), columns))


def test_a_repeat_counts_upwards(tmp_path):
    with pytest.raises(StudyError, match=r"The repeat \[3, 1\] counts downwards"):
        loaded(tmp_path, {"export.csv": WIDE}, wide_tables((3, 1)))


def test_a_cut_off_removes_records_and_not_the_row_that_keeps_another(tmp_path):
    text = "id,first,last,rs_day_1,rs_day_2\n"
    text += "p1,2021-01-01,2021-06-01,2021-02-01,2021-12-01\n"
    text += "p2,2021-01-01,2021-06-01,2021-11-01,2021-12-01\n"
    records = [{"repeat": [1, 2], "columns": {"RSDT": "rs_day_{n}", "RSINV": {"constant": "CR"}}}]
    tables = {
        "patients": {**ONE, "columns": {"INDEXDT": "first", "LSTALVDT": "last"}},
        "responses": {**ONE, "records": records},
    }
    made = tables_of(tmp_path, {"export.csv": text}, tables, "2021-06-30", dates="calendar")
    assert len(made["responses"]) == 1
    late = "dated after the data cut-off"
    assert outcomes(made["row_account"], TABLE="responses") == {"used": 1, late: 1}
    cells = made["cell_account"]
    assert outcomes(cells, SRCCOL="rs_day_1") == {"used": 1, f"row left out: {late}": 1}
    assert outcomes(cells, SRCCOL="rs_day_2") == {f"row left out: {late}": 2}


MERGED = """id,last,rs_day,rs
p1,400,30,CR
,,200,RELAPSE
p2,300,28,PR
,,56,CR
,,,
"""


def merged_tables(**more) -> dict:
    columns = {"RSDT": "rs_day", "RSINV": "rs"}
    return {
        "patients": {**ONE, "columns": PATIENTS, **more},
        "responses": {**ONE, "columns": columns, **more},
    }


def test_merged_patient_numbers_are_filled_down_where_declared(tmp_path):
    made = tables_of(tmp_path, {"export.csv": MERGED}, merged_tables(fill_down=["id"]))
    rows = made["responses"][["USUBJID", "RSDY"]].values.tolist()
    assert rows == [["p1", 30], ["p1", 200], ["p2", 28], ["p2", 56]]
    log = made["cleaning_log"]
    filled = log[log["RULE"] == "filled from the row above"]
    assert set(zip(filled["USUBJID"], filled["COLUMN"], filled["SRCROW"], strict=True)) == {
        ("p1", "USUBJID", 3),
        ("p2", "USUBJID", 5),
    }
    assert made["queries"].empty


@pytest.mark.parametrize(
    "below", ["合计,420,,", ",合计,420,", "备注：末次随访,,,", "Total,720,,", ",,,合计"]
)
def test_totals_and_notes_below_the_patients_are_nobodys(below, tmp_path):
    made = tables_of(tmp_path, {"export.csv": MERGED + below}, merged_tables(fill_down=["id"]))
    assert list(made["patients"]["USUBJID"]) == ["p1", "p2"]
    assert made["queries"]["RULE"].tolist() == ["summary_row"]  # one, though two tables read it
    assert made["cell_account"]["N"].sum() == len(made["cells"])


def test_rows_of_a_patient_who_has_another_say_nothing_new(tmp_path):
    made = tables_of(tmp_path, {"export.csv": MERGED}, merged_tables(fill_down=["id"]))
    account = outcomes(made["row_account"], TABLE="patients")
    assert account == {"used": 2, "nothing recorded in it": 2}


def test_nothing_is_filled_down_where_it_is_not_declared(tmp_path):
    made = tables_of(tmp_path, {"export.csv": MERGED}, merged_tables())
    assert len(made["responses"]) == 2
    assert set(made["queries"]["RULE"]) == {"row_without_patient"}


def test_a_value_is_never_filled_from_another_sheet_or_file(tmp_path):
    files = {"a.csv": "id,last\np1,400\n", "b.csv": "id,last\n,300\n"}
    tables = {"patients": {"file": "*.csv", "key": "id", "columns": PATIENTS, "fill_down": ["id"]}}
    made = tables_of(tmp_path, files, tables)
    assert list(made["queries"]["RULE"]) == ["row_without_patient"]
    assert list(made["patients"]["LSTALVDY"]) == [400]


VISITS = """id,visit,last,rs
p1,first,400,
p1,late,,CR
p1,lost,,PR
p2,first,300,
"""


def test_where_asks_for_rows_and_the_rest_is_accounted_for(tmp_path):
    tables = {
        "patients": {**ONE, "where": {"visit": "first"}, "columns": PATIENTS},
        "responses": {
            **ONE,
            "where": {"visit": ["late", "later"]},
            "columns": {"RSDT": {"constant": 30}, "RSINV": "rs"},
        },
    }
    made = tables_of(tmp_path, {"export.csv": VISITS}, tables)
    assert list(made["responses"]["RSINV"]) == ["CR"]
    assert outcomes(made["row_account"], TABLE="patients") == {"used": 2}
    cells = made["cell_account"]
    assert outcomes(cells, SRCCOL="rs") == {"used": 1, "row left out: not a row of the table": 1}
    assert cells["N"].sum() == len(made["cells"])


def test_a_form_that_nobody_has_filled_in_yet_is_a_query(tmp_path):
    responses = {"where": {"visit": "later"}, "columns": {"RSDT": "last", "RSINV": "rs"}}
    tables = {"patients": {**ONE, "columns": PATIENTS}, "responses": {**ONE, **responses}}
    made = tables_of(tmp_path, {"export.csv": VISITS}, tables)
    assert made["responses"].empty
    assert list(made["queries"]["RULE"]) == ["where_without_rows"]


def test_where_that_holds_of_no_patient_is_an_error(tmp_path):
    tables = {"patients": {**ONE, "where": {"visit": "frist"}, "columns": PATIENTS}}
    with pytest.raises(StudyError, match="No row of the sheet") as caught:
        tables_of(tmp_path, {"export.csv": VISITS}, tables)
    assert "Standing there: first, late, lost." in str(caught.value)
    assert caught.value.place["column"] == "visit"


JANUARY = "id,last,seen\np1,100,2021-01-31\np2,90,2021-01-31\n"
MARCH = "id,last,seen\np1,160,2021-03-31\np3,20,2021-03-31\n"


def overlap(**more) -> dict:
    return {"patients": {"file": "*.csv", "key": "id", "columns": PATIENTS, **more}}


def last_of(made) -> dict[str, int]:
    patients = made["patients"]
    return dict(zip(patients["USUBJID"], patients["LSTALVDY"].astype(int), strict=True))


def test_without_a_declaration_two_files_contradict_each_other(tmp_path):
    with pytest.raises(StudyError, match="contradict each other"):
        tables_of(tmp_path, {"a.csv": JANUARY, "b.csv": MARCH}, overlap())


def test_the_newer_file_wins_where_declared(tmp_path):
    files = {"a.csv": JANUARY, "b.csv": MARCH}
    made = tables_of(tmp_path, files, overlap(overlap="newer"))
    assert last_of(made) == {"p1": 160, "p2": 90, "p3": 20}
    account = outcomes(made["row_account"])
    assert account == {"used": 3, "the patient is in a newer file": 1}
    query = made["queries"].iloc[0]
    assert (query["RULE"], query["USUBJID"], query["SRCFILE"]) == ("newer_file_wins", "p1", "a.csv")


def test_a_date_says_which_file_is_newer_where_declared(tmp_path):
    files = {"a.csv": MARCH, "b.csv": JANUARY}
    columns = {"INDEXDT": "first", "LSTALVDT": "seen"}
    files = {name: text.replace("last", "first") for name, text in files.items()}
    for old, new in (
        (",160,", ",2021-01-05,"),
        (",100,", ",2021-01-02,"),
        (",90,", ",2021-01-03,"),
    ):
        files = {name: text.replace(old, new) for name, text in files.items()}
    files = {name: text.replace(",20,", ",2021-03-01,") for name, text in files.items()}
    spec = overlap(overlap="newer", newer_by="seen")
    spec["patients"]["columns"] = columns
    patients = tables_of(tmp_path, files, spec, dates="calendar")["patients"]
    assert patients.set_index("USUBJID").loc["p1", "INDEXDT"].date() == dt.date(2021, 1, 5)


def test_an_overlap_may_be_refused(tmp_path):
    with pytest.raises(StudyError) as caught:
        tables_of(tmp_path, {"a.csv": JANUARY, "b.csv": MARCH}, overlap(overlap="refuse"))
    assert "Patient p1 is in 2 files of the table 'patients': a.csv, b.csv." in str(caught.value)


def test_the_same_row_in_two_files_is_no_loss_where_the_newer_wins(tmp_path):
    files = {"a.csv": JANUARY, "b.csv": JANUARY}
    made = tables_of(tmp_path, files, overlap(overlap="newer"))
    assert last_of(made) == {"p1": 100, "p2": 90}
    assert set(made["patients"]["SRCFILE"]) == {"b.csv"}


def test_newer_by_needs_the_rule_that_the_newer_wins(tmp_path):
    with pytest.raises(StudyError, match="but not that the newer file wins"):
        loaded(tmp_path, {"a.csv": JANUARY}, overlap(newer_by="seen"))


def test_shifted_dates_have_no_calendar_cut_off(tmp_path):
    with pytest.raises(StudyError, match="no calendar day can be its cut-off"):
        loaded(tmp_path, {"a.csv": JANUARY}, overlap(), "export", timeline={"shifted": True})
    assert loaded(tmp_path, {"a.csv": JANUARY}, overlap(), timeline={"shifted": True})


def repeated_tables(text: str, **columns: object):
    """Patients p1 and p2, and responses of a file of their own."""
    tables = {
        "patients": {"file": "p.csv", "key": "id", "columns": PATIENTS},
        "responses": {"file": "r.csv", "key": "id", "columns": columns},
    }
    return {"p.csv": "id,last\np1,400\np2,300\n", "r.csv": text}, tables


def test_a_row_that_says_the_same_in_other_writing_makes_no_second_event(tmp_path):
    text = "n,id,day,resp\n1,p1,30,CR\n2,p1,30.0,完全缓解\n3,p1,31,CR\n4,p2,30,CR\n"
    made = tables_of(tmp_path, *repeated_tables(text, RSDT="day", RSINV="resp"))
    rows = made["responses"][["USUBJID", "RSDY", "SRCROW"]].values.tolist()
    assert rows == [["p1", 30, 2], ["p1", 31, 4], ["p2", 30, 5]]
    query = made["queries"].set_index("RULE").loc["duplicate_row"]
    assert (query["SRCROW"], query["MESSAGE"]) == (3, "The row repeats row 2.")
    account = outcomes(made["row_account"], TABLE="responses")
    assert account == {"used": 3, "repeats another row": 1}


def test_a_row_with_a_cell_that_cannot_be_read_repeats_none(tmp_path):
    text = "id,day,blasts\np1,30,few\np1,30,many\n"
    made = tables_of(tmp_path, *repeated_tables(text, RSDT="day", MBLAST="blasts"))
    assert made["responses"]["SRCROW"].tolist() == [2, 3]


def test_two_measurements_of_one_day_are_both_kept(tmp_path):
    files, tables = repeated_tables("n,id,day,k\n1,p1,30,4.1\n2,p1,30,4.1\n")
    columns = {"LBDT": "day", "LBTESTCD": {"constant": "K"}, "LBSTRESN": "k"}
    tables["labs"] = {"file": "r.csv", "key": "id", "columns": columns}
    tables.pop("responses")
    assert len(tables_of(tmp_path, files, tables)["labs"]) == 2


def test_an_adverse_event_under_two_words_is_one(tmp_path):
    files, tables = repeated_tables("id,day,what\np1,30,nausea\np1,30,恶心\np1,30,vomiting\n")
    columns = {"AESTDT": "day", "AETERM": "what"}
    tables["adverse_events"] = {"file": "r.csv", "key": "id", "columns": columns}
    tables.pop("responses")
    made = tables_of(tmp_path, files, tables)["adverse_events"]
    assert made["AEDECOD"].tolist() == ["Nausea", "Vomiting"]


def test_a_wide_laboratory_sheet_asks_nothing_about_tests_that_were_not_done(tmp_path):
    files, tables = repeated_tables("id,day,k,wbc\np1,30,4.1,\np1,31,,\n")
    records = [
        {"columns": {"LBDT": "day", "LBTESTCD": {"constant": c}, "LBSTRESN": h}}
        for c, h in (("K", "k"), ("WBC", "wbc"))
    ]
    tables["labs"] = {"file": "r.csv", "key": "id", "records": records}
    tables.pop("responses")
    made = tables_of(tmp_path, files, tables)
    assert made["labs"]["LBTESTCD"].tolist() == ["K"]
    assert "row_without_key_value" not in set(made["queries"]["RULE"])
    account = outcomes(made["row_account"], TABLE="labs")
    assert account == {"used": 1, "nothing recorded in it": 1}


def numbered(tmp_path, *numbers: str) -> dict:
    """The clean tables where the responses' file writes the patients' numbers so."""
    text = "id,day,resp\n" + "".join(f"{number},30,CR\n" for number in numbers)
    tables = {
        "patients": {"file": "p.csv", "key": "id", "columns": PATIENTS},
        "responses": {"file": "r.csv", "key": "id", "columns": {"RSDT": "day", "RSINV": "resp"}},
    }
    return tables_of(tmp_path, {"p.csv": "id,last\n12,400\n13,300\n", "r.csv": text}, tables)


def test_patient_numbers_that_a_program_gave_a_decimal_are_read_without(tmp_path):
    made = numbered(tmp_path, "12.0", "13.0")
    assert made["responses"]["USUBJID"].tolist() == ["12", "13"]
    log = made["cleaning_log"]
    log = log[log["RULE"] == "decimal of a whole number removed"]
    assert log[["USUBJID", "COLUMN", "RAW", "CLEAN"]].values.tolist() == [
        ["12", "USUBJID", "12.0", "12"],
        ["13", "USUBJID", "13.0", "13"],
    ]


def test_a_decimal_that_tells_numbers_apart_stays(tmp_path):
    made = numbered(tmp_path, "12.0", "12.1")
    assert made["queries"]["VALUE"].tolist() == ["12.0", "12.1"]
    assert set(made["queries"]["RULE"]) == {"unknown_patient"}


@pytest.mark.parametrize("word", ["NA", "-", "无"])
def test_a_word_for_missing_is_no_patient_number(tmp_path, word):
    made = numbered(tmp_path, "12", word)
    assert made["responses"]["USUBJID"].tolist() == ["12"]
    assert made["queries"]["RULE"].tolist() == ["row_without_patient"]

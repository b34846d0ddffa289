"""REDCap's exports: the data dictionary, labels, checkboxes, missing codes, groups, identifiers."""

import csv
import io
import re

import pytest

from tests.clean.sheets import PATIENTS, loaded, outcomes, tables_of
from tests.reference.four_formats import DICTIONARY_HEAD, project
from venaza.contracts.errors import StudyError
from venaza.preflight.redcap import checkbox_header, choices_of, identifier_fields, read_dictionary

FIELDS = [
    ("record_id", "baseline", "text", "Record ID", "", ""),
    ("name", "baseline", "text", "Name of the patient", "", "y"),
    ("sex", "baseline", "radio", "Sex", "1, Female | 2, Male", ""),
    ("ecog", "baseline", "dropdown", "ECOG", "0, Fully active | 1, Restricted | 9, NA", ""),
    ("wbc", "baseline", "dropdown", "White cells", "1, low | 2, 35", ""),
    ("last", "baseline", "text", "Last contact", "", ""),
    ("genes", "genetics", "checkbox", "Mutations", "1, NPM1 | 2, FLT3-ITD | -1, TP53", ""),
    ("rs_day", "response", "text", "Day", "", ""),
    ("rs", "response", "dropdown", "Response", "1, Relapse | 2, Complete remission", ""),
    ("ae_day", "events", "text", "Day", "", ""),
]
DICTIONARY = "Trial_DataDictionary_2026-11-20.csv"
SECTION = {"redcap": {"dictionary": "*DataDictionary*.csv", "missing_codes": [-999, "UNK"]}}
TABLE = {"file": "Trial*.csv", "key": "record_id"}


def text_of(rows: list) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def dictionary(fields=FIELDS, head=DICTIONARY_HEAD) -> str:
    at = [head.index(h) for h in (head[0], head[1], head[3], head[4], head[5], head[10])]
    rows = [head]
    for field in fields:
        row = [""] * len(head)
        for position, value in zip(at, field, strict=True):
            row[position] = value
        rows.append(row)
    return text_of(rows)


def export_of(tmp_path, text: str, tables: dict, **sections):
    files = {"Trial_DATA.csv": text, DICTIONARY: dictionary()}
    return tables_of(tmp_path, files, tables, **{**SECTION, **sections})


def patients(**columns) -> dict:
    return {"patients": {**TABLE, "columns": {**PATIENTS, **columns}}}


def test_choices_are_read_as_redcap_writes_them():
    assert choices_of("radio", "1, Male | 2, Female") == {"1": "Male", "2": "Female"}
    assert choices_of("dropdown", "-1, CR, confirmed |b, <i>PR</i>| 3") == {
        **{"-1": "CR, confirmed", "b": "PR"},
        "3": "3",
    }
    assert choices_of("yesno", "") == {"1": "Yes", "0": "No"}
    assert choices_of("calc", "round([a] | [b], 1)") == {}


def test_a_checkbox_column_is_named_as_redcap_names_it():
    assert checkbox_header("genes", "1") == "genes___1"
    assert checkbox_header("genes", "-1") == "genes____1"
    assert checkbox_header("genes", "NPM1") == "genes___npm1"


def test_the_dictionary_of_the_api_is_the_same(tmp_path):
    names = ("field_name", "form_name", "section_header", "field_type", "field_label")
    api = [*names, "select_choices_or_calculations", *DICTIONARY_HEAD[6:10], "identifier"]
    for name, head in (("page.csv", DICTIONARY_HEAD), ("api.csv", api)):
        (tmp_path / name).write_text(dictionary(head=head), encoding="utf-8-sig")
    fields = read_dictionary(tmp_path / "page.csv")
    assert fields == read_dictionary(tmp_path / "api.csv")
    assert list(fields) == [field[0] for field in FIELDS]
    assert fields["sex"]["choices"] == {"1": "Female", "2": "Male"}


def test_a_file_that_is_no_dictionary_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("id,sex\n1,2\n", encoding="utf-8")
    with pytest.raises(StudyError, match="no column 'Variable / Field Name'"):
        read_dictionary(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "No file of the export can be the REDCap data dictionary"),
        ({"a_DataDictionary.csv": dictionary(), DICTIONARY: dictionary()}, "Several files of"),
    ],
)
def test_the_dictionary_is_one_file_of_the_export(files, words, tmp_path):
    with pytest.raises(StudyError, match=words):
        loaded(
            tmp_path, {"Trial_DATA.csv": "record_id,last\n1,9\n", **files}, patients(), **SECTION
        )


def test_codes_count_by_their_labels_and_the_log_shows_both(tmp_path):
    text = "record_id,sex,ecog,wbc,last\n1,1,1,2,30\n2,2,9,2,30\n"
    columns = patients(SEX="sex", ECOG="ecog", WBC="wbc")
    made = export_of(tmp_path, text, columns)
    rows = made["patients"].set_index("USUBJID")
    assert list(rows["SEX"]) == ["F", "M"]
    assert rows.loc["1", "ECOG"] == 1
    assert rows["ECOG"].isna()["2"]
    assert list(rows["WBC"]) == [35, 35]
    log = made["cleaning_log"]
    sex = log.loc[log["COLUMN"] == "SEX", ["RAW", "CLEAN", "RULE"]]
    assert sex.values.tolist() == [["1", "F", "value label"], ["2", "M", "value label"]]
    assert outcomes(made["cell_account"], SRCCOL="ecog") == {"used": 1, "a word for missing": 1}
    cells = made["cells"]
    assert list(cells.loc[cells["HEADER"] == "sex", "LABEL"]) == ["Female", "Male"]


def test_a_code_whose_label_is_no_number_is_asked(tmp_path):
    made = export_of(tmp_path, "record_id,wbc,last\n1,1,30\n", patients(WBC="wbc"))
    assert made["patients"]["WBC"].isna().all()
    query = made["queries"].iloc[0]
    assert (query["RULE"], query["VALUE"]) == ("unreadable_value", "1")
    assert "a code whose label 'low' cannot be read" in query["MESSAGE"]


def test_a_code_that_the_study_file_maps_counts_before_its_label(tmp_path):
    own = {"from": "sex", "values": {"M": ["1", "male"]}}
    made = export_of(tmp_path, "record_id,sex,last\n1,1,30\n2,2,30\n", patients(SEX=own))
    assert list(made["patients"]["SEX"]) == ["M", "M"]


def test_a_label_in_no_vocabulary_stops_the_run_with_the_label(tmp_path):
    words = {"from": "rs", "label": "What", "values": {"yes": ["ja"]}}
    with pytest.raises(StudyError, match="'Relapse' in patients.WHAT, 1 cell"):
        export_of(tmp_path, "record_id,rs,last\n1,1,30\n", patients(WHAT=words))


def test_missing_codes_are_empty_cells(tmp_path):
    text = "record_id,sex,wbc,last\n1,UNK,-999,30\n"
    made = export_of(tmp_path, text, patients(SEX="sex", WBC="wbc"))
    assert made["patients"][["SEX", "WBC"]].isna().all(axis=None)
    assert made["queries"].empty
    assert list(made["cleaning_log"]["RULE"]) == ["missing word", "missing word"]


def test_labels_are_headers_too_but_not_where_two_fields_share_one(tmp_path):
    text = "Record ID,Sex,Last contact\n1,Male,30\n"
    made = export_of(tmp_path, text, patients(SEX="sex"))
    assert list(made["patients"]["SEX"]) == ["M"]
    study = loaded(
        tmp_path, {"Trial_DATA.csv": text, DICTIONARY: dictionary()}, patients(), **SECTION
    )
    assert study["redcap"]["headers"]["Sex"] == "sex"
    assert "Day" not in study["redcap"]["headers"]


GENES = "record_id,last,genes___1,genes___2,genes____1\n1,30,1,0,0\n2,30,0,1,1\n3,30,,,\n"


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("1.0", "0.0"), (" 1", "0 ")])
def test_ticked_boxes_are_rows_and_empty_ones_are_not(yes, no, tmp_path):
    text = re.sub(r"(?<=,)[01](?=[,\n])", lambda m: yes if m[0] == "1" else no, GENES)
    record = {"checkbox": "genes", "column": "GENE", "columns": {"GERES": {"constant": "MUTATED"}}}
    tables = {**patients(), "mutations": {**TABLE, "records": [record]}}
    made = export_of(tmp_path, text, tables)
    assert made["mutations"][["USUBJID", "GENE", "GERES"]].values.tolist() == [
        *(["1", "NPM1", "MUTATED"], ["2", "FLT3-ITD", "MUTATED"], ["2", "TP53", "MUTATED"]),
    ]
    assert outcomes(made["row_account"], TABLE="mutations") == {
        **{"used": 2, "nothing recorded in it": 1},
    }
    # a box that is not ticked decides too: no mutation is recorded
    assert outcomes(made["cell_account"], SRCCOL="genes___2") == {"used": 2}


def test_what_an_empty_box_says_may_be_declared(tmp_path):
    record = {"checkbox": "genes", "column": "GENE", "columns": {"GERES": {"constant": "MUTATED"}}}
    record["unticked"] = {"GERES": {"constant": "WILD-TYPE"}}
    tables = {**patients(), "mutations": {**TABLE, "records": [record]}}
    found = export_of(tmp_path, GENES, tables)["mutations"]
    results = found.groupby("USUBJID")["GERES"].apply(sorted).to_dict()
    assert results == {
        "1": ["MUTATED", "WILD-TYPE", "WILD-TYPE"],
        "2": ["MUTATED", "MUTATED", "WILD-TYPE"],
    }


def test_ticked_boxes_of_a_labelled_export(tmp_path):
    heads = [f"Mutations (choice={gene})" for gene in ("NPM1", "FLT3-ITD", "TP53")]
    text = text_of([["Record ID", "Last contact", *heads], [1, 30, "Checked", *["Unchecked"] * 2]])
    tables = {
        **patients(),
        "mutations": {**TABLE, "records": [{"checkbox": "genes", "column": "GENE"}]},
    }
    assert list(export_of(tmp_path, text, tables)["mutations"]["GENE"]) == ["NPM1"]


@pytest.mark.parametrize("header", ["genes___1", "Mutations (choice=NPM1)"])
def test_a_box_of_a_labelled_export_is_read_by_the_codes_that_the_study_file_names(
    tmp_path, header
):
    head = ["Record ID", "Last contact", "Mutations (choice=NPM1)", "Mutations (choice=TP53)"]
    rows = [[1, 30, "Checked", "Unchecked"], [2, 30, "Unchecked", "Checked"]]
    text = text_of([head, *rows, [3, 30, "Unchecked", "Unchecked"]])
    box = {"from": header, "label": "NPM1", "values": {"Y": ["1"], "N": ["0"]}}
    tables = export_of(tmp_path, text, patients(NPM1=box))
    made = tables["patients"]["NPM1"]
    assert made[:2].tolist() == ["Y", "N"]
    assert made.isna().tolist() == [False, False, True]  # nobody has filled in that form
    assert tables["cell_account"]["N"].sum() == len(tables["cells"])


def test_a_checkbox_without_known_choices_is_refused(tmp_path):
    tables = {
        **patients(),
        "mutations": {**TABLE, "records": [{"checkbox": "x", "column": "GENE"}]},
    }
    with pytest.raises(StudyError, match="choices of the checkbox 'x' are not known"):
        export_of(tmp_path, GENES, tables)


def test_the_group_of_a_record_may_be_taken_off_its_number(tmp_path):
    text = "record_id,last\n1204-1,30\n1204-2,30\n"
    kept = export_of(tmp_path, text, patients())
    assert list(kept["patients"]["USUBJID"]) == ["1204-1", "1204-2"]
    section = {"redcap": {**SECTION["redcap"], "dag_prefix": "strip"}}
    made = export_of(tmp_path, text, patients(), **section)
    assert list(made["patients"]["USUBJID"]) == ["1", "2"]
    assert set(made["cleaning_log"]["RULE"]) == {"data access group removed"}


def test_two_groups_with_the_same_number_are_two_patients(tmp_path):
    section = {"redcap": {**SECTION["redcap"], "dag_prefix": "strip"}}
    with pytest.raises(StudyError, match="two records are called 1: 1204-1 and 1205-1"):
        export_of(tmp_path, "record_id,last\n1204-1,30\n1205-1,40\n", patients(), **section)


def test_an_event_is_asked_for_in_every_arm(tmp_path):
    text = "record_id,redcap_event_name,last,rs_day,rs\n"
    text += (
        "1,baseline_arm_1,30,,\n1,visit_arm_1,,20,2\n2,baseline_arm_2,40,,\n2,visit_2_arm_2,,9,1\n"
    )
    tables = patients()
    tables["patients"]["where"] = {"redcap_event_name": "baseline"}
    columns = {"RSDT": "rs_day", "RSINV": "rs"}
    tables["responses"] = {**TABLE, "where": {"redcap_event_name": "visit"}, "columns": columns}
    made = export_of(tmp_path, text, tables)
    assert list(made["patients"]["LSTALVDY"]) == [30, 40]
    assert made["responses"][["USUBJID", "RSINV"]].values.tolist() == [["1", "CR"]]


def test_the_identifiers_of_the_dictionary_are_known_by_every_header(tmp_path):
    files = {"Trial_DATA.csv": "record_id,last\n1,30\n", DICTIONARY: dictionary()}
    study = loaded(tmp_path, files, patients(), **SECTION)
    assert identifier_fields(study["redcap"]) == ["name", "Name of the patient"]
    assert identifier_fields(None) == []


CORRECTION = (
    "patient,table,row,column,old,new,reason,who,date\n1,patients,,SEX,{},2,slip,AB,2026-11-20\n"
)


@pytest.mark.parametrize(("header", "old"), [("sex", "1"), ("Sex", "Female")])
def test_a_corrected_code_has_a_label_of_its_own(header, old, tmp_path):
    text = f"record_id,redcap_event_name,{header},last\n1,baseline_arm_1,{old},30\n"
    tables = patients(SEX="sex")
    tables["patients"]["where"] = {"redcap_event_name": "baseline"}
    project(tmp_path, "bmt", tables)
    path = tmp_path / "config/corrections/bmt.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(CORRECTION.format(old), encoding="utf-8")
    made = export_of(tmp_path, text, tables)
    assert list(made["patients"]["SEX"]) == ["M"]
    assert made["cell_account"]["N"].sum() == len(made["cells"])


def test_an_error_in_a_labelled_export_is_asked_and_may_be_corrected(tmp_path):
    text = "Record ID,Sex,Last contact\n1,#REF!,30\n"
    made = export_of(tmp_path, text, patients(SEX="sex"))
    assert list(made["queries"]["RULE"]) == ["spreadsheet_error"]
    assert "used" not in outcomes(made["cell_account"], SRCCOL="Sex")
    path = tmp_path / "config/corrections/bmt.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(CORRECTION.format("#REF!"), encoding="utf-8")
    made = export_of(tmp_path, text, patients(SEX="sex"))
    assert list(made["patients"]["SEX"]) == ["M"]
    assert made["queries"].empty

"""Boxes of a REDCap form that nobody has filled in: not tested, never wild-type."""

from __future__ import annotations

import pytest

from tests.clean.sheets import outcomes, tables_of
from tests.clean.test_redcap import DICTIONARY, SECTION, TABLE, dictionary, text_of

FIELDS = [
    ("record_id", "demographics", "text", "Record ID", "", ""),
    ("last", "demographics", "text", "Last seen", "", ""),
    ("ngs_day", "molecular", "text", "Day of NGS", "", ""),
    ("genes", "molecular", "checkbox", "Mutated genes", "1, NPM1 | 2, TP53 | 3, FLT3-ITD", ""),
    ("prior", "molecular", "checkbox", "Prior therapy", "1, HMA | 2, other", ""),
    ("score", "molecular", "calc", "Score", "[last] * 0", ""),
]
BOXES = ["genes___1", "genes___2", "genes___3"]
HEAD = ["record_id", "last", "ngs_day", *BOXES, "prior___1", "score", "molecular_complete"]
RECORD = {
    "checkbox": "genes",
    "column": "GENE",
    "columns": {"GERES": {"constant": "MUTATED"}},
    "unticked": {"GERES": {"constant": "WILD-TYPE"}},
}
PATIENTS = {
    **{"INDEXDT": {"constant": 0}, "LSTALVDT": "last"},
    "HMA": {"from": "prior___1", "label": "Prior", "values": {"Y": ["1"], "N": ["0"]}},
}


def made(tmp_path, rows: list[list], head=HEAD, fields=FIELDS, **sections):
    files = {"Trial_DATA.csv": text_of([head, *rows])}
    told = SECTION
    if fields:
        files[DICTIONARY] = dictionary(fields)
    else:
        told = {"redcap": {}}
        choices = {"1": "NPM1", "2": "TP53", "3": "FLT3-ITD"}
        sections["record"] = {**RECORD, "choices": choices}
    tables = {
        "patients": {**TABLE, "columns": sections.pop("columns", PATIENTS)},
        "mutations": {**TABLE, "records": [sections.pop("record", RECORD)]},
    }
    return tables_of(tmp_path, files, tables, **told, **sections)


def genes(tables) -> dict[str, str]:
    own = tables["mutations"].sort_values(["USUBJID", "GENE"])
    found = own.groupby("USUBJID")["GERES"].apply(lambda g: "".join(r[0] for r in g))
    return found.to_dict()


@pytest.mark.parametrize(
    ("row", "found"),
    [
        # ngs_day, the boxes, prior___1, score, status: the results of FLT3-ITD, NPM1, TP53
        (["", 0, 0, 0, 0, "", ""], None),
        (["", 0, 0, 0, 0, "", "0"], None),
        (["", "0.0", " 0", "０", 0, "", "0.0"], None),
        (["", 0, 0, 0, 0, "17", "0"], None),
        (["0", 0, 0, 0, 0, "", "0"], None),
        (["", "", "", "", "", "", ""], None),
        (["5", 0, 0, 0, 0, "", "0"], "WWW"),
        (["", 0, 0, 0, 0, "", "2"], "WWW"),
        (["", 0, 0, 0, 0, "", "1"], "WWW"),
        (["", 0, 0, 0, 0, "", "2.0"], "WWW"),
        (["", 1, 0, 0, 0, "", ""], "WMW"),
        (["", "1.0", 0, 0, 0, "", "0"], "WMW"),
        (["", 0, 0, 0, 1, "", ""], "WWW"),
    ],
)
def test_a_form_is_filled_in_where_something_in_it_says_so(row, found, tmp_path):
    tables = made(tmp_path, [["1", 30, *row], ["2", 30, "5", 0, 1, 0, 0, "", "2"]])
    assert genes(tables).get("1") == found
    assert genes(tables)["2"] == "WWM"


def test_the_boxes_of_an_empty_form_are_no_answer_anywhere_and_are_told_once(tmp_path):
    rows = [["1", 30, "", 0, 0, 0, 0, "", ""], ["2", 30, "", 0, 0, 0, 0, "", "0"]]
    tables = made(tmp_path, [*rows, ["3", 30, "9", 0, 0, 0, 0, "", "2"]])
    hma = tables["patients"]["HMA"].astype(object)
    assert hma.where(hma.notna(), None).tolist() == [None, None, "N"]
    told = tables["queries"][["RULE", "SEVERITY", "TABLE", "MESSAGE"]].values.tolist()
    message = "The form 'molecular' is empty in 2 row(s): its boxes are no answers."
    assert told == [
        ["form_not_filled", "note", "mutations", message],
        ["form_not_filled", "note", "patients", message],
    ]
    box = outcomes(tables["cell_account"], SRCCOL="genes___1")
    assert box == {"a box of a form that nobody has filled in": 2, "used": 1}
    assert tables["cell_account"]["N"].sum() == len(tables["cells"])


def test_a_labelled_export_gives_the_same(tmp_path):
    head = ["Record ID", "Last seen", "Day of NGS"]
    head += [f"Mutated genes (choice={gene})" for gene in ("NPM1", "TP53", "FLT3-ITD")]
    head += ["Prior therapy (choice=HMA)", "Score", "Complete?"]
    no = ["Unchecked"] * 4
    rows = [
        ["1", 30, "", *no, "", "Incomplete"],
        ["2", 30, "", *no, "", "Complete"],
        ["3", 30, "", "Checked", *no[1:], "", "Incomplete"],
    ]
    columns = {key: how for key, how in PATIENTS.items() if key != "HMA"}
    tables = made(tmp_path, rows, head, columns=columns)
    assert genes(tables) == {"2": "WWW", "3": "WMW"}


def test_the_form_status_of_each_form_is_its_own(tmp_path):
    head = ["Record ID", "Last seen", "Complete?", "Day of NGS"]
    head += [f"Mutated genes (choice={gene})" for gene in ("NPM1", "TP53", "FLT3-ITD")]
    head += ["Complete?"]
    no = ["Unchecked"] * 3
    rows = [
        ["1", 30, "Complete", "", *no, "Incomplete"],
        ["2", 30, "Incomplete", "", *no, "Complete"],
    ]
    columns = {key: how for key, how in PATIENTS.items() if key != "HMA"}
    tables = made(tmp_path, rows, head, columns=columns)
    assert genes(tables) == {"2": "WWW"}


def test_without_a_dictionary_the_next_form_status_tells(tmp_path):
    head = ["record_id", "last", "demographics_complete", *BOXES, "molecular_complete"]
    rows = [["1", 30, 2, 0, 0, 0, ""], ["2", 30, 0, 0, 0, 0, 2], ["3", 30, 0, 1, 0, 0, ""]]
    columns = {key: how for key, how in PATIENTS.items() if key != "HMA"}
    assert genes(made(tmp_path, rows, head, fields=None, columns=columns)) == {
        "2": "WWW",
        "3": "WMW",
    }


def test_boxes_without_a_form_status_that_nobody_ticked_are_not_answered(tmp_path):
    rows = [["1", 30, 0, 0, 0], ["2", 30, 0, 0, 1]]
    columns = {key: how for key, how in PATIENTS.items() if key != "HMA"}
    head = ["record_id", "last", *BOXES]
    assert genes(made(tmp_path, rows, head, fields=None, columns=columns)) == {"2": "MWW"}


def test_boxes_of_a_sheet_that_is_not_redcaps_are_what_they_say(tmp_path):
    choices = {"1": "NPM1", "2": "TP53", "3": "FLT3-ITD"}
    text = text_of([["record_id", "last", *BOXES], ["1", 30, 0, 0, 0]])
    columns = {key: how for key, how in PATIENTS.items() if key != "HMA"}
    tables = {
        "patients": {**TABLE, "columns": columns},
        "mutations": {**TABLE, "records": [{**RECORD, "choices": choices}]},
    }
    assert genes(tables_of(tmp_path, {"Trial.csv": text}, tables)) == {"1": "WWW"}


@pytest.mark.parametrize(("status", "found"), [("molecular_complete", ["2"]), ("done", ["1", "2"])])
def test_boxes_beside_a_status_are_redcap_s_though_no_study_file_says_so(status, found, tmp_path):
    how = {"from": "genes___1", "values": {"MUTATED": ["1"], "WILD-TYPE": ["0"]}}
    tables = {
        "patients": {**TABLE, "columns": {"INDEXDT": {"constant": 0}, "LSTALVDT": "last"}},
        "mutations": {**TABLE, "columns": {"GENE": {"constant": "NPM1"}, "GERES": how}},
    }
    text = f"record_id,last,genes___1,genes___2,{status}\n1,30,0,0,0\n2,40,0,0,2\n"
    made = tables_of(tmp_path, {"Trial_DATA.csv": text}, tables)
    known = made["mutations"].dropna(subset=["GERES"])
    assert known["USUBJID"].tolist() == found
    assert ("form_not_filled" in set(made["queries"]["RULE"])) == (found == ["2"])

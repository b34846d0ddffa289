"""The gallery, REDCap: events, instruments, codes, checkboxes, identifiers."""

from __future__ import annotations

import csv
import io

from tests.gallery.exports import Result, text
from tests.reference.four_formats import DICTIONARY_HEAD

#: field, form, type, label, choices, identifier: the part of a data dictionary that is read.
FIELDS = [
    ("record_id", "baseline", "text", "Record ID", "", ""),
    ("initials", "baseline", "text", "Who", "", "y"),
    ("sex", "baseline", "radio", "Sex", "1, Female | 2, Male", ""),
    ("first", "baseline", "text", "First dose", "", ""),
    ("last", "baseline", "text", "Last seen", "", ""),
    ("wbc", "baseline", "text", "White cells", "", ""),
    ("genes", "baseline", "checkbox", "Mutations", "1, NPM1 | 2, TP53", ""),
    ("rs_day", "response", "text", "Assessed", "", ""),
    ("rs", "response", "dropdown", "Response", "1, Relapse | 2, Complete remission", ""),
]
REDCAP = [
    ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"],
    ["12-1", "baseline_arm_1", "", ""],
    ["12-1", "visits_arm_1", "response", "1"],
    ["12-1", "visits_arm_1", "response", "2"],
    ["12-2", "baseline_arm_2", "", ""],
]
BLOCKS = [
    ["sex", "first", "last", "wbc", "genes___1", "genes___2", "rs_day", "rs", "response_complete"],
    ["2", "2021-01-04", "2021-09-30", "-999", "1", "0", "", "", ""],
    ["", "", "", "", "", "", "2021-02-03", "2", "2"],
    ["", "", "", "", "", "", "2021-09-01", "1", "0"],
    ["1", "2021-02-08", "2021-10-11", "3.5", "", "", "", "", ""],
]
EVENT, FORM = "redcap_event_name", "redcap_repeat_instrument"


def dictionary() -> str:
    out = io.StringIO()
    written = csv.DictWriter(out, DICTIONARY_HEAD, restval="", lineterminator="\n")
    written.writeheader()
    at = [DICTIONARY_HEAD[n] for n in (0, 1, 3, 4, 5, 10)]
    written.writerows(dict(zip(at, field, strict=True)) for field in FIELDS)
    return out.getvalue()


def redcap(of, rows: list[list], **changes) -> Result:
    files = {"T_DATA.csv": text(rows), "T_DataDictionary.csv": dictionary()}
    place = {"file": "T_DATA.csv", "key": "record_id"}
    columns = {"INDEXDT": "first", "LSTALVDT": "last", "SEX": "sex", "WBC": "wbc"}
    first, visits = {EVENT: "baseline"}, {FORM: "response"}
    box = {"checkbox": "genes", "column": "GENE", "columns": {"GERES": {"constant": "MUTATED"}}}
    tables = {
        "patients": {**place, "where": first, "columns": columns},
        "responses": {**place, "where": visits, "columns": {"RSDT": "rs_day", "RSINV": "rs"}},
        "mutations": {**place, "where": first, "records": [box]},
    }
    section = {"dictionary": "*DataDictionary*.csv", "missing_codes": [-999], "dag_prefix": "strip"}
    return of(files, tables, redcap=section, **{"privacy": {"columns": {}}, **changes})


def test_30_redcap_events_instruments_codes_checkboxes_and_missing_codes(of):
    made = redcap(of, [[*a, *b] for a, b in zip(REDCAP, BLOCKS, strict=True)])
    assert made.values("patients", "USUBJID") == ["1", "2"]
    assert set(made.logged("USUBJID")) == {"data access group removed"}
    assert made.values("patients", "SEX") == ["M", "F"]
    assert set(made.logged("SEX")) == {"value label"}
    assert made.values("patients", "WBC") == [None, 3.5]
    assert made.logged("WBC") == ["missing word"]
    assert made.values("responses", "RSINV") == ["CR", "RELAPSE"]
    # not ticked is no mutation on record, empty is not asked
    genes = made.tables["mutations"][["USUBJID", "GENE", "GERES"]]
    assert genes.values.tolist() == [["1", "NPM1", "MUTATED"]]
    assert made.accounted(SRCCOL="response_complete") == {"REDCap's form status": 2}
    assert made.rules() == []


def test_30_a_labelled_redcap_export_gives_the_same(of):
    labels = {name: label for name, _, _, label, _, _ in FIELDS}
    labels |= {f"genes___{n}": f"Mutations (choice={g})" for n, g in ((1, "NPM1"), (2, "TP53"))}
    labels |= {EVENT: "Event Name", FORM: "Repeat Instrument", "response_complete": "Complete?"}
    labels["redcap_repeat_instance"] = "Repeat Instance"
    words = {
        **{("sex", "1"): "Female", ("sex", "2"): "Male", ("genes___1", "1"): "Checked"},
        **{("genes___2", "0"): "Unchecked", ("rs", "1"): "Relapse"},
        ("rs", "2"): "Complete remission",
        **{(EVENT, "baseline_arm_1"): "Baseline (Arm 1: A)", (FORM, "response"): "Response"},
        **{(EVENT, "baseline_arm_2"): "Baseline (Arm 2: B)"},
    }
    raw = [[*a, *b] for a, b in zip(REDCAP, BLOCKS, strict=True)]
    rows = [[words.get((h, c), c) for h, c in zip(raw[0], row, strict=True)] for row in raw[1:]]
    made, plain = redcap(of, [[labels[h] for h in raw[0]], *rows]), redcap(of, raw)
    for table in ("patients", "responses", "mutations"):
        assert made.tables[table].equals(plain.tables[table])


def test_30_identifiers_of_the_dictionary_stop_the_run_and_shifted_dates_are_declared(of):
    rows = [[*a, *b] for a, b in zip(REDCAP, BLOCKS, strict=True)]
    named = [[*row, who] for row, who in zip(rows, ["initials", "WXM", "", "", ""], strict=True)]
    error = redcap(of, named).error
    assert "initials" in error
    assert "WXM" not in error
    assert redcap(of, named, privacy={"columns": {"initials": "drop"}}).rules() == []
    error = redcap(of, rows, timeline={"shifted": True}, cutoff="2021-12-31").error
    assert "no calendar day can be its cut-off" in error
    assert redcap(of, rows, timeline={"shifted": True}).rules() == []

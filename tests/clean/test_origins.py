"""Which raw cells each clean value comes from, layout by layout (invented patients)."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.clean import test_by_cycle, test_cutoff, test_joined, test_of_regimen, test_redcap
from tests.clean.export import clean_of, patients_csv, study
from tests.clean.sheets import tables_of
from tests.clean.test_build import OK, rows_with
from tests.clean.test_corrections import LINE
from venaza.contracts.clean import ROLES
from venaza.pipeline.intake.cells import read_export


def origins(tables, table: str, column: str) -> list[tuple]:
    """The cells of a column over all rows of a clean table: header, row, text and role."""
    found = tables["origins"]
    found = found[(found["TABLE"] == table) & (found["COLUMN"] == column)]
    assert set(found["ROLE"]) <= set(ROLES)
    cells = tables["cells"].set_index("CELL")
    nothing = (None, None, None)
    keys = zip(found["CELL"], found["ROLE"], strict=True)
    return [
        (*(nothing if pd.isna(n) else cells.loc[n, ["HEADER", "SRCROW", "VALUE"]]), role)
        for n, role in keys
    ]


def one_table(folder, text: str, columns: dict, table: str = "patients", **more):
    """The tables of one CSV with patients and, where another is asked for, this table."""
    plain = {"file": "a.csv", "key": "id"}
    records = columns if isinstance(columns, list) else [{"columns": columns}]
    own = {**plain, "records": records, **more.pop("spec", {})}
    patients = {**plain, "columns": {"INDEXDT": {"constant": 0}, "LSTALVDT": "last"}}
    tables = {"patients": patients, table: own}
    return tables_of(folder, {"a.csv": text}, tables, **more)


def test_the_cells_of_an_export_are_numbered_from_one_in_their_order(tmp_path):
    tables = one_table(tmp_path, "id,last\nA,9\nB,\n", {"LSTALVDT": "last"})
    assert list(tables["cells"]["CELL"]) == [1, 2, 3, 4, 5]
    assert list(tables["cells"]["VALUE"]) == ["id", "last", "A", "9", "B"]


def test_a_value_its_condition_its_key_and_a_constant(tmp_path):
    columns = {
        **{"INDEXDT": {"constant": 0}, "LSTALVDT": "last", "SEX": "sex"},
        "DTHDT": {"from": "last", "when": {"dead": ["1"]}},
    }
    tables = one_table(tmp_path, "id,last,dead,sex\nA,9,1,M\nB,7,0,\n", columns)
    assert origins(tables, "patients", "DTHDT") == [
        ("last", 2, "9", "value"),
        ("dead", 2, "1", "condition"),
        ("last", 3, "7", "idle"),
        ("dead", 3, "0", "condition"),
    ]
    assert origins(tables, "patients", "INDEXDT") == [(None, None, None, "constant")] * 2
    assert origins(tables, "patients", "SEX") == [("sex", 2, "M", "value")]
    assert origins(tables, "patients", "USUBJID") == [
        ("id", 2, "A", "key"),
        ("id", 3, "B", "key"),
    ]


def test_what_is_written_for_missing_keeps_its_cell(tmp_path):
    tables = one_table(tmp_path, "id,last,sex\nA,9,NA\n", {"LSTALVDT": "last", "SEX": "sex",
                                                           "INDEXDT": {"constant": 0}})  # fmt: skip
    assert tables["patients"]["SEX"].isna().all()
    assert origins(tables, "patients", "SEX") == [("sex", 2, "NA", "value")]


def test_laboratory_values_side_by_side_have_each_its_own_cell(tmp_path):
    records = [
        {"columns": {"LBDT": "day", "LBTESTCD": {"constant": test}, "LBSTRESN": result}}
        for test, result in {
            "HGB": {"from": "hb", "unit": "g/L"},
            "PLT": {"from": "plt", "unit": "10^9/L"},
            "ANC": {"from": "anc", "unit": "10^9/L"},
        }.items()
    ]
    text = "id,last,day,hb,plt,anc\nA,90,15,61,15,\n"
    tables = one_table(tmp_path, text, records, "labs")
    rows = dict(zip(tables["labs"]["SEQ"], tables["labs"]["LBTESTCD"], strict=True))
    said = {rows[n]: c for n, c in enumerate(origins(tables, "labs", "LBSTRESN"), start=1)}
    assert said == {"HGB": ("hb", 2, "61", "value"), "PLT": ("plt", 2, "15", "value")}


def test_a_result_has_the_cells_of_its_unit_and_of_its_limits(tmp_path):
    columns = {
        **{"LBDT": "day", "LBTESTCD": "item"},
        "LBSTRESN": {"from": "value", "unit_from": "unit", "range_from": "normal"},
    }
    text = "id,last,day,item,value,unit,normal\nA,90,15,HGB,6.1,g/dL,11-15\n"
    tables = one_table(tmp_path, text, columns, "labs")
    assert origins(tables, "labs", "LBSTRESN") == [
        ("value", 2, "6.1", "value"),
        ("unit", 2, "g/dL", "unit"),
    ]
    for limit in ("LBSTNRLO", "LBSTNRHI"):
        assert origins(tables, "labs", limit) == [("normal", 2, "11-15", "value")]


def test_a_specimen_that_the_item_names_is_read_from_the_item(tmp_path):
    columns = {"LBDT": "day", "LBTESTCD": "item", "LBSTRESN": {"from": "value", "unit": "mmol/L"}}
    tables = one_table(tmp_path, "id,last,day,item,value\nA,90,15,血清钾,4\n", columns, "labs")
    assert origins(tables, "labs", "LBSPEC") == origins(tables, "labs", "LBTESTCD")
    assert origins(tables, "labs", "LBSPEC") == [("item", 2, "血清钾", "value")]


def test_every_gene_of_a_text_has_the_cell_of_the_text(tmp_path):
    text = 'id,last,ngs\nA,90,"NPM1(+) 35.6%、FLT3-ITD(-)"\n'
    record = {"parse": "genes", "from": "ngs"}
    tables = one_table(tmp_path, text, [record], "mutations")
    cell = ("ngs", 2, "NPM1(+) 35.6%、FLT3-ITD(-)", "value")
    for column, n in (("GENE", 2), ("GERES", 2), ("VAF", 1)):
        assert origins(tables, "mutations", column) == [cell] * n


def test_a_box_decides_on_its_own_gene(tmp_path):
    head = "record_id,last,genes___1,genes___2,genes____1"
    record = {"checkbox": "genes", "column": "GENE", "columns": {"GERES": {"constant": "MUTATED"}}}
    tables = test_redcap.export_of(
        tmp_path,
        f"{head}\nA,9,0,1,0\n",
        {**test_redcap.patients(), "mutations": {**test_redcap.TABLE, "records": [record]}},
    )
    assert list(tables["mutations"]["GENE"]) == ["FLT3-ITD"]
    assert origins(tables, "mutations", "GENE") == [
        (None, None, None, "constant"),
        ("genes___2", 2, "1", "condition"),
    ]


def test_a_row_has_the_cell_by_which_its_table_takes_it(tmp_path):
    text = "id,last,kind,day\nA,90,visit,\nA,,cycle,5\n"
    spec = {"where": {"kind": "cycle"}}
    tables = one_table(tmp_path, text, {"EXSTDT": "day"}, "cycles", spec=spec)
    assert origins(tables, "cycles", "USUBJID") == [
        ("id", 3, "A", "key"),
        ("kind", 3, "cycle", "condition"),
    ]


def test_a_merged_cell_is_the_cell_of_every_row_that_it_stands_over(tmp_path):
    text = "id,last,day\nA,90,5\n,,30\n"
    tables = one_table(tmp_path, text, {"EXSTDT": "day"}, "cycles", spec={"fill_down": ["id"]})
    assert origins(tables, "cycles", "USUBJID") == [("id", 2, "A", "key")] * 2
    assert [cell[1] for cell in origins(tables, "cycles", "EXSTDT")] == [2, 3]


def test_rows_of_one_patient_are_joined_value_by_value(tmp_path):
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": "last", "SEX": "sex"}
    tables = one_table(tmp_path, "id,last,sex\nA,,M\nA,90,M\n", columns)
    assert origins(tables, "patients", "SEX") == [("sex", 2, "M", "value")]
    assert origins(tables, "patients", "LSTALVDT") == [("last", 3, "90", "value")]
    assert [cell[1] for cell in origins(tables, "patients", "USUBJID")] == [2, 3]


def test_what_no_row_of_a_patient_gives_has_the_cells_of_all_rows(tmp_path):
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": "last", "SEX": "sex"}
    tables = one_table(tmp_path, "id,last,sex\nA,9,NA\nA,9,-\n", columns)
    assert origins(tables, "patients", "SEX") == [
        ("sex", 2, "NA", "value"),
        ("sex", 3, "-", "value"),
    ]


def test_of_two_dates_that_agree_the_narrower_has_the_cell(tmp_path):
    table = {"file": "a.csv", "key": "id", "columns": {"INDEXDT": "start", "LSTALVDT": "last"}}
    text = "id,start,last\nA,2021-01-01,2021-06\nA,2021-01-01,2021-06-20\n"
    timeline = {"partial_dates": {"missing_day": 15}}
    tables = tables_of(
        tmp_path, {"a.csv": text}, {"patients": table}, dates="calendar", timeline=timeline
    )
    assert origins(tables, "patients", "LSTALVDT") == [("last", 3, "2021-06-20", "value")]


def test_a_condition_on_another_sheet_of_a_joined_table_is_the_cell_there(tmp_path):
    told = [[test_joined.KEY, "是否死亡"], ["A1", "是"], ["A2", "否"]]
    dated = [[test_joined.KEY, "死亡日期"], ["A1", "2021-07-20"]]
    sheets = {"基线": test_joined.BASE, "生存": told, "日期": dated, "随访": test_joined.LAST}
    columns = {
        **{"INDEXDT": "首次用药", "LSTALVDT": "末次随访"},
        "DTHDT": {"from": "死亡日期", "when": {"是否死亡": "是"}},
    }
    files = {"book.xlsx": test_joined.workbook(sheets)}
    table = {"file": "book.xlsx", "sheet": [*sheets], "key": test_joined.KEY, "columns": columns}
    tables = tables_of(tmp_path, files, {"patients": table}, dates="calendar")
    cells = tables["cells"].set_index("CELL")
    found = tables["origins"]
    found = found[(found["COLUMN"] == "DTHDT") & (found["USUBJID"] == "A1")]
    sheets = cells.loc[found["CELL"], "SRCSHEET"]
    assert list(zip(sheets, found["ROLE"], strict=True)) == [
        ("日期", "value"),
        ("生存", "condition"),
    ]


@pytest.mark.parametrize(
    ("sent", "line", "expected"),
    [
        ("9.5", {}, [("HGB", 2, "9.5", "corrected")]),
        ("9.5", {"new": ""}, []),
        ("", {"old": "", "new": "95"}, [(None, None, None, "corrected")]),
        ("95", {}, [("HGB", 2, "95", "value")]),  # already in the export
    ],
)
def test_a_corrected_value_leads_to_the_cell_that_the_export_has(tmp_path, sent, line, expected):
    text = patients_csv([rows_with(hgb=sent), ("p2", *OK[1:])])
    told = {"file": "small.csv", "strict": True, "lines": [{**LINE, "line": 2, **line}]}
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    cells, _ = read_export([tmp_path / "export.csv"], tmp_path, study())
    tables = {**clean_of(text, corrections=told), "cells": cells}
    tables["origins"] = tables["origins"][tables["origins"]["USUBJID"] == "p1"]
    assert origins(tables, "patients", "HGB") == expected


def test_each_correction_of_an_empty_cell_is_told_from_the_others(tmp_path):
    head = "patient,table,row,column,old,new,reason,who,date"
    lines = [f"A,responses,,{column},,{new},chart,Dr X,2026-01-02" for column, new in
             (("d1", 20), ("d2", 40))]  # fmt: skip
    record = {"repeat": [1, 2], "columns": {"RSDT": "d{n}", "RSINV": "r{n}"}}
    text = "id,last,d1,r1,d2,r2\nA,90,,CR,,RELAPSE\n"
    one_table(tmp_path, "id,last,d1,r1,d2,r2\nA,90,1,CR,2,CR\n", [record], "responses")
    (tmp_path / "config/corrections").mkdir(exist_ok=True)
    file = tmp_path / "config/corrections/bmt.csv"
    file.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    tables = one_table(tmp_path, text, [record], "responses")
    found = tables["origins"]
    found = found[(found["TABLE"] == "responses") & (found["COLUMN"] == "RSDT")]
    assert list(tables["responses"]["RSDY"]) == [20, 40]
    assert found["CELL"].isna().all()
    assert list(found["ROLE"]) == ["corrected"] * 2
    headers = tables["corrections"].set_index("LINE")["SRCCOL"]
    assert [headers[line] for line in found["LINE"]] == ["d1", "d2"]
    assert tables["origins"].loc[tables["origins"]["CELL"].notna(), "LINE"].isna().all()


def test_what_rows_of_a_patient_contradict_each_other_in_has_the_cells_of_all(tmp_path):
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": "last", "SEX": "sex"}
    tables = one_table(tmp_path, "id,last,sex,n\nA,9,M,1\nA,9,F,2\nA,9,M,3\n", columns)
    assert tables["patients"]["SEX"].isna().all()
    assert [cell[1:3] for cell in origins(tables, "patients", "SEX")] == [
        (2, "M"),
        (3, "F"),
        (4, "M"),
    ]


def test_a_specimen_that_is_missing_keeps_its_cell(tmp_path):
    columns = {"LBDT": "day", "LBTESTCD": "item", "LBSPEC": "of"}
    columns |= {"LBSTRESN": {"from": "value", "unit": "g/L"}}
    tables = one_table(tmp_path, "id,last,day,item,value,of\nA,90,5,HGB,61,NA\n", columns, "labs")
    assert tables["labs"]["LBSPEC"].isna().all()
    assert origins(tables, "labs", "LBSPEC") == [("of", 2, "NA", "value")]


def test_a_response_dated_by_cycles_has_the_cell_of_the_start_that_dates_it(tmp_path):
    line = "A1,2021-01-01,2021-12-01,,,,2021-01-01,2021-02-03,2021-03-10,NR,PR,CR,,,"
    tables = test_by_cycle.read(tmp_path, line)
    assert origins(tables, "responses", "RSDT") == [
        ("C2", 2, "2021-02-03", "computed"),
        ("C3", 2, "2021-03-10", "computed"),
        ("C3", 2, "2021-03-10", "computed"),
    ]


def test_a_response_that_the_death_or_its_own_column_dates_has_that_cell(tmp_path):
    line = "A1,2021-01-01,2021-12-01,2021-02-01,,,2021-01-01,2021-02-03,,CR,,,,,"
    tables = test_by_cycle.read(tmp_path, line)
    assert origins(tables, "responses", "RSDT") == [("died", 2, "2021-02-01", "computed")]
    line = "A1,2021-01-01,2021-12-01,,,,2021-01-01,2021-02-03,,CR,,,,2021-01-20,"
    tables = test_by_cycle.read(tmp_path, line)
    assert origins(tables, "responses", "RSDT") == [("CR", 2, "2021-01-20", "value")]


def test_the_first_cycle_that_no_row_has_starts_with_the_cell_of_the_index_date(tmp_path):
    line = "A1,2021-01-01,2021-12-01,,,,,,,CR,,,,,"
    tables = test_by_cycle.read(tmp_path, line)
    assert origins(tables, "responses", "RSDT") == [("start", 2, "2021-01-01", "computed")]


def test_as_before_is_the_cell_of_the_regimen_above(tmp_path):
    tables = test_of_regimen.read(tmp_path, "A1,1,0,CAG", "A1,2,30,同前")
    assert origins(tables, "therapies", "CMTRT") == [("regimen", 2, "CAG", "value")] * 2


def test_what_the_data_cut_off_set_is_computed(tmp_path):
    seen = test_cutoff.row(last="2022-01-01", status="失访")
    text = patients_csv([seen])
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    cells, _ = read_export([tmp_path / "export.csv"], tmp_path, study())
    tables = {**test_cutoff.cleaned(seen), "cells": cells}
    assert origins(tables, "patients", "LSTALVDT") == [
        ("末次随访日期", 2, "2022-01-01", "computed")
    ]
    assert origins(tables, "patients", "SURVSTAT") == [("生存状态", 2, "失访", "computed")]
    never = test_cutoff.row(last="", death="2022-01-01", status="死亡")
    tables = {**test_cutoff.cleaned(never), "cells": cells}
    assert origins(tables, "patients", "LSTALVDT") == [(None, None, None, "computed")]


def test_the_term_of_an_event_is_read_from_its_words(tmp_path):
    columns = {"AETERM": "ae", "AESTDT": "day", "AETOXGR": "grade"}
    tables = one_table(tmp_path, "id,last,ae,day,grade\nA,90,贫血,5,3\n", columns, "adverse_events")
    assert origins(tables, "adverse_events", "AEDECOD") == [("ae", 2, "贫血", "value")]

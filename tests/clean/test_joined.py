"""A table of several sheets joined by the patient's number (invented patients)."""

import pytest

from tests.clean.sheets import derived, loaded, outcomes, tables_of, times
from tests.workbooks import workbook
from venaza.contracts.errors import StudyError

KEY = "编号"
BASE = [[KEY, "首次用药", "性别"], ["A1", "2021-01-01", "男"], ["A2", "2021-02-01", "女"]]
DATED = [
    *[[KEY, "死亡", ""], ["", "是否", "日期"]],
    *[["A1", "是", "2021-07-20"], ["A2", "否", None]],
]
LAST = [[KEY, "末次随访"], ["A1", "2021-07-20"], ["A2", "2021-12-01"]]
SEEN = [[KEY, "评估", "疗效"], ["A1", "2021-02-10", "CR"], ["A2", "2021-03-10", "CR"]]
EVENTS = [[KEY, "复发"], ["A1", "2021-06-01"]]
COLUMNS = {
    "INDEXDT": "首次用药",
    "SEX": "性别",
    "SURVSTAT": {"from": "死亡 是否", "values": {"DEAD": ["是"], "ALIVE": ["否"]}},
    "DTHDT": {"from": "死亡 日期", "when": {"死亡 是否": "是"}},
    "LSTALVDT": "末次随访",
}


SHEETS = {"基线": BASE, "生存": DATED, "随访": LAST}
MERGED = {"生存": ["B1:C1"]}


def table(**changes) -> dict:
    plain = {"file": "book.xlsx", "sheet": [*SHEETS], "key": KEY, "columns": COLUMNS}
    return {**plain, "header_row": {"生存": [1, 2]}, **changes}


def made(folder, sheets=SHEETS, patients=None, read=tables_of, **tables):
    files = {"book.xlsx": workbook(sheets, MERGED)}
    specs = {"patients": patients or table(), **tables}
    return read(folder, files, specs, dates="calendar", timeline={"cutoff": "none"})


def test_a_death_on_a_sheet_of_its_own_is_the_patients(tmp_path):
    results = made(tmp_path, read=derived)
    assert times(results) == {"A1": (200, 0), "A2": (303, 1)}
    assert results["patients"][["SEX", "SURVSTAT"]].values.tolist() == [
        ["M", "DEAD"],
        ["F", "ALIVE"],
    ]
    assert outcomes(results["row_account"], TABLE="patients") == {
        "used": 2,
        "joined with another row of the patient": 4,
    }
    assert not len(results["queries"]), results["queries"]["MESSAGE"].tolist()


def test_each_cell_keeps_its_own_sheet_in_the_account(tmp_path):
    account = made(tmp_path)["cell_account"]
    used = account[account["OUTCOME"] == "used"].set_index(["SRCSHEET", "SRCCOL"])["TARGET"]
    assert used["随访", "末次随访"] == "patients.LSTALVDT"
    assert used["生存", "死亡 日期"] == "patients.DTHDT"


def test_a_condition_may_stand_on_another_sheet_than_the_date(tmp_path):
    apart = {**SHEETS, "生存": [r[:2] for r in DATED], "随访": LAST}
    columns = {**COLUMNS, "DTHDT": {"from": "末次随访", "when": {"死亡 是否": "是"}}}
    results = made(tmp_path, apart, table(columns=columns), read=derived)
    assert times(results) == {"A1": (200, 0), "A2": (303, 1)}


def test_a_condition_that_two_rows_of_the_other_sheet_contradict_is_asked(tmp_path):
    twice = [*(r[:2] for r in DATED), ["A1", "否"]]
    columns = {k: v for k, v in COLUMNS.items() if k != "SURVSTAT"}
    columns["DTHDT"] = {"from": "末次随访", "when": {"死亡 是否": "是"}}
    results = made(tmp_path, {**SHEETS, "生存": twice}, table(columns=columns))
    assert results["patients"]["DTHDT"].isna().all()
    assert "unknown_condition" in set(results["queries"]["RULE"])


def test_sheets_that_contradict_each_other_in_a_date_stop_the_run(tmp_path):
    again = {**SHEETS, "随访": [[*LAST[0], "首次用药"], ["A1", "2021-07-20", "2021-01-05"]]}
    with pytest.raises(StudyError, match="Two rows of patient A1 contradict each other"):
        made(tmp_path, again)


def test_a_column_of_two_sheets_may_be_read_from_one_alone(tmp_path):
    again = {**SHEETS, "随访": [[*LAST[0], "首次用药"], ["A1", "2021-07-20", "2021-01-05"]]}
    columns = {**COLUMNS, "INDEXDT": {"from": "首次用药", "sheet": "基线"}}
    results = made(tmp_path, again, table(columns=columns))
    assert str(results["patients"].loc[0, "INDEXDT"])[:10] == "2021-01-01"
    account = results["cell_account"].set_index(["SRCSHEET", "SRCCOL"])["OUTCOME"].to_dict()
    assert account[("随访", "首次用药")] == "read from another sheet of the table"


def test_a_patient_whom_only_the_other_sheet_has_is_asked_about(tmp_path):
    more = {**SHEETS, "随访": [*LAST, ["A9", "2021-07-20"]]}
    asked = made(tmp_path, more)["queries"].set_index("USUBJID")["RULE"]
    assert asked["A9"] == "no_index_date"


def test_files_are_joined_as_sheets_are(tmp_path):
    files = {
        "base.csv": "id,start\nA1,2021-01-01\n",
        "late.csv": "export of 2022,\nid,died\nA1,2021-07-20\n",
    }
    spec = {"file": ["base.csv", "late.csv"], "key": "id", "header_row": {"late.csv": 2}}
    spec["columns"] = {"INDEXDT": "start", "DTHDT": "died"}
    results = derived(tmp_path, files, {"patients": spec}, dates="calendar")
    assert times(results) == {"A1": (200, 0)}


RESPONSES = {
    **{"file": "book.xlsx", "sheet": ["疗效", "事件"], "key": KEY},
    "records": [
        {"columns": {"RSDT": "评估", "RSINV": "疗效"}},
        {"columns": {"RSDT": "复发", "RSINV": {"constant": "RELAPSE"}}},
    ],
}


def seen(folder, assessments, events):
    sheets = {**SHEETS, "疗效": assessments, "事件": events}
    results = made(folder, sheets, responses=RESPONSES)
    rows = results["responses"]
    told = [(p, str(d)[:10], w) for p, d, w in rows[["USUBJID", "RSDT", "RSINV"]].values.tolist()]
    return told, results


def test_a_relapse_on_the_patients_sheet_is_taken_where_the_assessments_lack_it(tmp_path):
    told, results = seen(tmp_path, SEEN, EVENTS)
    assert told == [
        ("A1", "2021-02-10", "CR"),
        ("A1", "2021-06-01", "RELAPSE"),
        ("A2", "2021-03-10", "CR"),
    ]
    assert not len(results["queries"])


def test_a_relapse_that_both_sheets_tell_is_one(tmp_path):
    rich = [[*SEEN[0], "x"], *SEEN[1:], ["A1", "2021-06-01", "复发"]]
    told, results = seen(tmp_path, rich, EVENTS)
    assert [t for t in told if t[2] == "RELAPSE"] == [("A1", "2021-06-01", "RELAPSE")]
    assert not len(results["queries"])


def test_a_month_in_which_the_other_sheet_has_the_relapse_is_the_same_relapse(tmp_path):
    told, _ = seen(tmp_path, [*SEEN, ["A1", "2021-06-28", "复发"]], [EVENTS[0], ["A1", "2021-06"]])
    assert [t for t in told if t[2] == "RELAPSE"] == [("A1", "2021-06-28", "RELAPSE")]


def test_a_relapse_that_two_sheets_date_differently_is_asked_and_the_earlier_counts(tmp_path):
    told, results = seen(tmp_path, [*SEEN, ["A1", "2021-06-11", "复发"]], EVENTS)
    assert [t[1] for t in told if t[2] == "RELAPSE"] == ["2021-06-01", "2021-06-11"]
    asked = results["queries"].set_index("RULE").loc["sheets_differ"]
    assert (
        asked["MESSAGE"] == "The relapse is dated 2021-06-01 here, and 2021-06-11 in row 4 of 疗效."
    )


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"sheet": "基线"}, "'生存' is none of the sheets"),
        ({"header_row": {"别": 2}}, "'别' is none of the sheets"),
        ({"columns": {**COLUMNS, "SEX": {"from": "性别", "sheet": "别"}}}, "'别' is none"),
        ({"sheet": [*SHEETS, "别"]}, "needs a sheet that this workbook does not have"),
        ({"columns": {**COLUMNS, "AGE": "年龄"}}, "no such column stands there"),
        (
            {"columns": {**COLUMNS, "SEX": {"from": "性别", "sheet": "随访"}}},
            "no such column stands there",
        ),
        ({"file": ["book.xlsx"], "overlap": "newer"}, "'overlap' would take"),
        ({"file": ["book.xlsx", "more.xlsx"]}, "No file of the export fits 'more.xlsx'"),
        ({"columns": {"SEX": {"values": {"M": ["男"]}}}}, "its key or its columns are left"),
    ],
)
def test_what_the_sheets_cannot_be_is_said(tmp_path, changes, what):
    with pytest.raises(StudyError, match=what):
        made(tmp_path, patients=table(**changes), read=loaded)


def test_a_correction_finds_the_row_of_the_sheet_that_has_the_column(tmp_path):
    spec, files = {"patients": table()}, {"book.xlsx": workbook(SHEETS, MERGED)}
    loaded(tmp_path, files, spec, dates="calendar", timeline={"cutoff": "none"})
    path = tmp_path / "config/corrections/bmt.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "patient,table,row,column,old,new,reason,who,date\n"
        "A1,patients,,末次随访,2021-07-20,2021-07-25,slip,Dr X,2026-11-20\n"
    )
    results = made(tmp_path)
    assert str(results["patients"].loc[0, "LSTALVDT"])[:10] == "2021-07-25"
    assert results["corrections"]["SRCSHEET"].tolist() == ["随访"]

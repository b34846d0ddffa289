"""Laboratory tables: which specimens count, and the limits of normal beside the results."""

from __future__ import annotations

import pytest

from tests.clean.sheets import outcomes, tables_of
from venaza.contracts.errors import StudyError
from venaza.contracts.text import tidy
from venaza.pipeline.clean.ranges import read_limits

PATIENTS = {"file": "p.csv", "key": "id", "columns": {"INDEXDT": {"constant": 0}, "LSTALVDT": "t"}}
COLUMNS = {"LBDT": "d", "LBTESTCD": "item", "LBSTRESN": {"from": "value", "unit_from": "unit"}}


def labs(folder, rows: list[str], header: str = "id,d,item,value,unit,标本类型", **more):
    """What becomes of rows of a laboratory's file."""
    columns = {**COLUMNS, **more.pop("columns", {})}
    files = {"p.csv": "id,t\n1,100\n", "l.csv": "\n".join([header, *rows]) + "\n"}
    spec = {"file": "l.csv", "key": "id", "columns": columns}
    return tables_of(folder, files, {"patients": PATIENTS, "labs": spec}, **more)


def results(made) -> list[tuple]:
    rows = made["labs"][["LBTESTCD", "LBSTRESN", "LBSPEC"]].astype(object)
    return [
        tuple(None if v != v else v for v in row)
        for row in rows.where(rows.notna(), None).to_numpy()
    ]


FLUIDS = [
    "1,1,白细胞,0.85,×10^9/L,全血",
    "1,2,白细胞,15,/μL,尿液",
    "1,3,白细胞,3,×10^6/L,脑脊液",
    "1,4,尿比重,1.02,,尿液",
    "1,5,钾,4,mmol/L,血清",
    "1,6,白细胞,1.2,×10^9/L,骨髓",
]


@pytest.mark.parametrize("columns", [{}, {"LBSPEC": "标本类型"}])
def test_results_of_blood_count_and_the_others_are_left_out_and_counted(tmp_path, columns):
    made = labs(tmp_path, FLUIDS, columns=columns)
    assert results(made) == [("WBC", 0.85, "BLOOD"), ("K", 4, "SERUM")]
    assert outcomes(made["row_account"], TABLE="labs") == {
        "used": 2,
        "the specimen is urine": 2,
        "the specimen is cerebrospinal fluid": 1,
        "the specimen is bone marrow": 1,
    }
    notes = made["queries"][made["queries"]["RULE"] == "other_specimen"]
    assert len(notes) == 3
    assert "2 result(s) of urine are left out; results of blood, serum, plasma count." in list(
        notes["MESSAGE"]
    )
    assert made["quarantine"]["CONTENT"].str.contains("尿比重").sum() == 1


def test_a_study_says_which_specimens_count(tmp_path):
    made = labs(tmp_path, FLUIDS, labs={"specimens": ["BLOOD", "BONE MARROW"]})
    assert results(made) == [("WBC", 0.85, "BLOOD"), ("WBC", 1.2, "BONE MARROW")]
    with pytest.raises(StudyError, match="'BLODO' is not a specimen"):
        labs(tmp_path / "b", FLUIDS, labs={"specimens": ["BLODO"]})


def test_an_unknown_specimen_is_asked_and_its_result_does_not_count(tmp_path):
    rows = [*FLUIDS[:1], "1,7,钾,4,mmol/L,某液"]
    with pytest.raises(StudyError, match="'某液' in labs.LBSPEC"):
        labs(tmp_path, rows)
    made = labs(tmp_path / "b", rows, vocabulary={"unmapped": "query"})
    assert results(made) == [("WBC", 0.85, "BLOOD")]
    assert outcomes(made["row_account"], TABLE="labs")["a specimen that nobody knows"] == 1


def test_a_result_without_a_specimen_counts_and_is_asked_about(tmp_path):
    made = labs(tmp_path, [*FLUIDS[:1], "1,7,钾,4,mmol/L,", "1,8,钾,4.1,mmol/L,-"])
    assert results(made) == [("WBC", 0.85, "BLOOD"), ("K", 4, None), ("K", 4.1, None)]
    asked = made["queries"].set_index("RULE").loc["specimen_missing", "MESSAGE"]
    assert asked.startswith("2 result(s) have no specimen")


def test_the_name_of_an_item_tells_its_specimen_where_no_column_does(tmp_path):
    rows = [
        "1,1,★白细胞(WBC),0.85,10^9/L",
        "1,2,尿钾,40,mmol/L",
        "1,3,脑脊液白细胞,3,10^6/L",
        "1,4,血清钾测定,4,mmol/L",
        "1,5,红细胞计数(RBC),3.2,10^12/L",
        "1,6,白/球比,1.5,",
    ]
    made = labs(tmp_path, rows, "id,d,item,value,unit")
    assert results(made) == [("WBC", 0.85, None), ("K", 4, "SERUM")]
    assert outcomes(made["row_account"], TABLE="labs") == {
        **{"used": 2, "the specimen is urine": 1, "the specimen is cerebrospinal fluid": 1},
        "a test that is not used": 2,
    }


def test_an_item_of_urine_in_a_table_of_serum_does_not_count(tmp_path):
    made = labs(tmp_path, ["1,1,尿钾,40,mmol/L,血清", "1,2,钾,4,mmol/L,血清"])
    assert results(made) == [("K", 4, "SERUM")]


def test_two_columns_that_may_be_the_specimen_stop_the_run(tmp_path):
    header = "id,d,item,value,unit,标本类型,标本"
    with pytest.raises(StudyError, match="标本类型, 标本"):
        labs(tmp_path, [f"{row},{row[-2:]}" for row in FLUIDS[:2]], header)
    one = {"LBSPEC": "标本类型"}
    made = labs(tmp_path / "b", [f"{row},全血" for row in FLUIDS[:2]], header, columns=one)
    assert results(made) == [("WBC", 0.85, "BLOOD")]


def test_a_column_called_sample_that_holds_numbers_is_none_of_specimens(tmp_path):
    header = "id,d,item,value,unit,样本"
    made = labs(tmp_path, ["1,1,白细胞,0.85,10^9/L,S001"], header)
    assert results(made) == [("WBC", 0.85, None)]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        *(("3.5-9.5", (3.5, 9.5)), ("125～350", (125, 350)), ("3.5--9.5", (3.5, 9.5))),
        *(("<5", (None, 5)), ("≤21", (None, 21)), (">=60", (60, None)), ("小于5", (None, 5))),
        *(("(3.5-9.5)", (3.5, 9.5)), ("参考范围：3.5-9.5", (3.5, 9.5)), ("40–129", (40, 129))),
        *(("3.5-9.5×10^9/L", (3.5, 9.5)), ("0-5.0 mg/L", (0, 5)), ("3.5 至 9.5", (3.5, 9.5))),
        *(("男:130-175 女:115-150", None), ("9.5-3.5", None), ("阴性", None), ("3.5-3.5", None)),
        *(("3.5～9.5;4-10", None), ("3,5-9,5", None), ("M 130-175", None)),
    ],
)
def test_limits_of_normal_in_one_cell(text, limits):
    assert read_limits(tidy(text)) == limits


def test_limits_with_decimal_commas():
    assert read_limits("3,5-9,5", ",") == (3.5, 9.5)


def test_limits_beside_a_result_are_in_its_unit(tmp_path):
    rows = [
        *("1,1,HGB,9.5,g/dL,11.5-15.0", "1,2,PLT,140,10^9/L,125-350"),
        *("1,3,PLT,140,10^9/L,男1-2;女3-4", "1,4,CREAT,2,mg/dL,<1.2", "1,5,PLT,140,10^9/L,-"),
    ]
    how = {"LBSTRESN": {"from": "value", "unit_from": "unit", "range_from": "参考范围"}}
    made = labs(tmp_path, rows, "id,d,item,value,unit,参考范围", columns=how)
    found = made["labs"][["LBTESTCD", "LBSTNRLO", "LBSTNRHI"]].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        *(["HGB", 115, 150], ["PLT", 125, 350], ["PLT", None, None], ["CREAT", None, 106.104]),
        ["PLT", None, None],
    ]
    asked = made["queries"].set_index("RULE").loc["limits_unread", "MESSAGE"]
    assert asked == "参考范围: 1 cell(s) such as 男1-2;女3-4 are no one range of normal."


def test_limits_in_columns_of_their_own(tmp_path):
    columns = {"LBSTNRLO": "低", "LBSTNRHI": "高"}
    header = "id,d,item,value,unit,低,高"
    made = labs(tmp_path, ["1,1,HGB,9.5,g/dL,11.5,15"], header, columns=columns)
    assert made["labs"][["LBSTNRLO", "LBSTNRHI"]].to_numpy().tolist() == [[115, 150]]


def test_limits_that_the_study_file_does_not_name_are_told_once(tmp_path):
    rows = ["1,1,PLT,140,10^9/L,125-350", "1,2,PLT,150,10^9/L,125-350"]
    made = labs(tmp_path, rows, "id,d,item,value,unit,参考范围")
    told = made["queries"][made["queries"]["RULE"] == "limits_not_used"]
    assert len(told) == 1
    assert "range_from: 参考范围" in told.iloc[0]["MESSAGE"]
    assert made["labs"]["LBSTNRLO"].isna().all()


def test_a_unit_or_limits_without_a_result_are_accounted_for(tmp_path):
    columns = {"LBSTRESN": {"from": "value", "unit_from": "unit", "range_from": "limits"}}
    rows = ["1,1,WBC,3,10^9/L,3-9", "1,2,WBC,,10^9/L,3-9"]
    made = labs(tmp_path, rows, "id,d,item,value,unit,limits", columns=columns)
    account = made["cell_account"]
    lost = "row left out: what it hangs on is missing"
    for header in ("unit", "limits"):
        assert outcomes(account, SRCCOL=header) == {"used": 1, lost: 1}


def test_a_unit_beside_no_value_is_no_value_of_a_row_that_stays(tmp_path):
    patients = {**PATIENTS["columns"], "WBC": {"from": "wbc", "unit_from": "unit"}}
    files = {"p.csv": "id,t,wbc,unit\n1,100,,10^9/L\n2,90,4,10^9/L\n"}
    made = tables_of(tmp_path, files, {"patients": {**PATIENTS, "columns": patients}})
    account = made["cell_account"]
    assert outcomes(account, SRCCOL="unit") == {"no value beside it": 1, "used": 1}


@pytest.mark.parametrize("row", ["1,1,WBC,3,furlong", "1,1,WBC,99999,10^9/L"])
def test_a_result_that_was_emptied_does_not_count_as_used(tmp_path, row):
    account = labs(tmp_path, [row], "id,d,item,value,unit")["cell_account"]
    assert outcomes(account, SRCCOL="value") == {"left empty, asked of the clinic": 1}

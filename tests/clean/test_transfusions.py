"""Transfusions and karyotypes through cleaning: words, days, rows that say nothing."""

from __future__ import annotations

from tests.clean.export import clean_of, study

HEADER = "病案号,性别,首次用药日期,末次随访日期,日期,种类,单位数,核型"
ROW = "p1,男,2021-01-01,2021-06-01"


def _tables(*rows: str) -> dict:
    tables = study()["tables"]
    patients = tables["patients"]["records"][0]["columns"]
    kept = {n: patients[n] for n in ("SEX", "INDEXDT", "LSTALVDT")}
    tables["patients"]["records"][0]["columns"] = {**kept, "KARYO": {"from": "核型"}}
    columns = {"TFDT": "日期", "TFTYPE": "种类", "TFUNITS": "单位数"}
    long = {name: {"from": header} for name, header in columns.items()}
    tables["transfusions"] = {**tables["patients"], "records": [{"columns": long}]}
    return clean_of("\n".join([HEADER, *rows]) + "\n", tables=tables)


def test_words_days_and_units():
    made = _tables(
        f"{ROW},2021-01-11,红细胞,2,",
        f"{ROW},2021-01-12,PLT,1.5,",
        f"{ROW},,,,",
    )["transfusions"]
    assert list(made["TFTYPE"]) == ["RBC", "PLATELET"]
    assert list(made["TFDY"]) == [10, 11]
    assert list(made["TFUNITS"]) == [2, 1.5]


def test_a_transfusion_of_no_known_day_is_asked_for():
    tables = _tables(f"{ROW},,红细胞,2,", f"{ROW},2021-01-12,RBC,90,")
    queries = tables["queries"].set_index("RULE")
    assert queries.loc["row_without_key_value", "TABLE"] == "transfusions"
    assert queries.loc["out_of_range", "COLUMN"] == "TFUNITS"


def test_a_karyotype_is_kept_as_text_and_one_not_done_is_missing():
    assert _tables(f"{ROW},,,,４６;ＸＹ［２０］")["patients"]["KARYO"][0] == "46;XY[20]"
    assert _tables(f"{ROW},,,,未做")["patients"]["KARYO"].isna().all()

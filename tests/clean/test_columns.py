"""What a column tells that a cell does not: order of day and month, decimal mark, unit."""

from __future__ import annotations

import pytest

from tests.clean.export import clean_of, study
from venaza.contracts.errors import StudyError

HEAD = "病案号,性别,首次用药日期,末次随访日期"


def tables_of(column: str, values: list, header: str = "X", how: dict | None = None, **sections):
    """The clean tables of patients whose ``column`` comes from ``header``."""
    tables = study()["tables"]
    known = tables["patients"]["records"][0]["columns"]
    mapped = {n: known[n] for n in ("SEX", "INDEXDT", "LSTALVDT")}
    mapped[column] = {"from": header, **(how or {})}
    tables["patients"]["records"][0]["columns"] = mapped
    index = "2021-01-01,2022-06-01"
    lines = [f"{HEAD},{header}"] + [
        f'p{n},男,{index},"{value}"' for n, value in enumerate(values, start=1)
    ]
    return clean_of("\n".join(lines) + "\n", tables=tables, **sections)


def values_of(column: str, values: list, *args, **more) -> list:
    made = tables_of(column, values, *args, **more)["patients"][column]
    return [
        None if v is None or v != v else v for v in made.astype(object).where(made.notna(), None)
    ]


def days_of(values: list, *args, **more) -> list:
    made = tables_of("DIAGDT", values, *args, **more)["patients"]["DIAGDT"]
    return [None if day is None or day != day else day.date().isoformat() for day in made]


def dated_of(header: str, values: list):
    """The clean tables of patients with these dates under a header, and usual ones elsewhere."""
    usual = {"首次用药日期": "2021-01-01", "末次随访日期": "2022-06-01"}
    names = ("性别", *usual, "死亡日期", "确诊日期")
    columns = dict(zip(("SEX", "INDEXDT", "LSTALVDT", "DTHDT", "DIAGDT"), names, strict=True))
    tables = study()["tables"]
    mapped = {name: {"from": raw} for name, raw in columns.items()}
    tables["patients"]["records"][0]["columns"] = mapped
    rows = [{"性别": "男", **usual, header: value} for value in values]
    lines = [
        ",".join([f"p{n}", *(row.get(name, "") for name in names)])
        for n, row in enumerate(rows, start=1)
    ]
    return clean_of("\n".join([",".join(["病案号", *names]), *lines]) + "\n", tables=tables)


def times_of(values: list, how: dict | None = None) -> list:
    """The study days of patients with these times in the column X."""
    tables = study()["tables"]
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": {"from": "X", **(how or {})}}
    tables["patients"]["records"][0]["columns"] = columns
    text = "病案号,X\n" + "".join(f"p{n},{value}\n" for n, value in enumerate(values, start=1))
    made = clean_of(text, tables=tables, timeline={"dates": "study_days"})["patients"]
    days = made["LSTALVDY"].astype(object)
    return days.where(days.notna(), None).to_list()


def rules(tables) -> list[str]:
    return sorted(set(tables["queries"]["RULE"]))


def test_one_value_beyond_12_tells_the_order_of_the_whole_column():
    assert days_of(["3/5/2020", "15/3/2020", "2020-03-05"]) == [
        *("2020-05-03", "2020-03-15", "2020-03-05"),
    ]
    assert days_of(["3/5/2020", "3/15/2020"]) == ["2020-03-05", "2020-03-15"]


def test_the_settled_order_is_logged_and_asked_about():
    tables = tables_of("DIAGDT", ["3/5/2020", "15/3/2020"])
    log = tables["cleaning_log"].set_index("RAW")
    assert log.loc["3/5/2020", "RULE"] == "date format, day first"
    query = tables["queries"].iloc[0]
    assert (query["RULE"], query["SEVERITY"]) == ("column_settled", "note")
    assert "15/3/2020 (row 3) shows the day first" in query["MESSAGE"]


def test_a_column_that_does_not_tell_stops_the_run_until_the_order_is_declared():
    with pytest.raises(StudyError) as caught:
        days_of(["3/5/2020", "2020-03-05", "4/6/2020"])
    text = str(caught.value)
    assert "2 date(s) under 'X' can be read with the day or the month first" in text
    assert "3/5/2020 (row 2), 4/6/2020 (row 4)" in text
    assert "date_order: DMY" in text
    declared = {"how": {"date_order": "MDY"}}
    assert days_of(["3/5/2020", "4/6/2020"], **declared) == ["2020-03-05", "2020-04-06"]
    whole = {"timeline": {"date_order": "DMY"}}
    assert days_of(["3/5/2020", "4/6/2020"], **whole) == ["2020-05-03", "2020-06-04"]


def test_equal_day_and_month_need_no_order():
    assert days_of(["5/5/2020", "6.6.2020"]) == ["2020-05-05", "2020-06-06"]


def test_a_column_that_contradicts_itself_stops_the_run():
    with pytest.raises(StudyError) as caught:
        days_of(["15/3/2020", "3/16/2020"])
    assert "the day first: 15/3/2020 (row 2); others the month: 3/16/2020 (row 3)" in str(
        caught.value
    )
    declared = {"how": {"date_order": "DMY"}}
    tables = tables_of("DIAGDT", ["15/3/2020", "3/16/2020"], **declared)
    assert rules(tables) == ["unreadable_value"]


def test_a_declared_order_that_most_dates_of_the_column_contradict_stops_the_run():
    with pytest.raises(StudyError) as caught:
        days_of(["3/5/2020", "3/16/2020", "4/17/2020", "18/3/2020"], how={"date_order": "DMY"})
    text = str(caught.value)
    assert "2 date(s) under 'X' can only have the month first (3/16/2020 (row 3)" in text
    assert "1 only the day first, which the study file declares (date_order: DMY)" in text
    assert "date_order: MDY" in text
    assert days_of(["3/16/2020", "18/3/2020"], timeline={"date_order": "MDY"}) == [
        *("2020-03-16", None),
    ]
    assert days_of(["2020-03-16", "3/16/20"], timeline={"date_order": "YMD"})[0] == "2020-03-16"


def test_times_of_which_some_have_decimals_stop_the_run_until_their_unit_is_declared():
    with pytest.raises(StudyError) as caught:
        times_of(["4.5", "24", "30.1", "7.2"])
    text = str(caught.value)
    assert "3 of 4 times under 'X' have decimals: 4.5 (row 2), 30.1 (row 4), 7.2 (row 5)" in text
    assert "unit: months" in text
    assert times_of(["4.5", "24.0", "30.1"]) == [None, 24, None]
    assert times_of(["4.5", "24", "30.1", "7.2"], {"unit": "days"}) == [5, 24, 30, 7]


def test_columns_that_repeat_one_date_settle_each_other():
    tables = study(responses=True)["tables"]
    tables["responses"]["records"] = [
        {"columns": {"RSDT": {"from": f"d{n}"}, "RSINV": {"from": "疗效"}}} for n in (1, 2)
    ]
    text = f"{HEAD},疗效,d1,d2\np1,男,2021-01-01,2021-06-01,CR,3/5/2021,25/5/2021\n"
    patients = tables["patients"]["records"][0]["columns"]
    tables["patients"]["records"][0]["columns"] = {
        n: patients[n] for n in ("SEX", "INDEXDT", "LSTALVDT")
    }
    made = clean_of(text, tables=tables)["responses"]
    assert [day.date().isoformat() for day in made["RSDT"]] == ["2021-05-03", "2021-05-25"]


def test_true_dates_that_a_spreadsheet_may_have_swapped_are_asked_about():
    swapped = ["13/3/2020", "25/5/2020", "31/1/2020", *(f"2020-0{n}-0{n + 1}" for n in range(1, 6))]
    tables = tables_of("DIAGDT", swapped)
    assert rules(tables) == ["swapped_days"]
    assert rules(tables_of("DIAGDT", [*swapped, "2020-02-20"])) == []


def test_a_number_in_a_text_file_counts_from_the_day_that_is_declared():
    texts = ["18262", "18263", "2020-01-03"]
    days = ["2020-01-01", "2020-01-02", "2020-01-03"]
    assert days_of(texts, how={"date_origin": "1970-01-01"}) == days
    assert days_of(texts, timeline={"date_origin": "1970-01-01"}) == days
    assert days_of(["43831"], timeline={"date_origin": "1899-12-30"}) == ["2020-01-01"]
    tables = tables_of("DIAGDT", texts)
    assert rules(tables) == ["unreadable_value"]
    assert "X: a number that is no date by itself." in set(tables["queries"]["MESSAGE"])


def test_the_date_system_that_is_declared_for_a_table_counts_in_a_text_file_too():
    tables = study()["tables"]
    columns = tables["patients"]["records"][0]["columns"]
    for name in ("HGB", "DTHDT", "SURVSTAT"):
        columns.pop(name)
    text = "病案号,性别,首次用药日期,末次随访日期,确诊日期\np1,男,2021-01-01,2022-06-01,42369\n"
    found = {}
    for system in (1900, 1904):
        tables["patients"]["date_system"] = system
        made = clean_of(text, tables=tables)["patients"]
        found[system] = made["DIAGDT"][0].date().isoformat()
    assert found == {1900: "2015-12-31", 1904: "2020-01-01"}


def test_a_column_of_bare_numbers_stops_the_run_and_says_what_they_may_be():
    with pytest.raises(StudyError) as caught:
        dated_of("首次用药日期", ["18657", "18677"])
    text = str(caught.value)
    assert "None of the 2 filled cell(s) under '首次用药日期' can be read as INDEXDT" in text
    assert "18657 (row 2): a number that is no date by itself" in text
    assert "2021-01-30 by 1970-01-01 (R and Unix), 2011-01-30 by 1960-01-01" in text
    assert "tables > patients > columns > INDEXDT: date_origin" in text


@pytest.mark.parametrize(
    ("header", "texts", "stops"),
    [
        ("首次用药日期", ["21/3/5"], "date_order: YMD, DMY or MDY"),
        ("首次用药日期", ["soon", "2021-01-01"], ""),
        ("末次随访日期", ["soon", "later", "never mind"], "soon (row 2): not a date; later"),
        ("末次随访日期", ["soon", "later", ""], ""),
        ("死亡日期", ["1100112", "1100113", "1100114"], "declare calendar: minguo"),
        ("死亡日期", ["1100112", "1100113", "未知"], ""),
        ("确诊日期", ["soon", "later", "never mind"], ""),
    ],
)
def test_a_column_that_cannot_be_read_at_all_stops_the_run_where_all_hangs_on_it(
    header, texts, stops
):
    if stops:
        with pytest.raises(StudyError, match="filled cell") as caught:
            dated_of(header, texts)
        assert stops in str(caught.value)
    else:
        asked = rules(dated_of(header, texts))
        assert ("unreadable_column" in asked) == (header == "确诊日期")
        assert "unreadable_value" in asked


def test_words_for_missing_do_not_make_a_column_readable():
    with pytest.raises(StudyError, match="None of the 3 filled"):
        dated_of("死亡日期", ["1100112", "1100113", "1100114", "未知"])


def test_placeholder_dates_are_missing_with_a_line_in_the_log():
    tables = tables_of("DIAGDT", ["1900-01-01", "9999-12-31", "2020-12-20"])
    assert list(tables["patients"]["DIAGDT"].isna()) == [True, True, False]
    log = tables["cleaning_log"]
    assert list(log[log["COLUMN"] == "DIAGDT"]["RULE"]) == ["placeholder date"] * 2
    assert rules(tables) == []


def test_the_comma_of_a_column_is_settled_by_what_can_be_one_thing_only():
    assert values_of("WBC", ["3,5", "1,234", "12"]) == [3.5, 1.234, 12]
    assert values_of("WBC", ["1,234.5", "1,234", "120"], how={"unit": "/µL"}) == [
        *(1.2345, 1.234, 0.12),
    ]
    query = tables_of("WBC", ["3,5", "1,234", "12"])["queries"].iloc[0]
    assert (query["RULE"], query["SEVERITY"]) == ("comma_settled", "note")
    assert "as 3,5 (row 2) shows" in query["MESSAGE"]


def test_a_comma_that_nothing_settles_leaves_the_cell_empty_with_a_query():
    tables = tables_of("WBC", ["1,234", "120"], how={"unit": "/µL"})
    assert tables["patients"]["WBC"].isna()[0]
    assert "declare 'decimal'" in tables["queries"].iloc[0]["MESSAGE"]
    declared = {"unit": "/µL", "decimal": "."}
    assert values_of("WBC", ["1,234", "120"], how=declared) == [1.234, 0.12]


@pytest.mark.parametrize(
    ("column", "header", "raw", "clean"),
    [
        ("HGB", "HGB(g/dL)", "9.5", 95),
        ("HGB", "血红蛋白[g/L]", "95", 95),
        ("WBC", "WBC（×10⁹/L）", "4.5", 4.5),
        ("WBC", "WBC(/µL)", "4500", 4.5),
        ("PLT", "PLT(万/µL)", "12", 120),
        ("PLT", "PLT(K/uL)", "120", 120),
        ("BMBLAST", "骨髓原始细胞(%)", "0.5", 0.5),
    ],
)
def test_the_unit_in_the_header_counts(column, header, raw, clean):
    assert values_of(column, [raw], header) == [clean]


@pytest.mark.parametrize(
    ("column", "how", "raw", "clean"),
    [
        ("HGB", {}, "9.5 g/dL", 95),
        ("HGB", {"unit": "g/dL"}, "95 g/L", 95),
        ("HGB", {"unit": "g/dL"}, "9.5", 95),
        ("PLT", {}, "120 K/µL", 120),
        ("PLT", {}, "120000/mm³", 120),
        ("WBC", {}, "4.5×10⁹/L", 4.5),
        ("WBC", {}, "<0.5", 0.25),
        ("WBC", {"below": "limit"}, "<0.5", 0.5),
        ("PLT", {"below": "zero"}, "<0.5", 0),
        ("PLT", {}, ">100", 100),
        ("BMBLAST", {}, "<5%", 2.5),
        ("BMBLAST", {"range": "midpoint"}, "3.5-4%", 3.75),
        ("BMBLAST", {"unit": "fraction"}, "0.035", 3.5),
        ("BMBLAST", {"unit": "fraction"}, "3.5%", 3.5),
        ("BMBLAST", {"values": {"0": ["未见"]}}, "未见", 0),
        ("WBC", {}, "1.2*", 1.2),
        ("WBC", {}, "3.4 ↓", 3.4),
        ("AGE", {}, "74岁", 74),
        ("AGE", {}, "18月", 1.5),
        ("AGE", {}, "2岁6月", 2.5),
    ],
)
def test_numbers_with_signs_flags_and_units(column, how, raw, clean):
    tables = tables_of(column, [raw], how=how)
    assert list(tables["patients"][column]) == [clean]
    log = tables["cleaning_log"]
    assert len(log[log["COLUMN"] == column]) == (0 if raw == "9.5" and not how else 1)


@pytest.mark.parametrize(
    ("column", "raw", "message"),
    [
        ("WBC", "溶血", "the laboratory gave no result (溶血)"),
        ("BMBLAST", "未见", "a word where a number belongs"),
        ("BMBLAST", "3.5-4%", "a range"),
        ("HGB", "95 mg", "the unit mg is not known"),
        ("ECOG", "2-3", "a range"),
    ],
)
def test_what_is_no_number_is_left_empty_with_a_query(column, raw, message):
    tables = tables_of(column, [raw])
    assert tables["patients"][column].isna().all()
    assert message in tables["queries"].iloc[0]["MESSAGE"]


def test_an_unknown_unit_in_a_header_stops_the_run():
    with pytest.raises(StudyError, match="'T/L' in the header") as caught:
        values_of("PLT", ["0.12"], "PLT(T/L)")
    assert "Known: 10^9/L" in str(caught.value)


def test_a_column_in_another_unit_stops_the_run_until_it_is_declared():
    with pytest.raises(StudyError, match="around 9.5, which is no HGB in g/L but one in g/dL"):
        values_of("HGB", ["9.5", "10.1", "8.8"])
    with pytest.raises(StudyError, match="no PLT in 10\\^9/L but one in /µL"):
        values_of("PLT", ["95000", "101000", "88000"])
    assert values_of("HGB", ["9.5", "10.1", "8.8"], how={"unit": "g/dL"}) == [95, 101, 88]
    assert values_of("HGB", ["95", "101", "9"])[:2] == [95, 101]


def test_a_column_of_fractions_stops_the_run_until_its_unit_is_declared():
    fractions = ["0.35", "0.6", "0.02"]
    with pytest.raises(StudyError, match="No number under 'X' is over 1") as caught:
        values_of("BMBLAST", fractions)
    assert "unit: fraction" in str(caught.value)
    assert values_of("BMBLAST", fractions, how={"unit": "fraction"}) == [35, 60, 2]
    assert values_of("BMBLAST", fractions, how={"unit": "%"}) == [0.35, 0.6, 0.02]
    assert values_of("BMBLAST", [*fractions, "45"]) == [0.35, 0.6, 0.02, 45]
    with pytest.raises(StudyError, match=r"is over 1 \(1 of them\)"):
        values_of("BMBLAST", ["0.35"])
    assert values_of("BMBLAST", ["1", "0"]) == [1, 0]
    assert values_of("BMBLAST", ["0.35", "1.1"]) == [0.35, 1.1]


def test_a_fraction_beside_cells_in_per_cent_is_asked_about():
    mixed = ["35%", "0.35", "35", "1", "0", "0.5%"]
    tables = tables_of("BMBLAST", mixed)
    assert values_of("BMBLAST", mixed) == [35, None, 35, 1, 0, 0.5]
    asked = tables["queries"].set_index("RULE").loc["unreadable_value", "MESSAGE"]
    assert asked == "X: beside cells in per cent: 0.35%, or 0.35 of 1 (write %)."
    assert values_of("BMBLAST", ["35%", "1", "0.2"]) == [35, None, None]
    assert values_of("BMBLAST", mixed, how={"unit": "%"}) == [35, 0.35, 35, 1, 0, 0.5]
    assert values_of("BMBLAST", ["35%", "0.35"], how={"unit": "fraction"}) == [35, 35]


@pytest.mark.parametrize("column", ["WBC", "AGE", "PRIORLN", "OWN"])
def test_a_date_is_no_number(column):
    own = {"name": "OWN", "label": "x", "type": "number", "unit": ""}
    tables = tables_of(column, ["2021-01-05"], how={"range": "lower"}, columns=[own])
    assert tables["patients"][column].isna().all()
    assert "a date where a number belongs" in tables["queries"]["MESSAGE"].iloc[0]


def lab_tables(rows: list[str], unit: dict):
    tables = study()["tables"]
    known = tables["patients"]["records"][0]["columns"]
    columns = {n: known[n] for n in ("SEX", "INDEXDT", "LSTALVDT")}
    tables["patients"]["records"] = [{"columns": columns}]
    mapped = {"LBDT": {"from": "日期"}, "LBTESTCD": {"from": "项目"}}
    mapped["LBSTRESN"] = {"from": "结果", **unit}
    tables["labs"] = {**tables["patients"], "records": [{"columns": mapped}]}
    lines = [f"{HEAD},日期,项目,结果,单位"]
    lines += [f"p1,男,2021-01-01,2022-06-01,2021-02-0{n},{row}" for n, row in enumerate(rows, 1)]
    return clean_of("\n".join(lines) + "\n", tables=tables)


@pytest.mark.parametrize(
    ("row", "value", "unit"),
    [
        ("白蛋白,3.5,g/dL", 35, "g/L"),
        ("总胆红素,1.2,mg/dL", 20.5248, "µmol/L"),
        ("谷丙转氨酶,40,IU/L", 40, "U/L"),
        ("肌酐,1.0,mg/dL", 88.42, "µmol/L"),
        ("纤维蛋白原,250,mg/dL", 2.5, "g/L"),
        ("INR,1.1,", 1.1, "ratio"),
        ("中性粒细胞%,45,%", 45, "%"),
        ("中性粒细胞,<0.5,10^9/L", 0.25, "10^9/L"),
        ("乳酸脱氢酶,250 ↑,U/L", 250, "U/L"),
    ],
)
def test_laboratory_results_in_standard_units(row, value, unit):
    made = lab_tables([row], {"unit_from": "单位"})["labs"].iloc[0]
    assert (made["LBSTRESN"], made["LBSTRESU"]) == (value, unit)


def test_results_without_a_unit_must_look_like_the_standard_unit():
    rows = ["血红蛋白,9.5,", "血红蛋白,10.1,", "血红蛋白,8.8,"]
    with pytest.raises(StudyError, match="The results of HGB without a unit lie around 9.5"):
        lab_tables(rows, {})
    assert list(lab_tables(["血红蛋白,95,"], {})["labs"]["LBSTRESN"]) == [95]
    shares = ["中性粒细胞%,0.45,", "中性粒细胞%,0.6,", "中性粒细胞%,0.02,"]
    with pytest.raises(StudyError, match="no NEUTLE in % but one in fraction"):
        lab_tables(shares, {})
    assert list(lab_tables(["中性粒细胞%,1,"] * 3, {})["labs"]["LBSTRESN"]) == [1, 1, 1]

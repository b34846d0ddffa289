"""The gallery, containers and identities: encodings, workbooks, text files, REDCap, many files."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
import xlwt
from openpyxl.styles import PatternFill
from xlwt.CompoundDoc import XlsDoc

from tests.gallery.exports import PATIENTS, PRIVACY, Result, one, text
from tests.workbooks import workbook
from venaza.contracts.clean import QUERIES
from venaza.contracts.files import write_table

HEAD = ["病案号", "性别", "首次用药日期", "末次随访日期"]
ROWS = [["A1", "男", "2021-01-04", "2021-09-30"], ["A2", "女", "2021-02-08", "2021-10-11"]]


def is_good(made: Result) -> bool:
    """Whether the two patients came out as they stand in ``ROWS``, with nothing to ask."""
    assert made.error == ""
    assert made.values("patients", "USUBJID") == ["A1", "A2"]
    assert made.values("patients", "SEX") == ["M", "F"]
    assert made.values("patients", "LSTALVDT") == ["2021-09-30", "2021-10-11"]
    return made.rules() == []


@pytest.mark.parametrize(
    ("name", "encoding", "found"),
    [
        *(("a.csv", "gb18030", "gb18030"), ("a.csv", "utf-8", "utf-8-sig")),
        *(("a.csv", "utf-8-sig", "utf-8-sig"), ("a.txt", "utf-16", "utf-16")),
    ],
)
def test_01_encodings_of_text(of, name, encoding, found):
    comma = "\t" if name.endswith("txt") else ","
    made = of({name: text([HEAD, *ROWS], comma).encode(encoding)})
    assert is_good(made)
    assert list(made.files["ENCODING"]) == [found]


def test_01_a_table_of_a_web_page_named_xls(of):
    rows = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in [HEAD, *ROWS])
    page = f"<html><meta charset='gb2312'><table>{rows}</table></html>"
    made = of({"a.xls": page.encode("gb18030")})
    assert is_good(made)
    assert "named .xls, but its content is html" in made.notes()
    assert is_good(of({"a.xls": text([HEAD, *ROWS], "\t").encode("gb18030")}))


def test_01_short_utf8_is_not_read_as_gb18030_and_broken_utf8_is_refused(of):
    columns = {"INDEXDT": "首次", "LSTALVDT": "末次"}
    short = "病案号,首次,末次,疗效\nA1,2021-01-04,2021-09-30,完全缓解\n"
    tables = one("a.csv", columns=columns)
    tables |= one("a.csv", "responses", {"RSDT": "末次", "RSINV": "疗效"})
    assert short.encode().decode("gb18030", "replace") != short
    assert of({"a.csv": short.encode()}, tables).values("responses", "RSINV") == ["CR"]
    broken = (short * 9).encode().replace("缓".encode(), "缓".encode()[:2] + b"0", 1)
    assert "is UTF-8 text, but 1 character" in of({"a.csv": broken}, tables).error


def test_02_sheets_of_several_kinds_and_a_hidden_one(of):
    sheets = {"说明": [["导出说明"]], "基本信息": [HEAD, *ROWS], "化疗": [["病案号"], ["A1"]]}
    sheets["骨髓"] = [["病案号", "日期", "疗效"], ["A1", "2021-02-03", "CR"]]

    def hide(made):
        made["骨髓"].sheet_state = "veryHidden"

    data = workbook(sheets, change=hide)
    responses = one("*.xlsx", "responses", {"RSDT": "日期", "RSINV": "疗效"}, sheet="骨髓")
    made = of({"a.xlsx": data}, one("*.xlsx", sheet="基本信息") | responses)
    assert is_good(made)
    assert made.values("responses", "RSINV") == ["CR"]
    assert list(made.files["HIDDEN"]) == ["骨髓"]
    assert made.accounted(SRCSHEET="化疗") == {"title or header": 1, "sheet not mapped": 1}
    assert "The table 'patients' needs a sheet" in of({"a.xlsx": data}, one("*.xlsx")).error
    error = of({"a.xlsx": data}, one("*.xlsx", sheet="基本信自")).error
    assert "Did you mean '基本信息'?" in error


def test_02_a_sheet_for_each_patient_is_one_table_by_a_pattern_of_names(of):
    sheets = {"说明": [["导出说明"]], "患者1": [HEAD, ROWS[0]], "患者2": [HEAD, ROWS[1]]}
    made = of({"a.xlsx": workbook(sheets)}, one("*.xlsx", sheet="患者*"))
    assert is_good(made)
    assert made.values("patients", "SRCSHEET") == ["患者1", "患者2"]
    by_header = {"patients": {"file": "*.xlsx", "sheet": "患者*"}}
    assert is_good(of({"a.xlsx": workbook(sheets)}, by_header))
    assert "needs a sheet" in of({"a.xlsx": workbook(sheets)}, one("*.xlsx", sheet="病人*")).error
    sheets["患者3"] = [["病案号", "性别"], ["A3", "男"]]
    error = of({"a.xlsx": workbook(sheets)}, one("*.xlsx", sheet="患者*")).error
    assert "2 such columns do not stand there: 首次用药日期, 末次随访日期" in error
    assert "患者3" in error


def test_02_sheets_called_after_patients_stop_the_run_and_are_not_named(of):
    people = ["王小明", "李雷", "张伟", "刘洋", "陈静"]
    sheets = {n: [HEAD, [f"A{i}", *ROWS[0][1:]]] for i, n in enumerate(people)}
    error = of({"a.xlsx": workbook(sheets)}, one("*.xlsx", sheet="*")).error
    assert "The names of the sheets of this workbook look like a name." in error
    assert not [name for name in people if name in error]


def test_03_titles_headers_over_two_rows_merged_numbers_and_totals(of):
    rows = [
        ["急性髓系白血病随访表", *[""] * 5],
        ["病案号", "性别", "首次用药日期", "末次随访日期", "血常规", ""],
        ["", "", "", "", "日期", "PLT"],
        [*ROWS[0], "2021-01-04", 40],
        ["", "", "", "", "2021-02-03", 55],
        [*ROWS[1], "2021-02-08", 60],
        ["合计", "", "", "", "", 155],
        ["备注：A2 电话随访", "", "", "", "", ""],
    ]

    def merge(made):
        for place in ("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "A4:A5"):
            made.active.merge_cells(place)

    data = workbook({"随访": rows}, change=merge)
    more = {"header_row": [2, 3], "fill_down": ["病案号"]}
    labs = {"LBDT": "血常规 日期", "LBSTRESN": "血常规 PLT", "LBTESTCD": {"constant": "PLT"}}
    tables = one("*.xlsx", **more) | one("*.xlsx", "labs", labs, **more)
    made = of({"a.xlsx": data}, tables)
    assert made.values("patients", "USUBJID") == ["A1", "A2"]
    assert list(
        zip(made.values("labs", "USUBJID"), made.values("labs", "LBSTRESN"), strict=True)
    ) == [
        *(("A1", 40), ("A1", 55), ("A2", 60)),
    ]
    assert set(made.logged("USUBJID")) == {"filled from the row above"}
    assert made.rules() == ["summary_row"]
    assert {row for _, row in made.cells_asked("summary_row")} == {7, 8}
    undeclared = one("*.xlsx", header_row=[2, 3]) | one("*.xlsx", "labs", labs, header_row=[2, 3])
    assert "row_without_patient" in of({"a.xlsx": data}, undeclared).rules()


def test_03_a_patients_row_is_never_taken_for_headers(of):
    rows = [["A1", "王小明", "男", "2021-01-04"], ["A2", "李志强", "女", "2021-02-08"]]
    error = of({"a.csv": text(rows)}, {"patients": {"file": "a.csv"}}).error
    assert "No header row is found in this sheet" in error
    named = of({"a.csv": text([HEAD, *ROWS])}, one("a.csv", header_row=2)).error
    assert "Row 2 cannot be a header row: it holds a date" in named
    assert not [word for word in ("王小明", "李志强", "2021-01-04") if word in error + named]


def test_04_headers_map_by_synonyms_with_spaces_line_feeds_and_units(of):
    head = [
        "病案号",
        "性　别",
        "年龄（岁）",
        "首次\n用药日期",
        "末次随访日期",
        "是否死亡",
        "白细胞(×10^9/L)",
    ]
    rows = [["A1", "男", 74, "2021-01-04", "2021-09-30", "否", 3.5]]
    rows += [["A2", "女", 60, "2021-02-08", "2021-10-11", "否", 12]]
    made = of({"a.xlsx": workbook({"患者": [head, *rows]})}, {"patients": {"file": "*.xlsx"}})
    assert is_good(made)
    assert made.values("patients", "AGE") == [74, 60]
    assert made.values("patients", "WBC") == [3.5, 12]
    assert made.values("patients", "SURVSTAT") == ["ALIVE", "ALIVE"]


def test_04_a_name_is_no_column_to_map_and_a_header_given_twice_must_be_told_apart(of):
    named = {"a.csv": text([["姓名", *HEAD], ["王小明", *ROWS[0]]])}
    error = of(named).error
    assert "姓名: looks like a name, by its header" in error
    assert "王小明" not in error
    twice = {"a.csv": text([[*HEAD, "PLT", "PLT"], [*ROWS[0], "40", "90"], [*ROWS[1], "50", ""]])}
    error = of(twice, one("a.csv", columns={**PATIENTS, "PLT": "PLT"})).error
    assert "Map 'PLT.1' for the first and 'PLT.2' for the second." in error
    made = of(twice, one("a.csv", columns={**PATIENTS, "PLT": "PLT.1"}))
    assert is_good(made)
    assert made.values("patients", "PLT") == [40, 50]
    assert "headers given more than once are told apart as PLT.1, PLT.2" in made.notes()


def test_06_numbers_that_a_spreadsheet_has_damaged_stop_the_run(of):
    for number in ("1.23E+10", "1.23457E+17"):
        error = of({"a.csv": text([HEAD, [number, *ROWS[0][1:]]])}).error
        assert "was made a number by a spreadsheet and has lost digits" in error
        assert number not in error
    number = 110105194912310021
    error = of({"a.xlsx": workbook({"s": [HEAD, [number, *ROWS[0][1:]]]})}, one("*.xlsx")).error
    assert "has lost digits" in error
    cut = [[f"1101051949123{n}000", *ROWS[0][1:]] for n in (10, 11)]
    assert "all end in zeros: a spreadsheet cut them" in of({"a.csv": text([HEAD, *cut])}).error


def test_06_decimals_and_lost_leading_zeros_are_noted_and_asked(of):
    rows = [["123.0", *ROWS[0][1:]], ["124.0", *ROWS[1][1:]]]
    assert "are written with a decimal (.0)" in of({"a.csv": text([HEAD, *rows])}).notes()
    whole = of({"a.xlsx": workbook({"s": [HEAD, [123, *ROWS[0][1:]]]})}, one("*.xlsx"))
    assert whole.values("patients", "USUBJID") == ["123"]
    files = {"a.csv": text([HEAD, ["007", *ROWS[0][1:]]])}
    files["b.csv"] = text([["病案号", "日期", "疗效"], ["7", "2021-02-03", "CR"]])
    tables = one("a.csv") | one("b.csv", "responses", {"RSDT": "日期", "RSINV": "疗效"})
    made = of(files, tables)
    assert (
        "1 patient number(s) of 'responses' seem to have lost their leading zeros" in made.notes()
    )
    assert "is it 007?" in made.asked("unknown_patient")
    assert made.values("responses", "RSINV") == []


def test_07_one_patient_under_two_numbers_is_asked_and_two_of_one_name_stay_two(of):
    head = [*HEAD, "年龄", "确诊日期", "姓名"]
    same = [*ROWS[0][1:], "74", "2020-12-28", "王小明"]
    other = [*ROWS[1][1:], "60", "2021-02-01", "王小明"]
    rows = [["0012", *same], ["0345", *same], ["0777", *other]]
    columns = {**PATIENTS, "AGE": "年龄", "DIAGDT": "确诊日期"}
    privacy = {"columns": {**PRIVACY["columns"], "姓名": "drop"}}
    made = of({"a.csv": text([head, *rows])}, one("a.csv", columns=columns), privacy=privacy)
    assert made.values("patients", "USUBJID") == ["0012", "0345", "0777"]
    assert made.rules() == ["same_patient_twice"]
    assert made.cells_asked("same_patient_twice") == [("0345", 3)]
    assert "0012" in made.asked("same_patient_twice")
    spelt = [["A-12", *same], ["a12", *other]]
    made = of({"a.csv": text([head, *spelt])}, one("a.csv", columns=columns), privacy=privacy)
    assert made.rules() == ["similar_patient_numbers"]


def test_08_names_and_numbers_in_free_text_stop_drop_or_scrub(of):
    head = [*HEAD, "备注"]
    said = "家属电话13812345678，身份证11010519491231002X，复查"
    files = {"a.csv": text([head, [*ROWS[0], said], [*ROWS[1], ""]])}
    secrets = ("13812345678", "11010519491231002X")
    error = of(files).error
    assert "备注: looks like a" in error
    assert "by its values" in error
    assert not [secret for secret in secrets if secret in error]

    def under(action):
        return of(files, privacy={"columns": {**PRIVACY["columns"], "备注": action}})

    for action, gate in (("drop", "备注: 1 cells dropped"), ("scrub", "备注: 1 cells scrubbed")):
        made = under(action)
        assert is_good(made)
        assert made.gate == (gate,)
        assert not [secret for secret in secrets if secret in made.written()]
    assert "家属电话[removed]，身份证[removed]，复查" in under("scrub").written()
    assert "cannot be kept" in under({"keep": "asked for"}).error
    people = [
        [f"A{i}", *ROWS[0][1:], n] for i, n in enumerate(("王小明", "李雷", "张伟", "刘洋", "陈静"))
    ]
    assert "备注: looks like a name, by its values" in of({"a.csv": text([head, *people])}).error


def test_09_duplicate_rows_exact_and_conflicting(of):
    made = of({"a.csv": text([HEAD, *ROWS, ROWS[0]])})
    assert made.values("patients", "USUBJID") == ["A1", "A2"]
    assert made.asked("duplicate_row") == "The row repeats row 2."
    assert made.accounted(OUTCOME="row left out: exact duplicate") == {
        "row left out: exact duplicate": 4
    }
    made = of({"a.csv": text([HEAD, *ROWS, ["A1", "女", *ROWS[0][2:]]])})
    assert made.asked("contradicting_rows") == "Row 2 has M, row 4 has F."
    assert made.values("patients", "SEX") == [None, "F"]
    error = of({"a.csv": text([HEAD, *ROWS, [*ROWS[0][:3], "2021-10-01"]])}).error
    assert "Two rows of patient A1 contradict each other" in error


def test_19_a_best_response_after_a_later_therapy_is_asked(of):
    responses = {
        "疗效": [["病案号", "日期", "疗效"], ["A1", "2021-02-03", "NR"], ["A1", "2021-05-03", "CR"]]
    }
    later = {"后续": [["病案号", "日期", "方案"], ["A1", "2021-03-03", "FLAG-IDA"]]}
    data = workbook({"患者": [HEAD, *ROWS], **responses, **later})
    tables = one("*.xlsx", sheet="患者")
    tables |= one("*.xlsx", "responses", {"RSDT": "日期", "RSINV": "疗效"}, sheet="疗效")
    before = of({"a.xlsx": data}, tables)
    assert "best_response_after_later_therapy" not in before.rules()
    tables |= one("*.xlsx", "therapies", {"CMSTDT": "日期", "CMTRT": "方案"}, sheet="后续")
    made = of({"a.xlsx": data}, tables)
    assert made.cells_asked("best_response_after_later_therapy") == [("A1", 3)]
    assert "CR" in made.asked("best_response_after_later_therapy")
    assert made.values("responses", "RSINV") == ["NR", "CR"]


def test_27_a_transplant_in_a_note_is_asked_where_none_is_on_record(of):
    head = [*HEAD, "其他 备注"]
    said, planned = "2021-06-01外院行异基因移植", "拟行移植，家属拒绝移植"
    sheets = {
        "患者": [head, [*ROWS[0], said], [*ROWS[1], planned]],
        "移植": [["病案号", "移植日期"]],
    }
    tables = one("*.xlsx", sheet="患者")
    tables |= one("*.xlsx", "transplants", {"TXDT": "移植日期"}, sheet="移植")
    made = of({"a.xlsx": workbook(sheets)}, tables)
    assert made.rules() == ["note_mentions_transplant"]
    assert made.cells_asked("note_mentions_transplant") == [("A1", 2)]
    asked = "其他 备注 mentions a transplant (移植), but no transplant is recorded."
    assert made.asked("note_mentions_transplant") == asked
    assert made.values("transplants", "TXDT") == []
    sheets["移植"].append(["A1", "2021-06-01"])
    assert of({"a.xlsx": workbook(sheets)}, tables).rules() == []


def test_27_lines_of_salvage_without_a_number_stand_in_the_order_of_their_dates(of):
    later = [["A1", "2021-06-01", "FLAG-IDA"], ["A1", "2021-03-03", "CLAG"]]
    sheets = {"患者": [HEAD, *ROWS], "后续": [["病案号", "日期", "方案", "线数"], *later]}
    tables = one("*.xlsx", sheet="患者")
    columns = {"CMSTDT": "日期", "CMTRT": "方案", "CMLINE": "线数"}
    tables |= one("*.xlsx", "therapies", columns, sheet="后续")
    made = of({"a.xlsx": workbook(sheets)}, tables)
    assert made.values("therapies", "CMSTDT") == ["2021-03-03", "2021-06-01"]
    assert made.values("therapies", "SEQ") == [1, 2]
    assert made.values("therapies", "CMLINE") == [None, None]
    for row, line in zip(later, (1, 2), strict=True):
        row.append(line)
    made = of({"a.xlsx": workbook(sheets)}, tables)
    assert made.rules() == ["therapy_line_order"]


def test_28_a_reason_for_stopping_that_is_a_death_and_the_other_way_round(of):
    def told(reason: str, cause: str, died: str = "") -> Result:
        head = [*HEAD, "停药日期", "停药原因", "死亡日期", "死亡原因"]
        row = [*ROWS[0], "2021-09-30", reason, died, cause]
        columns = {"STOPDT": "停药日期", "STOPREAS": "停药原因", "DTHDT": "死亡日期"}
        columns = {**PATIENTS, **columns, "DTHCAUS": "死亡原因"}
        return of({"a.csv": text([head, row])}, one("a.csv", columns=columns))

    plain = told("死亡", "感染", "2021-09-30")
    assert plain.rules() == []
    assert plain.values("patients", "STOPREAS") == ["death"]
    assert plain.values("patients", "DTHCAUS") == ["infection"]
    assert told("死亡", "").rules() == ["stopped_for_death_alive"]
    assert told("复发", "感染").rules() == ["cause_without_death"]
    for reason, cause in (("疾病进展死亡", ""), ("复发", "停药")):
        error = told(reason, cause, "2021-09-30").error
        assert f"'{cause or reason}' in patients." in error


@pytest.mark.parametrize("comma", [";", "\t", "|"])
def test_31_separators_quotes_and_line_feeds_in_cells(of, comma):
    said = f'"said ""fine""{comma}\nseen again"'
    rows = [[*HEAD, "备注"], [*ROWS[0], said], [*ROWS[1], ""]]
    made = of({"a.txt": text(rows, comma)})
    assert is_good(made)
    assert made.accounted(SRCCOL="备注") == {"column not mapped": 1}


def test_31_what_a_spreadsheet_made_a_date_of_is_asked(of):
    head = [*HEAD, "原始细胞", "基因", "结果"]
    rows = [[*ROWS[0], "2021-01-05", "1-Mar", "阳性"], [*ROWS[1], "12", "SEPT9", "阳性"]]
    tables = one("a.csv", columns={**PATIENTS, "BMBLAST": "原始细胞"})
    tables |= one("a.csv", "mutations", {"GENE": "基因", "GERES": "结果"})
    made = of({"a.csv": text([head, *rows])}, tables, vocabulary={"unmapped": "query"})
    assert made.values("patients", "BMBLAST") == [None, 12]
    asked = made.asked("unreadable_value")
    assert "made a date of the gene's name" in asked
    assert "原始细胞" in asked


def test_31_a_formula_in_a_cell_is_no_formula_in_what_is_written_for_a_spreadsheet(of, tmp_path):
    rows = [[*HEAD, "WBC"], [*ROWS[0], "=cmd|' /C calc'!A0"], [*ROWS[1], "+1+2"]]
    made = of({"a.csv": text(rows)}, one("a.csv", columns={**PATIENTS, "WBC": "WBC"}))
    assert made.rules() == ["unreadable_value"]
    write_table(made.tables["queries"], QUERIES, tmp_path / "queries.parquet")
    with (tmp_path / "queries.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [cell for row in csv.reader(file) for cell in row]
    assert "'=cmd|' /C calc'!A0" in written
    assert not [cell for cell in written if cell.startswith(("=", "+", "-", "@"))]


def locked(folder: Path) -> bytes:
    """A workbook with a password as Office writes it: a container with one enciphered stream."""
    XlsDoc().save(str(folder / "locked"), bytes(range(256)) * 32)
    data = (folder / "locked").read_bytes()
    old, new = ("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
    at = data.index(old)
    length = (len(new) + 2).to_bytes(2, "little")
    return data[:at] + new.ljust(64, b"\0") + length + data[at + 66 :]


def test_32_a_workbook_with_a_password_is_refused(of, tmp_path):
    error = of({"a.xlsx": locked(tmp_path)}).error
    assert "This workbook is locked with a password." in error
    assert "Ask for the export without a password" in error


def test_32_an_old_workbook_is_read_and_its_error_cells_asked(of):
    made = xlwt.Workbook()
    sheet = made.add_sheet("患者")
    for number, row in enumerate([[*HEAD, "WBC"], [*ROWS[0]], [*ROWS[1], 3.5]]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    sheet.row(1).set_cell_error(4, 0x2A)
    stream = io.BytesIO()
    made.save(stream)
    made = of({"a.xls": stream.getvalue()}, one("*.xls", columns={**PATIENTS, "WBC": "WBC"}))
    assert made.values("patients", "SEX") == ["M", "F"]
    assert made.values("patients", "WBC") == [None, 3.5]
    assert made.cells_asked("spreadsheet_error") == [("A1", 2)]


def test_32_error_cells_and_formulas_without_a_value_are_asked_and_colours_noted(of):
    def colour(made):
        made.active["E2"] = "#REF!"
        made.active["E3"] = "=1+1"
        made.active["B2"].fill = PatternFill("solid", fgColor="FFFF0000")

    data = workbook({"患者": [[*HEAD, "WBC"], *ROWS]}, change=colour)
    made = of({"a.xlsx": data}, one("*.xlsx", columns={**PATIENTS, "WBC": "WBC"}))
    assert made.values("patients", "WBC") == [None, None]
    assert made.rules() == ["formula_without_value", "spreadsheet_error"]
    assert made.cells_asked("spreadsheet_error") == [("A1", 2)]
    assert made.cells_asked("formula_without_value") == [("A2", 3)]
    assert "colours of cells" in made.notes()


def zipped(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def test_33_a_patient_in_two_exports_counts_once_by_the_declared_rule(of):
    later = ["A1", "男", "2021-01-04", "2021-12-31"]
    files = {"2021-10.csv": text([HEAD, *ROWS]), "2022-01.csv": text([HEAD, later])}
    made = of(files, one("*.csv", overlap="newer"))
    assert made.values("patients", "LSTALVDT") == ["2021-12-31", "2021-10-11"]
    assert made.asked("newer_file_wins") == "The patient is in 2022-01.csv too, which is newer."
    reason = "the patient is in a newer file"
    assert made.accounted(SRCFILE="2021-10.csv", OUTCOME=f"row left out: {reason}") == {
        f"row left out: {reason}": 4
    }
    refused = of(files, one("*.csv", overlap="refuse")).error
    assert "Patient A1 is in 2 files of the table 'patients'" in refused
    assert "Two rows of patient A1 contradict each other" in of(files, one("*.csv")).error
    made = of({"all.zip": zipped(files)}, one("*.csv", overlap="newer"))
    assert made.values("patients", "LSTALVDT") == ["2021-12-31", "2021-10-11"]

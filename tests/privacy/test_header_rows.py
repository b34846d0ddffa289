"""No patient's row is ever a header row: not found, not taken, not printed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.clean.sheets import loaded
from venaza.commands.check import check
from venaza.commands.new_study.command import new_study
from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.privacy.rows import patient_in
from venaza.preflight import check_headers
from venaza.preflight.header_row import find_header_row, is_header
from venaza.preflight.persons import load_names
from venaza.study.synonyms import load_synonyms

ROOT = Path(__file__).parents[2]
NAMES, SYNONYMS = load_names(ROOT), load_synonyms(ROOT)
TRADITIONAL = "編號,姓名,電話,性別,年齡,診斷,首次用藥日期,末次隨訪日期,生存狀態"
UNUSUAL = "档案编码,患者名,联络,性状,岁数,病情,甲日,乙日,丙"
PERSONS = ("張偉明", "李小芳", "陳志強", "黃國華", "趙麗華", "王志明")
SECRETS = (*PERSONS, *(f"1390000000{n}" for n in range(6)))
#: Words that a table knows as headers stand in a patient's row as well: AML, 存活, 死亡.
ROWS = "".join(
    f"A{n:03d},{name},1390000000{n},{'男女'[n % 2]},{50 + n},AML,2021-03-0{n + 1},2022-05-0{n + 1},"
    f"{'存活' if n % 2 else '死亡'}\n"
    for n, name in enumerate(PERSONS)
)


def cells(*texts: str) -> list[tuple[str, str]]:
    return [(text, "text") for text in texts]


def known(text: str) -> bool:
    return is_header(text, SYNONYMS)


@pytest.fixture
def project(tmp_path):
    """The project's configuration without a study."""
    for folder in ("config", "workflow/schemas"):
        shutil.copytree(ROOT / folder, tmp_path / "project" / folder)
    return tmp_path / "project"


def proposed(project, text: str) -> str:
    """What new-study says and writes of an export of one file."""
    folder = project.parent / "export"
    folder.mkdir()
    (folder / "export.csv").write_text(text, encoding="utf-8")
    told = new_study(project, "fresh", folder, copy="2023-01-01")
    return told + (project / "config/studies/fresh.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["AML", "存活", "2021-03-05"], "date"),
        (["AML", "存活", "20210305"], "date"),
        (["AML", "3/5/2021"], "date"),
        (["AML", "110/03/05"], "date"),
        (["AML", "民國110年3月5日"], "date"),
        (["AML", "2021年3月"], "date"),
        (["2021", "2021.03", "1.2"], None),
        (["AML", "1390000000"], "long number"),
        (["AML", "139 0000 0000"], "long number"),
        (["AML", "0012345"], "long number"),
        (["AML", "a.b@example.org"], "e-mail address"),
        (["AML", "+44 20 7946 0958"], "phone number"),
        (["AML", "張偉明"], "name"),
        (["AML", "Zhang Wei"], "name"),
        (["AML", "Smith, John"], "name"),
        (["AML", "李雷", "56"], "name"),
        (["AML", "李雷"], None),
        (["C1", "123456", "56"], None),
        (["2017-2022", "白细胞", "方法"], None),
        (["patient id", "date of birth", "Status", "1", "2"], None),
        (["编号", "ECOG PS评分", "白细胞", "周期", "方案类别", "1"], None),
        ([], None),
    ],
)
def test_what_makes_a_row_a_patients(texts, kind):
    assert patient_in(cells(*texts), NAMES, known) == kind


def test_a_cell_that_is_a_date_in_the_file_is_one():
    assert patient_in([("AML", "text"), ("44260", "date")], NAMES) == "date"
    assert patient_in([("AML", "text"), ("44260", "number")], NAMES) is None


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([["编号", "性别"], ["p1", "男"]], 1),
        ([["登记"], ["编号", "性别"], ["p1", "男"]], 2),
        ([["登记", "2021-03-05"], ["编号", "性别"], ["p1", "男"]], 2),
        ([["登记", "2021-03-05", "13900000000"], ["编号", "性别"], ["p1", "男"]], None),
        ([["登记"], ["甲", "乙", "丙"], ["p1", "張偉明", "男"]], 2),
        ([["甲", "乙"], ["p1", "2021-03-05"]], 1),
        ([["p1", "張偉明", "男"], ["编号", "姓名", "性别"]], None),
        ([["p1", "張偉明", "男"], ["p2", "", "存活"]], None),
        ([], None),
    ],
)
def test_the_header_row_stands_above_the_patients(rows, found):
    sheet = [cells(*row) for row in rows]
    assert find_header_row(sheet, None, SYNONYMS, NAMES) == found


@pytest.mark.parametrize("headers", [TRADITIONAL, UNUSUAL])
def test_unknown_headers_do_not_make_the_first_patient_the_headers(project, headers):
    said = proposed(project, f"{headers}\n{ROWS}")
    assert "export.csv  1           6 " in said
    assert [secret for secret in SECRETS if secret in said] == []


def test_traditional_headers_are_read(project):
    said = proposed(project, f"{TRADITIONAL}\n{ROWS}")
    columns = ("SEX: 性別", "AGE: 年齡", "DISEASE: 診斷", "SURVSTAT: 生存狀態")
    dates = ("INDEXDT: 首次用藥日期", "LSTALVDT: 末次隨訪日期")
    for line in ("key: 編號", *columns, *dates, "姓名: drop", "電話: drop"):
        assert line in said


def test_a_hospital_number_under_an_unusual_header_is_the_key_and_is_hashed(project):
    said = proposed(project, f"{UNUSUAL}\n{ROWS}")
    assert "key: 档案编码" in said
    assert "档案编码: hash" in said


def test_without_a_header_row_one_message_says_so_and_nothing_is_written(project):
    with pytest.raises(StudyError) as caught:
        proposed(project, ROWS)
    text = str(caught.value)
    assert "No header row is found in this sheet" in text
    assert "file:   export.csv" in text
    assert "header_row" in text
    assert [secret for secret in SECRETS if secret in text] == []
    assert not (project / "config/studies/fresh.yaml").exists()


def test_one_sheet_without_headers_is_left_out_and_asked_about(project):
    book = Workbook()
    book.active.title = "患者"
    for line in f"{TRADITIONAL}\n{ROWS}".splitlines():
        book.active.append(line.split(","))
    other = book.create_sheet("联系")
    for line in ROWS.splitlines():
        other.append(line.split(",")[:3])
    folder = project.parent / "export"
    folder.mkdir()
    book.save(folder / "export.xlsx")
    told = new_study(project, "fresh", folder)
    assert "No header row is found in export.xlsx > 联系" in told
    assert [secret for secret in SECRETS if secret in told] == []


@pytest.mark.parametrize("row", [2, [1, 2]])
def test_a_study_file_that_names_a_patients_row_is_stopped(tmp_path, row):
    table = {"file": "a.csv", "key": "編號", "header_row": row}
    columns = {"INDEXDT": "首次用藥日期", "LSTALVDT": "末次隨訪日期"}
    tables = {"patients": {**table, "columns": columns}}
    with pytest.raises(StudyError) as caught:
        loaded(tmp_path, {"a.csv": f"{TRADITIONAL}\n{ROWS}"}, tables, dates="calendar")
    text = str(caught.value)
    assert "Row 2 cannot be a header row: it holds a" in text
    assert "a.csv" in text
    assert "tables > patients > header_row" in text
    assert [secret for secret in SECRETS if secret in text] == []


def test_so_is_one_that_leaves_the_columns_to_the_headers(project):
    proposed(project, f"{TRADITIONAL}\n{ROWS}")
    path = project / "config/studies/fresh.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("    key: "), text.index("\n# Groups")
    path.write_text(f"{text[:start]}    header_row: 3\n{text[end:]}", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        check(project, "fresh")
    assert "Row 3 cannot be a header row: it holds a" in str(caught.value)
    assert [secret for secret in SECRETS if secret in str(caught.value)] == []


def test_headers_further_down_can_be_named(tmp_path):
    text = "2021-03-05,王小明,制表\n" + f"{TRADITIONAL}\n{ROWS}"
    columns = {"INDEXDT": "首次用藥日期", "LSTALVDT": "末次隨訪日期"}
    table = {"file": "a.csv", "key": "編號", "header_row": 2, "columns": columns}
    study = loaded(tmp_path, {"a.csv": text}, {"patients": table}, dates="calendar")
    check_headers(tmp_path, study)

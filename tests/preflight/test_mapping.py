"""Mapping by declaration: what headers mean, what is refused, what the study file overrides."""

from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

from tests.copies import copied
from venaza.contracts.clean import KEY, ORIGIN, TABLES
from venaza.contracts.coded_values import VOCABULARY
from venaza.contracts.columns import names
from venaza.contracts.errors import StudyError
from venaza.preflight import check_headers, load_study, settings
from venaza.study.documents import read_yaml, validate
from venaza.study.synonyms import load_synonyms, words

ROOT = Path(__file__).parents[2]
SYNONYMS = load_synonyms(ROOT)
#: Columns that cleaning makes itself, of another column's cell.
MADE = {"MRDOP", "AEDECOD", *names(KEY), *names(ORIGIN)}


def mappable(table: str) -> set[str]:
    """The columns of a clean table that an export can give."""
    columns = [c for c in TABLES[table] if not c.derivation and not c.name.endswith("DTF")]
    return {c.name for c in columns} - MADE


@pytest.mark.parametrize("table", TABLES)
def test_every_clean_column_has_names_in_both_languages(table):
    given = SYNONYMS.document["columns"][table]
    # The limits of normal in one cell are read into two columns.
    assert set(given) - {"LBNRNG"} == mappable(table)
    for column, spelled in given.items():
        assert spelled["en"], column
        assert any("\u4e00" <= c <= "\u9fff" for word in spelled["zh"] for c in word), column


#: Names that stand over two columns: which it is, the cells decide, or it is left to the user.
OF_TWO = {("patients", "状态"): {"DISSTAT", "SURVSTAT"}}


@pytest.mark.parametrize("table", TABLES)
def test_no_name_belongs_to_two_columns_of_a_table(table):
    for column, entry in SYNONYMS.document["columns"][table].items():
        for word in (column, *words(entry)):
            expected = OF_TWO.get((table, word), {column})
            assert SYNONYMS.means(word, table).columns == expected, word


def test_every_sheet_name_belongs_to_one_table():
    assert set(SYNONYMS.document["tables"]) == set(TABLES)
    for table, entry in SYNONYMS.document["tables"].items():
        for word in (table, *words(entry)):
            assert SYNONYMS.tables_named(word) == [table], word


def test_synonyms_of_a_wrong_shape_are_refused():
    schema = read_yaml(ROOT / "workflow/schemas/synonyms.schema.yaml", "schema")
    document = {**SYNONYMS.document, "patient": {"en": ["id"]}}
    with pytest.raises(StudyError, match="The key 'zh' is missing"):
        validate(document, schema, "config/synonyms.yaml")


@pytest.mark.parametrize(
    ("header", "table", "column", "unit"),
    [
        ("白细胞(×10^9/L)", "patients", "WBC", "×10^9/L"),
        ("白细胞\n（×10⁹／Ｌ）", "patients", "WBC", "×10^9/L"),
        ("ＷＢＣ", "patients", "WBC", ""),
        ("hb_g_dl", "patients", "HGB", "g/dL"),
        ("Hb (g/dL)", "patients", "HGB", "g/dL"),
        ("HGB g/L", "patients", "HGB", "g/L"),
        ("wbc_baseline", "patients", "WBC", ""),
        ("基线血小板", "patients", "PLT", ""),
        ("入院时 血小板 (10^9/L)", "patients", "PLT", "10^9/L"),
        ("年龄（岁）", "patients", "AGE", "岁"),
        ("Date of death", "patients", "DTHDT", ""),
        ("death_dt", "patients", "DTHDT", ""),
        ("DeathDate", "patients", "DTHDT", ""),
        ("死亡 时间", "patients", "DTHDT", ""),
        ("末次随访时间", "patients", "LSTALVDT", ""),
        ("Sex (性别)", "patients", "SEX", ""),
        ("BM blasts %", "responses", "MBLAST", "%"),
        ("疗效(Response)", "responses", "RSINV", ""),
        ("疗效", "therapies", "CMRESP", ""),
        ("VAF（％）", "mutations", "VAF", "%"),
    ],
)
def test_a_header_is_known_in_the_shapes_exports_give_it(header, table, column, unit):
    meaning = SYNONYMS.means(header, table)
    assert meaning.columns == {column}
    assert meaning.unit == unit


@pytest.mark.parametrize(
    "header", ["OS(月)", "备注", "至死亡天数", "身高(cm)", "WBC ratio", "", "%"]
)
def test_a_header_that_fits_nothing_is_left_alone(header):
    assert SYNONYMS.means(header, "patients") is None


def test_a_header_that_fits_two_columns_is_not_guessed():
    matched = SYNONYMS.match(["血小板(WBC)"], "patients")
    assert matched.columns == {}
    assert matched.doubtful == [(["血小板(WBC)"], ["PLT", "WBC"])]


def test_two_headers_for_one_column_are_not_guessed_unless_one_is_its_clean_name():
    matched = SYNONYMS.match(["血小板", "PLT基线"], "patients")
    assert matched.columns == {}
    assert matched.doubtful == [(["血小板", "PLT基线"], ["PLT"])]
    assert SYNONYMS.match(["血小板", "plt"], "patients").columns["PLT"][0] == "plt"


def test_a_header_that_stands_twice_is_not_guessed():
    assert SYNONYMS.match(["WBC", "WBC"], "patients").columns == {}


PATIENTS = [
    ["2024年患者一览表"],
    ["病案号", "性别", "年龄（岁）", "白细胞(×10^9/L)", "HGB(g/dL)", "首次用药时间", "末次随访日期",
     "是否死亡", "死亡日期", "备注"],
    ["001", "男", "70岁", 12.1, 9.8, "2021-01-05", "2021-12-01", "否", None, "好"],
    ["002", "女", 65, 3.2, 8.1, "2021年2月3日", "2021-10-01", "是", "2021-10-01", None],
]  # fmt: skip
RESPONSES = [
    ["病案号", "评估日期", "疗程", "疗效"],
    ["001", "2021-03-01", "第2疗程", "完全缓解"],
]


def project(tmp_path: Path, tables: dict, sheets: dict | None = None, **more) -> Path:
    """A project with one study `plain` whose workbook has a patients' and a response sheet."""
    copied(tmp_path)
    folder = tmp_path / "data/raw/plain/2022-01-31"
    folder.mkdir(parents=True)
    book = Workbook()
    book.remove(book.active)
    for name, rows in (sheets or {"基本信息": PATIENTS, "疗效": RESPONSES}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "export.xlsx")
    head = ("title", "short", "disease", "data", "source")
    document = {
        "study": {key: key for key in head},
        "tables": tables,
        "analysis": {"primary": "OS"},
    }
    text = yaml.safe_dump({**document, **more}, allow_unicode=True)
    (tmp_path / "config/studies/plain.yaml").write_text(text, encoding="utf-8")
    return tmp_path


PLAIN = {"patients": {"file": "*.xlsx"}, "responses": {"file": "*.xlsx"}}


def test_a_plain_export_maps_by_itself(tmp_path):
    root = project(tmp_path, PLAIN)
    study = load_study(root, "plain")
    check_headers(root, study)
    patients = study["tables"]["patients"]
    assert (patients["sheet"], patients["header_row"], patients["key"]) == ("基本信息", 2, "病案号")
    columns = patients["records"][0]["columns"]
    assert columns["WBC"] == {"from": "白细胞(×10^9/L)", "unit": "×10^9/L"}
    assert columns["HGB"] == {"from": "HGB(g/dL)", "unit": "g/dL"}
    assert columns["INDEXDT"] == {"from": "首次用药时间"}
    assert columns["SURVSTAT"]["values"]["DEAD"][0] == "Y"
    assert set(study["tables"]["responses"]["records"][0]["columns"]) == {"RSDT", "CYCLE", "RSINV"}
    assert settings(study, "intake")["tables"]["patients"]["key"] == "病案号"
    unused = [line["header"] for line in study["mapped"] if line["how"] == "not used"]
    assert unused == ["备注"]


def test_a_plain_export_is_cleaned_as_mapped(tmp_path):
    from venaza.commands.check import in_memory

    kept = {"病案号": {"keep": "numbers made up for this test"}}
    root = project(tmp_path, PLAIN, privacy={"columns": kept})
    *_, tables, results = in_memory(root, load_study(root, "plain"))
    patients = tables["patients"].set_index("USUBJID")
    assert patients["HGB"].tolist() == [98.0, 81.0]
    assert patients["SURVSTAT"].tolist() == ["ALIVE", "DEAD"]
    times = results["adtte"].set_index("USUBJID")
    assert times.loc["002", ["AVAL", "CNSR"]].tolist() == [240, 0]


def test_what_the_study_file_gives_wins(tmp_path):
    tables = {
        "patients": {
            "file": "*.xlsx",
            "sheet": "基本信息",
            "by_header": True,
            "columns": {
                "INDEXDT": "末次随访日期",
                "SEX": {"values": {"M": ["男", "雄"]}},
                "NOTE": {"from": "备注", "label": "Note"},
            },
        }
    }
    study = load_study(project(tmp_path, tables), "plain")
    columns = study["tables"]["patients"]["records"][0]["columns"]
    assert columns["INDEXDT"] == {"from": "末次随访日期"}
    assert "LSTALVDT" not in columns
    assert columns["SEX"] == {"from": "性别", "values": {"M": ["男", "雄"]}}
    assert columns["WBC"]["from"] == "白细胞(×10^9/L)"
    assert [own["name"] for own in study["columns"]] == ["NOTE"]


def test_columns_that_are_given_are_all_unless_said_otherwise(tmp_path):
    tables = {"patients": {"file": "*.xlsx", "sheet": "基本信息", "header_row": 2,
                           "columns": {"INDEXDT": "首次用药时间"}}}  # fmt: skip
    study = load_study(project(tmp_path, tables), "plain")
    assert list(study["tables"]["patients"]["records"][0]["columns"]) == ["INDEXDT"]
    assert study["tables"]["patients"]["key"] == "病案号"


def test_a_missing_index_date_is_one_error_with_headers_and_nearest_columns(tmp_path):
    rows = [["病案号", "性别", "首次用药日", "Death date"], ["1", "男", "2021-01-01", ""]]
    root = project(tmp_path, {"patients": {"file": "*.xlsx"}}, {"患者": rows})
    with pytest.raises(StudyError, match="needs INDEXDT") as caught:
        load_study(root, "plain")
    text = str(caught.value)
    assert "'首次用药日' (as INDEXDT)" in text
    assert "Headers in row 1: 病案号, 性别, 首次用药日, Death date." in text
    assert caught.value.place["sheet"] == "患者"


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (["Nr", "index date"], ["no header says so", "Headers in row 1: Nr, index date"]),
        (["病案号", "研究编号", "index date"], ["2 columns could be it: 病案号, 研究编号"]),
    ],
)
def test_a_patient_number_that_is_missing_or_doubtful_is_asked_for(tmp_path, headers, words):
    rows = [headers, ["1"] * len(headers)]
    root = project(tmp_path, {"patients": {"file": "*.xlsx"}}, {"患者": rows})
    with pytest.raises(StudyError, match="patient's number") as caught:
        load_study(root, "plain")
    for word in words:
        assert word in str(caught.value)


def test_a_doubtful_column_that_is_needed_is_named(tmp_path):
    rows = [["病案号", "入组日期", "首次用药日期"], ["1", "2021-01-01", "2021-01-02"]]
    root = project(tmp_path, {"patients": {"file": "*.xlsx"}}, {"患者": rows})
    with pytest.raises(StudyError, match="2 columns could be it: 入组日期, 首次用药日期"):
        load_study(root, "plain")


def test_a_sheet_that_no_name_decides_is_asked_for(tmp_path):
    root = project(tmp_path, PLAIN, {"Sheet1": PATIENTS, "Sheet2": RESPONSES})
    with pytest.raises(StudyError, match="its name decides which: 0 fit") as caught:
        load_study(root, "plain")
    assert "Sheets here: Sheet1, Sheet2." in str(caught.value)


def test_a_column_from_nowhere_is_refused(tmp_path):
    columns = {"INDEXDT": "首次用药时间", "SEX": {"values": {"M": ["男"]}}}
    spec = {"file": "*.xlsx", "sheet": "基本信息", "key": "病案号", "columns": columns}
    tables = {"patients": spec}
    with pytest.raises(StudyError, match="not said where the column SEX of 'patients' comes from"):
        load_study(project(tmp_path, tables), "plain")


def test_every_coded_column_has_a_vocabulary_name():
    columns = {c for table in TABLES for c in mappable(table)}
    assert set(VOCABULARY) <= columns

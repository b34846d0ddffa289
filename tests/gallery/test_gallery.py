"""The gallery: the 34 defects of real exports, each in a real file, and what becomes of it.

Number -> the tests that show it: `test_NN_...`. Every test builds a workbook or a text file in
which the defect stands, reads it as the pipeline does, and holds the repair or the message.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.gallery.exports import Export
from tests.gallery.make_docs import DEFECTS, PAGE, ROOT, page


def test_every_defect_is_in_the_gallery():
    shown = {
        int(number)
        for path in Path(__file__).parent.glob("test_*.py")
        for number in re.findall(r"^def test_(\d\d)_", path.read_text(encoding="utf-8"), re.M)
    }
    assert shown == set(DEFECTS) == set(range(1, 35))


def test_the_page_of_defects_is_fresh():
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), "python -m tests.gallery.make_docs"


@pytest.fixture
def of(tmp_path):
    """Reads an export in a folder of its own."""
    count = iter(range(99))

    def read(export: Export, kind: str = "xlsx"):
        return export.read(tmp_path / str(next(count)), kind)

    return read


def last_contact(*values: object) -> Export:
    return Export().put("患者", "末次随访日期", *values)


def patients(column: str, header: str, *values: object, how: dict | None = None) -> Export:
    made = Export().put("患者", header, *values)
    return made.take("patients", **{column: {"from": header, **(how or {})}})


def responses(*words: str) -> Export:
    return Export().put("疗效", "疗效", *words)


def test_the_good_export_raises_nothing(of):
    for kind in ("xlsx", "csv"):
        made = of(Export(), kind)
        assert made.rules() == []
        assert made.values("patients", "SEX") == ["M", "F"]


def test_05_full_width_digits_and_superscripts_before_they_are_folded(of):
    made = of(
        patients("HGB", "血红蛋白", "９５", "１０２．５").put("患者", "MRD", "10⁻⁴", "１．２×10⁻⁴")
        .records("mrd", "患者", {"columns": {"MRDDT": "末次随访日期", "MRDVAL": "MRD"}})
    )  # fmt: skip
    assert made.values("patients", "HGB") == [95, 102.5]
    assert made.values("mrd", "MRDVAL") == [0.01, 0.012]


def test_05_traditional_characters_are_compared_as_simplified_ones(of):
    made = Export()
    made.sheets["患者"] = [
        {"病案號": "A1", "性別": "男", "首次用藥日期": "2021-01-04", "末次隨訪日期": "2021-09-30"},
        {"病案號": "A2", "性別": "女", "首次用藥日期": "2021-02-08", "末次隨訪日期": "2021-10-11"},
    ]
    made.sheets["疗效"] = [
        {"病案號": "A1", "評估日期": "2021-02-03", "療效": "完全緩解"},
        {"病案號": "A2", "評估日期": "2021-03-10", "療效": "部分緩解"},
    ]
    for kind in ("xlsx", "csv"):
        read = of(made, kind)
        assert read.rules() == ["partial_without_remission"]
        assert read.values("responses", "RSINV") == ["CR", "PR"]
        assert {"病案號", "療效"} <= set(read.cells["HEADER"])
        assert "部分緩解" in set(read.cells["VALUE"])


@pytest.mark.parametrize(
    "text",
    [
        *("2021年10月5日", "2021.10.5", "2021/10/5", "20211005", "2021-10-5 上午 9:30"),
        *("5-Oct-2021", "05OCT2021", "Oct 5, 2021", "2021-10-05T09:30:00Z"),
    ],
)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_10_every_style_of_date(of, text, kind):
    made = of(last_contact(text), kind)
    assert made.values("patients", "LSTALVDT")[0] == "2021-10-05"
    assert made.logged("LSTALVDT") == ["date format"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("21-10-5", "the year has two digits: write it with four"),
        ("2021-10-中旬", "only the part of the month is given"),
        ("约2021-10-5", "the date is only approximate"),
    ],
)
def test_10_what_is_no_full_date_is_asked(of, text, message):
    made = of(last_contact(text))
    assert made.values("patients", "LSTALVDT")[0] is None
    assert message in made.asked("unreadable_value")


def test_10_day_and_month_are_settled_by_the_column_or_the_run_stops(of):
    settled = of(last_contact("3/10/2021", "25/10/2021"))
    assert settled.values("patients", "LSTALVDT") == ["2021-10-03", "2021-10-25"]
    assert settled.rules() == ["column_settled"]
    error = of(last_contact("3/10/2021", "4/10/2021")).error
    assert "can be read with the day or the month first" in error
    assert "date_order: DMY" in error
    assert "date_order" in of(last_contact("25/10/2021", "10/25/2021")).error


def test_10_a_month_alone_is_completed_as_declared_and_flagged(of):
    made = of(last_contact("2021年10月"))
    assert made.values("patients", "LSTALVDT")[0] == "2021-10-15"
    assert made.values("patients", "LSTALVDTF")[0] == "D"


def test_11_serial_numbers_are_days_of_the_workbook_and_never_of_1970(of):
    made = of(last_contact(44474, "44481"))
    assert made.values("patients", "LSTALVDT") == ["2021-10-05", "2021-10-12"]
    assert set(made.logged("LSTALVDT")) == {"Excel serial date"}


def test_12_true_dates_texts_and_numbers_mixed_in_a_column(of):
    made = of(last_contact(dt.datetime(2021, 10, 5), "2021.10.6", 44476))
    assert made.values("patients", "LSTALVDT") == ["2021-10-05", "2021-10-06", "2021-10-07"]


def test_13_an_impossible_order_of_dates(of):
    early = Export().put("患者", "死亡日期", "2020-12-25").take("patients", DTHDT="死亡日期")
    assert "Death of patient A1 lies 10 day(s) before the index date." in of(early).error
    after = Export().put("患者", "死亡日期", "2021-01-20").take("patients", DTHDT="死亡日期")
    assert {"after_death", "contact_after_death"} <= set(of(after).rules())
    cut = of(Export().told(cutoff="2021-09-30"))
    assert cut.rules() == ["after_cutoff"]


def test_14_a_year_typed_wrong_is_asked_and_not_corrected(of):
    typo = Export().put("疗效", "评估日期", "2012-02-03").put("患者", "确诊日期", "2020-12-20")
    made = of(typo.take("patients", DIAGDT="确诊日期"))
    assert "2021 typed wrong?" in made.asked("year_typo")
    assert made.values("responses", "RSDT")[0] == "2012-02-03"
    made = of(last_contact("2201-10-05"))
    assert "cannot be a patient's date" in made.asked("unreadable_value")


@pytest.mark.parametrize(
    "word",
    ["无", "不详", "/", "-", "NA", "未做", "未查", "失访", "拒绝", "1900-01-01", "9999-12-31"],
)
def test_15_words_and_dates_for_missing_are_empty_and_logged(of, word):
    made = of(Export().put("患者", "死亡日期", word).take("patients", DTHDT="死亡日期"))
    assert made.values("patients", "DTHDT") == [None, None]
    assert made.logged("DTHDT") in (["missing word"], ["placeholder date"])
    assert made.rules() == []


def test_16_a_partial_death_date_is_imputed_with_a_flag(of):
    export = (
        Export()
        .put("患者", "死亡日期", "2021年10月")
        .put("患者", "状态", "死亡", "失访", "自动出院")
    )
    made = of(export.take("patients", DTHDT="死亡日期", SURVSTAT="状态"))
    assert made.values("patients", "DTHDT")[0] == "2021-10-15"
    assert made.values("patients", "DTHDTF")[0] == "D"
    assert made.values("patients", "SURVSTAT") == ["DEAD", "LOST", "LOST"]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *(
            ("完全缓解", "CR"),
            ("CR1", "CR"),
            ("血液学CR", "CR"),
            ("形态学CR", "CR"),
            ("CRi", "CRi"),
        ),
        *(("CRh", "CRh"), ("CRp", "CRp"), ("MLFS", "MLFS"), ("部分缓解", "PR"), ("未缓解", "NR")),
        *(("PD", "PD"), ("复发", "RELAPSE"), ("持续完全缓解", "CR"), ("未评估", "NE")),
    ],
)
def test_17_response_words(of, word, code):
    assert of(responses(word)).values("responses", "RSINV")[0] == code


def test_17_a_response_with_its_mrd_is_split_and_a_doubtful_one_asked(of):
    made = of(responses("CR(MRD+)", "完全缓解(MRD阴性)"))
    assert made.values("responses", "RSINV") == ["CR", "CR"]
    assert made.values("responses", "MRDRES") == ["POSITIVE", "NEGATIVE"]
    made = of(responses("CRi→CR", "PR?"))
    assert made.values("responses", "RSINV") == [None, None]
    asked = made.asked("unreadable_value")
    assert "more than one answer in the cell" in asked
    assert "a doubtful answer" in asked


def test_17_an_unknown_word_stops_the_run_with_a_suggestion(of):
    error = of(responses("完全缓介")).error
    assert "'完全缓介' in responses.RSINV, 1 cell(s); nearest known word: 完全缓解 (CR)" in error
    assert "it may mean CR or PR: say which" in of(responses("持续缓解")).error


@pytest.mark.parametrize(
    ("label", "cycle"),
    [("C1", 1), ("第1疗程", 1), ("1疗程后", 1), ("第一周期", 1), ("第十二疗程", 12), ("C2D28", 2)],
)
def test_18_cycle_labels(of, label, cycle):
    made = of(Export().put("疗效", "疗程", label).take("responses", CYCLE="疗程"))
    assert made.values("responses", "CYCLE")[0] == cycle


def test_20_blasts_in_words_ranges_and_fractions(of):
    def blasts(*values, how=None):
        made = Export().put("疗效", "原始细胞", *values)
        return of(made.take("responses", MBLAST={"from": "原始细胞", **(how or {})}))

    assert blasts("<5%", "4").values("responses", "MBLAST") == [2.5, 4]
    for text in ("未见", "3.5-4%", "骨髓抑制期"):
        assert blasts(text, "4").values("responses", "MBLAST") == [None, 4]
        assert blasts(text, "4").rules() == ["unreadable_value"]
    how = {"values": {"0": ["未见"]}, "range": "midpoint"}
    assert blasts("未见", "3.5-4%", how=how).values("responses", "MBLAST") == [0, 3.75]
    assert "fractions, or very low percentages?" in blasts("0.035", "0.5", "0.2").error
    fraction = {"unit": "fraction"}
    assert blasts("0.035", "0.5", how=fraction).values("responses", "MBLAST") == [3.5, 50]


def mrd_of(text: str, how: dict | None = None) -> Export:
    made = Export().put("疗效", "MRD", text)
    columns = {"MRDDT": "评估日期", "MRDVAL": {"from": "MRD", **(how or {})}}
    return made.records("mrd", "疗效", {"columns": columns})


@pytest.mark.parametrize(
    ("text", "value", "sign", "result"),
    [
        *(("阴性", None, None, "NEGATIVE"), ("(-)", None, None, "NEGATIVE")),
        *(("未检出", None, None, "NEGATIVE"), ("(+)", None, None, "POSITIVE")),
        *(("弱阳性", None, None, "POSITIVE"), ("<0.01%", 0.01, "<", None)),
        *(("1.2×10^-4", 0.012, "=", None), ("1.2E-4", 0.012, "=", None)),
        *(("10-4", 0.01, "=", None), ("10⁻⁴", 0.01, "=", None), ("0.12%", 0.12, "=", None)),
    ],
)
def test_21_mrd_in_words_powers_percent_and_limits(of, text, value, sign, result):
    made = of(mrd_of(text))
    found = [made.values("mrd", name)[0] for name in ("MRDVAL", "MRDOP", "MRDRES")]
    assert found == [value, sign, result]
    assert "unreadable_value" not in made.rules()


def test_21_an_mrd_number_without_a_unit_stops_the_run_and_a_bare_minus_is_asked(of):
    assert "neither percent nor a power of ten: 0.05 (row 2)" in of(mrd_of("0.05")).error
    assert of(mrd_of("0.0005", {"unit": "fraction"})).values("mrd", "MRDVAL")[0] == 0.05
    assert "negative, or not done?" in of(mrd_of("-")).asked("unreadable_value")


def test_22_units_in_cells_in_headers_and_of_the_whole_column(of):
    assert of(patients("HGB", "HGB(g/dL)", 9.5)).values("patients", "HGB")[0] == 95
    assert of(patients("WBC", "WBC", "4500/µL")).values("patients", "WBC")[0] == 4.5
    assert of(patients("PLT", "PLT", "120 K/µL")).values("patients", "PLT")[0] == 120
    assert "lie around 9.5" in of(patients("HGB", "HGB", 9.5, 8.8, 10.1)).error
    error = of(patients("PLT", "PLT(T/L)", 0.12)).error
    assert "The unit 'T/L' in the header 'PLT(T/L)' is not known for PLT" in error


def test_22_laboratory_units_are_converted_and_logged(of):
    export = Export()
    for header, values in {
        "日期": ["2021-02-01", "2021-02-02"],
        "项目": ["肌酐", "血红蛋白"],
        "结果": ["1.0", "9.5"],
        "单位": ["mg/dL", "g/dL"],
    }.items():
        export.put("化验", header, *values)
    result = {"from": "结果", "unit_from": "单位"}
    made = of(export.take("labs", "化验", LBDT="日期", LBTESTCD="项目", LBSTRESN=result))
    assert made.values("labs", "LBSTRESN") == [88.42, 95]
    assert set(made.logged("LBSTRESN")) == {"unit converted"}


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("<0.5", 0.25, "below the limit: half taken"),
        (">100", 100, "limit of detection taken as the value"),
        ("3.4↓", 3.4, "flag beside the number removed"),
        ("12.5 H", 12.5, "flag beside the number removed"),
        ("1.2*", 1.2, "flag beside the number removed"),
        ("1,234.5", 1.2345, "thousands comma removed; unit converted"),
    ],
)
def test_23_signs_flags_and_commas(of, text, value, rule):
    how = {"unit": "/µL"} if "," in text else None
    made = of(patients("WBC", "WBC", text, how=how))
    assert made.values("patients", "WBC")[0] == value
    assert made.logged("WBC") == [rule]


def test_23_a_decimal_comma_is_settled_by_the_column_and_a_spoilt_sample_asked(of):
    made = of(patients("WBC", "WBC", "3,5", "1,234"))
    assert made.values("patients", "WBC") == [3.5, 1.234]
    assert made.rules() == ["comma_settled"]
    assert "declare 'decimal'" in of(patients("WBC", "WBC", "1,234")).asked("unreadable_value")
    spoilt = of(patients("WBC", "WBC", "溶血"))
    assert "the laboratory gave no result (溶血)" in spoilt.asked("unreadable_value")


def test_24_zero_is_a_value_and_a_neutrophil_percentage_no_count(of):
    made = of(patients("PLT", "PLT", 0, ""))
    assert made.values("patients", "PLT") == [0, None]
    export = Export().put("化验", "日期", "2021-02-01").put("化验", "项目", "中性粒细胞百分比")
    export.put("化验", "结果", "45%")
    made = of(export.take("labs", "化验", LBDT="日期", LBTESTCD="项目", LBSTRESN="结果"))
    assert made.values("labs", "LBTESTCD") == ["NEUTLE"]


def test_24_a_wide_laboratory_sheet_is_turned_long_with_its_units(of):
    export = Export().put("患者", "plt_1(K/µL)", 40).put("患者", "plt_2(K/µL)", 55)
    export.put("患者", "d_1", "2021-02-01").put("患者", "d_2", "2021-03-01")
    columns = {"LBDT": "d_{n}", "LBSTRESN": "plt_{n}(K/µL)", "LBTESTCD": {"constant": "PLT"}}
    made = of(export.records("labs", "患者", {"repeat": [1, 2], "columns": columns}))
    assert made.values("labs", "LBSTRESN") == [40, 55]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("VA", "venetoclax + azacitidine", "venetoclax-based"),
        ("VEN+AZA", "venetoclax + azacitidine", "venetoclax-based"),
        ("维奈托克/阿扎", "venetoclax + azacitidine", "venetoclax-based"),
        ("唯可来", "venetoclax", "venetoclax-based"),
        ("V+A+吉瑞替尼", "venetoclax + azacitidine + gilteritinib", "venetoclax-based"),
        ("地西他滨 20mg/m2 d1-5", "decitabine", "low-intensity therapy"),
    ],
)
def test_25_regimens_in_free_text(of, text, name, kind):
    export = Export().put("后续", "日期", "2021-06-01").put("后续", "方案", text)
    made = of(export.take("therapies", "后续", CMSTDT="日期", CMTRT="方案", CMCLAS="方案"))
    assert made.values("therapies", "CMTRT") == [name]
    assert made.values("therapies", "CMCLAS") == [kind]


def test_25_a_ramp_up_of_doses_is_asked_or_read_as_declared(of):
    def dose(how):
        export = Export().put("疗程", "开始", "2021-01-04").put("疗程", "剂量(mg)", "100-200-400")
        return of(export.take("cycles", "疗程", EXSTDT="开始", VENDOSE={"from": "剂量(mg)", **how}))

    assert "several numbers" in dose({}).asked("unreadable_value")
    assert dose({"range": "upper"}).values("cycles", "VENDOSE") == [400]


def test_26_newly_diagnosed_or_relapsed_by_the_word_and_never_by_a_guess(of):
    made = of(patients("DISSTAT", "状态", "初治", "难治复发"))
    assert made.values("patients", "DISSTAT") == ["ND", "RR"]
    assert "'复治' in patients.DISSTAT" in of(patients("DISSTAT", "状态", "复治")).error


def test_29_genes_in_free_text_and_what_was_not_tested_is_never_negative(of):
    def genes(*texts, **how):
        made = Export().put("患者", "基因突变", *texts)
        return of(made.records("mutations", "患者", {"parse": "genes", "from": "基因突变", **how}))

    made = genes("NPM1(+)、FLT3-ITD(-)、TP53 p.R175H 45.2%、K-ras：未检测", "FLT3-ITD AR 0.6")
    named = list(
        zip(made.values("mutations", "GENE"), made.values("mutations", "GERES"), strict=True)
    )
    assert sorted(named) == [
        ("FLT3-ITD", "MUTATED"),
        ("FLT3-ITD", "WILD-TYPE"),
        ("KRAS", "NOT TESTED"),
        ("NPM1", "MUTATED"),
        ("TP53", "MUTATED"),
    ]
    assert "an allelic ratio is no variant fraction" in made.asked("allelic_ratio")
    assert genes("未检测", "").values("mutations", "GENE") == []
    assert "of which?" in genes("阴性").asked("unreadable_value")
    panel = genes("NPM1", listed="MUTATED", panel=["NPM1", "TP53"])
    assert panel.values("mutations", "GERES") == ["MUTATED", "WILD-TYPE"]


def test_29_a_gene_column_with_synonyms_and_a_name_that_became_a_date(of):
    def column(*names):
        made = Export().put("患者", "基因", *names).put("患者", "结果", *["阳性"] * len(names))
        return of(made.records("mutations", "患者", {"columns": {"GENE": "基因", "GERES": "结果"}}))

    made = column("MLL", "AML1-ETO")
    assert made.values("mutations", "GENE") == ["KMT2A", "RUNX1::RUNX1T1"]
    assert "made a date of the gene's name" in column("1-Mar").asked("unreadable_value")


def test_29_a_karyotype_stays_as_it_is_written(of):
    made = of(patients("KARYO", "核型", "45,XY,-7[15]", "46,XX[20]"))
    assert made.values("patients", "KARYO") == ["45,XY,-7[15]", "46,XX[20]"]


def test_34_ages_with_words_and_a_coding_of_sex_without_a_key(of):
    made = of(patients("AGE", "年龄", "74岁", "60"))
    assert made.values("patients", "AGE") == [74, 60]
    coded = Export().put("患者", "性别", "1", "2")
    assert "a code number: ask the clinic for its key" in of(coded).error
    coded.columns["patients"][1]["SEX"] = {"from": "性别", "values": {"M": ["1"], "F": ["2"]}}
    assert of(coded).values("patients", "SEX") == ["M", "F"]

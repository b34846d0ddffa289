"""Vocabularies: which words are understood, and how the run stops at one that is not."""

import pytest

from tests.clean.export import ROOT, clean_of, patients_csv, study
from venaza.contracts.coded_values import codes, with_mrd
from venaza.contracts.columns import Column
from venaza.contracts.errors import StudyError
from venaza.contracts.text import folded
from venaza.pipeline.clean.cell import read_cell
from venaza.pipeline.clean.nearest import nearest
from venaza.study.documents import read_yaml


def test_words_in_both_languages_and_any_case():
    rows = [
        ("p1", "男", "CR"),
        ("p2", "女", "完全缓解"),
        ("p3", "ｆ", " cr "),
        ("p4", "Male", "未缓解"),
    ]
    tables = clean_of(patients_csv(rows), responses=True)
    assert list(tables["patients"]["SEX"]) == ["M", "F", "F", "M"]
    assert list(tables["responses"]["RSINV"]) == ["CR", "CR", "CR", "NR"]


def test_an_unknown_word_stops_with_the_place_and_a_suggestion():
    with pytest.raises(StudyError) as caught:
        clean_of(patients_csv([("p1", "男", "完全缓介")]), responses=True)
    text = str(caught.value)
    assert "'完全缓介' in responses.RSINV, 1 cell(s); nearest known word: 完全缓解 (CR)" in text
    assert "export.csv" in text
    assert "row:    2" in text
    assert "column: 疗效" in text


def test_a_long_word_is_cut_in_the_message():
    with pytest.raises(StudyError) as caught:
        clean_of(patients_csv([("p1", "男", "x" * 40_000)]), responses=True)
    text = str(caught.value)
    assert "1 value(s) are in no vocabulary" in text
    assert "... (40,000 characters)' in responses.RSINV" in text
    assert len(text) < 1500


def test_an_unknown_word_can_become_a_query():
    tables = clean_of(
        patients_csv([("p1", "男", "好")]), responses=True, vocabulary={"unmapped": "query"}
    )
    assert tables["responses"]["RSINV"].isna().all()
    query = tables["queries"].iloc[0]
    assert (query["RULE"], query["VALUE"], query["SRCROW"]) == ("unreadable_value", "好", 2)


@pytest.mark.parametrize("word", ["不详", "未查", "/", "N/A", "-"])
def test_missing_words_are_empty_and_logged(word):
    tables = clean_of(patients_csv([("p1", word, "CR")]))
    assert tables["patients"]["SEX"].isna().all()
    log = tables["cleaning_log"]
    assert list(log.loc[log["COLUMN"] == "SEX", "RULE"]) == ["missing word"]


def read(column: str, text: str, **how):
    return read_cell(text, Column(column, "string", column), how, study(), None)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("RSINV", "血液学CR", "CR"),
        ("RSINV", "形态学CR", "CR"),
        ("RSINV", "CR1", "CR"),
        ("RSINV", "持续完全缓解", "CR"),
        ("RSINV", "完全缓解伴部分血液学恢复", "CRh"),
        ("RSINV", "ＣＲｉ", "CRi"),
        ("RSINV", "无反应", "NR"),
        ("RSINV", "未缓解", "NR"),
        ("RSINV", "难治", "REFRACTORY"),
        ("RSINV", "原发耐药", "REFRACTORY"),
        ("RSINV", "Primary refractory", "REFRACTORY"),
        ("CMRESP", "诱导失败", "REFRACTORY"),
        ("RSINV", "血液学复发", "RELAPSE"),
        ("RSINV", "未评价", "NE"),
        ("SURVSTAT", "失访", "LOST"),
        ("SURVSTAT", "拒绝", "LOST"),
        ("SURVSTAT", "自动出院", "LOST"),
        ("SURVSTAT", "去世", "DEAD"),
        ("STOPREAS", "自动出院", "patient's wish"),
        ("STOPREAS", "疾病进展", "refractory disease"),
        ("DTHCAUS", "重症肺炎", "infection"),
        ("DTHCAUS", "脑出血", "bleeding"),
        ("DISEASE", "急性髓系白血病", "AML"),
        ("DISEASE", "AML-M3", "APL"),
        ("TXTYPE", "半相合", "allogeneic"),
        ("TXTYPE", "MUD", "allogeneic"),
        ("TXTYPE", "自体移植", "autologous"),
        ("GENE", "K-ras", "KRAS"),
        ("GENE", "MLL", "KMT2A"),
        ("GENE", "AML1-ETO", "RUNX1::RUNX1T1"),
        ("GERES", "未检测", "NOT TESTED"),
        ("GERES", "未检出", "WILD-TYPE"),
        ("MRDMETH", "多参数流式", "flow cytometry"),
        ("MRDMETH", "多色流式", "flow cytometry"),
        ("MRDMETH", "流式MRD", "flow cytometry"),
        ("MRDMETH", "实时定量PCR", "PCR"),
        ("MRDMETH", "数字PCR", "PCR"),
        ("MRDMETH", "融合基因定量", "PCR"),
        ("MRDMETH", "WT1定量", "PCR"),
        ("MRDMETH", "NGS-MRD", "NGS"),
        ("LBTESTCD", "谷草转氨酶", "AST"),
        ("CMTRT", "维奈托克+阿扎", "venetoclax + azacitidine"),
        ("CMCLAS", "维奈托克+阿扎", "venetoclax-based"),
        ("CMCLAS", "Targeted therapy", "targeted therapy"),
    ],
)
def test_shipped_words(column, text, code):
    assert read(column, text).value == code


@pytest.mark.parametrize("word", ["失访", "拒绝", "不详", "无", "NA", "未查"])
def test_words_for_missing_values_in_a_column_without_a_word_of_its_own(word):
    made = read("RSINV", word)
    assert (made.value, made.rule, made.problem) == (None, "missing word", "")


@pytest.mark.parametrize(
    ("text", "response", "mrd"),
    [
        ("CR(MRD+)", "CR", "POSITIVE"),
        ("CRi（MRD-）", "CRi", "NEGATIVE"),
        ("完全缓解 MRD阴性", "CR", "NEGATIVE"),
        ("MRD-negative CR", "CR", "NEGATIVE"),
    ],
)
def test_an_mrd_word_beside_a_response_is_split_off(text, response, mrd):
    made = read("RSINV", text)
    assert (made.value, made.beside) == (response, {"MRDRES": mrd})
    assert read("MRDRES", text).value == mrd
    assert with_mrd("CR", study()) is None


@pytest.mark.parametrize(
    "text", ["未达MRD阴性", "not MRD negative", "非MRD阴性", "MRD neg by flow, pos by PCR"]
)
def test_an_mrd_word_that_is_denied_or_qualified_is_no_result(text):
    made = read("MRDRES", text)
    assert made.value is None
    assert "no vocabulary knows" in made.problem
    assert read("MRDRES", "MRD阴性?").problem == "a doubtful answer"


@pytest.mark.parametrize("column", ["RSINV", "SURVSTAT", "GERES", "MRDRES", "SEX", "DISEASE"])
@pytest.mark.parametrize("word", ["yes", "Yes", "YES"])
def test_a_yes_where_the_vocabulary_has_none_is_not_missing(column, word):
    made = read(column, word)
    assert (made.value, made.rule) == (None, "")
    assert "no vocabulary knows" in made.problem
    assert read("PRIORHMA", word).value == "Y"


@pytest.mark.parametrize("dtype", ["date", "number", "integer"])
def test_a_yes_in_a_column_of_dates_or_numbers_is_asked(dtype):
    made = read_cell("yes", Column("DTHDT", dtype, "x"), {}, study(), None)
    assert made.problem
    assert made.rule == ""


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        ("CMTRT", "400mg", "a dose or a sign without a drug"),
        ("CMTRT", "75 mg/m2 d1-7", "a dose or a sign without a drug"),
        ("CMTRT", "+", "a dose or a sign without a drug"),
        ("RSINV", "CRi→CR", "more than one answer"),
        ("RSINV", "CR/PR", "more than one answer"),
        ("RSINV", "PR?", "a doubtful answer"),
        ("GENE", "1-Mar", "made a date of the gene's name"),
        ("GENE", "Sep-09", "made a date of the gene's name"),
        ("GENE", "2021-09-02", "made a date of the gene's name"),
        ("MRDRES", "-", "negative or not done"),
        ("GERES", "-", "negative or not done"),
        ("CMTRT", "VA→HU", "more than one therapy"),
        ("SEX", "#N/A", "an error of the spreadsheet"),
    ],
)
def test_a_doubt_is_a_query_and_does_not_stop_the_run(column, text, problem):
    made = read(column, text)
    assert (made.value, made.unknown) == (None, None)
    assert problem in made.problem


@pytest.mark.parametrize(
    ("column", "text", "word"),
    [
        ("RSINV", "完全缓介", "完全缓解 (CR)"),
        ("RSINV", "Complet  Remision", "complete remission (CR)"),
        ("SURVSTAT", "死忘", "死亡 (DEAD)"),
        ("GENE", "FLT-ITD", "FLT3-ITD"),
        ("STOPREAS", "toxicty", "toxicity"),
    ],
)
def test_suggestions_forgive_case_spaces_and_slips_in_both_languages(column, text, word):
    assert nearest(text, codes(column, {}, study()))[0] == word


def test_a_coding_of_sex_that_is_not_documented_stops_with_what_to_write():
    with pytest.raises(StudyError) as caught:
        clean_of(patients_csv([("p1", "1", "CR"), ("p2", "2", "CR")]))
    assert "a code number: ask the clinic for its key, then values: {M: [...], F: [...]}" in str(
        caught.value
    )


def test_a_study_adds_words_and_wins_where_it_claims_one():
    own = {"M": ["1"], "F": ["2", "男"]}
    assert [read("SEX", word, values=own).value for word in ("1", "2", "女", "男")] == [
        *("M", "F", "F", "F"),
    ]


def test_no_word_belongs_to_two_codes():
    words = read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary")
    words.pop("therapy_class")
    words["regimen or drug"] = {**words.pop("regimen"), **words.pop("drug")}
    twice = []
    for name, coded in words.items():
        if isinstance(coded, list):
            continue
        seen: dict[str, str] = {}
        for code, listed in coded.items():
            for word in {folded(w) for w in (code, *listed)}:
                if seen.setdefault(word, code) != code:
                    twice.append((name, word, seen[word], code))
    assert twice == []


def test_every_shipped_vocabulary_reads_a_column():
    from venaza.contracts.coded_values import VOCABULARY

    words = read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary")
    read_elsewhere = {"missing", "no_result", "mrd_cells", "summary_rows", "header_rows"}
    read_elsewhere |= {"asked", "death_as_response", "grade", "drug", "regimen", "therapy_class"}
    read_elsewhere |= {"lab_beside", "lab_unused", "same_regimen", "therapy_beside"}
    by_name = {"lineage", "immunophenotype", "ph_status"}  # columns of a study's own name them
    assert set(words) - read_elsewhere - by_name == set(VOCABULARY.values())

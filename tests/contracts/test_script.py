"""Traditional characters: every word, header and reader takes them as the simplified ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from opencc import OpenCC

from venaza.contracts.coded_values import VOCABULARY, code_of, doubt, with_mrd
from venaza.contracts.headers import header_key, number_key
from venaza.contracts.script import simplified
from venaza.pipeline.clean.date_rules import DateRules
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.clean.genes import read_genes
from venaza.pipeline.clean.mrd import read_mrd
from venaza.pipeline.clean.nearest import nearest
from venaza.pipeline.clean.numbers import read_age, read_integer, read_number
from venaza.pipeline.clean.odd_rows import is_summary
from venaza.pipeline.clean.therapies import read_therapy
from venaza.pipeline.endpoints.karyotype import read_karyotype
from venaza.pipeline.intake.privacy.detect import kind_of_header
from venaza.study.documents import read_yaml
from venaza.study.synonyms import Synonyms, words

CONFIG = Path(__file__).parents[2] / "config"
VOCABULARIES = read_yaml(CONFIG / "vocabulary.yaml", "vocabulary")
#: The standard of OpenCC, and what Taiwan and Hong Kong write.
WRITTEN = [OpenCC(way) for way in ("s2t", "s2tw", "s2hk")]


def traditional(word: str) -> list[str]:
    """A simplified word as it is written with traditional characters; nothing where as before."""
    return sorted({way.convert(word) for way in WRITTEN} - {word})


def synonyms() -> Synonyms:
    document = read_yaml(CONFIG / "synonyms.yaml", "synonyms")
    return Synonyms(document, read_yaml(CONFIG / "units.yaml", "units"))


@pytest.mark.parametrize("name", sorted(set(VOCABULARY.values()) | {"drug", "regimen"}))
def test_each_word_of_a_vocabulary_is_known_in_traditional_characters(name):
    known = VOCABULARIES[name]
    for code, spelled in known.items():
        for word in spelled:
            for written in traditional(word):
                assert code_of(written, known) == code, written


def test_each_adverse_event_is_known_in_traditional_characters():
    terms = read_yaml(CONFIG / "ctcae.yaml", "ctcae")["terms"]
    known = {term: spec["words"] for term, spec in terms.items()}
    for term, spelled in known.items():
        assert {code_of(w, known) for word in spelled for w in traditional(word)} <= {term}


def test_each_header_means_the_same_in_traditional_characters():
    known = synonyms()
    for table, columns in known.document["columns"].items():
        for column, names in columns.items():
            for written in (w for word in words(names) for w in traditional(word)):
                meaning = known.means(written, table)
                assert meaning, written
                assert column in meaning.columns, written
    for word in words(known.document["patient"]):
        assert all(known.is_key(written) for written in traditional(word)), word
    for table, names in known.document["tables"].items():
        for written in (w for word in words(names) for w in traditional(word)):
            assert table in known.tables_named(written), written


def test_each_header_of_an_identifier_is_known_in_traditional_characters():
    private = read_yaml(CONFIG / "privacy.yaml", "privacy")
    for kind, lists in private.items():
        for word in (*lists["exact"], *lists["contains"]):
            assert {kind_of_header(written, private) for written in traditional(word)} <= {kind}


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("性別", "SEX"),
        ("年齡（歲）", "AGE"),
        ("診斷", "DISEASE"),
        ("首次用藥日期", "INDEXDT"),
        ("末次隨訪日期", "LSTALVDT"),
        ("生存狀態", "SURVSTAT"),
        ("死亡時間", "DTHDT"),
    ],
)
def test_headers_of_a_register_in_traditional_characters(header, column):
    assert synonyms().means(header, "patients").columns == {column}


@pytest.mark.parametrize(
    ("name", "word", "code"),
    [
        ("response", "復發", "RELAPSE"),
        ("response", "完全緩解", "CR"),
        ("response", "部分緩解", "PR"),
        ("mrd_result", "陽性", "POSITIVE"),
        ("mrd_result", "陰性", "NEGATIVE"),
        ("vital_status", "失訪", "LOST"),
        ("yes_no", "無", "N"),
    ],
)
def test_words_of_a_register_in_traditional_characters(name, word, code):
    assert code_of(word, VOCABULARIES[name]) == code


def test_no_two_codes_meet_in_one_word_because_of_the_script():
    for name, known in VOCABULARIES.items():
        if not isinstance(known, dict):
            continue
        for code, spelled in known.items():
            for word in spelled:
                assert simplified(word) == word, f"{name} > {code}: {word} is not simplified"


def test_parsers_read_traditional_characters():
    assert read_date("2021年3月5日 星期五 14時").day.isoformat() == "2021-03-05"
    assert read_date("2021年3月 不詳", DateRules(partial={"missing_day": 15})).flag == "D"
    assert (read_number("低於0.01").sign, read_number("超過30").sign) == ("<", ">")
    assert read_integer("第二療程後").number == 2
    assert read_integer("3級").number == 3
    assert read_integer("兩個療程").number == 2
    assert read_age("2歲6個月").number == 2.5
    assert read_mrd("陽性(0.35%)", VOCABULARIES["mrd_result"], "").value == 0.35
    assert is_summary("合計", VOCABULARIES["summary_rows"])
    assert is_summary("備註：略", VOCABULARIES["summary_rows"])
    study = {"vocabulary": VOCABULARIES}
    assert with_mrd("完全緩解伴MRD陰性", study) == ("完全缓解", "NEGATIVE")
    assert doubt("完全緩解或部分緩解", VOCABULARIES["response"])
    assert nearest("完全緩介", VOCABULARIES["response"])[0] == "完全缓解 (CR)"
    assert read_therapy("維奈克拉聯合阿紮胞苷方案", study).name == "venetoclax + azacitidine"
    genes, results = VOCABULARIES["gene"], VOCABULARIES["gene_result"]
    read = read_genes(
        "NPM1基因突變，FLT3-ITD陰性，其餘基因均為陰性", genes, results, panel=("TP53",)
    )
    assert [(r.gene, r.result) for r in read.results] == [
        ("NPM1", "MUTATED"),
        ("FLT3-ITD", "WILD-TYPE"),
        ("TP53", "WILD-TYPE"),
    ]
    table = read_yaml(CONFIG / "risk/karyotype.yaml", "karyotype")
    assert read_karyotype("無分裂相", table) is None


def test_what_is_quoted_stays_as_it_was_sent():
    genes, results = VOCABULARIES["gene"], VOCABULARIES["gene_result"]
    read = read_genes("NPM1陰性，後續複查", genes, results)
    assert read.problems == ["'後續複查' is not understood"]


def test_a_part_of_a_text_folds_as_the_whole_does():
    # As phrases OpenCC reads 乾隆 and 乾燥 in two ways: a search for a part would miss one.
    for text in (
        "沈默",
        "疗效显著",
        "乾隆",
        "乾燥",
        "瞭解",
        "顯著",
        "衞生署",
        "睪丸",
        "麻痺",
        "於小明",
    ):
        assert simplified(text) == "".join(simplified(sign) for sign in text)
        assert len(simplified(text)) == len(text)
        assert simplified(simplified(text)) == simplified(text)
    assert simplified("衞睪痺葉鍾鐘") == "卫睾痹叶钟钟"
    assert simplified("什么") == "什么"
    # The surname of a patient called Shen Mo stays, where OpenCC sees the word for silence.
    assert simplified("沈默") == "沈默"


def test_headers_are_one_in_both_scripts_and_patients_numbers_are_not():
    assert header_key("編 號") == header_key("编号")
    assert number_key("葉１") == "葉1" != number_key("叶1")

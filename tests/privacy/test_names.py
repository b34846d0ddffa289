"""Names of persons in Chinese, pinyin, Western and Korean writing, and what only resembles them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from venaza.pipeline.intake.privacy.detect import (
    kind_of_header,
    kind_of_text,
    kind_of_values,
    scrub,
)
from venaza.pipeline.intake.privacy.names import LIKE, LIKELY, NO, SURE
from venaza.preflight.persons import load_names
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[2]
NAMES = load_names(ROOT)
DOCUMENTS = sorted(
    path
    for folder in ("config", "config/risk", "config/criteria")
    for path in (ROOT / folder).glob("*.yaml")
    if path.name != "names.yaml"
)


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("王小明", SURE),
        ("張偉明", SURE),
        ("黃國華", SURE),
        ("欧阳 志远", SURE),
        ("迪丽热巴·迪力木拉提", SURE),
        ("陈静（女）", LIKE),
        ("张*", LIKE),
        ("李某某", LIKE),
        ("葉蘭", LIKE),
        ("王国", NO),
        ("白细胞", LIKELY),
        ("高三尖杉酯碱", NO),
        ("原发", NO),
        ("Zhang Wei", SURE),
        ("ZHANG San", SURE),
        ("Li, Xiaofang", SURE),
        ("Xiao-Fang Li", SURE),
        ("zhang san", LIKE),
        ("Wu Na", LIKE),
        ("John Smith", SURE),
        ("Smith, John", SURE),
        ("Dr. John Smith", SURE),
        ("María García López", SURE),
        ("Müller, Hans-Jürgen", LIKELY),
        ("Hans Müller", SURE),
        ("J. Smith", LIKE),
        ("Smith J", LIKE),
        ("J. Unheard", LIKELY),
        ("Grade A", NO),
        ("E. coli", NO),
        ("Viale A", NO),
        ("DAVIES SUE", LIKELY),
        ("Unheard AB", LIKELY),
        ("Complete Remission", NO),
        ("complete remission", NO),
        ("Allogeneic Sibling", NO),
        ("Stable Disease", NO),
        ("San Antonio", NO),
        ("Mercy Hospital", NO),
        ("Venetoclax", NO),
        ("FLT3-ITD", NO),
        ("46,XX[20]", NO),
        ("2021-03-05", NO),
        ("Carlos San Martin", SURE),
        ("김민준", LIKE),
        ("", NO),
        ("王", NO),
    ],
)
def test_what_one_text_says(text, judged):
    assert NAMES.judge(text) == judged


@pytest.mark.parametrize(
    "values",
    [
        ["陳志強", "黃國華", "趙麗華"],
        ["王小明", "李雷", "张伟", "刘洋", "陈静"] * 3,
        ["Zhang Wei", "Li Na", "Wang Xiaoming", "Chen Jing", "Liu Yang"],
        ["ZHANG San", "LI Si", "WANG Wu"],
        ["Li, Xiaofang", "Zhao, Lihua", "Wong, Kwok Wai"],
        ["John Smith", "Mary Jones", "Peter Brown", "Laura Unheard", "Hans Unknown"],
        ["Smith, John", "Jones, Mary", "Miller, Peter"],
        ["J. Smith", "K. Unheard", "M. Bauer", "P. Unknown", "A. B. Nobody"],
        ["Smith J", "Miller KA", "Garcia M", "Bauer H", "Müller P"],
        ["SMITH JOHN", "BROWN MARY", "JONES KEVIN", "TAYLOR ANN", "DAVIES SUE"],
        ["Smith", "Jones", "Miller", "Garcia", "Müller"],
        ["Hans", "Mary", "Giulia", "Peter", "José"],
        ["김민준", "이서연", "박지훈"],
    ],
)
def test_columns_of_names(values):
    assert kind_of_values(values, NAMES) == "name"


@pytest.mark.parametrize(
    "values",
    [
        ["王小明"],
        ["原发", "继发", "治疗相关", "复发", "难治"],
        ["Complete Remission", "Partial Remission", "Stable Disease", "No Response", "Not Done"],
        ["Allogeneic Sibling", "Matched Unrelated", "Haploidentical", "Cord Blood", "Autologous"],
        ["Vienna", "Graz", "Linz", "Salzburg", "Innsbruck", "Klagenfurt"],
        ["New York", "San Jose", "Saint Louis", "Los Angeles", "Santa Maria"],
        ["北京", "上海", "广州", "武汉", "成都", "金华"],
        ["Arm A", "Arm B", "Arm C", "Arm D", "Arm E"],
        ["S. Aureus", "E. Coli", "none", "not done", "Candida"],
        ["Ven Aza", "Ven Dec", "Flag Ida", "Clag M", "Hidac"],
        ["White", "Black", "Asian", "Hispanic", "Other"],
        ["NPM1", "FLT3", "TP53", "IDH1", "IDH2"],
    ],
)
def test_columns_that_only_resemble_names(values):
    assert kind_of_values([*values, *values], NAMES) is None


def test_nine_of_ten_must_have_the_shape_and_three_of_ten_be_like_a_name():
    likely, like, none = "白细胞", "王小明", "骨髓增生"
    others = ["方法", "周期", "项目", "严重程度", "方案类别", "白细胞数", "安全性", "阴阳性"]
    assert {NAMES.judge(text) for text in (likely, *others)} <= {LIKELY}
    assert NAMES.is_column([like, "李志强", "陈国华", *others[:7]] * 2)
    assert not NAMES.is_column([like, "李志强", likely, *others[:7]] * 2)
    assert not NAMES.is_column([like, "李志强", "陈国华", *others[:6], none, "46,XX"] * 2)


def test_all_but_one_of_few_different_values_must_be_like_names():
    assert NAMES.is_column(["王小明", "李志强", "白细胞"])
    assert not NAMES.is_column(["王小明", "白细胞", "方法"])
    assert NAMES.is_column(["王小明", "李志强", "王小明"])
    assert not NAMES.is_column(["王小明", "李雷", "王小明"])
    assert not NAMES.is_column(["王小明", "王小明"])


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("联系人：王小明", "联系人：[removed]"),
        ("聯絡人: 葉美鳳 電話略", "聯絡人: [removed] 電話略"),
        ("患者：王小明，复查", "患者：[removed]，复查"),
        ("制表人：白骨", "制表人：[removed]"),
        ("家属：王小明电话告知", "家属：[removed]电话告知"),
        ("seen by Dr. Unheard today", "seen by Dr. [removed] today"),
        ("Contact: Mary Jones, wife", "Contact: [removed], wife"),
        ("Contact: Harrison Whitlock, son", "Contact: [removed], son"),
        ("Patient: Harrison Whitlock", None),
        ("患者：初治", None),
        ("患者：白骨", None),
        ("家属：拒绝化疗", None),
        ("病人：高热不退", None),
        ("Patient: Complete Remission", None),
        ("Patient: stable", None),
        ("Name: FLT3 ITD", None),
        ("dr quality", None),
    ],
)
def test_names_that_a_word_announces_in_free_text(text, scrubbed):
    assert kind_of_text(text, NAMES) == (scrubbed and "name in free text")
    assert scrub(text, NAMES) == (scrubbed or text)


def words_of(document: object) -> Iterator[str]:
    """Every key and every text of a document."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield str(key)
            yield from words_of(value)
    elif isinstance(document, list):
        for value in document:
            yield from words_of(value)
    else:
        yield str(document)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_no_word_of_the_configuration_is_taken_for_a_name(path):
    found = set(words_of(read_yaml(path, path.name)))
    assert [
        word for word in sorted(found) if NAMES.judge(word) == SURE or kind_of_text(word, NAMES)
    ] == []


def test_no_vocabulary_is_taken_for_a_column_of_names():
    for name, codes in read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary").items():
        columns = [codes] if isinstance(codes, list) else [list(codes), *codes.values()]
        columns.append([word for column in columns for word in column])
        for column in columns:
            assert kind_of_values(map(str, column), NAMES) is None, name


def test_no_header_that_the_tables_read_is_taken_for_an_identifier():
    private = read_yaml(ROOT / "config/privacy.yaml", "privacy")
    columns = read_yaml(ROOT / "config/synonyms.yaml", "synonyms")["columns"]
    assert [w for w in words_of(columns) if kind_of_header(w, private)] == []


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("顧客", "name"),
        ("客户", "name"),
        ("患者名", "name"),
        ("聯絡", "phone number"),
        ("聯絡人", "name"),
        ("電話", "phone number"),
        ("身分證字號", "national identity number"),
        ("檔案編碼", "record number"),
        ("病歷號碼", "record number"),
        ("主治醫師", "name"),
        ("Vorname", "name"),
        ("Geburtsdatum", "date of birth"),
        ("編號", None),
        ("診斷", None),
    ],
)
def test_headers_in_other_scripts_and_languages(header, kind):
    assert kind_of_header(header, read_yaml(ROOT / "config/privacy.yaml", "privacy")) == kind

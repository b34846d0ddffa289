"""Items of a laboratory: one test in many spellings, and what is no test of blood."""

import pytest

from tests.clean.export import study
from venaza.contracts.text import tidy
from venaza.pipeline.clean.lab_items import Item, item_words, read_item

VOCABULARY = study()["vocabulary"]
WORDS = item_words(VOCABULARY["lab_test"], VOCABULARY)

BLOOD = {
    "WBC": "★白细胞计数(WBC)|*白细胞|白细胞数目|白细胞总数|白血球|WBC(10^9/L)|Leukocytes|TLC|"
    "WBC 白细胞",
    "ANC": "中性粒细胞#|NEU#|Neu#|中性粒细胞绝对数(NEUT#)|中性粒细胞（#）|Neutrophils absolute|"
    "neutrophils (absolute)",
    "NEUTLE": "Neu%|中性粒细胞(%)|中性粒细胞百分率|NEUT(%)|中性粒细胞百分比(NEUT%)",
    "HGB": "血红蛋白浓度(HGB)|血红蛋白测定|Hemoglobin",
    "PLT": "血小板总数|血小板计数 PLT|Platelet count (automated)|☆血小板",
    "CREAT": "肌酐(酶法)|肌酐测定|CREA(肌酐)",
    "K": "钾离子|K+|血钾",
    "UA": "尿酸|尿酸测定(UA)|血尿酸|Uric acid level",
    "CA": "总钙|钙(Ca)|Ca2+",
    "PHOS": "无机磷|磷测定",
    "AST": "天门冬氨酸氨基转移酶(AST)|SGOT",
    "INR": "PT-INR|PT国际标准化比值|PT(INR)",
    "BILI": "总胆红素(重氮法)|Bilirubin, total|Total bilirubin",
}


@pytest.mark.parametrize(
    ("test", "text"), [(test, text) for test, texts in BLOOD.items() for text in texts.split("|")]
)
def test_an_item_is_its_test_in_whatever_spelling(test, text):
    assert read_item(tidy(text), WORDS) == Item(test)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("血清钾测定", Item("K", "SERUM")),
        ("血清肌酐(Cr)", Item("CREAT", "SERUM")),
        ("Serum creatinine", Item("CREAT", "SERUM")),
        ("Creatinine, serum", Item("CREAT", "SERUM")),
        ("Potassium serum/plasma", Item("K", "SERUM")),
        ("全血白细胞", Item("WBC", "BLOOD")),
        ("Leukocytes [#/volume] in Blood by Automated count", Item("WBC", "BLOOD")),
        ("Creatinine [Mass/volume] in Serum or Plasma", Item("CREAT", "SERUM")),
        ("Neutrophils/100 leukocytes in Blood by Automated count", Item("NEUTLE", "BLOOD")),
        ("尿蛋白", Item(None, "URINE")),
        ("尿钾", Item("K", "URINE")),
        ("24小时尿磷", Item("PHOS", "URINE")),
        ("尿白细胞(WBC)", Item("WBC", "URINE")),
        ("WBC (urine)", Item("WBC", "URINE")),
        ("WBC - urine", Item("WBC", "URINE")),
        ("Urine protein", Item(None, "URINE")),
        ("Protein [Mass/volume] in Urine", Item(None, "URINE")),
        ("脑脊液白细胞计数", Item("WBC", "CEREBROSPINAL FLUID")),
        ("Leukocytes, CSF", Item("WBC", "CEREBROSPINAL FLUID")),
        ("CSF WBC", Item("WBC", "CEREBROSPINAL FLUID")),
        ("胸水乳酸脱氢酶", Item("LDH", "PLEURAL FLUID")),
        ("骨髓白细胞", Item("WBC", "BONE MARROW")),
        ("粪便隐血", Item(None, "FECES")),
    ],
)
def test_an_item_names_its_specimen(text, item):
    assert read_item(tidy(text), WORDS) == item


@pytest.mark.parametrize(
    "text", ["白/球比", "红细胞计数(RBC)", "尿素氮(BUN)", "凝血酶原时间(PT)", "淋巴细胞%", "★钠"]
)
def test_a_test_without_a_use_is_known_as_such(text):
    assert read_item(tidy(text), WORDS) == Item(unused=True)


@pytest.mark.parametrize(
    "text",
    ["白细胞(镜检)", "白细胞(钾)", "白细胞酯酶", "Neutrophils", "未知项目", "CREA-S", "未知(WBC)"],
)
def test_what_is_no_known_item_is_left_to_be_asked(text):
    read = read_item(tidy(text), WORDS)
    assert (read.test, read.unused) == (None, False)
    assert read.specimen in (None, "BLOOD")


def test_no_unused_test_is_also_a_test_or_a_specimen():
    for word in VOCABULARY["lab_unused"]:
        assert read_item(tidy(word), WORDS) == Item(unused=True), word
    for test, words in VOCABULARY["lab_test"].items():
        for word in (test, *words):
            assert read_item(tidy(word), WORDS) == Item(test), word

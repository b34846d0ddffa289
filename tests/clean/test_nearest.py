"""Hints: none says the contrary of a word, none leads to another specimen."""

from __future__ import annotations

import itertools

import pytest

from tests.clean.export import study
from venaza.contracts.coded_values import VOCABULARY, codes
from venaza.pipeline.clean.nearest import contrary, nearest_codes

WORDS = study()


def hint(column: str, text: str) -> list[str]:
    return [code for _, code in nearest_codes(text, codes(column, {}, WORDS))]


CONTRARIES = [
    *(("缓解", "无缓解"), ("未CR", "CR"), ("未达CR", "CR"), ("未死", "死亡"), ("无复发", "复发")),
    *(("not dead", "dead"), ("no death", "death"), ("non-relapsed", "relapsed")),
    *(("阴性的", "阳性"), ("陰性", "阳性"), ("异体", "自体"), ("allo-graft", "auto-graft")),
    *(("初治的", "复发"), ("急性单核细胞白血病", "慢性粒单核细胞白血病")),
    *(("alive", "dead"), ("B细胞", "T细胞"), ("白细胞增多", "白细胞减少"), ("低钾", "高钾")),
    *(("尿蛋白", "白蛋白"), ("incomplete remission", "complete remission")),
    *(("完全缓解", "部分缓解"), ("female", "male"), ("high risk", "low risk")),
]


@pytest.mark.parametrize(("one", "other"), CONTRARIES)
def test_words_of_contrary_meaning(one, other):
    assert contrary(one, other)
    assert contrary(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("未缓介", "未缓解"), ("no respons", "no response"), ("死忘", "死亡")),
        *(("intermediat", "intermediate"), ("女生", "女性"), ("尿酸盐", "尿酸")),
        ("induction failre", "induction failure"),
    ],
)
def test_words_of_one_meaning(one, other):
    assert not contrary(one, other)


@pytest.mark.parametrize(
    ("column", "text", "never"),
    [
        ("RSINV", "缓解中", "NR"),
        ("RSINV", "未CRR", "CR"),
        ("RSINV", "未达CR标准", "CR"),
        ("TXTYPE", "异体的", "autologous"),
        ("DISSTAT", "CR", "RR"),
        ("SURVSTAT", "not deceased", "DEAD"),
        ("SURVSTAT", "death not recorded", "DEAD"),
        ("SURVSTAT", "没有死", "DEAD"),
        ("SURVSTAT", "censored at last visit", "DEAD"),
        ("SURVSTAT", "无死亡记录", "DEAD"),
        ("LBTESTCD", "尿蛋白", "ALB"),
        ("DISEASE", "急性单核", "CMML"),
        ("MRDRES", "陰性的", "POSITIVE"),
        ("GERES", "未突变型", "MUTATED"),
    ],
)
def test_a_hint_never_says_the_contrary(column, text, never):
    assert never not in hint(column, text)


@pytest.mark.parametrize("text", ["DOT", "ED", "XR", "ND", "AB"])
def test_short_forms_in_latin_letters_are_no_misspellings_of_each_other(text):
    assert hint("RSINV", text) == []


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("SURVSTAT", "Alive in first CR", "ALIVE"),
        ("SURVSTAT", "diseased (dead)", "DEAD"),
        ("RSINV", "完全缓介", "CR"),
        ("RSINV", "Complet  Remision", "CR"),
        ("RSINV", "未缓介", "NR"),
        ("STOPREAS", "toxicty", "toxicity"),
    ],
)
def test_a_hint_forgives_slips(column, text, code):
    assert hint(column, text)[0] == code


def test_no_hint_from_a_shipped_word_denied():
    """Of every word of a status or a result, its denial is never offered that word's code."""
    for column, code in itertools.product(("SURVSTAT", "RSINV", "GERES", "MRDRES"), ("",)):
        assert column in VOCABULARY
        for code, words in codes(column, {}, WORDS).items():
            for word in words:
                if not contrary(word, "x"):
                    denied = f"not {word}" if word.isascii() else f"未{word}"
                    own = [
                        w for w, c in nearest_codes(denied, codes(column, {}, WORDS)) if c == code
                    ]
                    assert all(contrary(word, w) for w in own), (denied, own)

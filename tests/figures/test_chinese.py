"""Figures in Chinese: their words are Chinese, their numbers and data those of the English ones."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.figures.cases import texts_of
from tests.figures.test_draw_all import CASES, assert_legible
from tests.report.claims.worlds import ROOT, SHIPPED, analysed
from tests.report.test_chinese import WORLDS
from venaza.contracts.evidence import read_rows
from venaza.pipeline.figures import glyphs, planned, style
from venaza.pipeline.figures.draw import figure
from venaza.pipeline.figures.lookup import Numbers
from venaza.preflight import settings
from venaza.study.documents import read_yaml
from venaza.study.words import printed_words

NUMBER = re.compile(r"\d+(?:\.\d+)?")
WORD = re.compile(r"[A-Za-z][a-z]{2,}")
#: Names of tests: the same in both languages.
NAMES = {"Log", "rank", "Mantel", "Byar"}


@cache
def drawn(world: str, language: str) -> dict[str, tuple]:
    """Each figure of a world: its sheet, its data, its texts."""
    with style.journal():
        return {name: _figure(world, language, name) for name in planned(told(world, language))}


def _figure(world: str, language: str, name: str) -> tuple:
    of, study = analysed(world), told(world, language)
    numbers = Numbers(of.ard, study["words"])
    sheet, data = figure(name, tables_of(world), numbers, of.curves, study)
    sheet.mark_synthetic(study)
    return sheet, data, texts_of(sheet)


@cache
def told(world: str, language: str) -> dict:
    """What the figures are told of a world's study in a language."""
    study = {**analysed(world).study, "language": language}
    return settings({**study, "words": printed_words(ROOT, study)}, "figures")


@cache
def tables_of(world: str) -> dict:
    """The tables that the figures of a world read; small cohorts have no rows of an export."""
    of = analysed(world)
    flow, evidence = of.tables["flow"].copy(), of.study["evidence"]
    if world not in SHIPPED:
        flow.loc[flow["BOX"] == "raw", "N"] = flow.loc[flow["BOX"] == "patients", "N"].iloc[0]
    rows = [row for path in (evidence or {"files": ()})["files"] for row in read_rows(ROOT / path)]
    return {**of.tables, "flow": flow, "evidence": rows}


def written_by_the_study(world: str) -> set[str]:
    """The English words of the study's own file, and of the publications that it shows."""
    study = analysed(world).study
    own = [study["groups"], study["columns"], study["published_curves"]]
    if world in SHIPPED:
        path = f"config/studies/{world}.yaml"
        own.append(read_yaml(ROOT / path, path))
    if (index := study["timeline"]["index"]) not in told(world, "zh")["words"]:
        own.append(index)
    own += [(row["name"], row["regimen"]) for row in tables_of(world)["evidence"]]
    return {word.casefold() for text in strings(own) for word in WORD.findall(text)}


def strings(value: object):
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("world", WORLDS)
def test_no_english_word_is_left_but_those_of_the_study(world):
    own = written_by_the_study(world) | {name.casefold() for name in NAMES}
    left = {
        (name, text)
        for name, (_, _, texts) in drawn(world, "zh").items()
        for text in texts
        if {word.casefold() for word in WORD.findall(text)} - own
    }
    assert left == set()


@pytest.mark.parametrize("world", WORLDS)
def test_the_data_and_the_numbers_are_those_of_the_english_figure(world):
    english, chinese = drawn(world, "en"), drawn(world, "zh")
    assert english.keys() == chinese.keys()
    for name in english:
        pd.testing.assert_frame_equal(english[name][1], chinese[name][1])
        one, other = (
            Counter(n for text in texts for n in NUMBER.findall(text.replace("每增加1", "")))
            for texts in (english[name][2], chinese[name][2])
        )
        assert one == other, name


@pytest.mark.parametrize("world", WORLDS)
def test_every_word_is_printed_by_the_shipped_fonts(world):
    with style.journal():
        faces = tuple(path for path in style.faces() if path not in glyphs.system_faces())
    assert len(faces) == 3
    for name, (_, _, texts) in drawn(world, "zh").items():
        assert glyphs.lacking("".join(texts), faces) == set(), name


@pytest.mark.parametrize("world", WORLDS)
def test_text_is_legible_inside_the_sheet_and_not_overprinted(world):
    with style.journal():
        for name, (sheet, _, _) in drawn(world, "zh").items():
            assert_legible(sheet, name)


LONG = {
    "A": "初治急性髓系白血病，不适合强化诱导化疗的老年患者",
    "B": "复发急性髓系白血病",
    "C": "既往造血干细胞移植后复发",
    "D": "其他",
}


def test_long_chinese_labels_are_broken_between_characters():
    case = CASES["long names, one group empty"](LONG)
    study = {**case.study, "words": told("bmt", "zh")["words"]}
    case = SimpleNamespace(**{**vars(case), "study": study})
    with style.journal():
        for name in planned(case.study):
            numbers = Numbers(case.ard, study["words"])
            sheet, _ = figure(name, case.tables, numbers, case.curves, study)
            assert_legible(sheet, name)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("中性粒细胞计数降低", ["中性粒细胞计", "数降低"]),
        (
            "第30天死亡，未评估（n\u00a0=\u00a03）",
            ["第30天死亡，", "未评估", "（n\u00a0=\u00a03）"],
        ),
        ("总体缓解（CR、CRi、PR）", ["总体缓解", "（CR、CRi、", "PR）"]),
        ("中性粒细胞减低。", ["中性粒细胞", "减低。"]),
        ("，不起行的标点", ["，不起行的", "标点"]),
        ("First words 再是中文", ["First words 再", "是中文"]),
    ],
)
def test_a_line_of_chinese_breaks_between_characters_and_not_before_a_comma(text, lines):
    with style.journal():
        broken = style.wrap(text, 18).split("\n")
    assert broken == lines
    assert "".join(broken).replace(" ", "") == text.replace(" ", "")

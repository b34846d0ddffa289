"""A definition that the data cannot support is marked in every table and figure that shows it."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.figures.cases import make_case, sheet_of, texts_of
from tests.tables.test_sensitivity import made
from tests.tables.test_siblings import words
from tests.tables.test_tables import ADAE
from venaza.pipeline.tables import build_all
from venaza.study.support import MARK
from venaza.study.words import in_language

WHY = "no row of the data shows refractory disease, nor that it was looked for"


def support(*codes: str) -> pd.DataFrame:
    rows = [{"PARAMCD": code, "SUPPORT": "N", "REASON": WHY} for code in codes]
    return pd.DataFrame([*rows, {"PARAMCD": "OS", "SUPPORT": "Y", "REASON": None}])


def printed(folder, name: str) -> str:
    """A table as CSV, and as HTML, which has the notes."""
    paths = [folder / f"{name}.{kind}" for kind in ("csv", "html")]
    return "\n".join(path.read_text(encoding="utf-8-sig") for path in paths)


@pytest.fixture(scope="module")
def marked_tables(tmp_path_factory):
    """The tables of a study whose own event-free survival the data cannot support."""
    folder = tmp_path_factory.mktemp("marked")
    numbers, study = made()
    build_all({"adae": ADAE, "support": support("EFS")}, numbers.frame(), study, folder)
    return folder


@pytest.mark.parametrize("name", ["survival", "definitions", "sensitivity"])
def test_the_mark_stands_at_the_definition_and_below_the_table(marked_tables, name):
    text = printed(marked_tables, name)
    shown = "documented failure" if name == "sensitivity" else "Event-free survival"
    assert f"{shown} {MARK}" in text
    said = f"{MARK} EFS, documented failure: these data cannot support this definition ({WHY})."
    assert said in text
    assert f"Overall survival {MARK}" not in text
    assert f"failure at day 0 {MARK}" not in text


def test_the_note_is_chinese_where_the_report_is(tmp_path):
    numbers, study = made()
    study = in_language({**study, "words": words()})
    build_all({"adae": ADAE, "support": support("EFS")}, numbers.frame(), study, tmp_path)
    why = "没有任何数据行显示难治，亦未显示曾予评估"
    said = f"{MARK} EFS，有记录的治疗失败：本数据不足以支持该定义（{why}）。"
    assert said in printed(tmp_path, "survival")
    assert f"无事件生存期 {MARK}" in printed(tmp_path, "survival")


def test_a_table_that_does_not_show_it_has_no_mark(marked_tables):
    assert MARK not in printed(marked_tables, "baseline")


def test_another_definition_alone_is_marked_where_it_stands(tmp_path):
    numbers, study = made()
    build_all({"adae": ADAE, "support": support("EFS.day0")}, numbers.frame(), study, tmp_path)
    text = printed(tmp_path, "sensitivity")
    assert f"failure at day 0 {MARK}" in text
    assert f"{MARK} EFS, failure at day 0: these data" in text
    assert MARK not in printed(tmp_path, "survival")


def test_without_the_account_nothing_is_marked(tmp_path):
    numbers, study = made()
    build_all({"adae": ADAE}, numbers.frame(), study, tmp_path)
    assert not any(MARK in path.read_text(encoding="utf-8") for path in tmp_path.glob("*[lv]"))


def test_a_figure_of_it_is_marked():
    case = make_case({"ND": 12, "RR": 9})
    assert not any(MARK in text for text in texts_of(sheet_of(case, "km_EFS")))
    case.tables["support"] = support("EFS")
    assert any(text.endswith(f"{MARK} (%)") for text in texts_of(sheet_of(case, "km_EFS")))
    assert not any(MARK in text for text in texts_of(sheet_of(case, "km_OS")))

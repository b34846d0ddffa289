"""Vocabularies: which words are understood, and how the run stops at one that is not."""

import pytest

from tests.clean.export import clean_of, patients_csv
from venaza.errors import StudyError


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
    assert "'完全缓介' in responses.RSINV, 1 cell(s); nearest known word: 完全缓解" in text
    assert "export.csv" in text
    assert "row:    2" in text
    assert "column: 疗效" in text


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

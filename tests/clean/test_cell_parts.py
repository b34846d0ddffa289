"""Cells that hold a date and words, or a range."""

import pytest

from tests.clean.sheets import loaded, tables_of
from venaza.contracts.errors import StudyError
from venaza.contracts.text import tidy
from venaza.pipeline.clean.cell_parts import NO_DATE, has_both, is_range, part_of


@pytest.mark.parametrize(
    ("text", "date", "words"),
    [
        ("2022-07-01死亡", "2022-07-01", "死亡"),
        ("死亡（2022.7.1）", "2022.7.1", "死亡"),
        ("2022年7月1日，失访", "2022年7月1日", "失访"),
        ("20220701 alive in CR", "20220701", "alive in CR"),
        ("22/7/1 死亡", "22/7/1", "死亡"),
        ("died 01.07.2022", "01.07.2022", "died"),
        ("2022.07死亡", "2022.07", "死亡"),
        ("2022-07-01 00:00:00死亡", "2022-07-01 00:00:00", "死亡"),
        ("二〇二二年七月一日死亡", "2022年7月1日", "死亡"),
        ("2022-07-01", "2022-07-01", ""),
    ],
)
def test_date_and_words_are_taken_apart(text, date, words):
    assert part_of(tidy(text), "date") == (date, "")
    assert part_of(tidy(text), "words") == (words, "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("死亡", NO_DATE),
        ("2022-07-01死亡, 2022-06-01复发", "more than one date in the cell"),
        ("约2022-07-01死亡", "the date is only approximate"),
    ],
)
def test_a_date_that_cannot_be_told_is_asked(text, problem):
    assert part_of(text, "date") == ("", problem)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2022.1.5-2.1", "2022.1.5", "2022-02-01"),
        ("2022.1.5-11", "2022.1.5", "2022-01-11"),
        ("2021.12.20-1.15", "2021.12.20", "2022-01-15"),
        ("2021-12-20至2022-01-15", "2021-12-20", "2022-01-15"),
        ("2022年1月5日~2月1日", "2022年1月5日", "2022-02-01"),
        ("22.12.20-1.15", "22.12.20", "23-01-15"),
        ("2022.1.5", "2022.1.5", ""),
    ],
)
def test_a_range_has_two_days(text, start, end):
    assert (part_of(text, "start")[0], part_of(text, "end")[0]) == (start, end)
    assert is_range(text) == bool(end)


def test_a_range_that_ends_before_it_starts_is_asked():
    assert part_of("2022.1.5-3", "end") == ("", "the end of the range lies before its start")


def test_words_beside_a_date_are_letters():
    cells = ("2022-07-01死亡", "2022-07-01", "死亡")
    assert [has_both(text) for text in cells] == [True, False, False]


CSV = "id,seen\np1,2021-03-05死亡\np2,2021-04-05存活\np3,2021-05-05\np4,存活\n"
COLUMNS = {
    "INDEXDT": {"constant": "2021-01-01"},
    "LSTALVDT": {"from": "seen", "part": "date"},
    "SURVSTAT": {"from": "seen", "part": "words"},
    "DTHDT": {"from": "seen", "part": "date", "when": {"seen": "DEAD"}},
}


def table(**changes) -> dict:
    return {"patients": {"file": "a.csv", "key": "id", "columns": {**COLUMNS, **changes}}}


def test_one_cell_gives_last_contact_status_and_death(tmp_path):
    made = tables_of(tmp_path, {"a.csv": CSV}, table(), dates="calendar")
    rows = made["patients"].set_index("USUBJID")
    assert rows["SURVSTAT"].fillna("").to_dict() == {
        **{"p1": "DEAD", "p2": "ALIVE"},
        **{"p3": "", "p4": "ALIVE"},
    }
    assert [str(d)[:10] for d in rows["LSTALVDT"][:3]] == ["2021-03-05", "2021-04-05", "2021-05-05"]
    assert rows["DTHDT"].notna().tolist() == [True, False, False, False]
    asked = made["queries"]
    (message,) = asked.loc[asked["RULE"] == "unreadable_value", "MESSAGE"]
    assert NO_DATE in message


@pytest.mark.parametrize(
    ("changes", "sections", "what"),
    [
        ({"SURVSTAT": {"from": "seen", "part": "date"}}, {}, "'date' of a cell is no word"),
        ({"LSTALVDT": {"from": "seen", "part": "words"}}, {}, "'words' of a cell is no date"),
        (
            {},
            {"privacy": {"shift_dates": {"days": 30}}, "timeline": {"shifted": True}},
            "cannot be shifted: the words",
        ),
    ],
)
def test_a_part_fits_its_column(tmp_path, monkeypatch, changes, sections, what):
    key = tmp_path / "outside"
    key.write_text("k" * 40)
    monkeypatch.setenv("VENAZA_KEY_FILE", str(key))
    with pytest.raises(StudyError, match=what):
        loaded(tmp_path / "p", {"a.csv": CSV}, table(**changes), dates="calendar", **sections)

"""Each key of a column is read by the columns it belongs to, and refused of all others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.clean.export import study as small
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import Column
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.cell import read_cell
from venaza.preflight.column_keys import check_keys
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[2]
#: A column of each kind, and whether the study counts in days.
COLUMNS = {
    "string": ("SEX", False),
    "integer": ("ECOG", False),
    "number": ("HGB", False),
    "date": ("DIAGDT", False),
    "days": ("DIAGDT", True),
    "own string": ("OWNS", False),
    "own integer": ("OWNI", False),
    "own number": ("OWNN", False),
    "mrd": ("MRDVAL", False),
    "result": ("LBSTRESN", False),
}
OWN = [
    {"name": "OWNS", "type": "string", "label": "x", "unit": ""},
    {"name": "OWNI", "type": "integer", "label": "x", "unit": ""},
    {"name": "OWNN", "type": "number", "label": "x", "unit": ""},
]
#: Where a column comes from, which holds for all of them.
EVERY = ("from", "constant", "when", "otherwise", "sheet")
#: A value of each key: a cell that it makes read otherwise, by the kind of column that it is for.
READ = {
    "values": [
        ("string", {"M": ["wer"]}, "wer", "M"),
        ("integer", {"2": ["wer"]}, "wer", 2),
        ("number", {"85": ["wer"]}, "wer", 85),
        ("own string", {"M": ["wer"]}, "wer", "M"),
        ("own integer", {"2": ["wer"]}, "wer", 2),
        ("own number", {"85": ["wer"]}, "wer", 85),
        ("mrd", {"0.5": ["wer"]}, "wer", 0.5),
        ("result", {"0.5": ["wer"]}, "wer", 0.5),
    ],
    "vocabulary": [("string", "yes_no", "no", "N"), ("own string", "yes_no", "no", "N")],
    "unit": [
        ("number", "g/dL", "8.5", 85),
        ("days", "weeks", "2", 14),
        ("mrd", "fraction", "0.01", 1),
        ("result", "g/dL", "8.5", None),  # the test's unit is looked up once the row is read
        ("own integer", "points", "3 points", None),
        ("own number", "points", "3 points", 3),
        ("own string", "points", "a", "a"),
    ],
    "date_order": [("date", "YMD", "21/3/5", "2021-03-05")],
    "date_origin": [("date", "1970-01-01", "18691", "2021-03-05")],
    "calendar": [("date", "minguo", "110/3/5", "2021-03-05")],
    "part": [
        ("string", "words", "2021-03-05男", "M"),
        ("date", "date", "21.3.2021死亡", "2021-03-21"),
        ("own string", "words", "2021-03-05 b", "b"),
    ],
    "decimal": [
        ("number", ",", "85,5", 85.5),
        ("days", ",", "5,0", 5),
        ("own number", ",", "85,5", 85.5),
        ("mrd", ",", "0,5%", 0.5),
        ("result", ",", "8,5", 8.5),
    ],
    "range": [
        ("number", "lower", "80-90", 80),
        ("own number", "lower", "80-90", 80),
        ("result", "lower", "80-90", 80),
    ],
    "below": [
        ("number", "half", "<80", 40),
        ("own number", "half", "<80", 40),
        ("result", "half", "<80", None),
    ],
}
#: Read elsewhere: the cell of another column, or what a column is called.
ELSEWHERE = {
    "unit_from": {"number", "own number", "mrd", "days", "result"},
    "range_from": {"result"},
    "label": {"own string", "own integer", "own number"},
    "type": {"own string", "own integer", "own number"},
}
VALUES = {"unit_from": "u", "range_from": "r", "label": "x", "type": "number"}


@cache
def keys() -> list[str]:
    schema = read_yaml(ROOT / "workflow/schemas/study.schema.yaml", "schema")
    mapping = schema["$defs"]["column"]["oneOf"][1]
    return [key for key in mapping["properties"] if key not in EVERY]


def table_of(name: str) -> str:
    return {"MRDVAL": "mrd", "LBSTRESN": "labs"}.get(name, "patients")


def mapped(kind: str, **how) -> dict:
    """A study that maps one column, of a kind, in this way."""
    name, days = COLUMNS[kind]
    made = small()
    columns = {"patients": {"INDEXDT": {"from": "i"}}, table_of(name): {name: {"from": "h", **how}}}
    made["tables"] = {t: {"records": [{"columns": c}]} for t, c in columns.items()}
    made["timeline"] |= {"dates": "study_days" if days else "calendar"}
    return {**made, "columns": OWN}


def read(kind: str, text: str, **how):
    name, _ = COLUMNS[kind]
    study = mapped(kind, **how)
    own = [Column(c["name"], c["type"], c["label"]) for c in OWN]
    column = next(c for c in (*TABLES[table_of(name)], *own) if c.name == name)
    value = read_cell(text, column, {"from": "h", **how}, study, None).value
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_every_key_of_the_schema_is_walked():
    assert set(keys()) == {*READ, *ELSEWHERE}


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("key", sorted({*READ, *ELSEWHERE}))
def test_a_key_is_read_or_refused(key, kind):
    tried = {k: rest for k, *rest in READ.get(key, ())}
    known = kind in tried or kind in ELSEWHERE.get(key, ())
    value = (
        tried[kind][0] if kind in tried else (VALUES | {k: v[0][1] for k, v in READ.items()})[key]
    )
    beside = {"date_origin": "1970-01-01"} if (key, kind) == ("unit", "date") else {}
    study = mapped(kind, **{key: value}, **beside)
    if known:
        check_keys(study, "s.yaml")
        if kind in tried and tried[kind][2] is not None and kind != "own string":
            assert read(kind, tried[kind][1], **{key: value}) == tried[kind][2]
            assert read(kind, tried[kind][1]) != tried[kind][2]
        return
    with pytest.raises(StudyError) as caught:
        check_keys(study, "s.yaml")
    text = str(caught.value)
    assert f"columns > {COLUMNS[kind][0]} > {key}" in text
    assert "Take it out." in text


def test_a_refusal_says_what_the_key_is_for():
    with pytest.raises(StudyError) as caught:
        check_keys(mapped("integer", decimal=","), "s.yaml")
    text = str(caught.value)
    assert "The key 'decimal' says nothing of ECOG, which is a column of whole numbers." in text
    assert "It belongs to a column of numbers or a time in study days." in text


@pytest.mark.parametrize(
    ("unit", "origin", "known"),
    [
        ("seconds", "1970-01-01", True),
        ("milliseconds", "1970-01-01", True),
        ("days", "1970-01-01", True),
        ("weeks", "1970-01-01", False),
        ("seconds", None, False),
        ("months", None, False),
    ],
)
def test_the_unit_of_a_calendar_date_is_that_of_numbers_from_an_origin(unit, origin, known):
    how = {"unit": unit, **({"date_origin": origin} if origin else {})}
    if known:
        check_keys(mapped("date", **how), "s.yaml")
        return
    with pytest.raises(StudyError, match="A calendar date has no unit, but this one has"):
        check_keys(mapped("date", **how), "s.yaml")


def test_the_unit_of_a_time_is_a_unit_of_time():
    for unit in ("days", "week", "Months", "yrs", "个月"):
        check_keys(mapped("days", unit=unit), "s.yaml")
    with pytest.raises(StudyError, match="'furlongs' is no unit of time"):
        check_keys(mapped("days", unit="furlongs"), "s.yaml")


@pytest.mark.parametrize("key", ["date_order", "date_origin", "calendar"])
def test_an_export_in_study_days_has_no_calendar_to_declare(key):
    value = {"date_order": "DMY", "date_origin": "1970-01-01", "calendar": "minguo"}[key]
    for kind, known in (("date", True), ("days", False)):
        study = mapped(kind)
        study["timeline"][key] = value
        if known:
            check_keys(study, "s.yaml")
            continue
        with pytest.raises(StudyError, match="says nothing of an export without calendar dates"):
            check_keys(study, "s.yaml")
    study = mapped("days")
    study["tables"]["patients"]["date_system"] = 1904
    with pytest.raises(StudyError, match="'date_system' says nothing of an export without"):
        check_keys(study, "s.yaml")

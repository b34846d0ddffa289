"""What breaks a schema is told in our own words: each construct, each place of each schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from venaza.contracts.errors import StudyError
from venaza.study.documents import read_yaml, validate, validator
from venaza.study.wording import explain

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted((ROOT / "workflow/schemas").glob("*.yaml"))


def refused(document, schema: dict) -> StudyError:
    with pytest.raises(StudyError) as caught:
        validate({"a": document}, {"properties": {"a": schema}}, "study.yaml")
    return caught.value


WORDS = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}}
DAY = {"type": "integer", "minimum": 1, "maximum": 28}
EITHER = {
    "type": "object",
    "description": "either 'days' or 'milestone'",
    "properties": {"days": DAY, "milestone": {"type": "string"}},
    "oneOf": [{"required": ["days"]}, {"required": ["milestone"]}],
}
MIXED = {
    "description": "a header, or a mapping",
    "oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": DAY}],
}


CAPITAL = {"pattern": "^A", "description": "a capital A"}
PAIR = {"minItems": 2, "maxItems": 2, "description": "two numbers"}
CLOSED = {"properties": {"bb": {}}, "additionalProperties": False}
NEEDS = {"dependentRequired": {"b": ["c"]}}
NO_B = {"not": {"required": ["b"]}, "description": "no b"}
CASES = [
    ([1], WORDS, "The number 1 stands where text belongs.", 'quotes: "1".', "a > 1"),
    ({}, WORDS, "A mapping (key: value) stands where a list belongs.", "at least 1", "a"),
    ([], WORDS, "This key is empty.", "Give a list, at least 1 item, or leave", "a"),
    (["x", "x"], WORDS, "'x' stands twice in this list.", "Take one of them out.", "a"),
    (0, DAY, "'0' is too small.", "Give a whole number, at least 1 and at most 28.", "a"),
    (29, DAY, "'29' is too large.", "at most 28.", "a"),
    (2.0, DAY, "The number 2.0 stands where a whole number belongs.", "a whole", "a"),
    (None, DAY, "Nothing stands where a whole number belongs.", "a whole number", "a"),
    (True, DAY, "'true' (true or false) stands where", "a whole number", "a"),
    ("of", {"enum": ["off", "on"]}, "'of' is not allowed here.", "Did you mean 'off'?", "a"),
    ([1], {"enum": ["off", "on"]}, "A list is not allowed here.", "off, on", "a"),
    (2, {"const": True}, "'2' is not allowed here.", "Use one of: true.", "a"),
    ("b", CAPITAL, "'b' does not have the form", "Give a capital A.", "a"),
    ({"b": 1}, {"propertyNames": CAPITAL}, "The name 'b' may not", "a capital A.", "a > b"),
    ({"b": 1}, CLOSED, "Unknown key 'b'.", "Did you mean 'bb'? Known here: bb.", "a > b"),
    ({"b": 1}, NEEDS, "'b' stands here without 'c'.", "Give 'c' too, or leave 'b' out.", "a > b"),
    ({"b": 1}, {"required": ["b", "c"]}, "The key 'c' is missing.", "Add it", "a"),
    ([1, 2, 3], PAIR, "This key holds too much.", "Give two numbers.", "a"),
    ([1], PAIR, "This key holds too little.", "Give two numbers", "a"),
    ({"days": 1, "milestone": "X"}, EITHER, "do not go together.", "either 'days' or", "a"),
    ({}, EITHER, "The keys that stand here do not go together.", "Give either 'days' or", "a"),
    ({"b": 1}, NO_B, "do not go together", "Give no b.", "a"),
    ({"b": 0}, MIXED, "'0' is too small.", "at least 1", "a > b"),
    ([1], MIXED, "A list may not stand here.", "Give a header, or a mapping.", "a"),
]


@pytest.mark.parametrize(("document", "schema", "what", "fix", "key"), CASES)
def test_each_construct_has_its_words(document, schema, what, fix, key):
    error = refused(document, schema)
    assert what in error.what
    assert fix in error.fix
    assert error.place["column"] == key


def test_a_construct_without_words_of_its_own_still_says_where_to_look():
    (error,) = validator({"contains": {"type": "string"}}).iter_errors([1])
    assert "This key holds what it may not." in str(explain(error))


def test_a_long_value_is_cut():
    text = str(refused("x" * 5000, {"enum": ["a"]}))
    assert len(text) < 1000
    assert "(5,000 characters)" in text


def constructs(schema: object, place: tuple = ()) -> Iterator[tuple[tuple, dict]]:
    """Every subschema of a schema, with its place."""
    if isinstance(schema, dict):
        yield place, schema
        for key, value in schema.items():
            if key not in ("enum", "const", "required", "dependentRequired"):
                yield from constructs(value, (*place, key))
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from constructs(value, (*place, number))


PLACES = [
    pytest.param(schema, part, id=f"{path.name}:{'/'.join(map(str, place))}")
    for path in SCHEMAS
    for schema in [read_yaml(path, path.name)]
    for place, part in constructs(schema)
    if {"type", "enum", "const", "pattern", "oneOf", "anyOf", "not", "dependentRequired"}
    & set(part)
    and isinstance(part.get("type", ""), (str, list))
    and place[-1:] not in (("properties",), ("$defs",))
]
#: One value of each kind, and some that break bounds; each place refuses at least one of them.
WRONG = [
    *(None, True, 0, -1, 10**12, 0.5, "", "?", "\u4e2d" * 50, [], ["x", "x"], [None], {}, {"?": 1}),
    *([1, 2, 3, 4, 5], [{}], [[]], {"?": {}}, {"days": 1, "milestone": "x"}),
    *({"from": "x", "constant": 1}, {"columns": {}, "records": []}, {"column": "A"}),
]


@pytest.mark.parametrize(("schema", "part"), PLACES)
def test_no_place_of_a_schema_speaks_as_the_validator_does(schema, part):
    judge = validator({"$defs": schema.get("$defs", {}), **part})
    found = 0
    for value in WRONG:
        for error in judge.iter_errors(value):
            found += 1
            told = explain(error)
            text = f"{told.what} {told.fix}"
            assert error.message not in text
            assert told.what != "This key holds what it may not."
            assert not re.search(r"\^\[|\$'|\{'|None|True|False|\\d", text), text
            assert re.search(r"\w{3,}", told.fix)
    assert found


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda p: p.name)
def test_what_a_schema_cannot_say_by_itself_is_described(path):
    for place, part in constructs(read_yaml(path, path.name)):
        if place[-1:] in (("properties",), ("if",)) or not {
            "pattern",
            "not",
            "oneOf",
            "anyOf",
        } & set(part):
            continue
        assert "description" in part, place

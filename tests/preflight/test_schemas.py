"""A value of a wrong type at every key of the schemas: words of our own, with the line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from venaza.contracts.errors import StudyError
from venaza.contracts.key_lines import lines_named
from venaza.study.documents import read_yaml, validate

ROOT = Path(__file__).parents[2]
SCHEMAS = sorted(path.stem for path in (ROOT / "workflow/schemas").glob("*.yaml"))
#: One value of each type of YAML, and text that fits no form.
WRONG = {
    "string": "ß",
    "integer": -7,
    "number": -0.5,
    "boolean": True,
    "null": None,
    "array": [[]],
    "object": {"ß": {}},
}
#: Words of the validator and of the machine.
MACHINE = re.compile(
    r"is not of type|Additional propert|does not match|is not valid under|non-unique|required prop|"
    r"is too (short|long)\b|Traceback|\bNone\b|\bdict\b|\bTrue\b|jsonschema|\$ref"
)


def schema_of(name: str) -> dict:
    return read_yaml(ROOT / f"workflow/schemas/{name}.yaml", name)


def places(schema: dict, whole: dict, path: tuple = (), deep: int = 0) -> Iterator[tuple]:
    """The path of every key that a schema knows; any name stands for a free key, 0 for an item."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[1]] | schema
    if deep > 9:
        return
    yield path
    for key, inner in schema.get("properties", {}).items():
        yield from places(inner, whole, (*path, key), deep + 1)
    if isinstance(schema.get("additionalProperties"), dict):
        inner = schema["additionalProperties"]
        yield from places(inner, whole, (*path, free_key(schema, whole)), deep + 1)
    if isinstance(schema.get("items"), dict):
        yield from places(schema["items"], whole, (*path, 0), deep + 1)
    for option in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        if "required" not in option or "properties" in option:
            yield from places(option, whole, path, deep + 1)


def free_key(schema: dict, whole: dict) -> str:
    names = schema.get("propertyNames", {})
    if "$ref" in names:
        names = whole["$defs"][names["$ref"].rsplit("/", 1)[1]]
    form = names.get("pattern", "")
    return names["enum"][0] if "enum" in names else "x" if "a-z" in form else "X"


def laid(path: tuple, value: object) -> object:
    """A document with ``value`` at a path."""
    for step in reversed(path):
        value = [value] if step == 0 else {step: value}
    return value


def looser(schema: dict) -> dict:
    """The schema without what it requires, so that one value is judged at a time."""
    if isinstance(schema, list):
        return [looser(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    left = {"required", "dependentRequired", "minProperties", "allOf", "not"}
    return {k: looser(v) for k, v in schema.items() if k not in left or not _is_rule(k, v)}


def _is_rule(key: str, value: object) -> bool:
    kinds = {"required": list, "dependentRequired": dict, "minProperties": int, "allOf": list}
    return isinstance(value, kinds.get(key, dict))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_value_of_a_wrong_type_is_told_in_words_with_its_line(name, tmp_path):
    whole = schema_of(name)
    parts = {"": whole}
    if "properties" not in whole and "additionalProperties" not in whole:
        parts = {kind: {"$ref": f"#/$defs/{kind}"} for kind in whole["$defs"]}
    told, poor = 0, []
    for part in parts.values():
        judge = {**looser(part), "$defs": looser(whole.get("$defs", {}))}
        for path in dict.fromkeys(places(part, whole)):
            for value in WRONG.values():
                document = laid(path, value)
                if not path or not isinstance(document, dict):
                    continue
                text = yaml.safe_dump(document, allow_unicode=True)
                (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
                try:
                    with lines_named(tmp_path):
                        validate(document, judge, "x.yaml")
                except StudyError as error:
                    told += 1
                    said = str(error)
                    line = re.search(r"^  line:   (\d+)$", said, re.MULTILINE)
                    bare = re.sub(r"'[^'\n]*'|^  (value|key): .*$", "", said, flags=re.MULTILINE)
                    fits = bool(line) and int(line[1]) <= len(text.splitlines())
                    if MACHINE.search(bare) or not fits or "  to do:  " not in said:
                        poor.append((path, value, said))
    assert poor == []
    assert told > 20


def test_the_search_knows_the_words_of_the_validator():
    assert MACHINE.search("3 is not of type 'string'")
    assert MACHINE.search("Additional properties are not allowed")
    assert not MACHINE.search("The number 3 stands where text belongs.")

"""Reading YAML strictly, and judging it by a JSON Schema in words a person can act on."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from venaza.contracts.errors import StudyError
from venaza.contracts.key_lines import BETWEEN
from venaza.study.wording import explain, innermost, order, place_of


class _StrictLoader(yaml.CSafeLoader):
    """Safe YAML that refuses a key given twice and leaves dates as text."""


def _mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> dict:
    loader.flatten_mapping(node)
    seen: dict = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is given twice", key_node.start_mark
            )
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# YAML 1.2: only true and false are booleans, so that a code N or a word "no" stays text.
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)


def _number(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> float:
    value = loader.construct_yaml_float(node)
    if not math.isfinite(value):
        problem = f"{node.value} is no number that can be used"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    return value


_StrictLoader.add_constructor("tag:yaml.org,2002:float", _number)
_StrictLoader.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node)
)


def written(path: Path) -> int:
    """When a file was last written, in nanoseconds; 0 where there is none: a key to a cache."""
    return path.stat().st_mtime_ns if path.is_file() else 0


def read_yaml(path: Path, shown_as: str) -> dict:
    """The mapping in a YAML file.

    Raises ``StudyError`` with the line where it cannot be read or gives a key twice.
    """
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        document = yaml.load(text, _StrictLoader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        raise StudyError(
            "This configuration file does not exist.", fix="Create it.", file=shown_as
        ) from None
    except UnicodeDecodeError:
        raise StudyError(
            "This configuration file is not UTF-8 text.",
            fix="Save it again with the encoding UTF-8.",
            file=shown_as,
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise StudyError(
            f"This file is not valid YAML: {getattr(error, 'problem', None) or error}.",
            fix="Correct the line; the indentation and the quotes are the usual suspects.",
            file=shown_as,
            row=mark.line + 1 if mark else None,
        ) from None
    except ValueError as error:
        raise StudyError(
            f"A value in this file cannot be read ({str(error)[:200]}).",
            fix="Put the value into quotes if it is text.",
            file=shown_as,
        ) from None
    if not isinstance(document, dict):
        raise StudyError(
            "This configuration file holds no keys.",
            fix="Start from a study file that works, for instance config/studies/bmt.yaml.",
            file=shown_as,
        )
    return document


def merge(base: dict, over: dict) -> dict:
    """``base`` with the keys of ``over`` laid on top; lists and texts are replaced whole."""
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = merge(merged[key], value)
        else:
            merged[key] = value
    return merged


def validate(
    document: dict, schema: dict, shown_as: str, known_at: Callable[[list], Iterable[str]] = list
) -> None:
    """Raise ``StudyError`` for the first thing in ``document`` that breaks ``schema``.

    ``known_at`` tells the names that are known at a path of keys, beside those of the schema.
    """
    error = min(validator(schema).iter_errors(document), key=order, default=None)
    if error is None:
        return
    error = innermost(error)
    refused = explain(error, known_at(list(error.absolute_path)))
    refused.place["file"] = shown_as
    refused.place["column"] = BETWEEN.join(place_of(error)) or None
    if isinstance(error.instance, (str, int, float)):
        refused.place["value"] = str(error.instance)
    raise refused


def validator(schema: dict):
    """What judges documents by ``schema``.

    A whole number is written without a point here (``2.0`` is none, other than in JSON Schema).
    """
    from jsonschema import Draft202012Validator, validators

    whole = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    )
    return validators.extend(Draft202012Validator, type_checker=whole)(schema)

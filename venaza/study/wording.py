"""What breaks a JSON Schema, in words: what stands there, what belongs there, what to do."""

from __future__ import annotations

from collections.abc import Iterable

from venaza.contracts.errors import StudyError
from venaza.contracts.wording import capital
from venaza.study.names import did_you_mean, slip_of

_KINDS = {
    "string": "text",
    "object": "a mapping (key: value)",
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def innermost(error):
    """The error that matters: of alternatives that of the one meant, by the kind of the value."""
    while error.validator in ("oneOf", "anyOf") and error.context:
        meant = _meant(error)
        if len({e.schema_path[0] for e in meant}) != 1:
            return error
        error = min(meant, key=order)
    return error


def _meant(error) -> list:
    """The errors of the alternatives that hold a value of this kind."""
    apart = {e.schema_path[0] for e in error.context if _is_of_another_kind(e)}
    return [e for e in error.context if e.schema_path[0] not in apart]


def _is_of_another_kind(error) -> bool:
    return (
        error is not None
        and not error.relative_path
        and error.validator in ("type", "const", "enum")
    )


def order(error) -> tuple:
    """Errors in the order in which they are told: by place, a wrong kind first."""
    return [str(part) for part in error.absolute_path], error.validator != "type"


def place_of(error) -> list[str]:
    """The path of the key that an error is about; items of a list are counted from 1."""
    path = [str(p + 1) if isinstance(p, int) else str(p) for p in error.absolute_path]
    if error.validator == "additionalProperties":
        path.append(_unknown(error)[0])
    elif error.validator == "required":
        path += filter(None, [_missing(error)[1]])
    elif error.validator == "dependentRequired":
        path.append(_lonely(error)[0])
    elif "propertyNames" in error.absolute_schema_path:
        path.append(str(error.instance))
    return path


def explain(error, known: Iterable[str] = ()) -> StudyError:
    """The error of what breaks a schema, still without its place; in the schema's own words.

    What a ``description`` beside a form, a choice or a combination says is what to give. A name of
    a wrong form may be a slip of one that is ``known`` at its place.
    """
    if "propertyNames" in error.absolute_schema_path:
        hint = did_you_mean(error.instance, error.schema.get("enum", known))
        return StudyError(
            f"The name {_shown(error.instance)} may not stand here.",
            fix=f"{hint}Give {wanted(error.schema)}.",
        )
    return _WORDS.get(error.validator, _other)(error)


def _unknown_key(error) -> StudyError:
    unknown, known = _unknown(error)[0], sorted(error.schema.get("properties", {}))
    hint = did_you_mean(unknown, known)
    return StudyError(f"Unknown key '{unknown}'.", fix=f"{hint}Known here: {_list(known)}.")


def _unknown(error) -> list[str]:
    return [str(k) for k in error.instance if k not in error.schema.get("properties", {})]


def _missing_key(error) -> StudyError:
    missing, instead = _missing(error)
    hint = f"Did you mean '{missing}' where '{instead}' stands? " if instead else ""
    return StudyError(
        f"The key '{missing}' is missing.", fix=f"{hint}Add it; see docs/configuration.md."
    )


def _missing(error) -> tuple[str, str]:
    """The key that is missing, and the one that stands in its place, misspelt."""
    missing = next(key for key in error.validator_value if key not in error.instance)
    others = (str(k) for k in error.instance if k not in error.schema.get("properties", {}))
    return missing, next((key for key in others if slip_of(key, [missing])), "")


def _lonely_key(error) -> StudyError:
    key, needed = _lonely(error)
    return StudyError(
        f"'{key}' stands here without '{needed}'.",
        fix=f"Give '{needed}' too, or leave '{key}' out.",
    )


def _lonely(error) -> tuple[str, str]:
    return next(
        (key, other)
        for key, others in error.validator_value.items()
        if key in error.instance
        for other in others
        if other not in error.instance
    )


def _kind(error) -> StudyError:
    kinds = error.validator_value
    kinds = [kinds] if isinstance(kinds, str) else kinds
    quoted = "string" in kinds and isinstance(error.instance, (bool, int, float))
    hint = f'Put it into quotes: "{_plain(error.instance)}". ' if quoted else ""
    return StudyError(
        f"{capital(kind_of(error.instance))} stands where {_belongs(kinds)} belongs.",
        fix=f"{hint}Give {wanted(error.schema)}.",
    )


def _not_among(error) -> StudyError:
    allowed = error.validator_value if error.validator == "enum" else [error.validator_value]
    words = [_plain(item) for item in allowed]
    hint = did_you_mean(_plain(error.instance), words)
    return StudyError(
        f"{_shown(error.instance)} is not allowed here.", fix=f"{hint}Use one of: {_list(words)}."
    )


def _small(error) -> StudyError:
    return StudyError(
        f"{_shown(error.instance)} is too small.", fix=f"Give {wanted(error.schema)}."
    )


def _large(error) -> StudyError:
    return StudyError(
        f"{_shown(error.instance)} is too large.", fix=f"Give {wanted(error.schema)}."
    )


def _few(error) -> StudyError:
    what = "holds too little" if error.instance else "is empty"
    return StudyError(
        f"This key {what}.", fix=f"Give {wanted(error.schema)}, or leave the key out."
    )


def _many(error) -> StudyError:
    return StudyError("This key holds too much.", fix=f"Give {wanted(error.schema)}.")


def _twice(error) -> StudyError:
    items = error.instance
    item = next(item for n, item in enumerate(items) if item in items[:n])
    return StudyError(f"{_shown(item)} stands twice in this list.", fix="Take one of them out.")


def _form(error) -> StudyError:
    return StudyError(
        f"{_shown(error.instance)} does not have the form that belongs here.",
        fix=f"Give {wanted(error.schema)}.",
    )


def _combination(error) -> StudyError:
    if error.validator in ("oneOf", "anyOf") and error.context and not _meant(error):
        what = f"{capital(kind_of(error.instance))} may not stand here."
    else:
        what = "The keys that stand here do not go together."
    return StudyError(what, fix=f"Give {wanted(error.schema)}.")


def _other(error) -> StudyError:
    return StudyError(
        "This key holds what it may not.", fix="See docs/configuration.md for what it may hold."
    )


_WORDS = {
    "additionalProperties": _unknown_key,
    "required": _missing_key,
    "dependentRequired": _lonely_key,
    "type": _kind,
    **dict.fromkeys(("enum", "const"), _not_among),
    **dict.fromkeys(("minimum", "exclusiveMinimum"), _small),
    **dict.fromkeys(("maximum", "exclusiveMaximum"), _large),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), _few),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), _many),
    "uniqueItems": _twice,
    "pattern": _form,
    **dict.fromkeys(("oneOf", "anyOf", "not"), _combination),
}


def wanted(schema: dict) -> str:
    """What a schema asks for, in words."""
    if "description" in schema:
        return schema["description"]
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(wanted(option) for option in schema[key]))
    if "enum" in schema:
        return f"one of: {_list(map(_plain, schema['enum']))}"
    if "const" in schema:
        return _plain(schema["const"])
    kinds = schema.get("type", "object")
    return _belongs([kinds] if isinstance(kinds, str) else kinds) + _bounds(schema)


def _bounds(schema: dict) -> str:
    said = [
        f"{word} {schema[key]}"
        for key, word in (
            ("minimum", "at least"),
            ("exclusiveMinimum", "above"),
            ("maximum", "at most"),
        )
        if key in schema
    ]
    for key, word in (("min", "at least"), ("max", "at most")):
        for part, unit in (("Items", "item"), ("Properties", "key"), ("Length", "character")):
            if key + part in schema:
                number = schema[key + part]
                said.append(f"{word} {number} {unit}{'' if number == 1 else 's'}")
    return f", {' and '.join(said)}" if said else ""


def _belongs(kinds: Iterable[str]) -> str:
    return " or ".join(_KINDS[kind] for kind in kinds)


def kind_of(value: object) -> str:
    """What a value of a YAML file is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"'{_plain(value)}' (true or false)"
    if isinstance(value, (int, float)):
        return f"the number {_plain(value)}"
    if isinstance(value, str):
        return f"the text {_shown(value)}"
    return _KINDS["object" if isinstance(value, dict) else "array"]


def _plain(value: object) -> str:
    """A value as YAML writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: object) -> str:
    if value is None or isinstance(value, (dict, list)):
        return capital(kind_of(value))
    text = _plain(value)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:60]}...'"


def _list(words: Iterable[str]) -> str:
    return ", ".join('""' if word == "" else word for word in words)

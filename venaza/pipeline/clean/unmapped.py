"""The error for words that no vocabulary knows: each with its cell, a hint, where to teach it."""

from __future__ import annotations

import re
from collections.abc import Container

from venaza.contracts.coded_values import may_mean, vocabulary_of
from venaza.contracts.errors import StudyError, shown
from venaza.pipeline.clean.journal import Place
from venaza.pipeline.clean.nearest import nearest

_SHOWN = 10
_LONGEST = 60
_CODES = 20


def unmapped_error(unknown: list[dict], study: dict, too_long: Container[Place] = ()) -> StudyError:
    """The error for words that no vocabulary knows, all of them at once.

    ``unknown`` holds, for each cell, ``table``, ``column``, ``value``, ``file``, ``sheet``,
    ``row``, ``header``, ``known`` (the codes of the column) and ``how`` (its mapping). A word in
    a row that is ``too_long`` stands in the wrong column: the row is mended, no word is taught.
    """
    shifted = [item for item in unknown if place_of(item) in too_long]
    if shifted:
        return _shifted_error(shifted)
    seen: dict[tuple, dict] = {}
    for item in unknown:
        entry = seen.setdefault((item["table"], item["column"], item["value"]), {**item, "n": 0})
        entry["n"] += 1
    lines = [_line(item, study) for item in list(seen.values())[:_SHOWN]]
    rest = f"\n    and {len(seen) - _SHOWN} more" if len(seen) > _SHOWN else ""
    first = next(iter(seen.values()))
    return StudyError(
        f"{len(seen)} value(s) are in no vocabulary:\n    " + "\n    ".join(lines) + rest,
        fix=(
            f"Give each word its code in config/studies/{study['id']}.yaml: "
            f"{'; '.join(_places(list(seen.values())))}. Or set vocabulary > unmapped: query to "
            "leave such cells empty with a query."
        ),
        **_where(first),
    )


def _where(item: dict) -> dict:
    place = {name: item[name] for name in Place._fields}
    return {**place, "column": item["header"], "value": _quoted(item)}


def place_of(item: dict) -> Place:
    """Where the row of an unknown word stands."""
    return Place(*(item[name] for name in Place._fields))


def _shifted_error(shifted: list[dict]) -> StudyError:
    first = shifted[0]
    return StudyError(
        f"{len({place_of(item) for item in shifted})} row(s) have more cells than headers, and "
        f"hold words that fit no column of theirs: '{_quoted(first)}' in "
        f"{first['table']}.{first['column']}.",
        fix=(
            "Behind a delimiter in a cell without quotation marks every value stands in the wrong "
            "column. Put the cell into quotation marks, or ask for the export as a workbook."
        ),
        **_where(first),
    )


def _line(item: dict, study: dict) -> str:
    place = f"{item['table']}.{item['column']}"
    return f"'{_quoted(item)}' in {place}, {item['n']} cell(s){_hint(item, study)}"


def _quoted(item: dict) -> str:
    return shown(item["value"], _LONGEST)


def teaching_place(table: str, column: str, how: dict, value: str) -> str:
    """Where a study file says what a word of a column means, as a path of keys.

    A word is taught to its vocabulary; a code number, which means something in this column only,
    and a word of a column without a vocabulary, to the column.
    """
    name = vocabulary_of(column, how, taught=True)
    if name and not is_number(value):
        return f"vocabulary > {name}"
    return f"tables > {table} > columns > {column} > values"


def is_number(value: str) -> bool:
    """Whether a cell is a bare code number, which says nothing without its key."""
    return bool(re.fullmatch(r"[+-]?\d+(?:\.\d+)?", value))


def _places(items: list[dict]) -> list[str]:
    """Each place once, with an example of what to write there and the codes to choose from."""
    found: dict[str, str] = {}
    for item in items:
        path = teaching_place(item["table"], item["column"], item["how"], item["value"])
        codes = list(item["known"])
        more = f" and {len(codes) - _CODES} more" if len(codes) > _CODES else ""
        code = f"CODE: ['{_quoted(item)}'], CODE being one of {', '.join(codes[:_CODES])}{more}"
        found.setdefault(path, f"{path} > {code}")
    return list(found.values())


def _hint(item: dict, study: dict) -> str:
    if is_number(item["value"]):
        codes = ", ".join(f"{code}: [...]" for code in list(item["known"])[:3])
        return f"; a code number: ask the clinic for its key, then values: {{{codes}}}"
    if either := may_mean(item["value"], item["column"], item["how"], study):
        return f"; it may mean {' or '.join(either)}: say which"
    close = nearest(item["value"], item["known"])
    return f"; nearest known word: {' or '.join(close)}" if close else ""

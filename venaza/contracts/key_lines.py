"""The line of a configuration file that an error speaks of, looked up when there is an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import yaml

from venaza.contracts.errors import StudyError

#: What stands between the keys of a path in a message.
BETWEEN = " > "
#: Keys that a path leaves out, with what stands under them: a table may have its columns in
#: records, an example its tables under what is given and what is expected.
_PASSED = ("records", "given", "expected")


class _End(NamedTuple):
    """Where following a path has come to: its line, the node, what is left, the way gone."""

    line: int | None
    node: yaml.Node | None
    left: str
    way: tuple[str, ...]


@contextmanager
def lines_named(root: Path, others: tuple[str, ...] = ()) -> Iterator[None]:
    """Give a ``StudyError`` on a key of a YAML file under ``root`` the line of that key.

    A key that the file leaves to one of ``others`` is named there.
    """
    try:
        yield
    except StudyError as error:
        name_line(error, root, others)
        raise


def name_line(error: StudyError, root: Path, others: tuple[str, ...] = ()) -> None:
    """Set the row of an error to the line of its key, and its key as the file has it; in place.

    A key that the file leaves to the defaults has the line of the key that it belongs under.
    """
    place = error.place
    path = root / str(place["file"] or "")
    if place["row"] is not None or not place["column"] or path.suffix != ".yaml":
        return
    document, key = _read(path), place["column"]
    if not _has(document, key):
        there = next((name for name in others if _has(_read(root / name), key)), None)
        if there:
            place["file"], document = there, _read(root / there)
    place["row"], place["column"] = _found(document, key, place["value"])


def _has(node: yaml.Node | None, path: str) -> bool:
    return any(not end.left for end in _ends(_End(None, node, path, ())))


def line_of(node: yaml.Node | None, path: str, value: str | None = None) -> int | None:
    """The line of a key (``analysis > cox > OS``), or of the one ``value`` under it.

    A part of the path may be the number of an item of a list, from 1, or the item's name.
    """
    return _found(node, path, value)[0]


def asked_at(file: Path, under: str, word: str) -> str:
    """Where a configuration file has ``word`` under a key: ``line 25: tables > ... > from``.

    Empty where it stands nowhere there as it is, as a header of a record that repeats.
    """
    ends = list(_ends(_End(None, _read(file), under, ())))
    places = (place for end in ends if not end.left for place in _words(end.node, end.way))
    found = next(((line, way) for text, line, way in places if text == word), None)
    return f"line {found[0]}: {BETWEEN.join(found[1])}" if found else ""


def _read(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return None


def _found(node: yaml.Node | None, path: str, value: str | None) -> tuple[int | None, str]:
    """The line and the whole path of the end that has most of ``path``, and ``value`` if it can."""
    best, mark = _End(None, node, path, ()), None
    for end in _ends(best):
        word = value or (end.left if isinstance(end.node, yaml.ScalarNode) else None)
        here = [line for text, line, _ in _words(end.node, ()) if text == word]
        one = here[0] if word is not None and len(here) == 1 else None
        if (len(end.left), one is None) < (len(best.left), mark is None):
            best, mark = end, one
    whole = BETWEEN.join(filter(None, [*best.way, best.left]))
    return (mark or best.line if best.line else None), whole


def _ends(end: _End) -> Iterator[_End]:
    """All that a path can lead to, as far as the file has it."""
    yield end
    for name, line, node in _items(end.node):
        if end.left == name:
            yield from _ends(_End(line, node, "", (*end.way, name)))
        elif end.left.startswith(name + BETWEEN):
            left = end.left[len(name + BETWEEN) :]
            yield from _ends(_End(line, node, left, (*end.way, name)))
        elif name in _PASSED and end.left:
            parts = [(name, line, node)]
            if isinstance(node, yaml.SequenceNode):
                parts = [(f"{name}{BETWEEN}{n}", line, item) for n, line, item in _items(node)]
            for passed, _, part in parts:
                yield from _ends(_End(end.line, part, end.left, (*end.way, passed)))


def _items(node: yaml.Node | None) -> Iterator[tuple[str, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.value, _line(key), item
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, start=1):
            yield str(number), _line(item), item
            names = [i.value for n, _, i in _items(item) if n == "name"]
            yield from ((str(name), _line(item), item) for name in names)


def _words(node: yaml.Node | None, way: tuple[str, ...]) -> Iterator[tuple[str, int, tuple]]:
    """Every key, value and cell of a table under a node, with its line and its path."""
    if isinstance(node, yaml.ScalarNode):
        yield node.value, _line(node), way
        if node.style == "|":
            for number, text in enumerate(node.value.splitlines(), start=1):
                yield from ((cell.strip(), _line(node) + number, way) for cell in text.split("|"))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, start=1):
            yield from _words(item, (*way, str(number)))
    elif isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            inner = (*way, str(key.value))
            yield from _words(key, inner)
            yield from _words(item, inner)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1

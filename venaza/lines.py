"""The line of a configuration file that an error speaks of, looked up when there is an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from venaza.errors import StudyError

#: What stands between the keys of a path in a message.
BETWEEN = " > "


@contextmanager
def lines_named(root: Path) -> Iterator[None]:
    """Give a ``StudyError`` on a key of a YAML file under ``root`` the line of that key."""
    try:
        yield
    except StudyError as error:
        name_line(error, root)
        raise


def name_line(error: StudyError, root: Path) -> None:
    """Set the row of an error to the line of its key, where the file has it; in place.

    A key that the file leaves to the defaults has the line of the key that it belongs under.
    """
    place = error.place
    path = root / str(place["file"] or "")
    if place["row"] is not None or not place["column"] or path.suffix != ".yaml":
        return
    try:
        document = yaml.compose(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return
    place["row"] = line_of(document, place["column"], place["value"])


def line_of(node: yaml.Node | None, path: str, value: str | None = None) -> int | None:
    """The line of a key (``analysis > cox > OS``), or of the one ``value`` under it.

    A part of the path may be the number of an item of a list, from 1, or the item's name.
    """
    line = None
    while path:
        step = next(iter(sorted(_steps(node, path), key=lambda s: len(s[2]))), None)
        if step is None:
            return line
        line, node, path = step
    found = [mark for text, mark in _texts(node) if text == value] if value is not None else []
    return found[0] if len(found) == 1 else line


def _steps(node: yaml.Node | None, path: str) -> Iterator[tuple[int, yaml.Node, str]]:
    """What the first part of a path can be: the line, what stands there, the rest of the path."""
    for name, start, item in _items(node):
        if path == name:
            yield start, item, ""
        elif path.startswith(name + BETWEEN):
            yield start, item, path[len(name + BETWEEN) :]


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


def _texts(node: yaml.Node) -> Iterator[tuple[str, int]]:
    """Every key and value under a node, with its line."""
    if isinstance(node, yaml.ScalarNode):
        yield node.value, _line(node)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _texts(item)
    elif isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            yield from _texts(key)
            yield from _texts(item)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1

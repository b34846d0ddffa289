"""Every scalar of a YAML file with its place, and the file with one letter of it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

#: The three slips of one letter.
KINDS = ("put in", "left out", "swapped")


class Place(NamedTuple):
    """A word of a file: its path (``key`` for a key), line, and where its text begins and ends."""

    path: str
    line: int
    word: str
    begin: int
    end: int


def places(text: str) -> Iterator[Place]:
    """Every key and value of a file; of a table in a text block every cell."""
    yield from _under(yaml.compose(text, yaml.CSafeLoader), (), text)


def _under(node: yaml.Node, path: tuple[str, ...], text: str) -> Iterator[Place]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _under(key, (*path, "key"), text)
            yield from _under(value, (*path, key.value), text)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, start=1):
            yield from _under(item, (*path, str(number)), text)
    elif node.style == "|":
        yield from _cells(node, path, text)
    elif node.style not in (">",):
        quoted = node.style in ("'", '"')
        begin, end = node.start_mark.index, node.end_mark.index
        begin, end = begin + quoted, end - quoted
        word = text[begin:end].rstrip()
        where = " > ".join(path)
        yield Place(where, node.start_mark.line + 1, word, begin, begin + len(word))


def _cells(node: yaml.Node, path: tuple[str, ...], text: str) -> Iterator[Place]:
    """The cells of a Markdown table: headers are called ``header``, others by their header."""
    begin, headers, line = node.start_mark.index, [], node.start_mark.line
    block = text[begin : node.end_mark.index]
    for number, row in enumerate(block.splitlines(keepends=True)):
        cells = list(re.finditer(r"(?<=\|)\s*([^|\n]*?)\s*(?=\|)", row))
        for column, cell in enumerate(cells):
            word = cell[1]
            name = headers[column] if headers else "header"
            if word and set(word) - set("-:"):
                at = begin + cell.start(1)
                where = " > ".join((*path, name))
                yield Place(where, line + number + 1, word, at, at + len(word))
        if cells and not headers:
            headers = [cell[1] for cell in cells]
        begin += len(row)


def slip(word: str, kind: str) -> str | None:
    """``word`` with one letter put in, left out, or swapped with the next; None where it cannot."""
    letters = [n for n, c in enumerate(word) if c.isalpha()]
    if not letters:
        return None
    at = letters[len(letters) // 2]
    if kind == "put in":
        letter = "x" if word[at].islower() else "X" if word[at].isupper() else "天"
        return word[:at] + letter + word[at:]
    if kind == "left out":
        return word[:at] + word[at + 1 :] if len(word) > 1 else None
    pairs = (n for n in letters if word[n + 1 : n + 2].isalpha() and word[n] != word[n + 1])
    at = next(pairs, None)
    return None if at is None else word[:at] + word[at + 1] + word[at] + word[at + 2 :]

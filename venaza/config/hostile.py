"""YAML made to hurt, refused before it is built: too large, nested too deep, grown by aliases."""

from __future__ import annotations

import re

import yaml

from venaza.errors import StudyError

#: A study file has some ten thousand characters.
MOST_CHARACTERS = 2_000_000
_MOST_NODES = 200_000
_DEEPEST = 50
_NUMBER = re.compile(r"[-+]?[0-9][0-9a-fA-FxXoObB_:.]*")


def refuse_hostile(text: str, shown_as: str) -> None:
    """Raise ``StudyError`` where building the document of ``text`` could hurt.

    What an alias stands for is counted each time, as merging and printing would. Text that is no
    YAML is left to the loader, which says where.
    """
    if len(text) > MOST_CHARACTERS:
        raise StudyError(
            f"This configuration file is too large (more than {MOST_CHARACTERS:,} characters).",
            fix="Put data into data/raw; the study file only says which column is what.",
            file=shown_as,
        )
    opened: list[tuple[str | None, int]] = []
    sizes: dict[str, int] = {}
    total = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        row = event.start_mark.line + 1
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            opened.append((event.anchor, total))
            if len(opened) > _DEEPEST:
                raise StudyError(
                    f"Keys are nested more than {_DEEPEST} deep.",
                    fix="Look for a bracket that is opened and not closed.",
                    file=shown_as,
                    row=row,
                )
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            anchor, before = opened.pop()
            sizes[anchor] = total - before + 1
        elif isinstance(event, yaml.ScalarEvent):
            sizes[event.anchor] = 1
            if event.implicit[0] and len(event.value) > 100 and _NUMBER.fullmatch(event.value):
                raise StudyError(
                    "A number in this file has more than 100 digits.",
                    fix="Put the value into quotes if it is text.",
                    file=shown_as,
                    row=row,
                )
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in opened):
                raise _aliases("stand for what they are part of", shown_as, row)
            total += sizes.get(event.anchor, 0)
        total += 1
        if total > _MOST_NODES:
            raise _aliases(f"grow it to more than {_MOST_NODES:,} values", shown_as, row)


def _aliases(what: str, shown_as: str, row: int) -> StudyError:
    return StudyError(
        f"The aliases (*name) of this file {what}.",
        fix="Write the values out instead of using anchors and aliases.",
        file=shown_as,
        row=row,
    )

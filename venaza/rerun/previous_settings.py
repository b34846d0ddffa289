"""What stages were told before: kept beside Snakemake's notes, so that a change can be named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from venaza.contracts.files import write_text
from venaza.contracts.record import file_hash

#: Made from the other keys while the study is read: a change in them is a change elsewhere.
_DERIVED = {"journal", "columns", "levels", "mapped", "risk_tables", "id", "cutoff"}
_OWN_WORDS = {
    "code": "the code",
    "facts.code.sha256": "the code",
    "facts.code.version": "the code",
    "facts.python": "the version of Python",
    "export": "the export",
    "bridges": "the bridges asked for",
    "facts.renderer.name": "the renderer",
    "facts.renderer.version": "the renderer",
}


def keep(path: Path, folder: Path) -> None:
    """Keep a copy of what a stage was told, by its hash, before it is written anew."""
    if path.is_file():
        copy = folder / f"{file_hash(path)}.json"
        if not copy.is_file():
            write_text(path.read_text(encoding="utf-8"), copy)


def forget(folder: Path, used: Iterable[str]) -> None:
    """Remove the copies that no job was told; ``used`` are hashes."""
    kept = set(used)
    for path in folder.glob("*.json"):
        if path.stem not in kept:
            path.unlink()


def changed_keys(folder: Path, before: str, now: Path) -> list[str]:
    """The words for what differs between what a stage was told (a hash) and is told now.

    Keys of the study file are dotted (``analysis.cox``); what the run found itself has words of
    its own. Empty where the copy is not there any more, or no difference has a name.
    """
    old = folder / f"{before}.json"
    try:
        was, new = (json.loads(p.read_text(encoding="utf-8")) for p in (old, now))
    except (OSError, ValueError):
        return []
    found = list(dict.fromkeys(_named(key) for key in _differences(was, new) if _counts(key)))
    first = [key for key in found if key.partition(".")[0] not in _DERIVED]
    return first or found


def _counts(key: str) -> bool:
    return not key.startswith(("facts.configuration", "raw."))


def _named(key: str) -> str:
    key = key.removeprefix("settings.")
    if key.startswith(("facts.packages", "facts.python")):
        return "the versions of packages"
    if key.startswith("comparison"):
        return "the comparison asked for"
    if key in _OWN_WORDS:
        return _OWN_WORDS[key]
    return re.sub(r"\.records\.\d+\.columns\b", ".columns", key.removeprefix("facts."))


def _differences(was: object, new: object, above: str = "") -> Iterator[str]:
    """The dotted keys under which two JSON values differ, as deep as both have them."""
    if isinstance(was, list) and isinstance(new, list) and _alike(was, new):
        was, new = ({str(n): value for n, value in enumerate(v)} for v in (was, new))
    if not (isinstance(was, dict) and isinstance(new, dict)):
        if was != new:
            yield above
        return
    for key in [*new, *(key for key in was if key not in new)]:
        name = f"{above}.{key}" if above else key
        if key not in was or key not in new:
            yield name
        else:
            yield from _differences(was[key], new[key], name)


def _alike(was: list, new: list) -> bool:
    return len(was) == len(new) and all(isinstance(v, dict) for v in (*was, *new))

"""Names that a configuration file uses: whether they are known, and which one was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from venaza.contracts.errors import Key, StudyError


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint at the known name nearest to ``word``, whatever its case; empty where none is near."""
    folded = {name.casefold(): name for name in map(str, known)}
    close = difflib.get_close_matches(str(word).casefold(), list(folded), n=1)
    near = folded[close[0]] if close else slip_of(word, folded.values())
    return f"Did you mean '{near}'? " if near else ""


def like_file(root: Path, file: str) -> str:
    """A hint at the file of the project that ``file`` was meant to name; empty where none is."""
    folders = [(root / file).parent, root / "data/reference"]
    folder = next((f for f in folders if f.is_dir() and f.is_relative_to(root)), None)
    found = sorted(folder.iterdir()) if folder else []
    return did_you_mean(file, [path.relative_to(root).as_posix() for path in found])


def slip_of(word: str, known: Iterable[str]) -> str:
    """The known name that ``word`` is but for one letter put in, left out or swapped; else empty.

    Another letter in the place of one is no slip here: M and F, or FLT3 and FLT4, are two names.
    """
    names = list(map(str, known))
    return "" if word in names else next((n for n in names if _is_slip(str(word), n)), "")


def _is_slip(word: str, name: str) -> bool:
    short, long = sorted((word, name), key=len)
    if len(long) - len(short) == 1:
        return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
    apart = [n for n, (one, other) in enumerate(zip(word, name, strict=False)) if one != other]
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1
    return len(word) == len(name) and swapped and sorted(word) == sorted(name)


def no_such(name: str, known: Iterable[str], kind: str, shown: str, place: str) -> StudyError:
    """The error for a name that is none of ``known``; ``kind`` says what it should be."""
    known = sorted(set(map(str, known)) - {""})
    hint = did_you_mean(name, known)
    return StudyError(
        f"'{name}' is not {kind}.",
        fix=f"{hint}Known: {', '.join(known) or 'none'}.",
        at=Key(shown, place, str(name)),
    )


def check_known(
    wanted: Iterable[str], known: Iterable[str], kind: str, shown: str, place: str
) -> None:
    """Raise ``StudyError`` for the first of ``wanted`` that is none of ``known``."""
    known = list(known)
    for name in wanted:
        if name not in known:
            raise no_such(name, known, kind, shown, place)

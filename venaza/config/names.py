"""Names that a configuration file uses: whether they are known, and which one was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from venaza.errors import StudyError


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint at the known name nearest to ``word``, whatever its case; empty where none is near."""
    folded = {name.casefold(): name for name in map(str, known)}
    close = difflib.get_close_matches(str(word).casefold(), list(folded), n=1)
    return f"Did you mean '{folded[close[0]]}'? " if close else ""


def no_such(name: str, known: Iterable[str], kind: str, shown: str, place: str) -> StudyError:
    """The error for a name that is none of ``known``; ``kind`` says what it should be."""
    known = sorted(set(map(str, known)) - {""})
    hint = did_you_mean(name, known)
    return StudyError(
        f"'{name}' is not {kind}.",
        fix=f"{hint}Known: {', '.join(known) or 'none'}.",
        file=shown,
        column=place,
        value=str(name),
    )


def check_known(
    wanted: Iterable[str], known: Iterable[str], kind: str, shown: str, place: str
) -> None:
    """Raise ``StudyError`` for the first of ``wanted`` that is none of ``known``."""
    known = list(known)
    for name in wanted:
        if name not in known:
            raise no_such(name, known, kind, shown, place)

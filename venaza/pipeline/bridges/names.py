"""Names and codes of at most eight characters, made by one rule and never twice the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LIMIT = 8


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Each name as version 5 takes it: upper-case ASCII letters and digits, at most eight.

    A name that fits stays. A longer one loses vowels, the last first but never its first letter,
    and then what stands beyond eight; where that is taken, its end becomes a number.
    """
    names = list(names)
    made = {name: name for name in names if _fits(name)}
    for name in names:
        if name not in made:
            made[name] = unused(_shortened(name), set(made.values()))
    return {name: made[name] for name in names}


def _fits(name: str) -> bool:
    return re.fullmatch(rf"[A-Z_][A-Z0-9_]{{0,{_LIMIT - 1}}}", name) is not None


def _shortened(name: str) -> str:
    letters = re.sub(r"[^A-Z0-9_]", "", name.upper())
    if not letters or letters[0].isdigit():
        letters = f"V{letters}"
    while len(letters) > _LIMIT and (found := re.search(r"(?<=.)[AEIOU](?=[^AEIOU]*$)", letters)):
        letters = letters[: found.start()] + letters[found.end() :]
    return letters[:_LIMIT]


def unused(name: str, taken: set[str]) -> str:
    """``name``, or where it is taken the name with a number at its end, within eight."""
    made, number = name, 0
    while made in taken:
        number += 1
        made = f"{name[: _LIMIT - len(str(number))]}{number}"
    return made


def short_codes(codes: Iterable[str]) -> dict[str, str]:
    """Codes of parameters (``EFS.viale_a``) with at most eight letters and digits.

    ``EFSVIALE``: upper case without signs, cut at eight; where that is taken, a number at its
    end. The order of ``codes`` does not matter.
    """
    codes = sorted(set(codes))
    made = {code: code for code in codes if _fits(code) and "_" not in code}
    for code in codes:
        if code not in made:
            letters = re.sub(r"[^A-Z0-9]", "", code.upper())
            if not letters or letters[0].isdigit():
                letters = f"P{letters}"
            made[code] = unused(letters[:_LIMIT], set(made.values()))
    return made

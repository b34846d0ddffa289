"""What a declared check says of a query, in the study's words; sentences taken apart again."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

#: What ends a message and may be missing begins with a mark, so that it is told from what it ends.
_HELD = {"about": "(?:[:;].*)?", "hint": "[;.].*|"}


def worded(rules: dict, rule: str, said: dict | None = None, action: str | None = None) -> dict:
    """SEVERITY, RULE, MESSAGE and ACTION of a query, as ``config/checks.yaml`` declares them.

    ``said`` fills in the names of the message; ``action`` stands in for the declared one where
    what was done depends on the row.
    """
    declared = rules[rule]
    return {
        "SEVERITY": declared["severity"],
        "RULE": rule,
        "MESSAGE": declared["message"].format(**(said or {})),
        "ACTION": action or declared["action"],
    }


def not_off(queries: list[dict]) -> list[dict]:
    """``queries`` (rows of ``QUERIES``) without those of checks that the study switched off."""
    return [query for query in queries if query["SEVERITY"] != "off"]


def taken_apart(template: str, text: str, header: str = "") -> dict[str, str] | None:
    """The parts of ``text`` that fill in the names of ``template``; None where it does not fit."""
    match = _pattern(template, header).fullmatch(text)
    if match is None and header:
        match = _pattern(template, "").fullmatch(text)
    return None if match is None else match.groupdict()


@cache
def _pattern(template: str, header: str) -> re.Pattern:
    parts, seen = [], set()
    for fixed, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(fixed))
        if name in seen:
            parts.append(f"(?P={name})")
        elif name is not None:
            held = re.escape(header) if name == "header" and header else _HELD.get(name, ".*?")
            parts.append(f"(?P<{name}>{held})")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)

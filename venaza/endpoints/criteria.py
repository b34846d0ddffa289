"""Response criteria: which category of a file in config/criteria/ the values of a day fulfil."""

from __future__ import annotations

import re

_CONDITION = re.compile(r"(\w+)\s*(<=|>=|!=|<|>|=)\s*(\S+)")


def holds(condition: str, values: dict) -> bool | None:
    """Whether ``condition`` (``PLT >= 100``) holds; None where the value was not recorded."""
    name, sign, wanted = _CONDITION.fullmatch(condition).groups()
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return (value == wanted) == (sign == "=")
    limit = float(wanted)
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "!=": value != limit,
    }[sign]


def _all(results: list[bool | None]) -> bool | None:
    if False in results:
        return False
    return None if None in results else True


def _any(results: list[bool | None]) -> bool | None:
    if True in results:
        return True
    return None if None in results else False


def derive_response(values: dict, after_remission: bool, criteria: dict) -> str | None:
    """The first category of ``criteria`` that ``values`` fulfil.

    ``values`` has MBLAST and PBLAST (%), ANC and PLT (10^9/L), EMD (Y or N), RSMETH (marrow or
    imaging), DEAUV and BASELINE_FALL (%), None where not recorded, TRANSFUSED (Y or N) and
    PBLAST_TWICE (Y, N or None where one sample alone shows blasts). Where a category hangs on a
    value that was not recorded, the response stays underived (None): nothing is guessed.
    """
    for category in criteria["categories"]:
        if category.get("after_remission", False) and not after_remission:
            continue
        parts = [holds(c, values) for c in category.get("all", [])]
        if "any" in category:
            parts.append(_any([holds(c, values) for c in category["any"]]))
        decided = _all(parts)
        if decided:
            return category["response"]
        if decided is None:
            return None
    return None

"""Codes of an export, 0 and 1 first of all, and the forms in which programs write one of them."""

from __future__ import annotations

import re

from venaza.contracts.headers import header_key

#: pandas and R write a column of whole numbers with a gap in it as 1.0, 0.0.
_WHOLE = re.compile(r"([+-]?\d+)(?:\.0+|,0)")


def whole(text: str) -> str:
    """``text`` without the decimal of a whole number: ``1.0`` is ``1``; ``01`` is another code."""
    match = _WHOLE.fullmatch(text)
    return match[1] if match else text


def code_key(text: str) -> str:
    """The form of a code under which it is looked up: no white space, no full-width forms."""
    return whole(header_key(text))

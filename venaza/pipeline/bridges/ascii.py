"""Text in plain ASCII by one rule: what SAS transport files, and reviewers' tools, can hold."""

from __future__ import annotations

import unicodedata

#: Signs that have a customary spelling.
_SIGNS = {
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("‘’‚′", "'"),
    **dict.fromkeys("“”„″", '"'),
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "±": "+/-",
    "×": "x",
    "·": ".",
    "⁄": "/",
    "µ": "u",
    "μ": "u",
    "ß": "ss",
    "ø": "o",
    "Ø": "O",
    "æ": "ae",
    "Æ": "AE",
    "ł": "l",
}


def to_ascii(text: str) -> str:
    """``text`` in printable ASCII; equal to it where it is that already.

    Letters lose their marks, signs are spelled out, a raised figure gets a ``^``, full-width
    forms become the usual ones. All else (Chinese, emoji, control characters) is written as
    its code point: ``\\u4E2D``, ``\\U0001F600``.
    """
    return "".join(_said(sign) for sign in unicodedata.normalize("NFC", text))


def _said(sign: str) -> str:
    if " " <= sign <= "~":
        return sign
    if sign in _SIGNS:
        return _SIGNS[sign]
    parts = unicodedata.normalize("NFKD", sign)
    plain = "".join(_SIGNS.get(part, part) for part in parts if not unicodedata.combining(part))
    if not plain or not all(" " <= part <= "~" for part in plain):
        return f"\\u{ord(sign):04X}" if ord(sign) <= 0xFFFF else f"\\U{ord(sign):08X}"
    return f"^{plain}" if unicodedata.decomposition(sign).startswith("<super>") else plain

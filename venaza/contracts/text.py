"""Cell text as it is compared and parsed: full-width forms, superscripts, stray spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from venaza.contracts.codes import whole
from venaza.contracts.script import simplified

# NFKC alone turns 10⁻⁴ into 10−4, which reads as a subtraction: powers of ten come first.
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = re.compile(r"10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


@lru_cache(maxsize=1 << 16)
def tidy(text: str) -> str:
    """``text`` with full-width forms folded, powers of ten written ``10^n``, spaces trimmed."""
    text = _POWER.sub(lambda m: "10^" + m.group(1).translate(_SUPERSCRIPTS), text)
    text = unicodedata.normalize("NFKC", text).replace("−", "-").replace("\u200b", "")
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=1 << 16)
def as_word(text: str) -> str:
    """``text`` as words and codes are compared everywhere: ``folded``, and ``1.0`` is ``1``."""
    return whole(folded(text))


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """``text`` for comparing words: tidy, without spaces, in one letter case and one script."""
    return simplified(tidy(text).replace(" ", "").casefold())

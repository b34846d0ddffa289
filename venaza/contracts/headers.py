"""Raw headers as they are compared: full-width forms and white space do not matter."""

from __future__ import annotations

import re
import unicodedata


def header_key(text: str) -> str:
    """The form of a raw header under which it is looked up."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))

"""Raw headers as they are compared, and those that a table of the study file names."""

from __future__ import annotations

import re
import unicodedata


def header_key(text: str) -> str:
    """The form of a raw header under which it is looked up: no white space, no full-width forms."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def mapped_headers(spec: dict) -> list[str]:
    """Every raw header that a table of the study file names, each once."""
    wanted = [spec["key"]] if spec.get("key") else []
    for record in spec.get("records", []):
        for how in record.get("columns", {}).values():
            wanted += [how[key] for key in ("from", "unit_from") if key in how]
            wanted += list(how.get("when", {}))
    fill = spec.get("fill_down", [])
    wanted += [fill] if isinstance(fill, str) else fill
    wanted += list(spec.get("where", {}))
    wanted += [spec["newer_by"]] if "newer_by" in spec else []
    return list(dict.fromkeys(wanted))

"""The words that a cell to be filled in offers: those that the study will read."""

from __future__ import annotations

import re

from venaza.contracts.clean import TABLES
from venaza.contracts.coded_values import code_of, codes
from venaza.contracts.headers import header_key
from venaza.pipeline.queries.columns import EMPTY

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Whole numbers are offered where there are no more of them: grades, performance status.
_NUMBERS = 12
_TYPES = {(table, c.name): c.dtype for table, own in TABLES.items() for c in own}


def offered(query: dict, study: dict) -> tuple[str, ...]:
    """What the answer to a query (a row of ``QUERIES``) is chosen from; () where it is free.

    The value as sent comes first, then the words of the column's vocabulary, or its whole numbers,
    in the language of the workbook; the word for an empty cell is the last.
    """
    language, (table, column) = study["queries"]["language"], (query["TABLE"], query["COLUMN"])
    how = _mapped(study["tables"].get(table), column, query["SRCCOL"])
    if how is None:
        return ()
    words = _numbers(table, column, study["checks"]["ranges"])
    if not words:
        known = codes(column, how, study) or {}
        words = [word_of(code, known, language) for code in known]
    sent = str(query["VALUE"] or "").strip()
    first = [sent] if sent and sent not in words and "\n" not in sent else []
    return (*first, *words, EMPTY[language]) if words else ()


def _mapped(spec: dict | None, column: str, header: str) -> dict | None:
    """How the column is read from the header; None where the header gives it another way."""
    for record in (spec or {}).get("records", ()):
        how = record["columns"].get(column, {})
        if header and header_key(how.get("from") or "") == header_key(header):
            return how
    return None


def _numbers(table: str, column: str, ranges: dict) -> list[str]:
    low, high = ranges.get(table, {}).get(column, (0, 0))
    if _TYPES.get((table, column)) != "integer" or not 0 < high - low < _NUMBERS:
        return []
    return [str(n) for n in range(int(low), int(high) + 1)]


def word_of(code: str, known: dict[str, list[str]], language: str) -> str:
    """A word that is read as ``code``: in Chinese the first Chinese one, else the code itself."""
    chinese = (w for w in known[code] if _CHINESE.search(w) and code_of(w, known) == code)
    return next(chinese, code) if language == "zh" else code

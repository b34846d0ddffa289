"""The words that a cell to be filled in offers: those that the study will read."""

from __future__ import annotations

from venaza.contracts.clean import TABLES
from venaza.contracts.coded_values import code_of, codes
from venaza.contracts.headers import header_key
from venaza.pipeline.queries.columns import EMPTY
from venaza.study.words import word_of

#: Whole numbers are offered where there are no more of them: grades, performance status.
_NUMBERS = 12
_TYPES = {(table, c.name): c.dtype for table, own in TABLES.items() for c in own}


class Offered:
    """What answers are chosen from, in the language of the workbook; found once for a column."""

    def __init__(self, study: dict) -> None:
        self.study, self.language = study, study["queries"]["language"]
        self._known: dict[tuple[str, str, str], dict[str, list[str]]] = {}

    def to(self, query: dict) -> tuple[str, ...]:
        """The words for the answer to a query (a row of ``QUERIES``); () where it is free.

        The value as sent comes first where it is read as one of them, so that it can be confirmed;
        then a word for each code of the column, or its whole numbers; then that for an empty cell.
        """
        place = query["TABLE"], query["COLUMN"], query["SRCCOL"]
        if place not in self._known:
            found = self._codes(*place)
            self._known[place] = {word_of(c, found, self.language): found[c] for c in found}
        known, sent = self._known[place], query["VALUE"].strip()
        first = [sent] if sent not in known and code_of(sent, known) else []
        return (*first, *known, EMPTY[self.language]) if known else ()

    def _codes(self, table: str, column: str, header: str) -> dict[str, list[str]]:
        """The codes of a column with the words for each, where it is read from that header."""
        for record in self.study["tables"].get(table, {}).get("records", ()):
            how = record["columns"].get(column, {})
            if header and header_key(how.get("from") or "") == header_key(header):
                numbers = self._numbers(table, column)
                return numbers or codes(column, how, self.study) or {}
        return {}

    def _numbers(self, table: str, column: str) -> dict[str, list[str]]:
        low, high = self.study["checks"]["ranges"].get(table, {}).get(column, (0, 0))
        if _TYPES.get((table, column)) != "integer" or not 0 < high - low < _NUMBERS:
            return {}
        return {str(n): [] for n in range(int(low), int(high) + 1)}

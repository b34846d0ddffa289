"""Notes: what a free text says of a transplant that nobody has entered where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from venaza.contracts.headers import header_key, mapped_columns
from venaza.contracts.script import simplified
from venaza.contracts.text import tidy
from venaza.pipeline.clean.journal import Place
from venaza.pipeline.clean.layout import headers_of
from venaza.pipeline.clean.raw_table import RawTable

#: Characters beside the word in which "not" or "planned" is looked for: it bounds the work.
_NEAR = 40
_CLAUSES = re.compile(r"[,，。；;、!！\n]|\.(?!\d)")
#: Words for a donor or a conditioning that only look like a denial.
_DONOR = re.compile(r"无关|非血缘|不全相合|不相合|非清髓|unrelated|non-?myeloablative")


@dataclass(frozen=True)
class Mention:
    """A word for a transplant in a cell: its table, place, raw header, and the word."""

    table: str
    place: Place
    header: str
    word: str


class Transplants:
    """Finds the first mention of a transplant in the rows of each patient.

    The words are those of ``limits > words`` in config/checks.yaml, ``headers`` the raw headers as
    they stand. A study without the table ``transplants`` misses none: nothing is looked for.
    """

    def __init__(self, study: dict, headers: Iterable[str] = ()) -> None:
        self.headers = {header_key(header): header for header in headers}
        self.found: dict[str, Mention] = {}
        self.tables = study["tables"]
        words = study["checks"]["limits"]["words"]
        self.word = _any_of(words["transplant"])
        denial = _any_of(words["no_transplant"])
        self.before = denial
        self.after = re.compile(rf"[\s:：(\-]*(?:(?:was|is|has been)\s*)?(?:{denial.pattern})")

    def read(self, rows: RawTable, table: str) -> None:
        """Look through the cells of raw rows, mapped or not.

        Left out are the columns of the transplants themselves, and the reason for stopping, which
        a check of its own compares.
        """
        if "transplants" not in self.tables or table == "transplants":
            return
        passed = headers_of(self.tables["transplants"]) | _stop_reason(self.tables)
        cells, text, texts = rows.stored, rows.text_codes(), rows.export.texts
        own = np.isin(cells.key, [code for key, code in rows.keys.items() if key not in passed])
        codes = pd.unique(text[own])
        words = {code: word for code in codes.tolist() if (word := self.mentioned(texts[code]))}
        said = np.flatnonzero(own & np.isin(text, list(words)))
        rank = np.empty(len(rows), dtype="int64")
        rank[rows.in_order()] = np.arange(len(rows))
        headers = list(rows.keys)
        for position in said[np.argsort(rank[cells.row[said]], kind="stable")].tolist():
            row, header = rows[cells.row[position]], headers[cells.key[position]]
            if row.patient not in self.found:
                shown, word = self.headers.get(header, header), words[text[position]]
                self.found[row.patient] = Mention(table, row.place, shown, word)

    def mentioned(self, text: str) -> str | None:
        """The word by which a text says that there was a transplant; None if it does not.

        A clause that denies it, or only plans or considers it, says nothing.
        """
        if not self.word.search(_DONOR.sub("", simplified(tidy(text).casefold()))):
            return None
        for part in _CLAUSES.split(text):
            clause = _DONOR.sub("", simplified(tidy(part).casefold()))
            for match in self.word.finditer(clause):
                before = clause[max(0, match.start() - _NEAR) : match.start()]
                after = clause[match.end() : match.end() + _NEAR]
                if not self.before.search(before) and not self.after.match(after):
                    return match[0]
        return None


def _any_of(words: list[str]) -> re.Pattern:
    """A pattern for any of the words; one in Latin letters must stand alone."""
    parts, known = [], {simplified(tidy(word).casefold()) for word in words}
    for word in sorted(known, key=lambda w: (-len(w), w)):
        bare = re.escape(word)
        parts.append(rf"(?<![a-z]){bare}(?![a-z])" if word.isascii() else bare)
    return re.compile("|".join(parts))


def _stop_reason(tables: dict) -> set[str]:
    columns = mapped_columns(tables["patients"])
    return {
        header_key(how["from"]) for name, how in columns if name == "STOPREAS" and "from" in how
    }

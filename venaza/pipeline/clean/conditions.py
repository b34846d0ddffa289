"""Conditions: whether a cell says the word that ``when`` or ``where`` asks for, by one rule."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from venaza.contracts.clean import TABLES
from venaza.contracts.coded_values import among, code_of, codes
from venaza.contracts.codes import whole
from venaza.contracts.columns import Column
from venaza.contracts.headers import header_key, mapped_columns, share_a_sheet
from venaza.contracts.text import as_word, tidy
from venaza.pipeline.clean.layout_redcap import Redcap
from venaza.pipeline.clean.raw_table import Entry, RawTable
from venaza.pipeline.clean.signs import contrary_sign, sign
from venaza.pipeline.clean.value_label import read_value

#: What a cell says of a condition: a known word, nothing, or a word that nobody knows.
KNOWN, EMPTY, UNKNOWN = "known", "empty", "unknown"
#: Codes that mean the contrary of each other; words of the kind are in the vocabularies.
_YES, _NO = {"1", "checked", "true"}, {"0", "unchecked", "false"}


def said(entry: Entry, header: str, redcap: Redcap) -> set[str]:
    """What a cell says, as words are compared: its text, its label, the code behind a label."""
    text = as_word(entry.text)
    codes_of = redcap.codes_of(header, entry.text)
    return {text, as_word(entry.label) or text, *map(as_word, codes_of)}


def is_word(entry: Entry, header: str, words: Iterable[str], redcap: Redcap) -> bool:
    """Whether a cell is one of the ``words`` themselves; an empty word is an empty cell."""
    found = said(entry, header, redcap)
    shown = {tidy(entry.text), tidy(entry.label) or tidy(entry.text)}
    return any(as_word(w) in found or redcap.is_called(header, shown, w) for w in words)


class Conditions:
    """The conditions of one table of a study, and the words that the study names for their columns.

    A cell is compared by its text, its value label and, in a labelled REDCap export, its code.
    Letter case, full-width forms, white space and the decimal of a whole number do not matter.
    Where the table reads the column as a coded one, a condition may name the code instead.
    """

    def __init__(self, study: dict, table: str) -> None:
        self.study, self.redcap = study, Redcap.of(study)
        self._coded = _coded(study, study["tables"][table])
        self._named = _named(study)
        self._words = {header: {as_word(w) for w in words} for header, words in self._named.items()}
        # A word under ``values`` has its code, by which a condition may ask for it.
        apart = _named(study, values=False)
        self._apart = {header: {as_word(w) for w in words} for header, words in apart.items()}
        self._exact = {header: {whole(tidy(w)) for w in words} for header, words in apart.items()}
        self._read = lru_cache(maxsize=1 << 12)(self._code)
        self._contrary = lru_cache(maxsize=1 << 10)(self._is_contrary)

    def hold(self, rows: RawTable, header: str, wanted: list[str]) -> np.ndarray:
        """Whether the cell of each row under ``header`` is one of the ``wanted`` words."""
        return rows.column(header).each(lambda e: self.holds(e, header, wanted), bool)

    def all_hold(self, rows: RawTable, wanted: dict[str, list[str]]) -> np.ndarray:
        """Whether every condition (header: words) holds of each row."""
        held = [self.hold(rows, header, words) for header, words in wanted.items()]
        return np.logical_and.reduce([np.ones(len(rows), dtype=bool), *held])

    def holds(self, entry: Entry, header: str, wanted: list[str]) -> bool:
        """Whether a cell under ``header`` is one of the ``wanted`` words; "" is an empty cell."""
        key = header_key(header)
        shown = {tidy(text) for text in (entry.text, entry.label) if text}
        if named := set(map(whole, shown)) & self._exact.get(key, set()):
            return any(
                whole(tidy(word)) in named or self.redcap.is_called(header, shown, word)
                for word in wanted
            )
        if is_word(entry, header, wanted, self.redcap):
            return True
        if said(entry, header, self.redcap) & self._apart.get(key, set()):
            return False
        code = self._read(key, entry.text, entry.label)
        return code is not None and code in self._wanted_codes(key, wanted)

    def says(self, entry: Entry, header: str) -> str:
        """``KNOWN``, ``EMPTY`` or ``UNKNOWN``: whether anybody knows what a cell means.

        Known are the words that the study names for the column in any ``when``, ``where``,
        ``otherwise`` or ``values``, what its vocabulary or a value label says, and the contrary of
        the words named: 0 where 1 is asked for, *no* where *yes* is.
        """
        key, text, label = header_key(header), entry.text, entry.label
        if tidy(text) == "":
            return EMPTY
        if is_word(entry, header, self._named.get(key, ()), self.redcap):
            return KNOWN
        # A coded column asks about its own unknown words.
        if self._coded.get(key) and not self._missing(text, label):
            return KNOWN
        if any(self._contrary(key, word) for word in said(entry, header, self.redcap)):
            return KNOWN
        if self._missing(text, label):
            return EMPTY
        labelled = label or self.redcap.codes_of(header, text)
        return KNOWN if labelled else UNKNOWN

    def reads_elsewhere(self, header: str, name: str) -> bool:
        """Whether another column than ``name`` is read from ``header``, in any table."""
        return any(
            header_key(how.get("from", "")) == header_key(header) and column != name
            for spec in self.study["tables"].values()
            for column, how in mapped_columns(spec)
        )

    def _missing(self, text: str, label: str) -> bool:
        return among(label or text, self.study["vocabulary"]["missing"])

    def _code(self, key: str, text: str, label: str) -> str | None:
        """The code that the table's own column reads from a cell; None where it has none."""
        for column, how in self._coded.get(key, ()):
            value = read_value(text, label, column, how, self.study, None).value
            if value is not None:
                return value
        return None

    def _wanted_codes(self, key: str, wanted: list[str]) -> set[str]:
        found = set()
        for column, how in self._coded.get(key, ()):
            known = codes(column.name, how, self.study)
            found |= {code for code in (code_of(word, known) for word in wanted) if code}
        return found

    def _is_contrary(self, key: str, word: str) -> bool:
        """Whether ``word`` is the contrary of the words that are named for the column."""
        named = self._words.get(key, set())
        if (named <= _YES and word in _NO) or (named <= _NO and word in _YES):
            return True
        if any(contrary_sign(word, each) for each in named) and not any(
            sign(word) == sign(each) for each in named
        ):
            return True
        for known in self.study["vocabulary"].values():
            if not isinstance(known, dict) or not named or word.isdigit():
                continue
            meant = {code_of(each, known) for each in named}
            if None not in meant and code_of(word, known) not in (None, *meant):
                return True
        return False


def _coded(study: dict, own: dict) -> dict[str, list[tuple[Column, dict]]]:
    """The coded columns that are read from each header of the table's sheet, by any table."""
    found: dict[str, list[tuple[Column, dict]]] = {}
    for table, spec in study["tables"].items():
        if not share_a_sheet(spec, own):
            continue
        known = {column.name: column for column in TABLES[table]}
        for name, how in mapped_columns(spec):
            column = known.get(name, Column(name, how.get("type", "string"), name))
            if "from" in how and "constant" not in how and codes(name, how, study) is not None:
                found.setdefault(header_key(how["from"]), []).append((column, how))
    return found


def _named(study: dict, values: bool = True) -> dict[str, set[str]]:
    """The words that the study names for each column, by the key of its header.

    Those of conditions, and with ``values`` those that are given a code.
    """
    named: dict[str, set[str]] = {}

    def add(header: str, words) -> None:
        named.setdefault(header_key(header), set()).update(words)

    for spec in study["tables"].values():
        for header, words in spec.get("where", {}).items():
            add(header, words)
        for _, how in mapped_columns(spec):
            for use in ("when", "otherwise"):
                for header, words in how.get(use, {}).items():
                    add(header, words)
            if values and "from" in how:
                for words in how.get("values", {}).values():
                    add(how["from"], words)
    return named

"""Signs that say yes or no only beside their contrary: √ and ×, + and -, 有 and 无, ○ and ●."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from venaza.contracts.coded_values import code_of
from venaza.contracts.script import simplified
from venaza.contracts.text import as_word

#: Vocabularies of two answers: the codes for yes and no.
ANSWERS = {
    "gene_result": ("MUTATED", "WILD-TYPE"),
    "mrd_result": ("POSITIVE", "NEGATIVE"),
    "yes_no": ("Y", "N"),
}
#: Yes and no, as they are written in one column.
PAIRS = (("有", "无"), ("√", "×"), ("+", "-"), ("○", "×"), ("●", "○"))
_SAME = {
    **dict.fromkeys("✓✔☑", "√"),
    **dict.fromkeys("✗✘☒╳x", "×"),
    **dict.fromkeys("〇◯⭕", "○"),
    "⬤": "●",
    "–": "-",
}
_SIGNS = {sign for pair in PAIRS for sign in pair}
#: Headers that ask for the contrary: a √ under "MRD阴性" is a negative result.
_ASKS_NO = re.compile(r"阴|野生|未|无|neg|wild|\bWT\b|\bno\b|never|naive", re.IGNORECASE)
_ASKS_BOTH = re.compile(r"阳|pos|[/或]|\bor\b|有无|是否", re.IGNORECASE)


@dataclass
class Settled:
    """What the signs of a column mean: words by code, and the signs that nothing tells."""

    words: dict[str, list[str]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)


def sign(text: str) -> str:
    """The sign that a cell is, in one form (✓ and ✔ are √); empty for any other text."""
    word = as_word(text)
    word = _SAME.get(word, word)
    return word if word in _SIGNS else ""


def contrary_sign(one: str, other: str) -> bool:
    """Whether two cells are the two signs of a pair."""
    return {sign(one), sign(other)} in map(set, PAIRS)


def asks_no(header: str) -> bool:
    """Whether a header asks for the contrary of its column: MRD阴性, never treated, NPM1 WT."""
    plain = simplified(header)
    return bool(_ASKS_NO.search(plain)) and not _ASKS_BOTH.search(plain)


def settle(
    own: list[str], alike: list[str], vocabulary: str, known: dict, plain: bool = True
) -> Settled:
    """What the signs among the texts of a column mean, by the signs that stand beside them.

    ``alike`` are the texts of the columns beside it that are read the same way: genes in columns
    of their own. ``known`` are the codes of the column, what the study file declares included.
    A sign whose contrary stands nowhere, and that the vocabulary does not know, is left open; so
    is every one where the header asks no ``plain`` question (``asks_no``).
    """
    found, there = Settled(), {sign(text) for text in alike}
    there |= {sign(text) for text in own}
    for text in dict.fromkeys(own):
        mark = sign(text)
        if not mark or code_of(text, known) is not None:
            continue
        answers = {n for pair in PAIRS for n in (0, 1) if pair[n] == mark and pair[1 - n] in there}
        if len(answers) == 1 and plain:
            found.words.setdefault(ANSWERS[vocabulary][answers.pop()], []).append(text)
        else:
            found.open.add(as_word(text))
    return found

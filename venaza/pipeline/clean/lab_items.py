"""Items of a laboratory as its system prints them: ★白细胞计数(WBC), 血清钾测定, Protein, urine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from venaza.contracts.coded_values import among, code_of
from venaza.contracts.text import folded

_MARKS = re.compile(r"^[★☆*▲△●◆※#^\s]+|[★☆*▲△●◆※\s]+$")
_BRACKETS = re.compile(r"(?P<outer>.+?)\s*[(\[](?P<inner>[^()\[\]]*)[)\]]\s*(?P<rest>.*)")
_ABBREVIATION = re.compile(r"[A-Za-z][A-Za-z0-9+/.%#-]{0,9}")
#: Of a number in brackets: its unit, or that it is a share or a count.
_SHARE, _COUNT = re.compile(r"%"), re.compile(r"#|绝对值?|abs\.?", re.IGNORECASE)
_METHOD = re.compile(r".*法|仪器|自动|automated|auto|calc(?:ulated)?|计算", re.IGNORECASE)
#: LOINC's long names: Leukocytes [#/volume] in Blood by Automated count.
_LOINC = re.compile(
    r"(?P<name>.+?)(?:\s*\[(?P<kind>[^\]]*)\])?\s+in\s+(?P<where>.+?)(?:\s+by\s+.*)?", re.IGNORECASE
)
_OF_A_DAY = re.compile(r"^(?:24|12)\s*(?:小时|h(?:ours?)?|hr?s?)\s*(?=尿|urine)", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,;:_]\s*|\s+[-–]\s+|\s+|(?<=[A-Za-z])-(?=[A-Za-z]{4})")


@dataclass(frozen=True)
class Item:
    """The test that an item is, the specimen that it names, and whether it is one not used here."""

    test: str | None = None
    specimen: str | None = None
    unused: bool = False


@dataclass(frozen=True)
class ItemWords:
    """What items are read by: vocabularies of tests and specimens, tests that the project does not
    use, and words that say nothing (``测定``, ``count``)."""

    tests: dict
    specimens: dict
    unused: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def item_words(tests: dict, vocabulary: dict) -> ItemWords:
    """The words of ``vocabulary`` that items are read by; ``tests`` with the study's own."""
    lists = (tuple(vocabulary[name]) for name in ("lab_unused", "lab_beside"))
    return ItemWords(tests, vocabulary["specimen"], *lists)


def read_item(text: str, words: ItemWords) -> Item:
    """Read a tidy text as an item of a laboratory.

    A whole word comes before its parts: 尿酸 is a test of blood, 尿钾 one of urine. Where an item
    names a specimen and no test is known in what is left, the specimen is read all the same: it
    may be another's than blood. Brackets may hold an abbreviation of the same test, a method, a
    unit or a specimen; an item with anything else in them is not read.
    """
    bare = _OF_A_DAY.sub("", _MARKS.sub("", text))
    for candidate in (text, bare):
        if found := _plain(candidate, words):
            return found
    match = _LOINC.fullmatch(bare)
    if match and (specimen := _specimen(match["where"], words)):
        name = match["name"] + ("%" if "fraction" in (match["kind"] or "").lower() else "")
        return _with(specimen, name, words)
    if match := _BRACKETS.fullmatch(bare):
        return _bracketed(match, words)
    return _apart(bare, words)


def _plain(text: str, words: ItemWords) -> Item | None:
    """An item that is a word, or one with words beside it that say nothing."""
    for form in (text, *_shorter(text, words.beside)):
        if test := code_of(form, words.tests):
            return Item(test)
        if among(form, words.unused):
            return Item(unused=True)
    return None


def _shorter(text: str, beside: tuple[str, ...]) -> list[str]:
    """The text without the words before and behind it that say nothing, one after the other."""
    found, pattern = [], _ends(beside)
    while (shorter := pattern.sub("", text).strip()) not in ("", text):
        found.append(shorter)
        text = shorter
    return found


@cache
def _ends(beside: tuple[str, ...]) -> re.Pattern:
    known = "|".join(sorted(map(re.escape, beside), key=len, reverse=True)) or r"(?!)"
    return re.compile(rf"\s*(?:{known})$", re.IGNORECASE)


def _bracketed(match: re.Match, words: ItemWords) -> Item:
    outer, inner = f"{match['outer']}{match['rest']}", match["inner"].strip()
    if specimen := _specimen(inner, words):
        return _with(specimen, outer, words)
    sign = "%" if _SHARE.fullmatch(inner) else "#" if _COUNT.fullmatch(inner) else ""
    whole = read_item(outer + sign, words)
    if whole == Item() and sign == "#":
        whole = read_item(outer, words)
    if sign or whole == Item() or inner == "" or _METHOD.fullmatch(inner):
        return whole
    within = _plain(inner, words)
    if within and within.test and whole.test:
        return whole if within == Item(whole.test) else Item()
    if whole.specimen or _ABBREVIATION.fullmatch(inner) or "/" in inner:
        return whole
    return whole if within == whole else Item()


def _apart(text: str, words: ItemWords) -> Item:
    """An item with a specimen before or behind the test."""
    parts = [part for part in _PARTS.split(text) if part]
    named = [_plain(part, words) for part in parts]
    if len(parts) > 1 and named[0] and all(found == named[0] for found in named):
        return named[0]  # one test in two languages
    for size in range(min(3, len(parts) - 1), 0, -1):
        for some, rest in ((parts[:size], parts[size:]), (parts[-size:], parts[:-size])):
            if specimen := _specimen(" ".join(some), words):
                return _with(specimen, " ".join(rest), words)
    for word, specimen in _chinese(words.specimens):
        if text.startswith(word) and len(text) > len(word):
            return _with(specimen, text[len(word) :], words)
    return Item()


def _with(specimen: str, rest: str, words: ItemWords) -> Item:
    found = _plain(_MARKS.sub("", rest), words) or Item()
    if found == Item() and (match := _BRACKETS.fullmatch(rest)):
        found = _bracketed(match, words)
    return Item(found.test, specimen, found.unused)


def _specimen(text: str, words: ItemWords) -> str | None:
    """The specimen that a text is; of several (serum or plasma) the first."""
    first = re.split(r"\s+or\s+|/|、|或", text.strip())[0]
    return code_of(text, words.specimens) or code_of(first, words.specimens)


def _chinese(specimens: dict) -> list[tuple[str, str]]:
    """The Chinese words for specimens, the longest first: no gap parts them from a test."""
    found = [(folded(w), code) for code, ws in specimens.items() for w in ws if w[0] > "\u2e80"]
    return sorted(found, key=lambda pair: -len(pair[0]))

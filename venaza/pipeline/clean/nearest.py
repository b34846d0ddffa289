"""Hints: the known words that look most like an unknown one, never one of contrary meaning."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from venaza.contracts.text import folded, tidy

_MOST = 2
#: From this likeness on a word is a hint: letters alone say little, Chinese characters much.
_ALIKE = {True: 0.72, False: 0.5}
#: Latin words up to this length (CR, PR, DOD) are no misspellings of one another.
_SHORT = 3
#: Signs of a denial, by the kind that they are of: a hint denies as the word does.
_NEGATIONS = {"未": "no", "无": "no", "不": "no", "没": "no", "否": "no", "非": "un"}
_NEGATING = {
    **dict.fromkeys(("no", "not", "without", "never", "none"), "no"),
    "non": "un",
    "neg": "neg",
    "negative": "neg",
    "absent": "neg",
}
_NEGATED = re.compile(r"(?:non|un|in)(?=[a-z]{5})")
_POSITIVE = (
    "int", "induc", "infect", "infus", "inhib", "inject", "invest", "indic", "unit", "univ",
)  # fmt: skip
#: Words of one kind that mean the contrary of each other: a hint never leads from one to the other.
_CONTRARIES = (
    (("阴",), ("阳",)),
    (("alive", "living", "surviv"), ("dead", "died", "death", "deceas", "expired")),
    (("存", "活", "生", "在世", "健在"), ("死", "亡", "故", "逝")),
    (("allo", "异", "haplo"), ("auto", "自")),
    (("nd", "newly", "novo", "untreated", "初"), ("rr", "relaps", "refract", "复", "难治")),
    (("primary", "原发"), ("secondary", "继发")),
    (("acute", "急"), ("chronic", "慢")),
    (("t",), ("b",)),
    (("male", "man", "男"), ("female", "woman", "女")),
    (("high", "高"), ("low", "低")),
    (("favo", "good", "良"), ("adverse", "poor", "不良")),
    (("mutat", "突变"), ("wild", "野")),
    (("complete", "完全"), ("partial", "部分")),
    (("remission", "response", "缓解"), ("relapse", "progress", "refract", "复发", "进展", "难治")),
    (
        ("increas", "hyper", "elevat", "升", "增", "多"),
        ("decreas", "hypo", "reduc", "减", "降", "少"),
    ),
    (("marrow", "骨髓"), ("blood", "外周")),
)
_SPECIMENS = ("尿", "urin", "脑脊", "csf", "胸水", "腹水", "粪", "便", "stool", "痰", "sputum")


def nearest_codes(text: str, known: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The known words that look most like ``text``, each with its code, the nearest first.

    Letter case, spaces and full-width forms do not count; a word that holds the text, or is held
    by it, comes close whatever its length, since Chinese words are short. A word of the contrary
    meaning (未缓解 and 缓解, not dead and dead, 阴 and 阳) or of another specimen is no hint.
    """
    scored = []
    for code, words in known.items():
        for word in dict.fromkeys((*words, code)):
            alike = _likeness(text, word)
            if alike and not contrary(text, word):
                scored.append((-alike, word, code))
    found = {}
    for _, word, code in sorted(scored):
        found.setdefault(folded(word), (word, code))
    return list(found.values())[:_MOST]


def nearest(text: str, known: dict[str, list[str]]) -> list[str]:
    """``nearest_codes`` as a message shows them: ``完全缓解 (CR)``."""
    return [
        word if folded(word) == folded(code) else f"{word} ({code})"
        for word, code in nearest_codes(text, known)
    ]


def contrary(one: str, other: str) -> bool:
    """Whether one of two texts denies what the other says, or is of another specimen."""
    if not _deny_alike(_denials(one), _denials(other)):
        return True
    if {s for s in _SPECIMENS if _has(one, s)} != {s for s in _SPECIMENS if _has(other, s)}:
        return True
    for pair in _CONTRARIES:
        mine, theirs = ([any(_has(t, s) for s in side) for side in pair] for t in (one, other))
        if mine != theirs and sum(mine) == sum(theirs) == 1:
            return True
    return False


def _likeness(text: str, word: str) -> float:
    """How much two words look alike, from 0 (too little to say so) to 1."""
    mine, form = folded(text), folded(word)
    if len(form) < 2:
        return 0.0
    latin = mine.isascii()
    alike = _ratio(mine, form)
    if _holds(text, word) or _holds(word, text):
        alike = max(alike, 0.75 + alike / 4)
    elif latin and min(len(mine), len(form)) <= _SHORT:
        return 0.0
    least = _ALIKE[latin] if latin or len(mine) <= _SHORT else 0.6
    return alike if alike >= least else 0.0


def _holds(whole: str, part: str) -> bool:
    """Whether a text holds a word: as whole words of Latin letters, anywhere in Chinese."""
    mine, form = folded(whole), folded(part)
    if len(form) < 2 or form not in mine:
        return False
    return not form.isascii() or set(_tokens(part)) <= set(_tokens(whole))


@lru_cache(maxsize=1 << 14)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+", tidy(text).casefold()))


@lru_cache(maxsize=1 << 14)
def _denials(text: str) -> tuple[tuple[str, str], ...]:
    """What a text denies, each with the kind of denial: not dead, 未缓解, unrelated."""
    tokens, form = _tokens(text), folded(text)
    found = [
        (_NEGATIONS[sign], form[at + 1 : at + 2])
        for at, sign in enumerate(form)
        if sign in _NEGATIONS
    ]
    for at, token in enumerate(tokens):
        prefix = _NEGATED.match(token)
        if token in _NEGATING:
            found.append((_NEGATING[token], "".join(tokens[at + 1 : at + 2])))
        elif prefix and not token.startswith(_POSITIVE):
            found.append(("un", token[prefix.end() :]))
    return tuple(found)


def _deny_alike(mine: tuple, theirs: tuple) -> bool:
    """Whether two texts deny the same: 未存活 and 无病存活 do not, but for a slip of letters."""
    if [kind for kind, _ in mine] != [kind for kind, _ in theirs]:
        return False
    return all(
        what == other or (what.isascii() and _ratio(what, other) >= _ALIKE[True])
        for (_, what), (_, other) in zip(mine, theirs, strict=True)
    )


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


@lru_cache(maxsize=1 << 16)
def _has(text: str, stem: str) -> bool:
    """Whether a text has a word that begins so; stems of two letters are words of their own."""
    if not stem.isascii():
        return stem in folded(text)
    if len(stem) <= 2:
        return stem in _tokens(text)
    return any(token.startswith(stem) for token in _tokens(text))

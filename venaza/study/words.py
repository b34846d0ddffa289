"""What is printed beside the sentences of the report, in the language of the study."""

from __future__ import annotations

import re
from pathlib import Path

from venaza.contracts.analysis import NOT_RECORDED
from venaza.contracts.coded_values import code_of
from venaza.contracts.query_wording import taken_apart
from venaza.contracts.wording import capital, in_words
from venaza.study.documents import read_yaml

#: Sections of a study with shipped words, and the keys under which these are printed.
SECTIONS = ("endpoints", "alternatives", "milestones", "failure", "lab_grades", "tls")
SECTIONS += ("risk_tables", "criteria", "timeline", "study")
PRINTED = ("label", "short", "sentence", "censor_sentence", "competing_label", "source")
PRINTED += ("description", "name", "title", "reason", "imaging", "index", "regimen", "design")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Codes that are words: ``de novo``; CR, FLT3-ITD and Y are none.
_WORD = re.compile(r"[a-z]{3}")


def printed_words(root: Path, study: dict) -> dict[str, str]:
    """English -> the language of the study; {} for English.

    From config/words/LANGUAGE.yaml, where what is filled in stands in braces in both; of coded
    values that it does not have, from what exports write for them (``word_of``).
    """
    language = study["language"]
    path = f"config/words/{language}.yaml"
    if language == "en":
        return {}
    known = [words for words in study["vocabulary"].values() if isinstance(words, dict)]
    known.append({term: spec["words"] for term, spec in study["ctcae"]["terms"].items()})
    codes = {
        code: word_of(code, words, language)
        for words in reversed(known)
        for code in words
        if _WORD.search(code)
    }
    sections = read_yaml(root / path, path).values()
    return codes | {english: own for section in sections for english, own in section.items()}


def word_of(code: str, known: dict[str, list[str]], language: str) -> str:
    """A word that is read as ``code``: in Chinese the first Chinese one, else the code itself."""
    chinese = (w for w in known[code] if _CHINESE.search(w) and code_of(w, known) == code)
    return next(chinese, code) if language == "zh" else code


def say(study: dict, english: str, **filled: object) -> str:
    """``english`` in the language of the study, its names in braces filled in.

    Words that config/words does not have, as those of a study file, stay as they are written.
    """
    return in_words(study.get("words", {}), english, **filled)


def table_name(study: dict, name: str, english: str) -> str:
    """What a clean table is called in the language of the study, ``english`` in English."""
    return study.get("words", {}).get(f"clean/{name}", english)


def listed(study: dict, items: list[str], last: str = "") -> str:
    """``a, b``; with a ``last`` of "and" or "or" ``a, b and c``."""
    between = say(study, ", ")
    if not last or len(items) < 2:
        return between.join(items)
    return say(study, f"{{some}} {last} {{other}}", some=between.join(items[:-1]), other=items[-1])


def narrowed(study: dict, name: str, more: str) -> str:
    """``EFS, documented failure``: a name and what it is of all that have it."""
    return say(study, "{name}, {more}", name=name, more=more)


def in_a_row(study: dict, *sentences: str) -> str:
    """Sentences one behind the other, each in the language of the study; empty ones left out."""
    return say(study, " ").join(say(study, text) for text in sentences if text)


def retold(study: dict, text: str, *patterns: str) -> str:
    """A sentence of the data, which are English, in the language of the study.

    ``patterns`` are those by which such sentences are made, with names in braces.
    """
    for english in patterns:
        parts = taken_apart(english, text)
        if parts is not None:
            names = {name: retold(study, part, *patterns) for name, part in parts.items()}
            return say(study, english, **names)
    words = study.get("words", {})
    return words.get(text, words.get(capital(text), text))


def in_language(settings: dict) -> dict:
    """The settings with their shipped words in the language of the study."""
    words = settings.get("words")
    if not words:
        return settings
    found = {name: _said(settings[name], words) for name in SECTIONS if name in settings}
    if NOT_RECORDED in (groups := settings.get("groups") or {"levels": ()})["levels"]:
        label = words.get(own := groups["levels"][NOT_RECORDED], own)
        found["groups"] = {**groups, "levels": {**groups["levels"], NOT_RECORDED: label}}
    return settings | found


def _said(value: object, words: dict[str, str]) -> object:
    if isinstance(value, dict):
        return {
            k: words.get(v, v) if k in PRINTED and isinstance(v, str) else _said(v, words)
            for k, v in value.items()
        }
    return [_said(item, words) for item in value] if isinstance(value, list) else value

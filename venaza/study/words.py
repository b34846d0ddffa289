"""What is printed beside the sentences of the report, in the language of the study."""

from __future__ import annotations

import re
from pathlib import Path

from venaza.contracts.wording import capital
from venaza.study.documents import read_yaml

#: Words of an endpoint's definition that are printed.
PRINTED = ("label", "short", "sentence", "censor_sentence", "competing_label")


def printed_words(root: Path, language: str) -> dict[str, str]:
    """English -> ``language`` of config/words/LANGUAGE.yaml; {} for English.

    What is filled in stands in braces, in both.
    """
    path = f"config/words/{language}.yaml"
    if language == "en":
        return {}
    sections = read_yaml(root / path, path)
    return {english: own for section in sections.values() for english, own in section.items()}


def say(study: dict, english: str, **filled: object) -> str:
    """``english`` in the language of the study, its names in braces filled in.

    Words that config/words does not have, as those of a study file, stay as they are written.
    """
    own = study.get("words", {}).get(english, english)
    return own.format(**filled) if filled else own


def retold(study: dict, text: str, *patterns: str) -> str:
    """A sentence of the data, which are English, in the language of the study.

    ``patterns`` are those by which such sentences are made, with names in braces.
    """
    for english in patterns:
        made = re.escape(english).replace(r"\{", "{").replace(r"\}", "}")
        if match := re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>.+)", made), text):
            names = {k: retold(study, v, *patterns) for k, v in match.groupdict().items()}
            return say(study, english, **names)
    words = study.get("words", {})
    return words.get(text, words.get(capital(text), text))


def in_language(settings: dict) -> dict:
    """The settings with the shipped words of the endpoints in the language of the study."""
    words = settings.get("words")
    if not words:
        return settings
    changed = {
        section: {code: _said(spec, words) for code, spec in settings.get(section, {}).items()}
        for section in ("endpoints", "alternatives")
    }
    return settings | changed


def _said(spec: dict, words: dict[str, str]) -> dict:
    return {k: words.get(v, v) if k in PRINTED else v for k, v in spec.items()}


def in_english(settings: dict) -> dict:
    """The settings as they were before ``in_language``, for the data that figures draw."""
    back = {own: english for english, own in settings["words"].items()}
    return {**in_language({**settings, "words": back}), "words": {}}

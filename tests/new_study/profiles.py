"""A column of one word, as new-study profiles it."""

from __future__ import annotations

from collections import Counter

from venaza.commands.new_study.profile import Profile


def words_of(*words: str) -> Profile:
    """The profile of a column that holds these words, each twice."""
    made = Profile("header", "word", 2 * len(words), 2 * len(words), len(words))
    made.words = Counter(dict.fromkeys(words, 2))
    made.texts = [word for word in words for _ in range(2)]
    return made

"""The page of messages is fresh, every message is whole, and every one is tried by some test."""

from __future__ import annotations

import re

import pytest

from tests.messages.collect import ROOT, messages
from tests.messages.make_docs import PAGE, _shown, page
from tests.messages.words import PLAIN, WORDS, worded

MESSAGES = messages()
TESTS = "\n".join(
    p.read_text(encoding="utf-8")
    for p in sorted(p for kind in ("*.py", "*.yaml") for p in (ROOT / "tests").rglob(kind))
    if p.name not in ("collect.py", "make_docs.py", "test_messages.py")
)


def test_the_page_is_fresh():
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), (
        "run: python -m tests.messages.make_docs"
    )


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: f"{m.module}:{m.function}:{m.line}")
def test_a_message_says_what_is_wrong_and_what_to_do(message):
    assert message.what
    assert message.fix
    for text in (*message.what, *message.fix):
        assert re.search(r"\w{3,}", re.sub(r"‹[^›]*›", "", text)), "says nothing in fixed words"


_SIGNS = r"[\\\\\"'`.,;:?*^$()\[\]]"


def is_tried(text: str) -> bool:
    """Whether some test speaks of the message: of three words in a row of its fixed parts."""
    plain = re.sub(_SIGNS, "", TESTS)
    for part in re.split(r"‹[^›]*›|\n", text):
        words = re.sub(_SIGNS, "", part).split()
        runs = [" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))]
        if any(len(run) >= 6 and run in plain for run in runs):
            return True
    return False


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: f"{m.module}:{m.function}:{m.line}")
def test_some_test_meets_the_message(message):
    untried = [text for text in _shown(message.what) if not is_tried(text)]
    assert untried == []


def test_parts_that_differ_are_called_by_words_and_not_by_names_of_the_code():
    assert worded("USUBJID") == "patient"
    assert worded("sheets") == "sheets"
    with pytest.raises(KeyError, match="tests/messages/words.py"):
        worded("_some_local_name")
    assert {name for name in WORDS if name in PLAIN} == set()
    used = {
        part
        for message in MESSAGES
        for text in (*message.what, *message.fix)
        for part in re.findall("‹([^›]+)›", text)
    }
    assert sorted(used - PLAIN - set(WORDS)) == []
    assert sorted(set(WORDS) - used) == []

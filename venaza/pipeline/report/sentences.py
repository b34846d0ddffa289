"""Sentences of the report: the fact that makes each true of these data, by the sentence's name.

What a sentence says stands in a template, in a block of its name (``text.py``). Where the fact does
not hold nothing is said, so that no template asks first. A fact is a predicate over what the
context holds (study, ADSL, ADTTE, ARD, queries); where its table was not given it is false: what
is not known is not claimed. A sentence is about the context alone or about more (an endpoint, a
group), which its fact is then asked with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Always:
    """The fact of a sentence that is true of any data, with the reason why."""

    reason: str

    def __call__(self, *_: object) -> bool:
        """Whether the sentence is true: it is."""
        return True


@dataclass(frozen=True)
class Said:
    """A sentence as it was written: its name, what it is about beside the context, its text."""

    name: str
    about: tuple
    text: str


#: The fact of each sentence by its name; complete once the modules of ``facts/`` are imported.
FACTS: dict[str, Callable[..., object]] = {}


def bind(facts: dict[str, Callable[..., object]]) -> None:
    """Binds the names of sentences of the templates to the facts that make them true."""
    if twice := FACTS.keys() & facts:
        raise ValueError(f"there are two sentences named {', '.join(sorted(twice))}")
    FACTS.update(facts)

"""Sentences of the report, each bound to the fact that makes it true of these data.

A sentence is a function that writes it, under a name and with its fact::

    @sentence("discussion.small_groups", when=lambda c: c.smallest_group < FEW)
    def _small_groups(context):
        return "Estimates are imprecise because the groups are small."

Called where the fact does not hold it gives nothing, so that no caller asks first. A fact is a
predicate over what the context holds (study, ADSL, ADTTE, ARD, queries); where its table was not
given it is false: what is not known is not claimed. A sentence is about the context alone or about
more (an endpoint, a group), which its fact is then asked with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venaza.pipeline.report.context import Context


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


@dataclass(frozen=True)
class Sentence:
    """What writes a sentence where its fact holds."""

    name: str
    fact: Callable[..., object]
    write: Callable[..., str]

    def __call__(self, context: Context, *about: object) -> str:
        """The sentence, or nothing where it would not be true."""
        if not self.fact(context, *about):
            return ""
        text = self.write(context, *about)
        context.said.append(Said(self.name, about, text))
        return text


#: Every sentence by its name; complete once the modules that write the text are imported.
SENTENCES: dict[str, Sentence] = {}


def sentence(name: str, *, when: Callable[..., object]) -> Callable[[Callable[..., str]], Sentence]:
    """Makes a function that writes a sentence the ``Sentence`` of that name."""

    def bound(write: Callable[..., str]) -> Sentence:
        if name in SENTENCES:
            raise ValueError(f"there are two sentences named {name}")
        SENTENCES[name] = Sentence(name, when, write)
        return SENTENCES[name]

    return bound


def bind(facts: dict[str, Callable[..., object]]) -> None:
    """Binds the names of sentences of the templates to the facts that make them true."""
    if twice := SENTENCES.keys() & facts:
        raise ValueError(f"there are two sentences named {', '.join(sorted(twice))}")
    SENTENCES.update({name: Sentence(name, fact, write=None) for name, fact in facts.items()})


def paragraph(*sentences: str) -> str:
    """Those sentences that were written, one after the other."""
    return " ".join(filter(None, sentences))


def paragraphs(*texts: str) -> str:
    """Those texts that were written, each a paragraph."""
    return "\n\n".join(filter(None, texts))

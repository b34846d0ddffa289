"""What every part of the text is written from, and which figures and tables it may point at."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from venaza.pipeline.report.grammar import Group
from venaza.pipeline.report.numbers import Numbers, escape
from venaza.pipeline.report.sentences import Said
from venaza.study.support import MARK, unsupported

#: A study that names no journal asks for nothing.
_NO_JOURNAL = {"abstract": {"headings": "own"}, "limits": {}}


@dataclass(frozen=True)
class Placed:
    """Where words are printed: the document, the part of it, and the words."""

    document: str
    part: str
    text: str


@dataclass(frozen=True)
class Written:
    """A document as it was written: its text with what it includes by name, and its parts."""

    text: str
    parts: dict[str, str]


@dataclass(frozen=True)
class Context:
    """The numbers, the study, its groups, and the exhibits that this manuscript has.

    ``support`` is ``endpoints/support``: which definitions the data cannot support; ``queries`` are
    those of cleaning and endpoints; ``adsl`` and ``adtte`` the analysis tables of those names,
    ``row_account`` and ``corrections`` those of cleaning, ``changes`` that of the audit. Each may
    be absent. ``made_from`` says what the manuscript was made from. ``tables_folder`` holds the
    printed tables (``NAME.html``). ``said`` gathers the sentences that were written, ``lacking``
    what only the authors can fill in and have not.

    While a document is written (``documents.py``): its name, the exhibits of the main text, the
    parts that it includes and the one that is being written, the documents before it, and where
    each sentence (``sentence NAME``) and text of the authors (``author NAME``) has been printed.
    ``counts`` says how long the manuscript is, once it is written.
    """

    numbers: Numbers
    study: dict
    groups: list[Group]
    figures: list[str]
    printed: list[str]
    support: pd.DataFrame | None = None
    queries: pd.DataFrame | None = None
    adsl: pd.DataFrame | None = None
    adtte: pd.DataFrame | None = None
    row_account: pd.DataFrame | None = None
    corrections: pd.DataFrame | None = None
    changes: pd.DataFrame | None = None
    made_from: dict = field(default_factory=dict)
    tables_folder: Path | None = None
    said: list[Said] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    document: str = ""
    main: tuple[str, ...] = ()
    parts: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    part: str = ""
    written: dict[str, Written] = field(default_factory=dict)
    placed: dict[str, list[Placed]] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language of the text: a folder of ``report/text/``."""
        return self.study.get("language", "en")

    @property
    def journal(self) -> dict:
        """What the journal asks of text and exhibits."""
        return self.study.get("journal", _NO_JOURNAL)

    @property
    def several(self) -> bool:
        """Whether the study compares groups."""
        return len(self.groups) > 1

    def survival_endpoints(self) -> list[str]:
        """Endpoints with Kaplan-Meier estimates, the primary one first."""
        codes = [
            code
            for code in self.study["endpoints"]
            if any(f"km.{code}.{group.slug}.n" in self.numbers for group in self.groups)
        ]
        primary = self.study["analysis"]["primary"]
        return sorted(codes, key=lambda code: code != primary)

    def label(self, code: str) -> str:
        """What an endpoint is called, with the mark where the data cannot support it."""
        label = escape(self.study["endpoints"][code]["label"])
        return f"{label} {MARK}" if code in unsupported(self.support) else label

    def groups_with(self, ard_id: str) -> list[Group]:
        """The groups (``{}`` in ``ard_id``) of which the number is known and is not 0."""
        return [g for g in self.groups if self.numbers.value(ard_id.format(g.slug))]

    def groups_knowing(self, ard_id: str) -> list[Group]:
        """The groups (``{}`` in ``ard_id``) of which the number is known."""
        return [g for g in self.groups if self.numbers.value(ard_id.format(g.slug)) is not None]

    def with_patients(self, code: str) -> list[Group]:
        """The groups that have a patient for the endpoint."""
        return self.groups_with(f"km.{code}.{{}}.n")

    def place(self, what: str, text: str) -> None:
        """Notes where ``what`` is printed, in the part that is being written."""
        self.placed.setdefault(what, []).append(Placed(self.document, self.part, text))

    def has(self, name: str) -> bool:
        """Whether the manuscript has the exhibit ``fig km_OS`` or ``tbl baseline``."""
        kind, _, stem = name.partition(" ")
        return stem in (self.figures if kind == "fig" else self.printed)

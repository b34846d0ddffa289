"""Numbers in the text: each is a reference to the ARD, or says which configuration key it is."""

from __future__ import annotations

import re

import pandas as pd

from venaza.contracts.numbers import NumbersById
from venaza.study.journal import in_print

#: A space at which a line does not break.
NBSP = "\u00a0"
#: Signs of Markdown and of HTML; quotation marks, dashes and dots that would become typographic.
#: An apostrophe within a word may: it is one in either form.
_SPECIAL = re.compile(r"([\\`*_\[\]<>^~$@#|{}&\"]|(?<!\w)'|'(?!\w)|(?<=-)-|\.(?=\.)|(?<=\.)\.)")


def escape(text: str) -> str:
    """``text`` as Markdown that prints exactly that."""
    return _SPECIAL.sub(r"\\\1", text)


def variable(ard_id: str) -> str:
    """An ARD id as the name of a Quarto variable.

    Quarto takes a part that is all digits for a position in a list, so such a part gets an
    underscore in front: ``desc.ECOG.ND.2.n`` is the variable ``desc.ECOG.ND._2.n``.
    """
    return ".".join(f"_{part}" if part.isdigit() else part for part in ard_id.split("."))


def given(text: object, key: str) -> str:
    """A number or a phrase with numbers that comes from the study's configuration."""
    return f'[{escape(str(text))}]{{.given data-config="{key}"}}'


def fact(text: object, name: str) -> str:
    """A number or a name that says what the manuscript was made from."""
    return f'[{escape(str(text))}]{{.fact data-fact="{name}"}}'


def config_text(text: object, key: str) -> str:
    """Words of the configuration; marked as such only where they have digits in them."""
    words = " ".join(str(text).split())
    return given(words, key) if any(c.isdigit() for c in words) else escape(words)


def config_markdown(text: object, key: str) -> str:
    """Markdown of the configuration, marked where it has digits in it."""
    words = " ".join(str(text).split())
    return f'[{words}]{{.given data-config="{key}"}}' if any(map(str.isdigit, words)) else words


class Numbers(NumbersById):
    """The ARD as the text sees it: references that fail where the number does not exist."""

    def __init__(self, ard: pd.DataFrame, study: dict) -> None:
        super().__init__(in_print(ard, study), study.get("words"))
        level = study["analysis"]["confidence"] * 100
        self.level = given(f"{level:g}%", "analysis.confidence")

    def var(self, ard_id: str) -> str:
        """The number as Quarto's ``var``; raises ``KeyError`` where the ARD does not have it."""
        if ard_id not in self._rows:
            raise KeyError(f"the text needs {ard_id}, which the ARD does not have")
        return f"{{{{< var {variable(ard_id)} >}}}}"

    def term(self, ard_id: str) -> str:
        """The words of the row's ``term``, marked with the id where they have digits in them."""
        words = self.said(str(self._rows[ard_id]["term"] or ard_id.split(".")[-2]))
        if any(c.isdigit() for c in words):
            return f'[{escape(words)}]{{.ard data-ard="{ard_id}"}}'
        return escape(words)

    def too_few(self, ard_id: str) -> bool:
        """Whether a number is not given because it would rest on too few patients or events."""
        return ard_id in self._rows and str(self._rows[ard_id]["display"]).startswith("too few")

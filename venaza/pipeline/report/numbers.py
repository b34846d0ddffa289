"""Numbers in the text: each is a reference to the ARD, or says which configuration key it is."""

from __future__ import annotations

import re

import pandas as pd

from venaza.contracts.numbers import NumbersById
from venaza.contracts.results import p_sign

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
        super().__init__(ard)
        level = study["analysis"]["confidence"] * 100
        self.level = given(f"{level:g}%", "analysis.confidence")

    def var(self, ard_id: str) -> str:
        """The number as Quarto's ``var``; raises ``KeyError`` where the ARD does not have it."""
        if ard_id not in self._rows:
            raise KeyError(f"the text needs {ard_id}, which the ARD does not have")
        return f"{{{{< var {variable(ard_id)} >}}}}"

    def term(self, ard_id: str) -> str:
        """The words of the row's ``term``, marked with the id where they have digits in them."""
        words = str(self._rows[ard_id]["term"] or ard_id.split(".")[-2])
        if any(c.isdigit() for c in words):
            return f'[{escape(words)}]{{.ard data-ard="{ard_id}"}}'
        return escape(words)

    def with_unit(self, ard_id: str, unit: str) -> str:
        """``11.93 months``, but ``not reached`` without a unit."""
        return self.var(ard_id) + (unit if self.value(ard_id) is not None else "")

    def count(self, of_them: str, all_of_them: str) -> str:
        """``24 of 28 patients``."""
        return f"{self.var(of_them)} of {self.var(all_of_them)} patients"

    def share(self, stem: str) -> str:
        """``24 of 28 patients (85.7%; 95% CI 67.3 to 96.0)``."""
        count = self.count(f"{stem}.n", f"{stem}.denominator")
        if self.value(f"{stem}.percent") is None:
            return count
        return f"{count} ({self.var(f'{stem}.percent')}%; {self.interval(stem)})"

    def interval(self, stem: str, lower: str = "lower", upper: str = "upper") -> str:
        """``95% CI 5.10 to 14.20``; says so where neither limit exists."""
        low, high = f"{stem}.{lower}", f"{stem}.{upper}"
        if self.value(low) is None and self.value(high) is None:
            return f"{self.level}{NBSP}CI not estimable"
        return f"{self.level}{NBSP}CI {self.var(low)} to {self.var(high)}"

    def too_few(self, ard_id: str) -> bool:
        """Whether a number is not given because it would rest on too few patients or events."""
        return ard_id in self._rows and str(self._rows[ard_id]["display"]).startswith("too few")

    def median(self, stem: str) -> str:
        """``11.93 months (95% CI 5.10 to 14.20)``; ``not reached (…)``; why it is not given."""
        if self.too_few(f"{stem}.median"):
            return self._not_given(stem)
        limits = self.interval(stem, "median_lower", "median_upper")
        return f"{self.with_unit(f'{stem}.median', ' months')} ({limits})"

    def middle(self, stem: str) -> str:
        """The median without its limits: ``11.93 months``, ``not reached``; why it is not given."""
        if self.too_few(f"{stem}.median"):
            return self._not_given(stem)
        return self.with_unit(f"{stem}.median", " months")

    def ranged(self, stem: str, unit: str) -> str:
        """``11.9 months (range 0.3 to 40.1)``."""
        spread = f"{self.var(f'{stem}.min')} to {self.var(f'{stem}.max')}"
        return f"{self.var(f'{stem}.median')} {unit} (range {spread})"

    def _not_given(self, stem: str) -> str:
        """``not estimated (too few: 2 events in 4 patients)``."""
        if f"{stem}.events" not in self._rows:
            return "not estimated (too few)"
        n, events = self.var(f"{stem}.n"), self.var(f"{stem}.events")
        many = f"event{'' if self.value(f'{stem}.events') == 1 else 's'}"
        whom = f"patient{'' if self.value(f'{stem}.n') == 1 else 's'}"
        return f"not estimated (too few: {events} {many} in {n} {whom})"

    def p(self, ard_id: str) -> str:
        """``P = 0.023`` or ``P <0.001``; ``no P value (too few to compare)``."""
        value = self.value(ard_id)
        if self.too_few(ard_id):
            return f"no P value ({self.var(ard_id)})"
        if value is None:
            return f"P {self.var(ard_id)}"
        equals = f"={NBSP}" if p_sign(str(self._rows[ard_id]["display"])) else ""
        return f"P{NBSP}{equals}{self.var(ard_id)}"

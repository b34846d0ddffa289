"""The authors' own words beside a study file, and the numbers that they quote in them."""

from __future__ import annotations

import re

#: The texts that authors may write, each a file ``config/studies/STUDY/NAME.md``.
TEXTS = (
    "background",
    "setting",
    "eligibility",
    "treatment",
    "discussion",
    "limitations",
    "conclusion",
    "declarations",
    "cover_letter",
)
#: The keys of ``report`` that a journal asks a declaration for.
DECLARATIONS = (
    "ethics",
    "consent",
    "registration",
    "data_availability",
    "conflicts",
    "funding",
    "acknowledgements",
)
#: A number as an author quotes it: ``{{< var km.OS.ND.median >}}``.
QUOTED = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")


def quoted(texts: dict[str, str]) -> list[tuple[str, int, str]]:
    """Each number that the texts quote: the text's name, the line, the ``ard_id``."""
    return [
        (name, number, ard_id)
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        for ard_id in QUOTED.findall(line)
    ]

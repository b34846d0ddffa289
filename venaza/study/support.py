"""Which definitions the data cannot support, and how what shows one is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.truth import is_true
from venaza.study.endpoints import definitions_of
from venaza.study.words import narrowed, retold, say

if TYPE_CHECKING:
    import pandas as pd

#: Stands behind the name of a definition that the data cannot support.
MARK = "\u2021"
#: The code under which the failure of the regimen itself stands among the definitions.
FAILURE = "FAILURE"
#: How the reasons of ``endpoints/support`` are made that have a name or a number in them.
REASONS = (
    "no row of the data shows {what}, nor that it was looked for",
    "{what}: no cycle is known for any of {n} assessments that could show it",
)


def unsupported(support: pd.DataFrame | None) -> dict[str, list[str]]:
    """The definitions that the data cannot support: endpoint code -> why, each reason once.

    ``support`` is ``endpoints/support`` (``contracts.analysis.SUPPORT``); without it nothing is
    known, and nothing is marked.
    """
    found: dict[str, list[str]] = {}
    if support is None:
        return found
    for row in support[is_true(support["SUPPORT"] == "N")].to_dict("records"):
        reasons = found.setdefault(row["PARAMCD"], [])
        if row["REASON"] not in reasons:
            reasons.append(row["REASON"])
    return found


def marked(study: dict, support: pd.DataFrame | None) -> dict:
    """``study`` with the mark behind the label and the short name of each such definition.

    Under ``unsupported`` it has the sentence that says why.
    """
    wrong = unsupported(support)
    changed = {
        key: {
            code: _with_mark(definition, wrong[code], study) if code in wrong else definition
            for code, definition in study.get(key, {}).items()
        }
        for key in ("endpoints", "alternatives")
    }
    return study | changed if wrong else study


def _with_mark(definition: dict, reasons: list[str], study: dict) -> dict:
    names = {key: f"{definition[key]} {MARK}" for key in ("label", "short") if key in definition}
    text = "{mark} these data cannot support this definition ({why})."
    why = say(study, text, mark=MARK, why=_why(reasons, study))
    return {**definition, **names, "unsupported": why}


def _why(reasons: list[str], study: dict) -> str:
    return say(study, "; ").join(reasons_said(reasons, study))


def reasons_said(reasons: list[str], study: dict) -> list[str]:
    """Reasons of ``endpoints/support`` in the language of the study."""
    return [retold(study, reason, *REASONS) for reason in reasons]


def without_cycle(queries: pd.DataFrame) -> list[str]:
    """A line on the assessments of no response without any cycle; none where all have one."""
    n = int((queries["RULE"] == "no_response_without_cycle").sum())
    return [no_cycle_words(n)] if n else []


def no_cycle_words(number: int) -> str:
    """``441 assessments of no response could not count: no cycle is known.``"""
    what = "assessment" if number == 1 else "assessments"
    return f"{number} {what} of no response could not count: no cycle is known."


def shown_in(text: str, study: dict) -> list[str]:
    """The codes of the marked definitions that a text names, of a study as ``marked`` gives it.

    An alternative goes by its short name: its label is that of the endpoint.
    """
    own = {code: (d["label"], d.get("short", "")) for code, d in study["endpoints"].items()}
    others = {code: (d["short"],) for code, d in study.get("alternatives", {}).items()}
    return [
        code
        for code, names in {**own, **others}.items()
        if any(MARK in name and name in text for name in names)
    ]


def explained(codes: list[str], support: pd.DataFrame | None, study: dict) -> list[str]:
    """A sentence for each marked definition among ``codes``: what these data lack for it."""
    wrong = unsupported(support)
    known = set(definitions_of(study))
    text = "{mark} {definition}: these data cannot support this definition ({why})."
    return [
        say(study, text, mark=MARK, definition=called(code, study), why=_why(wrong[code], study))
        for code in codes
        if code in wrong and code in known
    ]


def called(code: str, study: dict) -> str:
    """What a definition is called beside others: ``EFS, documented failure``."""
    definition = definitions_of(study)[code]
    short = definition.get("short", "").removesuffix(MARK).strip()
    family = code.partition(".")[0]
    return narrowed(study, family, short) if short else family

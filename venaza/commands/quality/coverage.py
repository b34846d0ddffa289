"""Who has each endpoint, group by group, and why the others have not."""

from __future__ import annotations

import pandas as pd

from venaza.commands.quality.account import counted_words
from venaza.commands.quality.drawing import bar, percent
from venaza.commands.quality.groups import Group
from venaza.study.support import marked
from venaza.study.words import say

_REASONS = 4
#: How the reasons of ``endpoints/adtte_excluded`` are made.
_WITHOUT = ("no time at risk after the {milestone}: {ending}", "no {what}")


def coverage(results: dict[str, pd.DataFrame], study: dict, groups: list[Group]) -> list[dict]:
    """Each endpoint by group: in it, events, censored, and the reasons of the rest."""
    lines = []
    for code, definition in marked(study, results["support"])["endpoints"].items():
        times, without = (
            results[name][results[name]["PARAMCD"] == code] for name in ("adtte", "adtte_excluded")
        )
        by_group = []
        for group in groups:
            own, whole = group.of(times), len(group.patients)
            by_group.append(
                {
                    "label": group.label,
                    "bar": bar(len(own), whole, group.colour, _of(len(own), whole, study)),
                    "counts": [int((own["CNSR"] == status).sum()) for status in (0, 2, 1)],
                    "reasons": _reasons(group.of(without), study),
                }
            )
        lines.append({"code": code, "label": definition["label"], "groups": by_group})
    return lines


def _of(part: int, whole: int, study: dict) -> str:
    return say(study, "{n} of {all}", n=f"{part:,}", all=f"{whole:,}")


def _reasons(left: pd.DataFrame, study: dict) -> str:
    counts = left["REASON"].fillna("no reason given").value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(n for _, n in ordered[_REASONS:])
    said = [*ordered[:_REASONS], *([("others", rest)] if rest else [])]
    return counted_words(said, study, *_WITHOUT)


def populations(
    adsl: pd.DataFrame, groups: list[Group], study: dict
) -> list[tuple[str, list[dict]]]:
    """In how many patients of each group what the response and MRD results need is known."""
    flags = {
        "ITTFL": "In the analysis",
        "SAFFL": "In the safety population",
        "RESPFL": "Evaluable for response",
        "MRDFL": "MRD tested in remission",
    }
    lines = []
    for flag, label in flags.items():
        bars = []
        for group in groups:
            n, whole = int((group.of(adsl)[flag] == "Y").sum()), len(group.patients)
            bars.append(bar(n, whole, group.colour, f"{n:,} ({percent(n, whole)})"))
        lines.append((say(study, label), bars))
    return lines

"""The page of changes: alarms, numbers, endpoints, patients, queries and cells, linked together."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.wording import shown
from venaza.markup import render
from venaza.pipeline.audit.trace.origins import place_text
from venaza.pipeline.compare.endpoints import outcome_text
from venaza.pipeline.compare.numbers import UNKNOWN

_SECTIONS = {
    "overview": "Overview",
    "alarms": "Alarms",
    "headlines": "Headline numbers",
    "endpoints": "Endpoints",
    "patients": "Patients",
    "queries": "Queries",
    "cells": "Cells",
    "numbers": "All other numbers",
}
#: What is left of them where only the numbers could be compared.
_NUMBERS_ONLY = ("overview", "headlines", "numbers")
_NUMBERS = ("Number", "What", "Before", "Now", "Difference", "Unit", "By", "Moved by")
#: The headers of each list; on a phone they stand beside each value.
HEADERS = {
    "headlines-list": _NUMBERS,
    "headlines-rest": _NUMBERS,
    "numbers-list": _NUMBERS,
    "endpoints-list": ("Patient", "Endpoint", "Before", "Now", "What moved it"),
    "patients-list": ("Patient", "What", "Cells and rows", "Endpoints", "Raw row"),
    "queries-list": ("Patient", "What", "Severity", "Value", "Asked", "What did it", "Raw row"),
    "cells-list": (
        "Patient", "Table", "Column", "Before", "Now", "Raw cell before", "Raw cell now", "By",
    ),
}  # fmt: skip
#: Lines of a section that are shown; ``changes.csv`` has all.
_MOST = 1500
#: Headline numbers that are seen without unfolding the rest.
_FIRST = 12
#: The pages beside this one.
_WAYS = (("../index.html", "All results"), ("index.html", "Audit"))
#: Links of a number to what moved it.
_LINKS = 6


def changes_page(changes: dict[str, pd.DataFrame], study: dict, told: dict) -> str:
    """The page as HTML; ``changes`` is what ``compare`` gives, ``told`` what it compared.

    ``told`` is ``Comparison.told()``: without an export to compare with the page says so.
    """
    export = study["export"]
    kept = told["export"] == export
    compared = "the record that was kept of it" if kept else f"that of {told['export']}"
    page = {
        "title": f"Changes: {study['study'].get('short') or study['id']}",
        "synthetic": bool(study["study"].get("synthetic", False)),
        "export": export,
        "told": told,
        "kept": kept,
        "headers": HEADERS,
        "most": _MOST,
        "first": _FIRST,
        "ways": _WAYS,
    }
    if not told["states"]:
        page |= {"subtitle": f"Export of {export}.", "sections": {}}
        return render("pipeline/compare/templates/no_changes.html.j2", **page)
    whole = told["base"] is not None
    return render(
        "pipeline/compare/templates/changes.html.j2",
        **page,
        subtitle=f"Export of {export}, compared with {compared}.",
        sections={k: v for k, v in _SECTIONS.items() if whole or k in _NUMBERS_ONLY},
        tiles=_tiles(changes)[slice(None) if whole else slice(1, 2)],
        steps=[(n or "", _causes(n, s), s["name"]) for n, s in enumerate(told["states"])],
        moved=_moved(changes["numbers"]),
        unknown=UNKNOWN,
        lists=_lists(changes),
    )


def _tiles(changes: dict[str, pd.DataFrame]) -> list[tuple]:
    """Section, count, what was counted, and what else is to be said."""
    patients, queries = changes["patients"]["STATUS"], changes["queries"]["STATUS"]
    numbers = changes["numbers"]
    by = {s: int((patients == s).sum()) for s in ("added", "gone", "changed")}
    asked = {s: int((queries == s).sum()) for s in ("closed", "opened")}
    headline = int((numbers["CLASS"] == "headline").sum())
    others = f"{by['added']} added, {by['gone']} gone"
    return [
        ("alarms", len(changes["alarms"]), "alarms", "what should not happen"),
        ("headlines", headline, "headline numbers", f"of {len(numbers):,} that moved"),
        ("endpoints", len(changes["endpoints"]), "endpoints", "and responses moved"),
        ("patients", by["changed"], "patients changed", others),
        ("queries", asked["closed"], "queries closed", f"{asked['opened']} opened"),
        ("cells", len(changes["cells"]), "cells and rows", "before and after"),
    ]


def _causes(n: int, state: dict) -> str:
    return " or ".join(state["causes"]) or ("start" if n == 0 else UNKNOWN)


def _moved(numbers: pd.DataFrame) -> str:
    counts = numbers["CAUSE"].value_counts()
    return ", ".join(f"{count:,} by {cause}" for cause, count in counts.items())


def _lists(changes: dict[str, pd.DataFrame]) -> dict[str, dict]:
    """Each list: its first lines, how many there are, and what the column of its choice holds."""
    refs = _shown_refs(changes)
    headline = changes["numbers"]["CLASS"] == "headline"
    own = {"headlines": changes["numbers"][headline], "numbers": changes["numbers"][~headline]}
    steps: dict[str, list[dict]] = {}
    for step in changes["steps"].to_dict("records"):
        steps.setdefault(step["ard_id"], []).append({k: shown(v) for k, v in step.items()})
    found = {}
    for name, frame in (changes | own).items():
        lines = [_line(r, refs) for r in frame.head(_MOST).to_dict("records")]
        for line in lines if name in own else ():
            line |= {"steps": steps.get(line["ard_id"], []), "moved": _signed(line["DIFFERENCE"])}
        choice = {"endpoints": "PARAMCD", "cells": "TABLE"}.get(name, "STATUS")
        choices = sorted({line[choice] for line in lines if choice in line})
        found[name] = {"lines": lines, "total": len(frame), "choices": choices}
    return found


def _line(r: dict, refs: dict[str, str]) -> dict:
    """A line as text, with what it refers to, its raw places and an endpoint's outcomes."""
    line = {name: shown(value) for name, value in r.items()}
    named = [(ref, refs[ref]) for ref in line.get("REFS", "").split(" ") if ref in refs]
    line["links"] = named[:_LINKS]
    for when in ("", "_BEFORE", "_AFTER"):
        if f"SRCROW{when}" in r:
            place = place_text(*(r[f"SRC{part}{when}"] for part in ("FILE", "SHEET", "ROW")))
            line[f"place{when}"] = place
        if f"AVAL{when}" in r:
            line[f"outcome{when}"] = outcome_text(r, when.removeprefix("_")) or "no row"
    return line


def _shown_refs(changes: dict[str, pd.DataFrame]) -> dict[str, str]:
    """The lines of this page that can be linked to, and what the link says."""
    found = {ref: ref.removeprefix("patient-") for ref in changes["patients"]["REF"][:_MOST]}
    for name, column in (("endpoints", "PARAMCD"), ("cells", "COLUMN")):
        for r in changes[name].head(_MOST).to_dict("records"):
            what = shown(r[column]) or f"{r['TABLE']} row"
            found[r["REF"]] = f"{r['USUBJID']}\u00a0{what}".replace(" ", "\u00a0")
    return found


def _signed(text: str) -> str:
    return f"{float(text):+.4g}".replace("-", "\u2212") if text else ""

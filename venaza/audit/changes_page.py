"""The page of changes: what the new export moved, the alarms first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.audit import markup as m
from venaza.audit.changes import CHANGES, outcome_text
from venaza.audit.sources import place_text

if TYPE_CHECKING:
    import pandas as pd

_SECTIONS = {
    "alarms": "Alarms",
    "patients": "Patients",
    "endpoints": "Endpoints",
    "numbers": "Numbers",
    "cells": "Cells",
}


def changes_page(
    changes: dict[str, pd.DataFrame] | None, study: dict, before: str | None, after: str
) -> str:
    """The page as HTML; ``changes`` is what ``compare`` gives for the exports of these dates.

    Without an earlier export (``changes`` is None) the page says so.
    """
    short = study["study"].get("short") or study["id"]
    synthetic = bool(study["study"].get("synthetic", False))
    title = f"Changes: {short}"
    if changes is None:
        text = m.paragraph(f"The export of {after} is the first of this study.")
        more = m.paragraph(
            "When a later one comes, this page will show what it changed: patients, cells, "
            "endpoints and numbers."
        )
        body = m.section("changes", "No earlier export", text, more)
        return m.page(title, f"Export of {after}.", {}, body, synthetic)
    parts = [
        _overview(changes, before, after),
        _alarms(changes["alarms"]),
        _patients(changes["patients"]),
        _endpoints(changes["endpoints"]),
        _numbers(changes["numbers"]),
        _cells(changes["cells"]),
    ]
    subtitle = f"Export of {after}, compared with that of {before}."
    return m.page(title, subtitle, _SECTIONS, "\n".join(parts), synthetic)


def no_changes() -> dict[str, pd.DataFrame]:
    """Empty tables of changes, for a study with one export."""
    import pandas as pd

    from venaza.contracts.files import conform

    return {name: conform(pd.DataFrame(), columns) for name, columns in CHANGES.items()}


def _overview(changes: dict[str, pd.DataFrame], before: str | None, after: str) -> str:
    patients = changes["patients"]["STATUS"]
    counts = [(patients == status).sum() for status in ("added", "gone", "changed")]
    lines = m.facts(
        [
            ("Patients", f"{counts[0]} added, {counts[1]} gone, {counts[2]} changed"),
            ("Endpoints", f"{len(changes['endpoints'])} moved"),
            ("Numbers", f"{len(changes['numbers'])} moved"),
            ("Cells and rows", f"{len(changes['cells']):,} changed"),
            ("Alarms", str(len(changes["alarms"]))),
        ]
    )
    return m.section("overview", f"From {before} to {after}", lines)


def _alarms(alarms: pd.DataFrame) -> str:
    if alarms.empty:
        return m.section("alarms", "Alarms", m.paragraph("None."))
    rows = [
        (
            m.Markup(f'<span class="error">{m.safe(r["ALARM"])}</span>'),
            r["USUBJID"],
            r["COLUMN"],
            r["BEFORE"],
            r["AFTER"],
            r["MESSAGE"],
        )
        for r in alarms.to_dict("records")
    ]
    table = m.table(["Alarm", "Patient", "Column", "Before", "Now", "Why it matters"], rows)
    return m.section("alarms", "Alarms", m.Markup(f'<div class="alarm">{table}</div>'))


def _patients(patients: pd.DataFrame) -> str:
    rows = [
        (_patient(r["USUBJID"], r["STATUS"]), r["STATUS"], r["CELLS"], r["ENDPOINTS"])
        for r in patients.to_dict("records")
    ]
    headers = ["Patient", "What", "Cells and rows", "Endpoints"]
    return _listed("patients", headers, rows, "What", 1, numeric=[2, 3])


def _patient(name: str, status: str = "changed") -> object:
    known = status != "gone"
    return m.link(m.anchor("patient", name), name, "index.html") if known else name


def _endpoints(endpoints: pd.DataFrame) -> str:
    rows = [
        (
            _patient(r["USUBJID"]),
            r["PARAMCD"],
            outcome_text(r, "BEFORE") or "no row",
            outcome_text(r, "AFTER") or "no row",
            m.code(f"{m.shown(r['SRCDOM'])}.{m.shown(r['SRCVAR'])}"),
            r["CAUSE"],
        )
        for r in endpoints.to_dict("records")
    ]
    headers = ["Patient", "Endpoint", "Before", "Now", "Decided by", "What moved it"]
    return _listed("endpoints", headers, rows, "Endpoint", 1)


def _numbers(numbers: pd.DataFrame) -> str:
    rows = [
        (
            m.link(m.anchor("ard", r["ard_id"]), m.code(r["ard_id"]), "index.html")
            if r["STATUS"] != "gone"
            else m.code(r["ard_id"]),
            r["STATUS"],
            r["BEFORE"],
            r["AFTER"],
            _signed(r["DIFFERENCE"]),
            r["unit"],
        )
        for r in numbers.to_dict("records")
    ]
    headers = ["Number", "What", "Before", "Now", "Difference", "Unit"]
    return _listed("numbers", headers, rows, "What", 1, numeric=[2, 3, 4])


def _signed(value: object) -> str:
    text = m.shown(value)
    return f"{float(text):+.4g}".replace("-", "\u2212") if text else ""


def _cells(cells: pd.DataFrame) -> str:
    rows = [
        (
            _patient(r["USUBJID"]),
            r["TABLE"],
            r["COLUMN"] if m.shown(r["COLUMN"]) else r["STATUS"],
            r["BEFORE"],
            r["AFTER"],
            place_text(r["SRCFILE"], r["SRCSHEET"], r["SRCROW"]),
        )
        for r in cells.to_dict("records")
    ]
    headers = ["Patient", "Table", "Column", "Before", "Now", "Raw row"]
    return _listed("cells", headers, rows, "Table", 1)


def _listed(
    name: str, headers: list[str], rows: list[tuple], choice: str, column: int, numeric=()
) -> str:
    if not rows:
        return m.section(name, _SECTIONS[name], m.paragraph("Nothing changed."))
    values = sorted({m.shown(row[column]) for row in rows})
    search = m.filters(f"{name}-list", "Search", [(choice, column, values)])
    table = m.table(headers, rows, name=f"{name}-list", numeric=numeric)
    return m.section(name, _SECTIONS[name], search, table)

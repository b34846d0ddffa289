"""The endpoints as this study defines them: words from the configuration, no numbers."""

from __future__ import annotations

from venaza.contracts.wording import capital, small
from venaza.markup.printed import Column, Row, Section, Table, words
from venaza.study.endpoints import milestone_name


def definitions(study: dict) -> Table:
    """Time zero, events, censoring and source of each endpoint."""
    rows = []
    for code, endpoint in study["endpoints"].items():
        events = _described(endpoint["events"], study)
        if endpoint.get("competing"):
            competing = small(_described(endpoint["competing"], study))
            label = endpoint.get("competing_label")
            events += f" (competing: {competing}{f', as {small(label)}' if label else ''})"
        cells = (
            _described([endpoint["start"]], study) + _entry(endpoint, study),
            events,
            _described(endpoint["censors"], study),
            endpoint.get("source", ""),
        )
        rows.append(Row(f"{endpoint['label']} ({code})", tuple(words(text) for text in cells)))
    shares = {"From": 0.9, "To the first of": 1.2, "Censored at": 0.9, "Source": 1.6}
    return Table(
        stub="Endpoint",
        columns=[Column(words(text), "", share) for text, share in shares.items()],
        sections=[Section("", rows)],
        notes=[f"Index date: {study['timeline']['index']}."],
        label_width=0.22,
        prose=True,
    )


def _entry(endpoint: dict, study: dict) -> str:
    """From when patients are at risk, where that is later than time zero."""
    if "entry" not in endpoint:
        return ""
    return f"; at risk from {small(_described([endpoint['entry']], study))}"


def _described(milestones: list[str], study: dict) -> str:
    return capital(", ".join(small(milestone_name(name, study)) for name in milestones))

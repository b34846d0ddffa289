"""The endpoints as this study defines them: words from the configuration, no numbers."""

from __future__ import annotations

from venaza.contracts.wording import capital, small
from venaza.markup.printed import Column, Row, Section, Table, words
from venaza.study.endpoints import milestone_name
from venaza.study.words import listed, say


def definitions(study: dict) -> Table:
    """Time zero, events, censoring and source of each endpoint."""
    rows = []
    for code, endpoint in study["endpoints"].items():
        events = _described(endpoint["events"], study)
        if endpoint.get("competing"):
            competing = small(_described(endpoint["competing"], study))
            label = small(endpoint.get("competing_label", ""))
            text = "{events} (competing: {those}, as {label})"
            text = text if label else "{events} (competing: {those})"
            events = say(study, text, events=events, those=competing, label=label)
        cells = (
            _start(endpoint, study),
            events,
            _described(endpoint["censors"], study),
            endpoint.get("source", ""),
        )
        named = say(study, "{label} ({code})", label=endpoint["label"], code=code)
        rows.append(Row(named, tuple(words(text) for text in cells)))
    shares = {"From": 0.9, "To the first of": 1.2, "Censored at": 0.9, "Source": 1.6}
    return Table(
        stub=say(study, "Endpoint"),
        columns=[Column(words(say(study, text)), "", share) for text, share in shares.items()],
        sections=[Section("", rows)],
        notes=[say(study, "Index date: {index}.", index=study["timeline"]["index"])],
        label_width=0.22,
        prose=True,
    )


def _start(endpoint: dict, study: dict) -> str:
    """Time zero, and from when patients are at risk where that is later."""
    start = _described([endpoint["start"]], study)
    if "entry" not in endpoint:
        return start
    entry = small(_described([endpoint["entry"]], study))
    return say(study, "{start}; at risk from {entry}", start=start, entry=entry)


def _described(milestones: list[str], study: dict) -> str:
    return capital(listed(study, [small(milestone_name(name, study)) for name in milestones]))

"""The page of changes: alarms, numbers, endpoints, patients, queries and cells, linked together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from venaza.audit import markup as m
from venaza.audit.moves import outcome_text
from venaza.audit.numbers import UNKNOWN
from venaza.audit.origins import place_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

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
_NUMBERS = ("Number", "What", "Before", "Now", "Difference", "Unit", "By", "Moved by")
#: The headers of each list; on a phone they stand beside each value.
HEADERS = {
    "headlines-list": _NUMBERS,
    "numbers-list": _NUMBERS,
    "endpoints-list": ("Patient", "Endpoint", "Before", "Now", "What moved it"),
    "patients-list": ("Patient", "What", "Cells and rows", "Endpoints", "Raw row"),
    "queries-list": (*("Patient", "What", "Severity", "Value", "Asked", "What did it", "Raw row"),),
    "cells-list": (
        *("Patient", "Table", "Column", "Before", "Now"),
        *("Raw cell before", "Raw cell now", "By"),
    ),
}
#: Lines of a section that are shown; ``changes.csv`` has all.
_MOST = 1500
#: Links of a number to what moved it.
_LINKS = 6
RULE = (
    "First the medians and landmark estimates of the study's endpoints (the primary one first), "
    "the response rates, the hazard ratios of the primary endpoint and the numbers of patients; "
    "then their limits, counts and tests; then all others. Within these, first what came, went or "
    "is now reached or no longer, then by the size of the move relative to the larger value."
)


def changes_page(changes: dict[str, pd.DataFrame], study: dict, told: dict) -> str:
    """The page as HTML; ``changes`` is what ``compare`` gives, ``told`` what it compared.

    ``told`` is ``Comparison.told()``: without an export to compare with the page says so.
    """
    short = study["study"].get("short") or study["id"]
    synthetic = bool(study["study"].get("synthetic", False))
    title, export = f"Changes: {short}", study["export"]
    style = (Path(__file__).parent / "changes.css").read_text(encoding="utf-8") + _labels()
    if not told["states"]:
        body = m.section("changes", "Nothing to compare with", *_nothing(told, export))
        return m.page(title, f"Export of {export}.", {}, body, synthetic, style)
    refs = _shown_refs(changes)
    lists = {
        "overview": _overview(changes, told, export),
        "alarms": _alarms(changes["alarms"], told, export),
        "headlines": _headlines(changes, refs),
        "endpoints": _endpoints(changes["endpoints"], refs),
        "patients": _patients(changes["patients"]),
        "queries": _queries(changes["queries"]),
        "cells": _cells(changes["cells"]),
        "numbers": _numbers(changes, refs),
    }
    if told["base"] is None:
        lists = {name: lists[name] for name in ("overview", "headlines", "numbers")}
    sections = {name: _SECTIONS[name] for name in lists}
    subtitle = f"Export of {export}, compared with {_with(told, export)}."
    return m.page(title, subtitle, sections, "\n".join(lists.values()), synthetic, style)


def _labels() -> str:
    """On a narrow screen a row stands as a card, each value with its header."""
    lines = [
        f'#{name} td:nth-child({n})::before {{ content: "{header}"; }}'
        for name, headers in HEADERS.items()
        for n, header in enumerate(headers, 1)
    ]
    return "@media (max-width: 40rem) {\n" + "\n".join(lines) + "\n}\n"


def _with(told: dict, export: str) -> str:
    if told["export"] == export:
        return "the record that was kept of it"
    return f"that of {told['export']}"


def _nothing(told: dict, export: str) -> list[str]:
    notes = [m.paragraph(note) for note in told["notes"]]
    if told["wish"] == "none" or notes:
        return [*notes, m.paragraph("These results are compared with no other export.")]
    return [
        m.paragraph(f"The export of {export} is the first of this study."),
        m.paragraph(
            "When a later one comes, this page will show what it changed: patients, cells, "
            "queries, endpoints and numbers."
        ),
    ]


def _shown_refs(changes: dict[str, pd.DataFrame]) -> dict[str, str]:
    """The lines of this page that can be linked to, and what the link says."""
    found = {ref: ref.removeprefix("patient-") for ref in changes["patients"]["REF"][:_MOST]}
    for name, column in (("endpoints", "PARAMCD"), ("cells", "COLUMN")):
        for r in changes[name].head(_MOST).to_dict("records"):
            what = m.shown(r[column]) or f"{r['TABLE']} row"
            found[r["REF"]] = f"{r['USUBJID']}\u00a0{what}".replace(" ", "\u00a0")
    return found


def _overview(changes: dict[str, pd.DataFrame], told: dict, export: str) -> str:
    patients, queries = changes["patients"]["STATUS"], changes["queries"]["STATUS"]
    numbers = changes["numbers"]
    by = {s: int((patients == s).sum()) for s in ("added", "gone", "changed")}
    asked = {s: int((queries == s).sum()) for s in ("closed", "opened")}
    headline = int((numbers["CLASS"] == "headline").sum())
    tiles = [
        ("alarms", len(changes["alarms"]), "alarms", "what should not happen"),
        ("headlines", headline, "headline numbers", f"of {len(numbers):,} that moved"),
        ("endpoints", len(changes["endpoints"]), "endpoints", "and responses moved"),
        (
            *("patients", by["changed"], "patients changed"),
            f"{by['added']} added, {by['gone']} gone",
        ),
        ("queries", asked["closed"], "queries closed", f"{asked['opened']} opened"),
        ("cells", len(changes["cells"]), "cells and rows", "before and after"),
    ]
    if told["base"] is None:
        tiles = tiles[1:2]
    boxes = "".join(
        f'<li{_bad(name, count)}><a href="#{name}"><b>{count:,}</b> {m.safe(words)}'
        f"<small>{m.safe(more)}</small></a></li>"
        for name, count, words, more in tiles
    )
    parts = [m.Markup(f'<ul class="tiles">{boxes}</ul>')]
    parts += [m.paragraph(note, "said") for note in told["notes"]]
    parts.append(_attribution(numbers, told, export))
    title = f"From {told['export']} to {export}"
    if told["export"] == export:
        title = f"Since the record of {export} was kept"
    return m.section("overview", title, *parts)


def _bad(name: str, count: int) -> str:
    return ' class="bad"' if name == "alarms" and count else ""


def _attribution(numbers: pd.DataFrame, told: dict, export: str) -> str:
    """What the causes of moved numbers stand on: the steps that were recomputed."""
    counts = numbers["CAUSE"].value_counts()
    steps = []
    for n, state in enumerate(told["states"]):
        causes = " or ".join(state["causes"]) or ("start" if n == 0 else UNKNOWN)
        steps.append((n or "", causes, state["name"]))
    table = m.table(["Step", "What changes", "Numbers of"], steps)
    moved = ", ".join(f"{count:,} by {cause}" for cause, count in counts.items())
    text = f"Numbers that moved: {moved}." if moved else "No number moved."
    if told["record"] is None:
        note = (
            "No record of the earlier results was kept, so both exports were computed with the "
            "present code and configuration: data and corrections can be told apart, and what a "
            "change of code or configuration did since then is not in these numbers. To have that "
            "next time, keep a record of each finished run: "
        )
        how = m.Markup(f"{m.safe(note)}{m.code('python -m venaza keep STUDY')}.")
    else:
        record = told["record"]
        note = f" ({record['note']})" if record.get("note") else ""
        version = record["code"].get("version", "")
        how = f"The results of {record['export']} are those that were kept{note}, venaza {version}."
    body = f"{m.paragraph(text)}{m.paragraph(how)}{table}"
    title = "How the causes were found"
    return m.Markup(f"<details><summary><span>{title}</span></summary><div>{body}</div></details>")


def _alarms(alarms: pd.DataFrame, told: dict, export: str) -> str:
    if told["export"] > export:
        text = "None is raised where an export is compared with a later one."
        return m.section("alarms", "Alarms", m.paragraph(text))
    if alarms.empty:
        return m.section("alarms", "Alarms", m.paragraph("None."))
    lines = "".join(_alarm(r) for r in alarms.head(_MOST).to_dict("records"))
    more = _more(len(alarms))
    return m.section("alarms", "Alarms", m.Markup(f'<ol class="alarms">{lines}</ol>'), more)


def _alarm(r: dict) -> str:
    patient = m.shown(r["USUBJID"])
    item = ".".join(filter(None, [m.shown(r["TABLE"]), m.shown(r["COLUMN"])]))
    who = _patient(patient, "changed" if m.shown(r["WHERE_AFTER"]) else "gone") if patient else ""
    moved = (
        f"<b>{m.safe(r['BEFORE']) or 'empty'}</b> \u2192 <b>{m.safe(r['AFTER']) or 'nothing'}</b>"
    )
    places = "; ".join(
        f"{when} {m.safe(r[key])}"
        for when, key in (("before:", "WHERE_BEFORE"), ("now:", "WHERE_AFTER"))
        if m.shown(r[key])
    )
    where = f"<small>{places}</small>" if places else ""
    head = f'<span class="error">{m.safe(str(r["ALARM"]).capitalize())}</span>'
    return (
        f"<li><h3>{head} {m.safe(who)} {m.code(item)}</h3><p>{moved} {where}</p>"
        f"<p>{m.safe(r['MESSAGE'])} <em>{m.safe(r['ACTION'])}</em></p></li>\n"
    )


def _patient(name: str, status: str = "changed") -> object:
    return m.link(m.anchor("patient", name), name, "index.html") if status != "gone" else name


def _headlines(changes: dict[str, pd.DataFrame], refs: dict[str, str]) -> str:
    numbers = changes["numbers"]
    own = numbers[numbers["CLASS"] == "headline"]
    about = m.paragraph(RULE, "soft")
    if own.empty:
        text = m.paragraph("No headline number moved.")
        return m.section("headlines", _SECTIONS["headlines"], about, text)
    table = _number_table(own, changes["steps"], refs, "headlines-list")
    return m.section("headlines", _SECTIONS["headlines"], about, table, _more(len(own)))


def _numbers(changes: dict[str, pd.DataFrame], refs: dict[str, str]) -> str:
    numbers = changes["numbers"]
    own = numbers[numbers["CLASS"] != "headline"]
    title = _SECTIONS["numbers"]
    if own.empty:
        return m.section("numbers", title, m.paragraph("Nothing changed."))
    values = sorted({m.shown(v) for v in own["STATUS"]})
    search = m.filters("numbers-list", "Search", [("What", 1, values)])
    table = _number_table(own, changes["steps"], refs, "numbers-list")
    return m.section("numbers", title, search, table, _more(len(own)))


def _number_table(own: pd.DataFrame, steps: pd.DataFrame, refs: dict[str, str], name: str) -> str:
    by_step: dict[str, list[dict]] = {}
    for step in steps.to_dict("records"):
        by_step.setdefault(step["ard_id"], []).append(step)
    rows = []
    for r in own.head(_MOST).to_dict("records"):
        key = m.code(r["ard_id"])
        if m.shown(r["AFTER"]):
            key = m.link(m.anchor("ard", r["ard_id"]), key, "index.html")
        words = m.shown(r["WORDS"])
        key = m.Markup(f"<b>{m.safe(words)}</b><br>{key}") if words else key
        moved = (r["BEFORE"], r["AFTER"], _signed(r["DIFFERENCE"]), r["unit"])
        by = _by(r["CAUSE"], by_step.get(r["ard_id"], []))
        rows.append((key, r["STATUS"], *moved, by, _why(r["WHY"], r["REFS"], refs)))
    return m.table(HEADERS[name], rows, name=name, numeric=[2, 3, 4])


def _by(cause: str, steps: list[dict]) -> object:
    if not steps:
        return cause
    lines = "".join(
        f"<li>{m.safe(s['CAUSE'])}: {m.safe(s['BEFORE']) or 'none'} \u2192 "
        f"{m.safe(s['AFTER']) or 'none'}</li>"
        for s in steps
    )
    return m.Markup(f'<ul class="steps">{lines}</ul>')


def _why(why: object, lines: object, refs: dict[str, str]) -> object:
    text = m.shown(why)
    if text == UNKNOWN:
        return m.Markup(f'<span class="error">{UNKNOWN}</span>')
    names = [ref for ref in m.shown(lines).split(" ") if ref in refs][:_LINKS]
    links = " ".join(m.link(m.anchor("line", ref), refs[ref]) for ref in names)
    return m.Markup(f'{m.safe(text)} <span class="refs">{links}</span>')


def _signed(value: object) -> str:
    text = m.shown(value)
    return f"{float(text):+.4g}".replace("-", "\u2212") if text else ""


def _endpoints(endpoints: pd.DataFrame, refs: dict[str, str]) -> str:
    rows = [
        (
            _patient(r["USUBJID"]),
            r["PARAMCD"],
            outcome_text(r, "BEFORE") or "no row",
            outcome_text(r, "AFTER") or "no row",
            _why(r["CAUSE"], r["REFS"], refs),
        )
        for r in endpoints.head(_MOST).to_dict("records")
    ]
    return _listed("endpoints", rows, ("Endpoint", 1), endpoints)


def _patients(patients: pd.DataFrame) -> str:
    rows = [
        (
            _patient(r["USUBJID"], r["STATUS"]),
            r["STATUS"],
            r["CELLS"] if r["STATUS"] == "changed" else "",
            r["ENDPOINTS"] if r["STATUS"] == "changed" else "",
            place_text(r["SRCFILE"], r["SRCSHEET"], r["SRCROW"]),
        )
        for r in patients.head(_MOST).to_dict("records")
    ]
    return _listed("patients", rows, ("What", 1), patients, numeric=[2, 3])


def _queries(queries: pd.DataFrame) -> str:
    rows = [
        (
            _patient(r["USUBJID"], "gone") if m.shown(r["USUBJID"]) else "",
            r["STATUS"],
            m.Markup(f'<span class="{m.safe(r["SEVERITY"])}">{m.safe(r["SEVERITY"])}</span>'),
            r["VALUE"],
            r["MESSAGE"],
            r["CAUSE"],
            place_text(r["SRCFILE"], r["SRCSHEET"], r["SRCROW"]),
        )
        for r in queries.head(_MOST).to_dict("records")
    ]
    return _listed("queries", rows, ("What", 1), queries)


def _cells(cells: pd.DataFrame) -> str:
    rows = [
        (
            _patient(r["USUBJID"]),
            r["TABLE"],
            r["COLUMN"] if m.shown(r["COLUMN"]) else r["STATUS"],
            r["BEFORE"],
            r["AFTER"],
            _raw(r, "BEFORE"),
            _raw(r, "AFTER"),
            r["CAUSE"],
        )
        for r in cells.head(_MOST).to_dict("records")
    ]
    return _listed("cells", rows, ("Table", 1), cells)


def _raw(r: dict, when: str) -> object:
    place = place_text(*(r[f"{name}_{when}"] for name in ("SRCFILE", "SRCSHEET", "SRCROW")))
    if not place:
        return ""
    header, text = (m.shown(r[f"{name}_{when}"]) for name in ("SRCCOL", "RAW"))
    said = f"<q>{m.safe(text)}</q> " if header and text else "<i>empty</i> " if header else ""
    under = f"{m.safe(header)} \u00b7 " if header else ""
    return m.Markup(f"{said}<small>{under}{m.safe(place)}</small>")


def _listed(
    name: str,
    rows: list[tuple],
    choice: tuple[str, int],
    whole: pd.DataFrame,
    numeric: Sequence[int] = (),
) -> str:
    if not rows:
        return m.section(name, _SECTIONS[name], m.paragraph("Nothing changed."))
    label, column = choice
    values = sorted({m.shown(row[column]) for row in rows})
    search = m.filters(f"{name}-list", "Search", [(label, column, values)])
    ids = [m.anchor("line", ref) for ref in whole["REF"][:_MOST]] if "REF" in whole else None
    table = m.table(HEADERS[f"{name}-list"], rows, ids=ids, name=f"{name}-list", numeric=numeric)
    return m.section(name, _SECTIONS[name], search, table, _more(len(whole)))


def _more(n: int) -> str:
    if n <= _MOST:
        return ""
    text = f"The first {_MOST:,} of {n:,} are shown; "
    return m.Markup(f'<p class="said">{text}<a href="changes.csv">changes.csv</a> has all.</p>')

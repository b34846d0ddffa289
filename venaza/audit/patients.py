"""The patients of the audit page: each one's course and endpoints, with the deciding raw cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.audit import markup as m
from venaza.audit.results import all_queries, natural, of_stage
from venaza.audit.sources import place_text, with_sources

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = {0: "event", 1: "censored", 2: "competing event"}
_HEADERS = ("Endpoint", "From", "To", "Days", "Outcome", "Decided by", "Raw cell")


def patients_section(tables: dict[str, pd.DataFrame], study: dict) -> str:
    """Every patient, folded; ``tables`` are those of ``results.read_results``."""
    adsl = tables["endpoints/adsl"]
    cells = tables["intake/cells"]
    adtte = with_sources(tables["endpoints/adtte"], of_stage(tables, "clean"), cells, study)
    found = {
        "adtte": _by_patient(adtte),
        "left_out": _by_patient(tables["endpoints/adtte_excluded"]),
        "course": _by_patient(tables["endpoints/milestones"]),
    }
    queries = all_queries(tables)["USUBJID"].value_counts()
    patients = sorted(adsl.to_dict("records"), key=lambda row: natural(row["USUBJID"]))
    lines = [
        _patient(row, {k: v.get(row["USUBJID"], []) for k, v in found.items()},
                 int(queries.get(row["USUBJID"], 0)), study)
        for row in patients
    ]  # fmt: skip
    body = m.Markup(f'<div id="patient-list" data-list="details">{"".join(lines)}</div>')
    search = m.filters("patient-list", "Search")
    return m.section("patients", "Patients", definitions(study), search, body)


def _by_patient(frame: pd.DataFrame) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in frame.to_dict("records"):
        found.setdefault(row["USUBJID"], []).append(row)
    return found


def definitions(study: dict) -> str:
    """The endpoints of the study as the methods section defines them."""
    return m.table(
        ["Endpoint", "Name", "Definition", "Source"],
        [
            (m.code(code), e["label"], definition(e), e.get("source"))
            for code, e in study["endpoints"].items()
        ],
    )


def definition(endpoint: dict) -> str:
    """An endpoint's definition as a sentence or two."""
    parts = [endpoint.get("sentence"), endpoint.get("censor_sentence")]
    sentences = [part.strip() for part in parts if part]
    return " ".join(f"{s[0].upper()}{s[1:].rstrip('.')}." for s in sentences)


def _patient(row: dict, found: dict[str, list[dict]], queries: int, study: dict) -> str:
    name = row["USUBJID"]
    levels = (study.get("groups") or {}).get("levels") or {}
    group = levels.get(m.shown(row.get("GROUP")), m.shown(row.get("GROUP")))
    course = " · ".join(dict.fromkeys(_course(fact) for fact in found["course"]))
    notes = [f"{q} {'query' if q == 1 else 'queries'}" for q in [queries] if q]
    why = [f"{r['PARAMCD']}: {r['REASON']}" for r in found["left_out"]]
    table = m.table(_HEADERS, [_endpoint(r) for r in found["adtte"]], numeric=[3])
    return (
        f'<details id="{m.safe(m.anchor("patient", name))}"><summary><span>{m.safe(name)}</span>'
        f"<span>{m.safe(group)}</span><span>{m.safe(_summary(found['adtte'], study))}</span>"
        f"<span>{m.safe(', '.join(notes))}</span></summary>\n<div>"
        f"{m.paragraph(course, 'soft') if course else ''}{table if found['adtte'] else ''}"
        f"{m.paragraph('Without a row: ' + '; '.join(why) + '.', 'soft') if why else ''}"
        f"</div></details>\n"
    )


def _course(fact: dict) -> str:
    date = m.shown(fact["ADT"])
    return f"{fact['DESCRIPTION']} day {m.shown(fact['ADY'])}" + (f" ({date})" if date else "")


def _summary(rows: list[dict], study: dict) -> str:
    primary = study.get("analysis", {}).get("primary", "OS")
    for row in rows:
        if row["PARAMCD"] == primary:
            return f"{primary} {m.shown(row['AVAL'])} days, {outcome(row)}"
    return ""


def outcome(row: dict) -> str:
    """What ended the time: ``event: Death``."""
    said = m.shown(row["EVNTDESC"]) or m.shown(row["CNSDTDSC"])
    return f"{OUTCOMES[int(row['CNSR'])]}: {said}"


def _endpoint(row: dict) -> tuple:
    start = m.shown(row["STARTDT"]) or f"day {m.shown(row['STARTDY'])}"
    end = m.shown(row["ADT"]) or f"day {m.shown(row['ADY'])}"
    decided = m.code(f"{m.shown(row['SRCDOM'])}.{m.shown(row['SRCVAR'])}")
    number = m.Markup(f"{decided} #{m.safe(row['SRCSEQ'])}")
    said = f"{m.shown(row['PARAM'])}, definition {m.shown(row['DEFN'])}"
    return (
        m.Markup(f'<span title="{m.safe(said)}">{m.safe(row["PARAMCD"])}</span>'),
        start,
        end,
        row["AVAL"],
        outcome(row),
        number,
        raw_cell(row),
    )


def raw_cell(row: dict) -> str:
    """The raw place of a row of ``with_sources``, with header and text of the cell if known."""
    place = place_text(row["SRCFILE"], row["SRCSHEET"], row["SRCROW"])
    header = m.shown(row["SRCCOL"])
    return f"{place} · {header}: {m.shown(row['RAW'])}" if header else place

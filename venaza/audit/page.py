"""The audit page: one file that leads from every number and patient back to the raw cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.audit import markup as m
from venaza.audit.patients import patients_section
from venaza.audit.results import all_queries, natural
from venaza.audit.sources import place_text

if TYPE_CHECKING:
    import pandas as pd

    from venaza.contracts.columns import Column

#: The stages in the order of the flow, with what each of them makes.
FLOW = (
    ("raw", "the export as it came"),
    ("settings", "what each stage was told"),
    ("intake", "every cell as text"),
    ("clean", "typed tables and queries"),
    ("endpoints", "analysis tables"),
    ("queries", "the workbook for the clinic"),
    ("statistics", "every number"),
    ("figures", "drawings"),
    ("tables", "tables of the report"),
    ("report", "the manuscript"),
    ("audit", "manifest and changes"),
)
_SECTIONS = {
    "run": "Run",
    "files": "Files",
    "queries": "Queries",
    "numbers": "Numbers",
    "patients": "Patients",
}
#: Files that this page and what is made after it would have to list before they exist.
_LATER = ("audit/index.html", "audit/lineage.csv", "audit/manifest.json")


def audit_page(
    tables: dict[str, pd.DataFrame],
    dictionaries: dict[str, tuple[Column, ...]],
    study: dict,
    manifest: dict,
) -> str:
    """The page as HTML that needs no network and no other file.

    ``tables`` and ``dictionaries`` are those of ``results.read_results`` and
    ``read_dictionaries``; ``manifest`` that of ``build_manifest``. Each number has the id
    ``ard-ARD_ID``, each patient ``patient-USUBJID``, each file ``file-PATH``.
    """
    run = manifest["run"]
    body = "\n".join(
        [
            run_section(manifest),
            files_section(manifest, dictionaries),
            queries_section(tables),
            numbers_section(tables["statistics/ard"]),
            patients_section(tables, study),
        ]
    )
    title = f"Audit: {study['study'].get('short') or study['id']}"
    subtitle = f"{run.get('title') or study['id']} Export of {run['export']}."
    if run.get("title") and not run["title"].endswith("."):
        subtitle = f"{run['title']}. Export of {run['export']}."
    return m.page(title, subtitle, _SECTIONS, body, bool(run.get("synthetic")))


def run_section(manifest: dict) -> str:
    """What was run: study, export, raw files, code, configuration, packages."""
    run = manifest["run"]
    about = m.facts(
        [
            ("Study", run["study"]),
            ("Export", run["export"]),
            ("Data cut-off", run.get("cutoff") or "none"),
            ("Data", run.get("data")),
            ("Source", run.get("source")),
            ("Licence", run.get("licence")),
            ("Code", m.Markup(f"venaza {run['code']['version']}, {m.code(run['code']['sha256'])}")),
            ("Configuration", m.code(run["configuration"]["sha256"])),
            ("Python", run.get("python")),
            ("Packages", ", ".join(f"{name} {v}" for name, v in run["packages"].items())),
        ]
    )
    raw = m.table(
        ["Raw file", "Format", "Encoding", "Bytes", "SHA-256"],
        [
            (r["file"], r.get("format"), r.get("encoding"), f"{r['bytes']:,}", m.code(r["sha256"]))
            for r in manifest["raw"]
        ],
        numeric=[3],
    )
    changes = m.Markup('<p><a href="changes.html">What has changed, and why</a></p>')
    listed = any(entry["file"] == "audit/changes.html" for entry in manifest["files"])
    return m.section("run", "Run", about, m.Markup("<h3>Raw files</h3>"), raw, listed and changes)


def files_section(manifest: dict, dictionaries: dict[str, tuple[Column, ...]]) -> str:
    """Every file of the results, stage by stage, with its sources and its columns."""
    entries = [e for e in manifest["files"] if e["file"] not in _LATER]
    groups: dict[str, list[dict]] = {}
    for entry in entries:
        parts = entry["file"].split("/")
        name = "/".join(parts[:3]) if parts[:2] == ["audit", "baseline"] else parts[0]
        groups.setdefault(name, []).append(entry)
    order = [stage for stage, _ in FLOW if stage in groups]
    order += sorted(set(groups) - set(order))
    boxes = []
    for stage, what in FLOW:
        count = len(manifest["raw"]) if stage == "raw" else len(groups.get(stage, []))
        if count:
            target = "run" if stage == "raw" else f"stage-{stage}"
            name = m.link(target, "raw files" if stage == "raw" else stage)
            files = "1 file" if count == 1 else f"{count} files"
            boxes.append(f"<li>{name}<small>{m.safe(what)}, {files}</small></li>")
    flow = m.Markup(f'<ol class="flow">{"".join(boxes)}</ol>')
    parts = [_stage(name, groups[name], dictionaries) for name in order]
    return m.section("files", "Files", flow, *parts)


def _stage(name: str, entries: list[dict], dictionaries: dict) -> str:
    by_name = {entry["file"]: entry for entry in entries}
    title = name.replace("audit/baseline/", "compared with: ")
    lines = [f'<h3 id="{m.safe(f"stage-{name}")}">{m.safe(title)}</h3>']
    for entry in entries:
        stem, _, ending = entry["file"].rpartition(".")
        if ending == "csv" and f"{stem}.parquet" in by_name:
            continue
        twin = by_name.get(f"{stem}.csv") if ending == "parquet" else None
        lines.append(_file(entry, twin, dictionaries.get(entry["file"])))
    return m.Markup("\n".join(lines))


def _file(entry: dict, twin: dict | None, columns: tuple[Column, ...] | None) -> str:
    size = _size(entry["bytes"])
    if "rows" in entry:
        size = f"{entry['rows']:,} rows, {len(entry['columns'])} columns, {size}"
    name = m.Markup(f'<a href="../{m.safe(entry["file"])}">{m.safe(entry["file"])}</a>')
    about = m.facts(
        [
            ("File", name),
            ("SHA-256", m.code(entry["sha256"])),
            ("Made from", ", ".join(entry["made_from"])),
            ("By rule", entry["rule"]),
            ("Also as", twin and m.Markup(_twin(twin))),
        ]
    )
    dictionary = columns and m.table(
        ["Column", "Label", "Unit", "Type", "How it is made"],
        [(m.code(c.name), c.label, c.unit, c.dtype, c.derivation) for c in columns],
    )
    return (
        f'<details id="{m.safe(m.anchor("file", entry["file"]))}"><summary>'
        f"<span>{m.safe(entry['file'])}</span><span>{m.short_hash(entry['sha256'])}</span>"
        f"<span>{m.safe(size)}</span></summary><div>{about}{dictionary or ''}</div></details>"
    )


def _twin(entry: dict) -> str:
    name = m.safe(entry["file"])
    return f'<a href="../{name}">{name}</a>, SHA-256 {m.code(entry["sha256"])}'


def _size(count: int) -> str:
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1000:,.0f} kB"


def queries_section(tables: dict[str, pd.DataFrame]) -> str:
    """What the clinic is asked, and what cleaning changed by rule."""
    queries = all_queries(tables)
    log = tables["clean/cleaning_log"]
    changed = log.groupby(["TABLE", "COLUMN", "RULE"], sort=True).size()
    summary = m.table(
        ["Table", "Column", "Rule", "Values changed"],
        [(*key, f"{n:,}") for key, n in changed.items()],
        numeric=[3],
    )
    changes = m.Markup(
        f"<details><summary><span>What cleaning changed</span>"
        f"<span>{len(log):,} values</span></summary><div>{summary}</div></details>"
    )
    corrected = _corrections(tables.get("clean/corrections"))
    if queries.empty:
        return m.section("queries", "Queries", m.paragraph("There are none."), changes, corrected)
    listed = set(tables["endpoints/adsl"]["USUBJID"])
    rows = [
        (
            m.Markup(f'<span class="{m.safe(q["SEVERITY"])}">{m.safe(q["SEVERITY"])}</span>'),
            q["RULE"],
            _patient(q["USUBJID"], listed),
            f"{m.shown(q['TABLE'])} {m.shown(q['COLUMN'])}",
            q["VALUE"],
            q["MESSAGE"],
            q["ACTION"],
            place_text(q["SRCFILE"], q["SRCSHEET"], q["SRCROW"]),
        )
        for q in queries.to_dict("records")
    ]
    severities = list(dict.fromkeys(queries["SEVERITY"]))
    sizes = [(int((queries["SEVERITY"] == s).sum()), s) for s in severities]
    counts = ", ".join(f"{n} {s}{'s' * (n != 1)}" for n, s in sizes)
    search = m.filters(
        "query-list",
        "Search",
        [("Severity", 0, severities), ("Rule", 1, sorted(set(queries["RULE"])))],
    )
    headers = ["Severity", "Rule", "Patient", "Where", "Value", "What is wrong", "Done", "Raw row"]
    table = m.table(headers, rows, name="query-list")
    return m.section(
        "queries", "Queries", m.paragraph(f"{counts}."), search, table, changes, corrected
    )


def _corrections(made: pd.DataFrame | None) -> str:
    """What became of each line of the corrections file; empty where there is none."""
    if made is None or made.empty:
        return ""
    rows = [
        (
            *(c["USUBJID"], f"{c['TABLE']} {m.shown(c['SRCCOL'])}"),
            *(m.shown(c["OLD"]) or "(empty)", m.shown(c["NEW"]) or "(empty)"),
            *(c["REASON"], c["WHO"], c["WHEN"], c["STATUS"]),
            place_text(c["SRCFILE"], c["SRCSHEET"], c["SRCROW"]),
        )
        for c in made.to_dict("records")
    ]
    headers = ["Patient", "Column", "Old", "New", "Why", "Who", "When", "Outcome", "Raw row"]
    return m.Markup(
        f"<details><summary><span>Corrections of the clinic</span><span>{len(made):,}</span>"
        f"</summary><div>{m.table(headers, rows)}</div></details>"
    )


def _patient(name: object, listed: set) -> object:
    text = m.shown(name)
    return m.link(m.anchor("patient", text), text) if text in listed else text


def numbers_section(ard: pd.DataFrame) -> str:
    """Every number of the manuscript, with a search; each row has its ``ard_id`` in its id."""
    rows, ids = [], []
    for r in ard.to_dict("records"):
        ids.append(m.anchor("ard", r["ard_id"]))
        rows.append(
            (
                m.code(r["ard_id"]),
                m.Markup(f"<strong>{m.safe(r['display'])}</strong>"),
                _exact(r["value"]),
                r["unit"],
                r["group"] if m.shown(r["group"]) else "all",
                r["term"],
                r["population"],
                r["analysis"],
                m.shown(r["method"]) + (f" ({m.shown(r['reason'])})" * bool(m.shown(r["reason"]))),
            )
        )
    kinds = list(dict.fromkeys(ard["analysis"]))
    groups = sorted({m.shown(r[4]) for r in rows}, key=natural)
    search = m.filters("number-list", "Search", [("Analysis", 7, kinds), ("Group", 4, groups)])
    headers = ["Number", "Printed", "Value", "Unit", "Group", "Of", "Population", "Analysis",
               "Method"]  # fmt: skip
    table = m.table(headers, rows, ids=ids, name="number-list", numeric=[1, 2])
    return m.section("numbers", "Numbers", search, table)


def _exact(value: object) -> str:
    text = m.shown(value)
    return f"{float(text):.8g}" if text else ""

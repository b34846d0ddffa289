"""The start page of a study's results: one file that leads to all others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from venaza.contracts.figures import exhibit_id
from venaza.contracts.files import read_table
from venaza.contracts.queries import SEVERITIES
from venaza.contracts.truth import is_true
from venaza.markup import render
from venaza.pipeline.audit.page.documents import Document
from venaza.pipeline.audit.results import all_queries
from venaza.study.support import unsupported

_SECTIONS = {
    "glance": "At a glance",
    "report": "To read",
    "figures": "Figures",
    "tables": "Tables",
    "data": "Data",
    "cite": "How to cite",
}
#: What a document of the report is, by its name; another is listed by its name alone.
_ABOUT = {
    "manuscript": "The paper. On its web page each number leads to what it was computed from.",
    "supplement": "What the paper has no room for: methods in full, further figures and tables.",
    "record": "Rows, queries, numbers that moved, published against computed, hashes and versions.",
    "cover_letter": "The letter that the manuscript is sent with.",
    "checklist": "STROBE and RECORD: where each item stands, or what is to be filled in.",
}
_FORMATS = {"html": "web page", "docx": "Word", "pdf": "PDF", "xlsx": "Excel"}
#: What the tables of a stage are, in the order in which they are listed.
_STAGES = {
    "statistics": "Every number (ARD), the curves, and the rows that each number stands on",
    "endpoints": "Analysis tables: patients, responses, times to event, adverse events and more",
    "clean": "Typed tables, where each value comes from, what cleaning changed and asked",
    "intake": "Every cell of the export as text",
}
#: Files without a table beside them that a reader may look for, and what they are.
_OTHERS = {
    "statistics/check.R": "computes the numbers again in R",
    "datapackage.json": "describes every CSV file (Frictionless)",
    "audit/manifest.json": "each file with its hash and what it was made from",
    "audit/lineage.csv": "what each job read and made",
}
#: How the count of a severity's queries looks where there are any.
_GRAVE = {"error": "bad", "warning": "unsure"}


def start_page(
    tables: dict[str, pd.DataFrame],
    study: dict,
    manifest: dict,
    documents: Iterable[Document],
    changes: str | Path,
) -> str:
    """The page as HTML; it shows the figures that lie beside it and asks for nothing else.

    ``tables`` are those of ``results.read_results``, ``manifest`` that of ``build_manifest``,
    ``documents`` what the report shows; ``changes`` is the path of ``audit/changes.parquet``.
    """
    run, documents = manifest["run"], list(documents)
    files = [entry["file"] for entry in manifest["files"]]
    shown: dict[str, tuple] = {}
    for document in documents:
        for key, exhibit in document.exhibits.items():
            shown.setdefault(key, (document.name, *exhibit))
    return render(
        "pipeline/audit/templates/start.html.j2",
        title=(run.get("title") or study["id"]).rstrip("."),
        subtitle=_subtitle(study, run),
        synthetic=bool(run.get("synthetic")),
        sections=_SECTIONS,
        tiles=_tiles(tables, read_table(changes)),
        unsure=sorted(unsupported(tables.get("endpoints/support"))),
        documents=[(d.name, _ABOUT.get(d.name, ""), d.formats) for d in documents],
        formats=_FORMATS,
        compared=run["comparison"]["export"] is not None,
        figures=_exhibits("fig", [f for f in files if f.startswith("figures/")], ".svg", shown),
        tables=_exhibits("tbl", [f for f in files if f.startswith("tables/")], ".csv", shown),
        book="tables/tables.xlsx" if "tables/tables.xlsx" in files else "",
        stages=_stages(manifest),
        others=_OTHERS,
        bridges=[file for file in files if file.startswith("bridges/")],
        run=run,
        authors=", ".join(_name(author) for author in study["report"]["authors"]),
    )


def _subtitle(study: dict, run: dict) -> str:
    cutoff = f", data cut-off {run['cutoff']}" if run.get("cutoff") else ""
    return f"{study['study'].get('short') or study['id']}. Export of {run['export']}{cutoff}."


def _name(author: str | dict) -> str:
    return author if isinstance(author, str) else author["name"]


def _tiles(tables: dict[str, pd.DataFrame], changes: pd.DataFrame) -> list[tuple]:
    """What is counted: where it leads, how many, of what, what else is to be said, how grave."""
    analysed = int(is_true(tables["endpoints/adsl"]["ITTFL"] == "Y").sum())
    asked = all_queries(tables)["SEVERITY"].value_counts()
    said = {
        "error": "a result may be wrong",
        "warning": "to be looked at",
        "note": "for the record",
    }
    found = [
        ("audit/index.html#flow", analysed, "patients", "in the analysis", ""),
        ("audit/index.html#numbers", len(tables["statistics/ard"]), "numbers", "computed", ""),
    ]
    for severity in SEVERITIES:
        count = int(asked.get(severity, 0))
        grave = _GRAVE.get(severity, "") if count else ""
        more = f"{severity}s: {said[severity]}"
        found.append(("audit/index.html#queries", count, "open queries", more, grave))
    if len(changes):
        alarms = int((changes["KIND"] == "alarm").sum())
        grave = "bad" if alarms else ""
        found.append(
            ("audit/changes.html#alarms", alarms, "alarms", "since the earlier export", grave)
        )
    return found


def _exhibits(kind: str, files: list[str], main: str, shown: dict[str, tuple]) -> list[dict]:
    """Figures or tables in the order of the report: name, label, title, document, id, files."""
    found = []
    for file in files:
        stem, dot, ending = file.rpartition(".")
        if dot + ending == main:
            name = stem.partition("/")[2]
            key = exhibit_id(f"{kind} {name}")
            document, label, title = shown.get(key, ("", "", name.replace("_", " ")))
            own = [f for f in files if f.rpartition(".")[0] == stem and not f.endswith(".html")]
            one = {"name": name, "label": label, "title": title, "document": document}
            found.append({**one, "id": key, "file": file, "files": sorted(own)})
    order = list(shown)
    return sorted(found, key=lambda one: _rank(one["id"], order))


def _rank(key: str, order: list[str]) -> int:
    return order.index(key) if key in order else len(order)


def _stages(manifest: dict) -> list[tuple]:
    """Each stage with what its tables are, and its tables: name, rows, Parquet, CSV."""
    by_file = {entry["file"]: entry for entry in manifest["files"]}
    found = []
    for stage, what in _STAGES.items():
        own = [
            (file.removeprefix(f"{stage}/")[:-8], entry["rows"], file, file[:-8] + ".csv")
            for file, entry in by_file.items()
            if file.startswith(f"{stage}/") and file.endswith(".parquet")
        ]
        found.append((stage, what, own))
    return found

"""The audit page: one file that leads from every number and patient back to the raw cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.selections import Selection, days_of, read
from venaza.contracts.wording import natural, shown
from venaza.markup import render
from venaza.pipeline.audit.page.compressed_tables import (
    coded_table,
    packed,
    packed_rows,
    packed_table,
)
from venaza.pipeline.audit.page.documents import Document
from venaza.pipeline.audit.page.files_section import LATER, drawn_stages, listed_files
from venaza.pipeline.audit.page.patient_batches import CleanRows, headers_of_patients, parcels
from venaza.pipeline.audit.page.sheets import Sheets
from venaza.pipeline.audit.page.timeline_events import courses
from venaza.pipeline.audit.results import all_queries
from venaza.pipeline.audit.trace.endpoint_words import definition
from venaza.study.endpoints import definitions_of
from venaza.study.support import marked

_SECTIONS = {
    "run": "Run",
    "flow": "Cohort flow",
    "patients": "Patients",
    "numbers": "Numbers",
    "queries": "Queries",
    "files": "Files",
}
#: The script of the page, in the order in which its parts stand on each other.
_SCRIPTS = ("data", "elements", "lists", "timeline", "patient", "numbers", "queries", "files",
            "views")  # fmt: skip
#: Rows of a table that the view of files shows.
_PREVIEW = 8
#: The analysis tables whose rows stand behind numbers.
_BEHIND = ("adtte", "adrs", "adae", "adlb", "tls")


def audit_page(
    tables: dict[str, pd.DataFrame],
    dictionaries: dict[str, tuple[Column, ...]],
    study: dict,
    manifest: dict,
    previews: dict[str, list[str]] | None = None,
    documents: Iterable[Document] = (),
) -> str:
    """The page as HTML that needs no network and no other file.

    ``tables`` and ``dictionaries`` are those of ``results.read_results`` and
    ``read_dictionaries``; ``manifest`` that of ``build_manifest``, ``previews`` the first lines
    of text files (``files_section.first_lines``), ``documents`` what the report shows
    (``documents.read_documents``): a number leads back to its places there.

    The address ``#ard-ARD_ID`` opens a number, ``#patient-USUBJID`` a patient, ``#file-PATH`` a
    file, ``#flow-BOX`` a box of the flow, ``#cell-USUBJID/FILE/SHEET/B12`` a raw cell.
    """
    run = manifest["run"]
    study = marked(study, tables.get("endpoints/support"))
    documents = [document for document in documents if "html" in document.formats]
    about = (run.get("title") or study["id"]).rstrip(".")
    return render(
        "pipeline/audit/page/templates/index.html.j2",
        title=f"Audit: {study['study'].get('short') or study['id']}",
        subtitle=f"{about}. Export of {run['export']}.",
        synthetic=bool(run.get("synthetic")),
        sections=_SECTIONS,
        scripts=_SCRIPTS,
        facts=_facts(run),
        raw=manifest["raw"],
        ways=_ways(documents),
        definitions=[
            (c, e["label"], definition(e), e.get("source")) for c, e in study["endpoints"].items()
        ],
        drawn=drawn_stages(manifest),
        stages=listed_files(manifest),
        data=[
            *_data(tables, dictionaries, study, manifest, previews or {}),
            ("printed", packed([[d.name, d.places] for d in documents])),
        ],
    )


def _ways(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """The pages beside this one."""
    texts = [(f"../report/{d.name}.html", d.name.capitalize()) for d in documents]
    return [("../index.html", "All results"), *texts, ("changes.html", "Changes")]


def _facts(run: dict) -> list[tuple]:
    """What was run: study, export, code, configuration, packages; hashes stand apart."""
    facts = [
        ("Study", run["study"], ""),
        ("Export", run["export"], ""),
        ("Data cut-off", run.get("cutoff") or "none", ""),
        ("Data", run.get("data"), ""),
        ("Source", run.get("source"), ""),
        ("Licence", run.get("licence"), ""),
        ("Code", f"venaza {run['code']['version']}, ", run["code"]["sha256"]),
        ("Configuration", "", run["configuration"]["sha256"]),
        ("Python", run.get("python"), ""),
        ("Packages", ", ".join(f"{name} {v}" for name, v in run["packages"].items()), ""),
    ]
    return [fact for fact in facts if any(map(shown, fact[1:]))]


def _data(tables, dictionaries, study, manifest, previews) -> list[tuple[str, str]]:
    """The data of the page by name, what every view needs first, each large table by itself."""
    adsl = _by_patient(tables["endpoints/adsl"])
    patients = pd.Index(adsl["USUBJID"], dtype="object")
    sheets = Sheets(tables["intake/cells"])
    rows = CleanRows(tables, patients, sheets)
    made = [
        (f"parcel-{number}", packed(parcel))
        for number, parcel in enumerate(parcels(tables, patients, sheets, rows))
    ]
    for name, frame in _pointing(tables, study):
        frame = _by_patient(frame)
        table = {**coded_table(frame), "CELL": rows.cells(frame)}
        made.append((name, packed(packed_rows(table, np.arange(len(frame))))))
    core = _core({**tables, "endpoints/adsl": adsl}, study, manifest, sheets)
    core["labels"] = _labels(dictionaries)
    files = _files(dictionaries, manifest, tables, previews)
    return [("core", packed(core)), ("files", packed(files)), *made]


def _pointing(tables: dict[str, pd.DataFrame], study: dict) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables whose rows point at clean values: those behind numbers, and the time lines."""
    for name in _BEHIND:
        frame = tables.get(f"endpoints/{name}")
        if frame is not None and name == "adae":
            source = {"SRCDOM": "adverse_events", "SRCVAR": "AETERM", "SRCSEQ": frame["AESEQ"]}
            frame = frame.assign(ADY=frame["ASTDY"], **source)
        if frame is not None:
            yield name, frame
    yield "courses", courses(tables, study)


def _by_patient(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order in which people count patients; a patient's rows keep theirs."""
    places, names = pd.factorize(frame["USUBJID"])
    rank = np.argsort(sorted(range(len(names)), key=lambda i: natural(names[i])))
    return frame.iloc[np.argsort(rank[places], kind="stable")].reset_index(drop=True)


def _core(tables: dict[str, pd.DataFrame], study: dict, manifest: dict, sheets: Sheets) -> dict:
    selections = read(tables["statistics/selections"])
    which = tables["statistics/ard_selections"].set_index("ard_id")["SELECTION"]
    ard = tables["statistics/ard"]
    listed = {
        "adsl": _with_changes(tables, selections),
        "ard": ard.assign(SELECTION=ard["ard_id"].map(which)),
        "queries": all_queries(tables),
        "excluded": tables["endpoints/adtte_excluded"],
        "corrections": tables.get("clean/corrections"),
        "quarantine": tables.get("clean/quarantine"),
        "flow": tables.get("endpoints/flow"),
        "row_account": tables.get("clean/row_account"),
        "changed": _changed(tables["clean/cleaning_log"]),
    }
    return {
        "tables": {name: packed_table(f) for name, f in listed.items() if f is not None},
        "selections": {number: _as_told(found) for number, found in selections.items()},
        "sheets": sheets.listed(),
        "study": _told(study, manifest),
        "headers": headers_of_patients(tables),
    }


def _as_told(selection: Selection) -> dict:
    """A selection for the script: what is not asked is left out."""
    always = ("where", "members", "columns")
    return {k: v for k, v in asdict(selection).items() if v or k in always}


def _with_changes(
    tables: dict[str, pd.DataFrame], selections: dict[int, Selection]
) -> pd.DataFrame:
    """ADSL with a column for each milestone that is a selection's ``change``: its day."""
    adsl = tables["endpoints/adsl"]
    wanted = {found.change for found in selections.values() if found.change}
    return adsl.assign(**{name: days_of(name, adsl, tables) for name in sorted(wanted)})


def _changed(log: pd.DataFrame) -> pd.DataFrame:
    """How many values of which column cleaning changed by which rule."""
    by = ["TABLE", "COLUMN", "RULE"]
    counted = log.groupby(by, observed=True).size().reset_index(name="N")
    return counted.astype(dict.fromkeys(by, "string")).sort_values(by)


def _told(study: dict, manifest: dict) -> dict:
    """What the page says of the study in words."""
    endpoints = definitions_of(study)
    return {
        "id": study["id"],
        "export": manifest["run"]["export"],
        "month": study["timeline"]["days_per_month"],
        "primary": study.get("analysis", {}).get("primary", "OS"),
        "groups": (study.get("groups") or {}).get("levels") or {},
        "main": list(study["endpoints"]),
        "remission": study.get("response", {}).get("remission", []),
        "overall": study.get("response", {}).get("overall", []),
        "endpoints": {
            code: [e["label"], definition(e), e.get("source") or ""]
            for code, e in endpoints.items()
        },
    }


def _labels(dictionaries: dict[str, tuple[Column, ...]]) -> dict[str, dict[str, str]]:
    """What the columns of the clean and of the analysis tables are, by table and name."""
    wanted = [name for name in dictionaries if name.startswith(("clean/", "endpoints/"))]
    return {
        name.removesuffix(".parquet"): {c.name: c.label for c in dictionaries[name]}
        for name in wanted
    }


def _head(frame: pd.DataFrame) -> list:
    """The names of the columns, and the first rows as text."""
    rows = frame.head(_PREVIEW).astype(object).itertuples(index=False, name=None)
    return [list(frame.columns), [[shown(value) for value in row] for row in rows]]


def _files(dictionaries, manifest: dict, tables: dict, previews: dict) -> dict:
    """Of each file what the manifest says; its columns; its first rows."""
    columns = {
        name: [[c.name, c.label, c.unit, c.dtype, c.derivation] for c in found]
        for name, found in dictionaries.items()
    }
    first = {f"{name}.parquet": _head(frame) for name, frame in tables.items()}
    return {
        "raw": manifest["raw"],
        "files": [entry for entry in manifest["files"] if entry["file"] not in LATER],
        "columns": columns,
        "rows": {name: rows for name, rows in first.items() if name in columns},
        "lines": previews,
    }

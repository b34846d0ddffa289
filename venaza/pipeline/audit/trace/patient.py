"""All that is known of one patient: raw cells, cleaning, course, endpoints, numbers."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from venaza.contracts.truth import is_true
from venaza.contracts.wording import natural, shown
from venaza.pipeline.audit.page.sheets import Sheets, owned_cells
from venaza.pipeline.audit.results import all_queries, clean_rows, read_results, unknown
from venaza.pipeline.audit.trace.analysis_cells import AnalysisCells
from venaza.pipeline.audit.trace.endpoint_words import definition
from venaza.pipeline.audit.trace.number import definition_of, plain, whole
from venaza.pipeline.audit.trace.number_rows import numbers_of_patient
from venaza.study.support import marked

#: Population flags, in the order of the flow, with the column that says why not or how.
FLAGS = {
    "ITTFL": None,
    "SAFFL": None,
    "RESPFL": "RESPFLRS",
    "CRFL": None,
    "MRDFL": "MRDFLRS",
    "FAILFL": "FAILTYPE",
    "PFTRTFL": "PFTRT",
    "PFSUPFL": "PFSUP",
    "TXFL": None,
    "DTHFL": None,
}
_PRINTED = re.compile(r'data-ard="([^"]+)"')
_ASKED = re.compile(r"\{\{< var (\S+) >\}\}")


def traced(results: Path, study: dict, patient: str) -> dict:
    """One patient as a dict of plain values (``docs/audit.md`` lists the keys).

    ``results`` is ``results/STUDY``. Raises ``StudyError`` for a patient that is not there.
    """
    tables = whole(read_results(results, categories=("intake", "clean")), results)
    known = sorted(tables["endpoints/adsl"]["USUBJID"], key=natural)
    if patient not in known:
        raise unknown("patient", patient, known, "PATIENT")
    own = {name: _of(frame, patient) for name, frame in tables.items() if "USUBJID" in frame}
    queries = _of(all_queries(tables), patient)
    return {
        "study": study["id"],
        "export": str(study["export"]),
        "patient": patient,
        **_populations(own["endpoints/adsl"], study),
        "raw": _raw(tables["intake/cells"], own, queries, patient),
        "cleaning": _rows(own["clean/cleaning_log"]),
        "clean": {name: _rows(f) for name, f in clean_rows(own).items() if len(f)},
        "queries": _rows(queries),
        "course": _rows(own["endpoints/milestones"]),
        **_endpoints(tables, own, study),
        "laboratory": _laboratory(own),
        "numbers": _numbers(patient, tables, study, results),
    }


def _of(frame: pd.DataFrame, patient: str) -> pd.DataFrame:
    return frame[is_true(frame["USUBJID"] == patient)]


def _rows(frame: pd.DataFrame) -> list[dict]:
    kept = [c for c in frame if c not in ("STUDYID", "USUBJID")]
    return [plain(row) for row in frame[kept].to_dict("records")]


def _populations(adsl: pd.DataFrame, study: dict) -> dict:
    row = plain(adsl.to_dict("records")[0])
    levels = (study.get("groups") or {}).get("levels") or {}
    flags = {name: {"flag": row.get(name), "reason": row.get(r)} for name, r in FLAGS.items()}
    group = row.get("GROUP")
    return {"group": group, "group_label": levels.get(group), "populations": flags}


def _raw(
    cells: pd.DataFrame, own: dict[str, pd.DataFrame], queries: pd.DataFrame, patient: str
) -> list[dict]:
    """The patient's raw rows; of another's row, over which a cell is merged, that cell alone."""
    tables = {name: frame for name, frame in own.items() if name.startswith("clean/")}
    tables |= {"clean/queries": queries}
    _, found = owned_cells(tables, pd.Index([patient]), Sheets(cells))
    rows: dict[tuple, list[dict]] = {}
    for cell in cells.iloc[np.unique(found)].to_dict("records"):
        place = (cell["SRCFILE"], shown(cell["SRCSHEET"]), cell["SRCROW"])
        rows.setdefault(place, []).append(plain({k: cell[k] for k in ("COL", "HEADER", "VALUE")}))
    return [
        {"SRCFILE": file, "SRCSHEET": sheet or None, "SRCROW": int(row), "cells": found}
        for (file, sheet, row), found in rows.items()
    ]


def _endpoints(tables: dict[str, pd.DataFrame], own: dict[str, pd.DataFrame], study: dict) -> dict:
    """Each endpoint's row with the sources tried; and those without a row."""
    study = marked(study, tables.get("endpoints/support"))
    raw = AnalysisCells({**own, "intake/cells": tables["intake/cells"]}, study)
    tried: dict[str, list[dict]] = {}
    for row in own["endpoints/trail"].to_dict("records"):
        cells = [plain(c) for c in raw.of_source("ADT", row)]
        kept = {k: v for k, v in row.items() if k not in ("STUDYID", "USUBJID", "PARAMCD")}
        tried.setdefault(row["PARAMCD"], []).append({**plain(kept), "cells": cells})
    rows, excluded = [], []
    for row in _rows(own["endpoints/adtte"]):
        spec = definition_of(study, row["PARAMCD"]) or {}
        told = {"definition": definition(spec), "source": spec.get("source")}
        rows.append({**row, **told, "tried": tried.get(row["PARAMCD"], [])})
    for row in _rows(own["endpoints/adtte_excluded"]):
        excluded.append({**row, "tried": tried.get(row["PARAMCD"], [])})
    return {"endpoints": rows, "excluded": excluded}


def _laboratory(own: dict[str, pd.DataFrame]) -> dict | None:
    """The worst graded values and tumour lysis; None without laboratory values."""
    if "endpoints/adlb" not in own or own["endpoints/tls"].empty:
        return None
    adlb = own["endpoints/adlb"]
    worst = adlb[is_true(adlb["WORSTFL"] == "Y")]
    return {"worst": _rows(worst), "tumour_lysis": _rows(own["endpoints/tls"])}


def _numbers(patient: str, tables: dict[str, pd.DataFrame], study: dict, results: Path) -> dict:
    """The numbers of the report that the patient counts in, and how many more there are."""
    found = numbers_of_patient(patient, tables, study)
    printed = printed_numbers(results)
    if printed is None:
        return {"printed": None, "further": len(found)}
    ard = tables["statistics/ard"].set_index("ard_id")
    names = ["analysis", "endpoint", "display", "unit"]
    kept = [ard_id for ard_id in found if ard_id in printed]
    rows = [
        {"ard_id": ard_id, **plain(row)}
        for ard_id, row in zip(kept, ard.loc[kept, names].to_dict("records"), strict=True)
    ]
    return {"printed": rows, "further": len(found) - len(kept)}


def printed_numbers(results: Path) -> set[str] | None:
    """The ids of the numbers that the report prints; None where there is no report.

    Read from its web pages where there are any, otherwise from the text that the Word and PDF
    files were made of.
    """
    pages = sorted((results / "report").glob("*.html"))
    if pages:
        return set().union(*(_PRINTED.findall(page.read_text(encoding="utf-8")) for page in pages))
    parts = sorted((results / "report/source/_generated").glob("*.md"))
    if not parts:
        return None
    text = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    asked = (".".join(map(_unescaped, name.split("."))) for name in _ASKED.findall(text))
    return {*_PRINTED.findall(text), *asked}


def _unescaped(part: str) -> str:
    """A part of a variable's name as in the id: Quarto wants ``_2`` for ``2``."""
    return part[1:] if part[:1] == "_" and part[1:].isdigit() else part

"""The worlds in which the claims are checked: the shipped studies, and the small cohorts."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from tests.metamorphic.outcome import as_sent
from tests.report.claims.cohorts import ROOT
from tests.report.claims.variants import AFTERWARDS, CHANGED, CORRECTED, VARIANTS, made
from tests.report.claims.world import World
from tests.statistics.test_digitised import AT_RISK, DIGITISED, POINTS
from venaza.commands.examples import Example, clean_tables
from venaza.contracts.evidence import read_rows
from venaza.contracts.files import read_text
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.statistics import analyse
from venaza.preflight import load_study, settings

SHIPPED = ("aml_venaza", "all_venaza", "bmt", "myeloid")
NAMES = (*SHIPPED, *VARIANTS)


@cache
def world(name: str) -> World:
    """The world of that name."""
    found = analysed(name)
    folder = Path(tempfile.mkdtemp(prefix="claims"))
    told = settings(found.study, "report")
    corrected = CORRECTED.get(name)
    return World(
        name,
        told,
        found.clean,
        found.tables,
        found.ard,
        found.queries,
        folder,
        corrected,
        _changed(name),
    )


@cache
def analysed(name: str) -> SimpleNamespace:
    """Its whole ``study``, ``clean`` and analysis ``tables``, ``queries``, ``ard``, ``curves``."""
    return _shipped(name) if name in SHIPPED else _variant(name)


def _variant(name: str) -> SimpleNamespace:
    study, rows = made(name)
    clean = clean_tables(Example(name, "tests", given=rows), study)
    tables = derive(clean, study)
    queries = tables.pop("queries")
    if name in AFTERWARDS:
        AFTERWARDS[name](tables["adsl"])
    return _analysed(study, clean, tables, queries)


def _shipped(name: str) -> SimpleNamespace:
    sent = as_sent(name)
    study = load_study(ROOT, name)
    tables = derive(sent.clean, settings(study, "endpoints"))
    tables.pop("queries")
    return _analysed(study, sent.clean, tables, sent.queries)


def _analysed(study: dict, clean: dict, tables: dict, queries: pd.DataFrame) -> SimpleNamespace:
    ard, curves = analyse({**tables, **_published(study)}, settings(study, "statistics"))
    return SimpleNamespace(
        study=study, clean=clean, tables=tables, queries=queries, ard=ard, curves=curves
    )


def _changed(name: str) -> pd.DataFrame | None:
    """What has changed in a cohort since the export before; None where there was none."""
    if name not in CHANGED:
        return None
    found = pd.DataFrame(CHANGED[name], columns=["KIND", "STATUS", "CAUSE"], dtype="string")
    ids = [f"km.OS.all.{n}" for n in range(len(found))]
    return found.assign(ITEM=ids, WORDS=pd.NA, BEFORE="1", AFTER="2")


def _published(study: dict) -> dict:
    """What statistics read beside the analysis tables, as its script does."""
    found: dict = {}
    if study["published_curves"]:
        found["published_curves"] = {DIGITISED["id"]: (POINTS, AT_RISK)}
    if study["published"]:
        found["published"] = read_text(ROOT / study["published"]["file"])
    evidence = study["evidence"]
    if evidence:
        found["evidence"] = {path: read_rows(ROOT / path) for path in evidence["files"]}
        trials = evidence["trials"]
        found["trials"] = [] if trials == "none" else read_rows(ROOT / trials)
    return found

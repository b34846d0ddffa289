"""A mangled project run as ``python -m venaza check`` runs it, in this process."""

from __future__ import annotations

import os
import pickle
import shutil
import traceback
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

import yaml

from tests.fuzz.bases import ROOT, Base
from tests.fuzz.documents import as_yaml
from venaza.contracts.errors import StudyError

STUDY, EXPORT = "fuzzed", "2024-06-30"
CLEAN, MESSAGE, FAULT = "clean", "message", "fault"


@dataclass
class Outcome:
    """What came of a case: clean, one message, or a fault (an exception, a failed oracle)."""

    kind: str
    text: str = ""
    error: StudyError | None = None
    tables: dict = field(default_factory=dict)
    results: dict = field(default_factory=dict)


def make_project(folder: Path) -> Path:
    """A project with the shipped configuration and no study."""
    shutil.copytree(ROOT / "config", folder / "config", ignore=shutil.ignore_patterns("studies"))
    (folder / "config/studies").mkdir()
    for part in ("workflow/schemas", "data/reference"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


def write(project: Path, base: Base, text: str | None, mangled: dict[str, bytes]) -> None:
    """Lay the study file (``text``, else the document) and the export of a case into a project."""
    study = as_yaml(base.document) if text is None else text
    (project / f"config/studies/{STUDY}.yaml").write_text(study, encoding="utf-8", newline="")
    folder = project / "data/raw" / STUDY / EXPORT
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in base.files:
        data = mangled[file.name] if file.name in mangled else file.data(project)
        (folder / file.name).write_bytes(data)


def run(project: Path, deep: bool = False) -> Outcome:
    """Check the project's study; ``deep`` adds page, statistics and tables."""
    from venaza.commands import check as command
    from venaza.preflight import load_study
    from venaza.study import documents

    made: dict = {}
    in_memory = command.in_memory

    def kept(root, study):
        made["all"] = in_memory(root, study)
        return made["all"]

    try:
        with (
            patch.object(command, "in_memory", kept),
            patch.object(documents.yaml, "load", _loaded),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("error", RuntimeWarning)
            warnings.simplefilter("error", UserWarning)
            # Examples of a mangled study may fail: that is no fault.
            text, _ = command.check(project, STUDY, EXPORT, report=deep)
            if deep:
                _go_on(project, load_study(project, STUDY, EXPORT), made["all"])
    except StudyError as error:
        return Outcome(MESSAGE, str(error), error)
    except Exception as error:  # noqa: BLE001 - what the fuzz test is for
        return Outcome(FAULT, _told(error))
    _, _, tables, results = made["all"]
    return Outcome(CLEAN, text, None, tables, results)


def _loaded(text: str, loader: type) -> object:
    return pickle.loads(_parsed(text, loader))


@lru_cache(maxsize=64)
def _parsed(text: str, loader: type, load=yaml.load) -> bytes:
    """The shipped files are the same in every case: they are looked at and parsed once."""
    return pickle.dumps(load(text, loader))


def _told(error: Exception) -> str:
    step = traceback.extract_tb(error.__traceback__)[-1]
    own = [s for s in traceback.extract_tb(error.__traceback__) if "/venaza/" in s.filename]
    at = own[-1] if own else step
    place = f"{os.path.relpath(at.filename, ROOT)}:{at.lineno} {at.name}"
    return f"{type(error).__name__}: {str(error)[:300]} at {place}"


def _go_on(project: Path, study: dict, made: tuple) -> None:
    """Statistics and tables, as the jobs make them."""
    from venaza.contracts.evidence import read_rows
    from venaza.contracts.files import read_text
    from venaza.pipeline.statistics import analyse
    from venaza.pipeline.statistics.check_r import check_script
    from venaza.pipeline.tables import build_all
    from venaza.preflight import settings

    _, _, _, results = made
    published, evidence = study["published"], study["evidence"] or {"files": [], "trials": "none"}
    beside = {
        "published_curves": {
            c["id"]: tuple(read_text(project / c[n]) for n in ("points", "at_risk"))
            for c in study["published_curves"]
        },
        "evidence": {file: read_rows(project / file) for file in evidence["files"]},
        "trials": [] if evidence["trials"] == "none" else read_rows(project / evidence["trials"]),
    }
    if published:
        beside["published"] = read_text(project / published["file"])
    told = settings(study, "statistics")
    ard, _ = analyse({**results, **beside}, told)
    check_script(told)
    rows = [row for part in beside["evidence"].values() for row in part]
    given = {"adae": results["adae"], "evidence": rows, "trials": beside["trials"]}
    given["support"] = results.get("support")
    build_all(given, ard, settings(study, "tables"), project / "results" / STUDY / "tables")

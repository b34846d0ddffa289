"""Which files of a project go into a crate: never more of the patients than was asked for."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from venaza.contracts.errors import Key, StudyError
from venaza.pipeline.audit.manifest import CODE, MANIFEST

#: What a run's code needs beside it to be run again.
_BESIDE = ("LICENSE", "README.md", "pyproject.toml", "requirements.lock", "profiles")
#: Published figures and curves that studies are compared with.
_REFERENCE = "data/reference"
#: Files of the results that show no single patient, but for what ``by_patient`` finds in them.
_OPEN = (
    "index.html", "report/", "figures/", "tables/", "statistics/", "audit/manifest.json",
    "audit/lineage.csv",
)  # fmt: skip
_DRAWN = ("figures/", "report/source/")


def by_patient(manifest: dict) -> set[str]:
    """The files of the results that show single patients.

    All but report, figures, tables and numbers do: settings hold the corrections, logs may name a
    patient, the audit page lists them all. Of those a table with a column of patients does, and
    so does the figure drawn from it.
    """
    tables = {e["file"] for e in manifest["files"] if "USUBJID" in e.get("columns", ())}
    drawn = {PurePosixPath(file).stem for file in tables if file.startswith(_DRAWN)}
    return {
        file
        for file in (entry["file"] for entry in manifest["files"])
        if file in tables
        or not file.startswith(_OPEN)
        or (file.startswith(_DRAWN) and PurePosixPath(file).stem in drawn)
    }


def chosen(root: Path, study: dict, manifest: dict, patients: bool, raw: bool) -> list[str]:
    """The files for the crate, as paths from the project's root, sorted.

    ``patients`` adds the tables with a row per patient, the audit page, settings, logs and the
    study's corrections; ``raw`` the export's files.
    Raises ``StudyError`` where the raw files hold what the privacy gate has taken out.
    """
    results = f"results/{study['id']}"
    closed = set() if patients else by_patient(manifest)
    files = [f"{results}/{e['file']}" for e in manifest["files"] if e["file"] not in closed]
    files.append(f"{results}/{MANIFEST}")
    files += _project_files(root, study["id"], patients)
    if raw:
        _refuse_identifiers(study)
        folder = f"data/raw/{study['id']}/{study['export']}"
        whole = {entry["file"] for entry in manifest["raw"]}
        files += [f"{folder}/{name}" for name in sorted(whole) if (root / folder / name).is_file()]
    return sorted(set(files))


def _project_files(root: Path, name: str, patients: bool) -> list[str]:
    """Code and configuration; of studies and corrections only those of this one."""
    found = []
    for part in (*CODE, *_BESIDE, _REFERENCE, "config"):
        base = root / part
        inside = [base] if base.is_file() else sorted(base.rglob("*"))
        found += [path.relative_to(root) for path in inside if path.is_file()]
    kept = []
    for path in found:
        hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
        of_a_study = re.match(r"config/(studies|corrections)/", path.as_posix())
        # A study is a file, and a folder of its authors' texts.
        own = of_a_study and name in (path.stem, path.parts[2])
        with_patients = path.parts[:2] == ("config", "corrections")
        if not hidden and (not of_a_study or own) and (patients or not with_patients):
            kept.append(path.as_posix())
    return kept


def _refuse_identifiers(study: dict) -> None:
    spec = study["privacy"]
    taken = sorted(h for h, action in spec["columns"].items() if action != "keep")
    if taken or spec["shift_dates"]:
        what = ", ".join(taken) or "true dates"
        raise StudyError(
            "The raw files hold what the privacy gate takes out, so they go into no crate.",
            fix="Leave out --raw. --patients gives the tables as they are behind the gate.",
            at=Key(f"config/studies/{study['id']}.yaml", "privacy", what),
        )

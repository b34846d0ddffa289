"""What each stage may know of the study: the one way in which settings reach a rule."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from venaza.contracts.files import write_text

_SECTIONS = {
    "intake": ["tables", "export", "privacy", "redcap", "limits"],
    "clean": [
        *("tables", "timeline", "vocabulary", "ctcae", "units", "columns", "cutoff", "export"),
        *("corrections", "redcap", "checks"),
    ],
    "endpoints": [
        *("timeline", "response", "criteria", "mrd", "milestones", "failure", "endpoints"),
        *("alternatives", "risk", "risk_tables", "transfusions", "labs", "lab_grades", "tls"),
        *("groups", "columns", "ctcae", "cutoff", "tables", "checks"),
    ],
    "statistics": [
        *("timeline", "response", "mrd", "endpoints", "groups", "columns", "analysis"),
        *("levels", "published", "evidence", "alternatives", "risk", "risk_tables", "transfusions"),
        *("labs", "lab_grades", "tls"),
    ],
}
_SHOWN = [*_SECTIONS["statistics"], "study", "tables", "milestones", "failure", "export"]
_SECTIONS["figures"] = _SHOWN
_SECTIONS["tables"] = [*_SHOWN, "ctcae", "criteria"]
_SECTIONS["report"] = [*_SHOWN, "ctcae", "criteria", "report", "cutoff", "vocabulary", "checks"]
_SECTIONS["audit"] = _SECTIONS["report"]
_SECTIONS["queries"] = ["study", "export", "checks"]


#: The stages of a run, in order.
STAGES = tuple(_SECTIONS)

#: Packages that a stage's script calls beside the stage's own.
_CALLED = {"intake": ("privacy", "clean")}


def settings(study: dict, stage: str) -> dict:
    """The part of ``study`` that ``stage`` works with, and so is rerun for when it changes."""
    return {"id": study["id"], **{key: study[key] for key in _SECTIONS[stage]}}


def write_settings(path: Path, study: dict, stage: str, code: str, **more: object) -> None:
    """Write what a stage is told and the hash of its code, where that differs from the file.

    A job has this file among its inputs, so it runs again when its part of the configuration
    or its code has changed, and not when another part has.
    """
    told = {"stage": stage, "code": code, "settings": settings(study, stage), **more}
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(text, path)


def stage_code(root: Path, stage: str) -> str:
    """A hash of the code that a stage runs: its packages, the contracts, the errors."""
    files = [root / "venaza/errors.py", root / "venaza/job.py"]
    for name in (stage, "contracts", *_CALLED.get(stage, ())):
        files += [p for p in (root / "venaza" / name).rglob("*.*") if "__pycache__" not in p.parts]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]

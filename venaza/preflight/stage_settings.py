"""What each stage may know of the study: the one way in which settings reach a rule."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from venaza.contracts.files import write_text
from venaza.rerun.previous_settings import keep

_SECTIONS = {
    "intake": ["tables", "export", "privacy", "redcap", "limits"],
    "clean": [
        "tables", "timeline", "vocabulary", "asked", "ctcae", "units", "columns", "cutoff",
        "export", "corrections", "redcap", "checks", "response", "numbers", "labs",
    ],
    "endpoints": [
        "timeline", "response", "criteria", "mrd", "milestones", "failure", "endpoints",
        "on_one_day", "alternatives", "risk", "risk_tables", "transfusions", "labs",
        "lab_grades", "tls", "treatment_emergent", "groups", "columns", "ctcae", "cutoff",
        "tables", "checks", "analysis",
    ],
    "statistics": [
        "timeline", "response", "mrd", "endpoints", "groups", "columns", "analysis", "levels",
        "published", "alternatives", "risk", "risk_tables", "transfusions", "labs",
        "lab_grades", "tls", "published_curves", "evidence",
    ],
}  # fmt: skip
_SHOWN = [*_SECTIONS["statistics"], "study", "tables", "milestones", "failure", "export"]
_SAID = ["language", "words"]
_SECTIONS["figures"] = [*_SHOWN, *_SAID, "report", "journal"]
_SECTIONS["tables"] = [*_SHOWN, *_SAID, "journal", "ctcae", "criteria", "treatment_emergent"]
_SECTIONS["report"] = [
    *_SHOWN,
    *_SAID,
    "on_one_day",
    "ctcae",
    "criteria",
    "report",
    "journal",
    "author",
    "checklists",
    "cutoff",
    "vocabulary",
    "checks",
    "treatment_emergent",
]
_SECTIONS["changes"] = [*_SHOWN, "cutoff", "changes"]
_NOT_AUDITED = ("checklists", "journal")
_SECTIONS["audit"] = [name for name in _SECTIONS["report"] if name not in _NOT_AUDITED]
_SECTIONS["queries"] = [
    "study",
    "export",
    "checks",
    "queries",
    "messages",
    "tables",
    "vocabulary",
    "ctcae",
]
_SECTIONS["bridges"] = [
    "endpoints", "alternatives", "groups", "columns", "analysis", "levels", "export",
]  # fmt: skip


#: The stages of a run, in order.
STAGES = tuple(_SECTIONS)

#: Packages that a stage's script calls beside the stage's own and what all stages share.
_CALLED = {
    "intake": ("pipeline/clean",),
    "changes": ("pipeline/compare", "pipeline/audit", "markup"),
    "audit": ("markup",),
    "tables": ("markup",),
    "report": ("markup",),
}
#: Scripts that a stage runs, where that is not one of its own name.
_SCRIPTS = {"report": ("manuscript", "render")}


#: Words for the reader in a definition of an endpoint: no date and no number comes from them.
_SENTENCES = ("sentence", "short", "source", "censor_sentence", "competing_label")
#: Words that a stage never reads, by section: they are not told to it, so that another label or
#: sentence does not redo it. An endpoint's label is ADTTE's PARAM, so endpoints do read it.
_UNREAD = {
    "clean": {
        "timeline": ("index",),
        "labs": ("normal",),
        "response": (
            "criteria", "counts", "count_window_days", "transfusion_free_days", "remission",
            "overall", "until", "order", "refractory_after_cycles", "denominator",
            "blood_relapse_days",
        ),
    },
    "endpoints": {
        "timeline": ("index",),
        "labs": ("specimens", "headers"),
        "endpoints": _SENTENCES,
        "alternatives": _SENTENCES,
        "groups": ("levels",),
    },
    "statistics": {
        "timeline": ("index",),
        "endpoints": (*_SENTENCES, "label"),
        "alternatives": (*_SENTENCES, "label"),
        "groups": ("levels",),
        "published": ("citation",),
    },
}  # fmt: skip

#: Of these sections a stage reads a few keys only, and is told no other.
_ONLY = {
    "endpoints": {"analysis": ("early_death_days",)},
    "figures": {"report": ("tiff",), "journal": ("p", "decimals")},
    "tables": {"journal": ("p", "decimals")},
}


def settings(study: dict, stage: str) -> dict:
    """The part of ``study`` that ``stage`` works with, and so is rerun for when it changes."""
    part = {key: study[key] for key in _SECTIONS[stage]}
    for key, names in _ONLY.get(stage, {}).items():
        part[key] = {name: study[key][name] for name in names}
    for key, words in _UNREAD.get(stage, {}).items():
        part[key] = _without(part[key], key, words)
    return {"id": study["id"], **part}


def _without(section: dict | None, key: str, words: tuple[str, ...]) -> dict | None:
    """A section without words for the reader; of the groups' levels the codes stay."""
    if section is None:
        return None
    if key == "groups":
        kept = {name: value for name, value in section.items() if name != "short"}
        return {**kept, "levels": {level: level for level in section["levels"]}}
    if key in ("endpoints", "alternatives"):
        return {
            code: {k: v for k, v in definition.items() if k not in words}
            for code, definition in section.items()
        }
    return {k: v for k, v in section.items() if k not in words}


def write_settings(
    path: Path, study: dict, stage: str, code: str, kept: Path | None = None, **more: object
) -> None:
    """Write what a stage is told and the hash of its code, where that differs from the file.

    A job has this file among its inputs, so it runs again when its part of the configuration
    or its code has changed, and not when another part has. What the file said before is kept
    in the folder ``kept``, so that the run can name what changed.
    """
    told = {"stage": stage, "code": code, "settings": settings(study, stage), **more}
    text = _by_line(told)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        if kept is not None and path.is_file():
            keep(path, kept)
        write_text(text, path)


def _by_line(told: dict) -> str:
    """JSON with a line for each key and each section of the settings.

    Python's own indentation takes ten times as long, at the start of every run.
    """

    def lines(mapping: dict, indent: str, inner: dict) -> str:
        found = (
            f"{indent} {json.dumps(key, ensure_ascii=False)}: "
            + (inner[key] if key in inner else json.dumps(value, ensure_ascii=False))
            for key, value in mapping.items()
        )
        return "{\n" + ",\n".join(found) + f"\n{indent}}}"

    return lines(told, "", {"settings": lines(told["settings"], " ", {})}) + "\n"


def stage_code(root: Path, stage: str) -> str:
    """A hash of the code that a stage runs (``code_files``)."""
    digest = hashlib.sha256()
    for path in code_files(root, stage):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def code_files(root: Path, stage: str) -> list[Path]:
    """The files that a stage runs: its scripts and packages, and what all stages share."""
    files = [root / f"workflow/scripts/{name}.py" for name in _SCRIPTS.get(stage, (stage,))]
    for name in ("contracts", "study", f"pipeline/{stage}", *_CALLED.get(stage, ())):
        files += [p for p in (root / "venaza" / name).rglob("*.*") if "__pycache__" not in p.parts]
    return sorted(files)

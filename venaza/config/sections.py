"""What each stage may know of the study: the one way in which settings reach a rule."""

from __future__ import annotations

_SECTIONS = {
    "intake": ["tables"],
    "clean": ["tables", "timeline", "vocabulary", "ctcae", "units", "columns", "cutoff"],
    "endpoints": [
        *("timeline", "response", "criteria", "mrd", "milestones", "failure", "endpoints"),
        *("groups", "columns", "ctcae", "cutoff", "tables"),
    ],
    "statistics": [
        *("timeline", "response", "mrd", "endpoints", "groups", "columns", "analysis"),
        *("levels", "published"),
    ],
}
_SHOWN = [*_SECTIONS["statistics"], "study", "tables", "milestones", "failure", "export"]
_SECTIONS["figures"] = _SHOWN
_SECTIONS["tables"] = [*_SHOWN, "ctcae", "criteria"]
_SECTIONS["report"] = [*_SHOWN, "ctcae", "criteria", "report", "cutoff", "vocabulary"]
_SECTIONS["audit"] = _SECTIONS["report"]


def settings(study: dict, stage: str) -> dict:
    """The part of ``study`` that ``stage`` works with, and so is rerun for when it changes."""
    return {"id": study["id"], **{key: study[key] for key in _SECTIONS[stage]}}

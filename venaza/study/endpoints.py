"""Endpoints of a study by code, with their other definitions; milestones that each study has."""

from __future__ import annotations

#: The milestones that the engine makes, beside those that ``config/endpoints.yaml`` describes.
ENGINE_MILESTONES = {
    "INDEX": "Index date",
    "FAILURE": "Failure of the regimen",
    "ASSESSED": "Assessment",
    "LAST_ASSESSMENT": "Last assessment",
    "LAST_ALIVE": "Last date known alive",
}


def clean_table(milestone: dict) -> str:
    """The clean table with the rows of a milestone; assessments are responses."""
    return "responses" if milestone["table"] == "assessments" else milestone["table"]


def definitions_of(study: dict) -> dict[str, dict]:
    """The endpoints (``EFS``) and, where there are any, their alternatives (``EFS.eln2022``)."""
    return {**study["endpoints"], **study.get("alternatives", {})}

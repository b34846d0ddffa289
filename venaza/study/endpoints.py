"""The definitions of a study by code: its endpoints, then the other definitions of each."""

from __future__ import annotations


def definitions_of(study: dict) -> dict[str, dict]:
    """The endpoints (``EFS``) and, where there are any, their alternatives (``EFS.eln2022``)."""
    return {**study["endpoints"], **study.get("alternatives", {})}

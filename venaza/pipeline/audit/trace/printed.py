"""The way back: one patient from raw cells to endpoints, one number to its patients and files."""

from __future__ import annotations

import json
from pathlib import Path

from venaza.pipeline.audit.trace.number import explained
from venaza.pipeline.audit.trace.number_text import number_text
from venaza.pipeline.audit.trace.patient import traced
from venaza.pipeline.audit.trace.patient_text import patient_text


def trace(results: Path, study: dict, patient: str) -> str:
    """One patient as text: raw cells, cleaning, clean rows, queries, endpoints, numbers.

    ``results`` is ``results/STUDY``. Raises ``StudyError`` for a patient that is not there.
    """
    return patient_text(traced(results, study, patient))


def trace_json(results: Path, study: dict, patient: str) -> str:
    """The same as JSON."""
    return _json(traced(results, study, patient))


def why(results: Path, study: dict, ard_id: str) -> str:
    """One number as text: value, method, population, definition, its rows and its files.

    ``results`` is ``results/STUDY``. Raises ``StudyError`` for a number that is not there.
    """
    return number_text(explained(results, study, ard_id))


def why_json(results: Path, study: dict, ard_id: str) -> str:
    """The same as JSON."""
    return _json(explained(results, study, ard_id))


def _json(known: dict) -> str:
    """Sorted keys, UTF-8, null for what is missing (``docs/audit.md`` lists the keys)."""
    return json.dumps(known, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)

"""Tables: each prints rows of the ARD as one HTML table and as CSV; computes no statistic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def planned(study: dict) -> list[str]:
    """The names of the tables that a study makes, from its configuration alone.

    ``baseline``, ``survival`` and ``definitions`` always; the others where the study has the
    clean table, the endpoint, the model or the publication that they need.
    """
    given, analysis = study["tables"], study["analysis"]
    switched = {
        "baseline": True,
        "risk": bool(study.get("risk")),
        "response": "responses" in given and analysis.get("response_rates", True),
        "survival": True,
        "failure": "PFOS" in study["endpoints"],
        "sensitivity": bool(study["alternatives"]),
        "cox": bool(analysis.get("cox") or analysis.get("multivariable")),
        "influence": bool(analysis.get("influence")),
        "dynamic": bool(analysis.get("landmark_days") or analysis.get("time_dependent")),
        "adverse_events": "adverse_events" in given,
        "labs": "labs" in given,
        "labs_shift": "labs" in given,
        "published": bool(study.get("published")),
        "evidence": _shows(study, "others"),
        "trials": _shows(study, "trials"),
        "definitions": True,
    }
    return [name for name, wanted in switched.items() if wanted]


def _shows(study: dict, part: str) -> bool:
    return bool(study.get("evidence")) and study["evidence"]["shows"][part]


def build_all(
    tables: dict[str, pd.DataFrame], ard: pd.DataFrame, study: dict, folder: str | Path
) -> list[Path]:
    """Write every planned table as ``NAME.html`` and ``NAME.csv``, all of them as ``tables.xlsx``.

    ``ard`` is the table of the contract; of ``tables`` are read ``adae``, for the system organ
    class of each term, ``support`` (may be absent), to mark the definitions that the data cannot
    support, and ``evidence`` and ``trials``, rows of the reference tables, for the words of
    published series and trials. Returns the files in the order of ``planned``.
    """
    from venaza.pipeline.tables.build import build

    return build(planned(study), tables, ard, study, Path(folder))

"""Figures: prints rows of the ARD, the curves and the analysis tables; computes no statistic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


#: The kinds of figures that are drawn from curves; the rest are drawn from tables and numbers.
_CURVES = ("km", "cif", "definitions", "beside", "simon")


def planned(study: dict) -> list[str]:
    """The names of the figures that a study makes, from its configuration alone.

    ``flow`` always; ``km_OS`` and the like for an endpoint, ``cif_CIR`` for one with competing
    events, ``definitions_EFS`` for one with alternative definitions, ``beside_OS`` where curves of
    others are digitised, ``forest_OS`` where its subgroups are asked for, ``hazards_OS`` where its
    Cox models are drawn (``models_drawn``),
    ``simon_makuch_OS_remission`` for a change during follow-up; ``response``, ``swimmer`` and
    ``ae`` where the study has the tables they need; ``evidence`` where it shows published rates.
    """
    given, analysis = study["tables"], study["analysis"]
    names = ["flow"]
    for code, endpoint in study["endpoints"].items():
        names.append(f"cif_{code}" if endpoint.get("competing") else f"km_{code}")
    compared = dict.fromkeys(d["of"] for d in study["alternatives"].values())
    names += [f"definitions_{code}" for code in compared]
    beside = dict.fromkeys(curve["endpoint"] for curve in study["published_curves"])
    names += [f"beside_{code}" for code in beside]
    for code, changes in analysis.get("time_dependent", {}).items():
        names += [f"simon_makuch_{code}_{change.lower()}" for change in changes]
    if "responses" in given and analysis.get("response_rates", True):
        names.append("response")
    if ("responses" in given or "therapies" in given) and analysis.get("swimmer", True):
        names.append("swimmer")
    names += [f"forest_{code}" for code in analysis.get("subgroups") or {}]
    names += [f"hazards_{code}" for code in models_drawn(study)]
    if "adverse_events" in given:
        names.append("ae")
    if study.get("evidence") and study["evidence"]["shows"]["rates"]:
        names.append("evidence")
    return names


def models_drawn(study: dict) -> list[str]:
    """The endpoints whose Cox models are drawn: two covariates or more, groups no treatments.

    Where groups are treatments, the question is their effect, which the subgroups show.
    """
    if (study.get("groups") or {}).get("treatment"):
        return []
    analysis = study["analysis"]
    asked = [analysis.get("cox") or {}, analysis.get("multivariable") or {}]
    names = dict.fromkeys(code for models in asked for code in models)
    together = {code: {n for models in asked for n in models.get(code, ())} for code in names}
    return [code for code, covariates in together.items() if len(covariates) > 1]


def part_of(name: str) -> str:
    """``curves`` for a figure of survival or incidence over time, ``others`` for the rest.

    Each part is drawn by a job of its own, at the same time as the other.
    """
    return "curves" if name.partition("_")[0] in _CURVES else "others"


def draw_all(
    tables: dict[str, pd.DataFrame],
    ard: pd.DataFrame,
    curves: pd.DataFrame,
    study: dict,
    folder: str | Path,
    part: str | None = None,
    log: list[str] | None = None,
) -> list[Path]:
    """Draw every planned figure into ``folder`` as SVG, PDF, PNG and the data drawn as CSV.

    ``report > tiff`` of the study asks for a TIFF of 600 dpi beside them.

    With ``part`` only the figures of that part (``part_of``). ``log`` gets a line for each figure
    with words that no font can print.

    ``tables`` needs ``flow`` (BOX, PARENT, GROUP, LABEL, N, EXCLUDED, REASONS) and, for the
    swimmer plot, ``adsl`` and ``milestones``; with ``support`` the definitions that the data cannot
    support are marked; for published rates ``evidence`` (the rows of the
    reference tables); others are ignored. Returns the files in the order of ``planned``. Raises
    ``StudyError`` where the cohort flow does not add up.
    """
    from venaza.pipeline.figures.draw import draw

    names = [name for name in planned(study) if part in (None, part_of(name))]
    return draw(names, tables, ard, curves, study, Path(folder), [] if log is None else log)

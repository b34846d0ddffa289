"""The covariates of a Cox model as columns of numbers: one per number, one per level but one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from venaza.errors import StudyError
from venaza.statistics import ard
from venaza.statistics.levels import is_numeric, levels_of, reference_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Covariate:
    """A variable of a model: its printed terms, their keys, and its columns of the design.

    ``reasons`` says of a term why it has no column. ``reference`` is empty for a number, whose
    only term is the variable itself with an empty key.
    """

    variable: str
    keys: dict[str, str]
    reference: str
    design: pd.DataFrame
    reasons: dict[str, str]


def covariate(
    variable: str, used: pd.DataFrame, patients: pd.DataFrame, study: dict, taken: tuple[str, ...]
) -> Covariate:
    """The variable's columns in the patients ``used``; its levels are those of ``patients``.

    ``taken`` are the key parts that a level may not have.
    """
    if is_numeric(patients[variable]):
        design = used[[variable]].astype(float)
        flat = used[variable].nunique() < 2
        reasons = {variable: "fewer than two different values"} if flat else {}
        kept = design.iloc[:, :0] if flat else design
        return Covariate(variable, {variable: ""}, "", kept, reasons)
    levels = levels_of(variable, patients, study)
    reference = reference_of(levels) if levels else ""
    keys = ard.slugs(levels, taken=taken)
    values = used[variable].astype("string")
    present = set(values.dropna())
    others = [level for level in levels if level != reference]
    reasons = {level: f"no patient with {level}" for level in others if level not in present}
    if reference not in present:
        reasons = dict.fromkeys(others, f"no patient with {reference}") | reasons
    columns = {level: (values == level).astype(float) for level in others if level not in reasons}
    design = used[[]].assign(**columns)
    return Covariate(variable, {x: keys[x] for x in others}, reference, design, reasons)


def require(variable: str, patients: pd.DataFrame, endpoint: str, key: str) -> None:
    """Raises ``StudyError`` for a variable that no patient table has; ``key`` asked for it."""
    if variable not in patients:
        raise StudyError(
            f"The Cox regression of {endpoint} asks for '{variable}', which no patient table has.",
            fix="Name a column of ADSL, or GROUP in a study that has groups.",
            column=f"analysis > {key} > {endpoint}",
            value=variable,
        )

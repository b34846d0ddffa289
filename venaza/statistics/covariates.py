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

    ``taken`` are the key parts that a level may not have. ``used`` has the columns AVAL, CNSR and
    ENTRY of the endpoint. A level *with* patients at risk but without an event keeps its column:
    its ratio is Firth's (``venaza.statistics.cox``). A level of which nobody was ever at risk when
    an event happened tells nothing of a ratio, and has a reason instead.
    """
    met = used[at_an_event(used)]
    if is_numeric(patients[variable]):
        design = used[[variable]].astype(float)
        flat = met[variable].nunique() < 2
        reasons = {variable: "fewer than two different values"} if flat else {}
        kept = design.iloc[:, :0] if flat else design
        return Covariate(variable, {variable: ""}, "", kept, reasons)
    levels = levels_of(variable, patients, study)
    reference = reference_of(levels) if levels else ""
    keys = ard.slugs(levels, taken=taken)
    values = used[variable].astype("string")
    present, seen = set(values.dropna()), set(values[met.index].dropna())
    others = [level for level in levels if level != reference]
    reasons = {level: _absent(level, present) for level in others if level not in seen}
    if reference not in seen:
        reasons = dict.fromkeys(others, _absent(reference, present)) | reasons
    columns = {level: (values == level).astype(float) for level in others if level not in reasons}
    design = used[[]].assign(**columns)
    return Covariate(variable, {x: keys[x] for x in others}, reference, design, reasons)


def _absent(level: str, present: set[str]) -> str:
    if level in present:
        return f"no patient with {level} was at risk when an event happened"
    return f"no patient with {level}"


def at_an_event(used: pd.DataFrame) -> pd.Series:
    """Who was at risk at one event at least; everybody where there is no event at all."""
    import numpy as np

    time, entry = used["AVAL"].to_numpy(float), used["ENTRY"].to_numpy(float)
    events = np.sort(time[(used["CNSR"] == 0).to_numpy(bool)])
    met = np.ones(len(used), bool)
    if len(events):
        late = np.where(entry > 0, entry, -np.inf)
        by_then = np.searchsorted(events, time, side="right")
        met = by_then > np.searchsorted(events, late, side="right")
    return used["AVAL"].notna() & met


def require(variable: str, patients: pd.DataFrame, endpoint: str, key: str) -> None:
    """Raises ``StudyError`` for a variable that no patient table has; ``key`` asked for it."""
    if variable not in patients:
        raise StudyError(
            f"The Cox regression of {endpoint} asks for '{variable}', which no patient table has.",
            fix="Name a column of ADSL, or GROUP in a study that has groups.",
            column=f"analysis > {key} > {endpoint}",
            value=variable,
        )

"""The covariates of a Cox model as columns of numbers: one per number, one per level but one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.pipeline.statistics import ard, floor
from venaza.pipeline.statistics.levels import is_numeric, levels_of, reference_of


@dataclass(frozen=True)
class Covariate:
    """A variable of a model: its printed terms, their keys, and its columns of the design.

    ``reasons`` says of a term why it has no column, ``few`` why it has one but no ratio is given:
    too few patients or events at it or at the reference. ``reference`` is empty for a number,
    whose only term is the variable itself with an empty key. ``sizes`` holds patients and events
    of each level by its key, the reference first. The ratio of a
    number is that of a rise by ``per``.
    """

    variable: str
    keys: dict[str, str]
    reference: str
    design: pd.DataFrame
    reasons: dict[str, str]
    few: dict[str, str]
    sizes: dict[str, floor.Side]
    per: float = 1.0

    def refused(self, text: str) -> str | None:
        """Why the term ``text`` has no ratio, whatever the model; None where it has."""
        return self.reasons.get(text) or self.few.get(text)


def covariate(
    variable: str, used: pd.DataFrame, patients: pd.DataFrame, study: dict, taken: tuple[str, ...]
) -> Covariate:
    """The variable's columns in the patients ``used``; its levels are those of ``patients``.

    ``taken`` are the key parts that a level may not have. ``used`` has the columns AVAL, CNSR and
    ENTRY of the endpoint. A level *with* patients at risk but without an event keeps its column:
    its ratio is Firth's (``statistics.cox``). A level of which nobody was ever at risk when
    an event happened tells nothing of a ratio, and has a reason instead.
    """
    met = used[at_an_event(used)]
    if is_numeric(patients[variable]):
        per = float(study["analysis"].get("per", {}).get(variable, 1))
        design = used[[variable]].astype(float) / per
        flat = met[variable].nunique() < 2
        reasons = {variable: "fewer than two different values"} if flat else {}
        kept = design.iloc[:, :0] if flat else design
        few = floor.uncomparable([("", len(used), int((used["CNSR"] == 0).sum()))], study)
        return Covariate(
            variable, {variable: ""}, "", kept, reasons, {variable: few} if few else {}, {}, per
        )
    levels = levels_of(variable, patients, study)
    reference = reference_of(variable, levels, study) if levels else ""
    keys = ard.slugs(levels, taken=taken)
    values = used[variable].astype("string")
    present, seen = set(values.dropna()), set(values[met.index].dropna())
    others = [level for level in levels if level != reference]
    reasons = {level: _absent(level, present) for level in others if level not in seen}
    if reference not in seen:
        reasons = dict.fromkeys(others, _absent(reference, present)) | reasons
    columns = {level: (values == level).astype(float) for level in others if level not in reasons}
    design = used[[]].assign(**columns)
    found = {side[0]: side for side in floor.sides_of(used, values)}
    sides = {level: found.get(level, (level, 0, 0)) for level in [reference, *others] if level}
    few = {level: floor.uncomparable([sides[level], sides[reference]], study) for level in others}
    few = {level: reason for level, reason in few.items() if reason}
    terms = {level: keys[level] for level in others}
    sizes = {keys[level]: side for level, side in sides.items()}
    return Covariate(variable, terms, reference, design, reasons, few, sizes)


def _absent(level: str, present: set[str]) -> str:
    if level in present:
        return f"no patient with {level} was at risk when an event happened"
    return f"no patient with {level}"


def at_an_event(used: pd.DataFrame) -> pd.Series:
    """Who was at risk at one event at least; everybody where there is no event at all."""
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

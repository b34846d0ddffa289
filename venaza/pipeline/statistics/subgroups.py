"""The hazard ratio between two groups within levels of other variables: exploratory, a forest."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.contracts.results import slug
from venaza.contracts.truth import is_true
from venaza.pipeline.statistics import ard, floor, selections
from venaza.pipeline.statistics.covariates import covariate, require
from venaza.pipeline.statistics.cox import (
    FEW_EVENTS,
    attempt,
    entry_of,
    event_of,
    kind_of,
    ratio_numbers,
    sizes_of,
    unpenalised,
)
from venaza.pipeline.statistics.cox import STATISTICS as RATIO
from venaza.pipeline.statistics.entry import said
from venaza.pipeline.statistics.levels import is_numeric, is_summarised, levels_of
from venaza.pipeline.statistics.likelihood import NotEstimable, Partial

Asked = str | dict[str, float]


def variable_of(asked: Asked) -> tuple[str, float | None]:
    """The variable of an entry of ``analysis.subgroups``, and where it is cut."""
    return (asked, None) if isinstance(asked, str) else next(iter(asked.items()))


def subgroups(endpoint: str, asked: Asked, patients: pd.DataFrame, study: dict) -> list[ard.Row]:
    """ARD rows of one variable: each level's hazard ratio, and the test of interaction.

    ``patients`` as for ``cox.univariable``. Each level is a model of its own, of its own
    patients. Those without the variable are left out. Raises ``StudyError`` for a measurement
    without a cut.
    """
    variable, cut = variable_of(asked)
    require(variable, patients, endpoint, "subgroups")
    first, second = ard.compared_groups(study)
    known = ard.of_compared(patients, study)
    known = known[known[variable].notna()]
    values, keys = _levels(variable, cut, known, patients, study)
    known = known.assign(LEVEL=values)
    about = {"analysis": "subgroup", "endpoint": endpoint}
    about["rows"] = selections.times(endpoint, study, [variable])
    rows = []
    for level, key in keys.items():
        members = known[is_true(known["LEVEL"] == level)]
        prefix = f"subgroup.{endpoint}.{variable}.{key}"
        group = covariate("GROUP", members, members, study, taken=())
        model, result = attempt(members, [group], study)
        how = f", {model.how}" if model else ""
        method = f"{kind_of(endpoint, study)} within the level, exploratory{how}"
        method = said(method, entry_of(members))
        rows += ard.rows(prefix, sizes_of(members), term=level, method="Count", **about)
        for part in (first, second):
            where = f"{prefix}.in_{part.slug}"
            numbers = sizes_of(part.of(members))
            rows += ard.rows(where, numbers, term=level, group=part, method="Count", **about)
        numbers = _ratio(result, group, second.level)
        method += f"; reference {first.level}"
        rows += ard.rows(prefix, numbers, term=level, method=method, **about)
    p, method = _interaction(known, list(keys), study)
    where = f"subgroup.{endpoint}.{variable}.interaction"
    return rows + ard.rows(where, {"p_value": p}, term=variable, method=method, **about)


def _levels(
    variable: str, cut: float | None, known: pd.DataFrame, patients: pd.DataFrame, study: dict
) -> tuple[pd.Series, dict[str, str]]:
    """The level of each patient, and each level's key."""
    if cut is not None:
        below, above = f"<{cut:g}", f"≥{cut:g}"
        keys = {below: f"below_{slug(f'{cut:g}')}", above: f"from_{slug(f'{cut:g}')}"}
        high = known[variable].astype(float) >= cut
        return high.map({True: above, False: below}).astype("string"), keys
    if is_numeric(patients[variable]) and is_summarised(variable, study):
        raise StudyError(
            f"'{variable}' is a measurement, which has no levels to compare groups in.",
            fix=f"Say where it is cut, as a mapping: {{{variable}: VALUE}}.",
            column="analysis > subgroups",
            value=variable,
        )
    levels = levels_of(variable, patients, study)
    return known[variable].astype("string"), ard.slugs(levels, taken=("interaction",))


def _ratio(result, group, level: str) -> dict[str, ard.Number]:
    names = ("hazard_ratio", "lower", "upper")
    reason = group.refused(level) or (result if isinstance(result, str) else None)
    if reason:
        return {name: floor.missing(RATIO[name], reason) for name in names}
    return ratio_numbers(result.loc[[("GROUP", level)]].iloc[0])


def _interaction(known: pd.DataFrame, levels: list[str], study: dict) -> tuple[ard.Number, str]:
    """Whether the hazard ratio differs between levels: its p-value and the method."""
    from scipy.stats import chi2

    method = "Likelihood-ratio test of the interaction, exploratory"
    present = [level for level in levels if (known["LEVEL"] == level).any()]
    both = known["LEVEL"].astype("string") + ", " + known["GROUP"].astype("string")
    if few := floor.uncomparable(floor.sides_of(known, both), study):
        return floor.missing("", few), method
    second = ard.compared_groups(study)[1].level
    try:
        partial, added = _with_products(known, present, second)
        events = len(partial.event)
        try:
            if events < FEW_EVENTS:
                raise NotEstimable("few events")
            statistic = _plain(partial, added)
        except NotEstimable:
            statistic = _penalised(partial, added)
            method += ", Firth's penalty"
    except NotEstimable as reason:
        return ard.missing("", str(reason)), method
    return ard.p_value(float(chi2.sf(max(0.0, statistic), int(added.sum())))), method


def _with_products(
    known: pd.DataFrame, levels: list[str], second: str
) -> tuple[Partial, np.ndarray]:
    """The model of group, level and their products; which columns are products.

    A product that says nothing new, because a combination has no patient, is left out.
    """
    from venaza.pipeline.statistics.cox import FEWEST_EVENTS
    from venaza.pipeline.statistics.likelihood import made

    event = event_of(known)
    if event.sum() < FEWEST_EVENTS:
        raise NotEstimable(f"fewer than {FEWEST_EVENTS} events")
    group = (known["GROUP"] == second).to_numpy(float)
    of_level = [(known["LEVEL"] == level).to_numpy(float) for level in levels[1:]]
    columns, products = [group, *of_level], []
    for column in [group * level for level in of_level]:
        tried = np.column_stack([*columns, *products, column])
        if np.linalg.matrix_rank(tried - tried.mean(axis=0)) == tried.shape[1]:
            products.append(column)
    if not products:
        raise NotEstimable("fewer than two levels with patients of both groups")
    design = np.column_stack([*columns, *products])
    added = np.arange(design.shape[1]) >= len(columns)
    return made(known["AVAL"].to_numpy(float), event, design, entry_of(known)), added


def _plain(partial: Partial, added: np.ndarray) -> float:
    from venaza.pipeline.statistics.likelihood import at, maximise

    beta = unpenalised(partial)[0]
    without = maximise(partial, start=np.where(added, 0.0, beta), fixed=added)[1]
    return 2 * (at(partial, beta).value - without.value)


def _penalised(partial: Partial, added: np.ndarray) -> float:
    from venaza.pipeline.statistics.firth import constrained
    from venaza.pipeline.statistics.likelihood import maximise

    beta, best = maximise(partial, penalised=True)
    return 2 * (best.value - constrained(partial, added, beta))

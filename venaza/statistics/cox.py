"""Cox regression of one variable at a time, and the reasons for not giving a hazard ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.errors import StudyError
from venaza.statistics import ard
from venaza.statistics.levels import is_numeric, levels_of, reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd

#: Fewer events than this carry no model at all.
FEWEST_EVENTS = 5
#: A log hazard ratio over a variable's whole range, or its standard error, that no cohort's data
#: can support.
UNBOUNDED = 15.0
STATISTICS = {"hazard_ratio": "ratio", "lower": "ratio", "upper": "ratio", "p_value": ""}


class NotEstimable(Exception):  # noqa: N818 - an outcome of the data, not a fault
    """No hazard ratio can be given; the message is the reason."""


def cox(
    time: np.ndarray, event: np.ndarray, design: pd.DataFrame, confidence: float
) -> pd.DataFrame:
    """Hazard ratios by Cox's partial likelihood with Efron's ties, as R's ``coxph``.

    One row per column of ``design``, in order: ``hazard_ratio lower upper p_value`` (Wald).
    Raises ``NotEstimable`` with too few events, where the estimate runs off to infinity, or
    where the iteration does not converge.
    """
    import warnings

    import numpy as np
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    if event.sum() < FEWEST_EVENTS:
        raise NotEstimable(f"fewer than {FEWEST_EVENTS} events")
    data = design.astype(float).reset_index(drop=True)
    names = list(data.columns)
    data.columns = [f"x{i}" for i in range(len(names))]
    spread = (data.max() - data.min()).to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of is told apart below
        try:
            fit = CoxPHFitter(alpha=1 - confidence).fit(
                data.assign(time=time, event=event.astype(int)),
                "time",
                "event",
                # lifelines' own limits stop at four digits on small data
                fit_options={"precision": 1e-16, "r_precision": 0.0, "max_steps": 100},
            )
            table = fit.summary
        except (ConvergenceError, ValueError, np.linalg.LinAlgError):
            raise NotEstimable("the estimate does not converge") from None
    reach = np.maximum(np.abs(table["coef"]), table["se(coef)"]).to_numpy() * spread
    if not np.isfinite(reach).all() or (reach > UNBOUNDED).any():
        raise NotEstimable("the variable separates the events: no finite estimate")
    limits = [c for c in table.columns if c.startswith("exp(coef) ")]
    table = table[["exp(coef)", *limits, "p"]]
    return table.set_axis(list(STATISTICS), axis=1).set_axis(names, axis=0)


def univariable(endpoint: str, variable: str, patients: pd.DataFrame, study: dict) -> list[ard.Row]:
    """ARD rows of the Cox regression of ``endpoint`` on ``variable`` alone.

    ``patients`` has one row per patient of the endpoint with ``AVAL``, ``CNSR`` and the ADSL
    columns. Patients without the variable are left out; ``n`` and ``events`` count the others.
    """
    if variable not in patients:
        raise StudyError(
            f"The Cox regression of {endpoint} asks for '{variable}', which no patient table has.",
            fix="Name a column of ADSL, or GROUP in a study that has groups.",
            column=f"analysis > cox > {endpoint}",
            value=variable,
        )
    used = patients[patients[variable].notna()]
    cause_specific = bool(study["endpoints"][endpoint].get("competing"))
    kind = "Cause-specific Cox regression" if cause_specific else "Cox regression"
    method = f"{kind}, univariable, Efron ties"
    prefix = f"cox.{endpoint}.{variable}"
    shared = {"analysis": "cox", "endpoint": endpoint}
    events = int((used["CNSR"] == 0).sum())
    numbers = {"n": ard.count(len(used)), "events": ard.count(events)}
    rows = ard.rows(prefix, numbers, term=variable, method=method, **shared)
    confidence = study["analysis"]["confidence"]
    if is_numeric(patients[variable]):
        numbers = _numbers(_numeric(used, variable, confidence), variable)
        return rows + ard.rows(prefix, numbers, term=variable, method=method, **shared)
    levels = levels_of(variable, patients, study)
    if not levels:
        return rows
    reference = reference_of(levels)
    keys = ard.slugs(levels, taken=("n", "events"))
    for level, result in _by_level(used, variable, levels, reference, confidence):
        rows += ard.rows(
            f"{prefix}.{keys[level]}",
            _numbers(result, level),
            term=level,
            method=f"{method}; reference {reference}",
            **shared,
        )
    return rows


def _numeric(used: pd.DataFrame, variable: str, confidence: float) -> pd.DataFrame | str:
    if used[variable].nunique() < 2:
        return "fewer than two different values"
    design = used[[variable]]
    try:
        return cox(used["AVAL"].to_numpy(float), _event(used), design, confidence)
    except NotEstimable as reason:
        return str(reason)


def _by_level(
    used: pd.DataFrame, variable: str, levels: list[str], reference: str, confidence: float
) -> Iterator[tuple[str, pd.DataFrame | str]]:
    """Each level against the reference: its row of the model, or the reason for none.

    A level without events has a hazard ratio of zero without an interval; in the limit its
    patients drop out of the likelihood, so the others are estimated without them.
    """
    others = [level for level in levels if level != reference]
    events = {level: int(((used[variable] == level) & _event(used)).sum()) for level in levels}
    sizes = {level: int((used[variable] == level).sum()) for level in levels}

    def reason(level: str) -> str | None:
        if not sizes[level]:
            return f"no patient with {level}"
        return None if events[level] else f"no event with {level}"

    usable = [level for level in others if reason(level) is None]
    failed = reason(reference)
    result = None
    if not failed and usable:
        kept = used[used[variable].isin([reference, *usable])]
        design = kept[[variable]].assign(
            **{level: (kept[variable] == level).astype(float) for level in usable}
        )[usable]
        try:
            result = cox(kept["AVAL"].to_numpy(float), _event(kept), design, confidence)
        except NotEstimable as stop:
            failed = str(stop)
    for level in others:
        yield level, failed or reason(level) or result


def _event(frame: pd.DataFrame) -> np.ndarray:
    return (frame["CNSR"] == 0).to_numpy(bool)


def _numbers(result: pd.DataFrame | str, row: str) -> dict[str, ard.Number]:
    if isinstance(result, str):
        return {name: ard.missing(unit, result) for name, unit in STATISTICS.items()}
    values = result.loc[row]
    numbers = {name: ard.known(values[name], unit) for name, unit in STATISTICS.items()}
    return {**numbers, "p_value": ard.p_value(values["p_value"])}

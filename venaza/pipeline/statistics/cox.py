"""Cox regression: the estimate, when it is penalised, and the rows of one variable at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from venaza.pipeline.statistics import ard, floor, selections
from venaza.pipeline.statistics import display as show
from venaza.pipeline.statistics.covariates import Covariate, covariate, require
from venaza.pipeline.statistics.entry import said
from venaza.pipeline.statistics.likelihood import NotEstimable, Partial, at, made, maximise
from venaza.pipeline.statistics.proportional import METHOD as PROPORTIONAL
from venaza.pipeline.statistics.proportional import score_test

#: Fewer events than this carry no model at all.
FEWEST_EVENTS = 5
#: Fewer events than this are estimated with Firth's penalty: there the plain estimate is biased
#: away from one and its Wald limits are too narrow (Heinze and Schemper 2001).
FEW_EVENTS = 20
#: A log hazard ratio over a variable's whole range, or its standard error, that no cohort's data
#: can support.
UNBOUNDED = 15.0
ALONE = "whenever an event happened, all patients at risk had the same value"
SEPARATED = "the variable separates the events: no finite estimate"
STATISTICS = {"hazard_ratio": "ratio", "lower": "ratio", "upper": "ratio", "p_value": ""}
PLAIN = "Efron ties"
FIRTH = "Firth's penalty with profile-likelihood limits, Efron ties"


@dataclass(frozen=True)
class Model:
    """A fitted model: its table by column of the design, and whether it is penalised.

    ``plain`` is the unpenalised coefficients, or ``None`` where there are none that are finite.
    """

    table: pd.DataFrame
    penalised: bool
    partial: Partial
    plain: np.ndarray | None

    @property
    def how(self) -> str:
        return FIRTH if self.penalised else PLAIN


def cox(
    time: np.ndarray,
    event: np.ndarray,
    design: pd.DataFrame,
    confidence: float,
    entry: np.ndarray | None = None,
    stratum: np.ndarray | None = None,
) -> pd.DataFrame:
    """Hazard ratios by Cox's partial likelihood with Efron's ties, as R's ``coxph``.

    One row per column of ``design``, in order: ``hazard_ratio lower upper p_value`` (Wald).
    ``entry`` as in ``statistics.entry``; with ``stratum`` each is at risk with its own kind
    only, as ``coxph(... + strata(stratum))``.
    Raises ``NotEstimable`` with too few events, where the estimate runs off to infinity, or
    where the iteration does not converge.
    """
    from scipy.stats import norm

    partial = _partial(time, event, design, entry, stratum)
    beta, errors = unpenalised(partial)
    reach = norm.ppf(0.5 + confidence / 2) * errors
    values = [np.exp(beta), np.exp(beta - reach), np.exp(beta + reach)]
    values.append(2 * norm.sf(np.abs(beta / errors)))
    return pd.DataFrame(np.transpose(values), index=design.columns, columns=list(STATISTICS))


def _partial(
    time: np.ndarray,
    event: np.ndarray,
    design: pd.DataFrame,
    entry: np.ndarray | None = None,
    stratum: np.ndarray | None = None,
) -> Partial:
    if event.sum() < FEWEST_EVENTS:
        raise NotEstimable(f"fewer than {FEWEST_EVENTS} events")
    partial = made(time, event, design.to_numpy(float), entry, stratum)
    # judged where the likelihood looks: in those at risk together when an event happened
    information = at(partial, np.zeros(design.shape[1])).information
    scale = np.sqrt(np.diag(information))
    if not (scale > 0).all():
        raise NotEstimable(ALONE)
    if np.linalg.matrix_rank(information / np.outer(scale, scale)) < len(scale):
        raise NotEstimable("the covariates cannot be told apart in these patients")
    return partial


def unpenalised(partial: Partial, start: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and standard errors without penalty.

    Raises ``NotEstimable`` where one runs off to infinity or the iteration does not converge.
    """
    try:
        beta, point = maximise(partial, start=start, bound=2 * UNBOUNDED)
        errors = np.sqrt(np.diag(np.linalg.inv(point.information)))
    except (NotEstimable, np.linalg.LinAlgError):
        raise NotEstimable(SEPARATED) from None
    reach = np.maximum(np.abs(beta), errors) * partial.spread
    if not np.isfinite(reach).all() or (reach > UNBOUNDED).any():
        raise NotEstimable(SEPARATED)
    return beta, errors


def fitted(
    time: np.ndarray,
    event: np.ndarray,
    design: pd.DataFrame,
    confidence: float,
    entry: np.ndarray | None = None,
    stratum: np.ndarray | None = None,
) -> Model:
    """The model of ``design``: penalised where the events are few or separated, else plain.

    A group or level without an event separates them: its plain ratio runs to 0 or to infinity,
    Firth's is finite, with an open side as wide as the data leave it, and ``how`` says which it
    is. So a comparison with such a group has a number once there are ``FEWEST_EVENTS`` events in
    all, and below that none. The test of proportional hazards belongs to the plain estimate and
    is not given then.

    Raises ``NotEstimable`` with fewer than ``FEWEST_EVENTS`` events, with covariates that say
    the same, or where even the penalised estimate does not converge.
    """
    from venaza.pipeline.statistics import firth

    partial = _partial(time, event, design, entry, stratum)
    try:
        plain = unpenalised(partial)[0]
    except NotEstimable:
        plain = None
    if plain is not None and event.sum() >= FEW_EVENTS:
        table = cox(time, event, design, confidence, entry, stratum)
        return Model(table, False, partial, plain)
    table = pd.DataFrame(firth.estimates(partial, confidence), index=design.columns)
    return Model(table, True, partial, plain)


def event_of(frame: pd.DataFrame) -> np.ndarray:
    """Which patients had the endpoint's event."""
    return (frame["CNSR"] == 0).to_numpy(bool)


def sizes_of(frame: pd.DataFrame) -> dict[str, ard.Number]:
    """How many patients there are, and how many had the event."""
    return {"n": ard.count(len(frame)), "events": ard.count(int(event_of(frame).sum()))}


def entry_of(frame: pd.DataFrame) -> np.ndarray:
    """The day on which each patient came under observation, 0 for from the start."""
    return frame["ENTRY"].to_numpy(float)


def kind_of(endpoint: str, study: dict) -> str:
    """What a regression of the endpoint is called."""
    cause_specific = bool(study["endpoints"][endpoint].get("competing"))
    return "Cause-specific Cox regression" if cause_specific else "Cox regression"


def univariable(endpoint: str, variable: str, patients: pd.DataFrame, study: dict) -> list[ard.Row]:
    """ARD rows of the Cox regression of ``endpoint`` on ``variable`` alone, and of its zph test.

    ``patients`` has one row per patient of the endpoint with ``AVAL``, ``CNSR`` and the ADSL
    columns. Patients without the variable are left out; ``n`` and ``events`` count the others.
    """
    require(variable, patients, endpoint, "cox")
    used = patients[patients[variable].notna()]
    term = covariate(variable, used, patients, study, taken=("n", "events"))
    if not term.keys:
        model, result = None, "fewer than two different values"
    else:
        model, result = attempt(used, [term], study)
    method = f"{kind_of(endpoint, study)}, univariable, {model.how if model else PLAIN}"
    method = said(method, entry_of(used))
    prefix = f"cox.{endpoint}.{variable}"
    shared = {"analysis": "cox", "endpoint": endpoint}
    shared["rows"] = selections.times(endpoint, study, [variable])
    rows = ard.rows(prefix, sizes_of(used), term=variable, method=method, **shared)
    rows += term_rows(prefix, term, result, method, shared)
    for key, (level, n, events) in term.sizes.items():
        numbers = {"n": ard.count(n), "events": ard.count(events)}
        about = {"analysis": "cox_level", "endpoint": endpoint, "method": "Count"}
        of_level = ((variable, "=", level),)
        about["rows"] = selections.times(endpoint, study, [variable], members=of_level)
        rows += ard.rows(f"coxn.{endpoint}.{variable}.{key}", numbers, term=level, **about)
    test = proportional(model, used, [term])[0]
    shared["analysis"] = "proportional_hazards"
    return rows + ard.rows(
        f"zph.{endpoint}.{variable}", test, term=variable, method=PROPORTIONAL, **shared
    )


def attempt(
    used: pd.DataFrame, terms: list[Covariate], study: dict, stratum: np.ndarray | None = None
) -> tuple[Model | None, pd.DataFrame | str]:
    """The model of the terms and its table, or no model and the reason."""
    design = pd.concat([_named(term) for term in terms], axis=1)
    if design.empty:
        return None, next(reason for term in terms for reason in term.reasons.values())
    time, confidence = used["AVAL"].to_numpy(float), study["analysis"]["confidence"]
    try:
        model = fitted(time, event_of(used), design, confidence, entry_of(used), stratum)
    except NotEstimable as reason:
        return None, str(reason)
    return model, model.table


def _few(term: Covariate) -> str | None:
    """Why none of the term's ratios is given, where all of them are too few to compare."""
    reasons = [term.refused(text) for text in term.keys]
    return term.few[next(iter(term.few))] if term.few and all(reasons) else None


def _named(term: Covariate) -> pd.DataFrame:
    return term.design.set_axis([(term.variable, c) for c in term.design], axis=1)


def term_rows(
    prefix: str, term: Covariate, result: pd.DataFrame | str, method: str, shared: dict
) -> list[ard.Row]:
    """The hazard ratios of one variable: of the number, or of each level with the reference."""
    rows = []
    against = f"; reference {term.reference}" if term.reference else ""
    against += f"; per {term.per:g}" if term.per != 1 else ""
    for text, key in term.keys.items():
        reason = term.refused(text) or (result if isinstance(result, str) else None)
        if reason:
            numbers = {name: floor.missing(unit, reason) for name, unit in STATISTICS.items()}
        else:
            numbers = _numbers(result.loc[[(term.variable, text)]].iloc[0])
        where = f"{prefix}.{key}" if key else prefix
        rows += ard.rows(where, numbers, term=text, method=method + against, **shared)
    return rows


def _numbers(row: pd.Series) -> dict[str, ard.Number]:
    return ratio_numbers(row) | {"p_value": ard.p_value(row["p_value"])}


def ratio_numbers(row: pd.Series | dict[str, float]) -> dict[str, ard.Number]:
    """A hazard ratio and its limits; a limit of millions is none that the data set."""
    import math

    names = [name for name, unit in STATISTICS.items() if unit == "ratio"]
    finite = {n: row[n] for n in names if row[n] > 0 and abs(math.log(row[n])) < UNBOUNDED}
    printed = show.ratios(finite)
    none = ard.missing("ratio", "the data set no finite limit")
    return {n: ard.known(row[n], "ratio", printed[n]) if n in finite else none for n in names}


def proportional(
    model: Model | None, used: pd.DataFrame, terms: list[Covariate]
) -> list[dict[str, ard.Number]]:
    """The test of proportional hazards of each term, then of the whole model.

    It belongs to the unpenalised estimate; where that does not exist, neither does the test.
    """
    import math

    if model is None or model.plain is None:
        reason = SEPARATED if model else "no model could be estimated"
        return [{name: ard.missing("", reason) for name in ard.TEST}] * (len(terms) + 1)
    places, columns = [], 0
    for term in terms:
        places.append(list(range(columns, columns + term.design.shape[1])))
        columns += term.design.shape[1]
    time, event = used["AVAL"].to_numpy(float), event_of(used)
    found, few = [], [_few(term) for term in terms]
    for place, result, reason in zip(
        [*places, [0]],
        score_test(model.partial, model.plain, time, event, places, entry_of(used)),
        [*few, few[0] if len(few) == 1 else None],
        strict=True,
    ):
        if reason:
            found.append({name: floor.missing("", reason) for name in ard.TEST})
        elif place and math.isfinite(result[2]):
            found.append(ard.chi_square(*result))
        else:
            reason = "the information of the test cannot be inverted" if place else "no column"
            found.append({name: ard.missing("", reason) for name in ard.TEST})
    return found

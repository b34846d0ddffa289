"""Cox regression on a fixed list of covariates at once, within a limit of events per parameter."""

from __future__ import annotations

import pandas as pd

from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.covariates import covariate, require
from venaza.pipeline.statistics.cox import (
    PLAIN,
    attempt,
    entry_of,
    event_of,
    kind_of,
    proportional,
    term_rows,
)
from venaza.pipeline.statistics.entry import said
from venaza.pipeline.statistics.proportional import METHOD as PROPORTIONAL

#: Peduzzi and others, J Clin Epidemiol 1995;48:1503: estimates and limits go astray below it.
EVENTS_PER_PARAMETER = 10


def multivariable(
    endpoint: str, variables: list[str], patients: pd.DataFrame, study: dict
) -> list[ard.Row]:
    """ARD rows of the Cox regression of ``endpoint`` on all ``variables`` together.

    ``patients`` as for ``cox.univariable``; those who lack any of the variables are left out.
    The variables are those of the study file: none is chosen by its p-value. With fewer events
    per parameter than ``analysis.events_per_parameter`` no hazard ratio is given, and the reason
    names both; 0 switches the check off. ``coxm`` holds the model, ``zphm`` its test of
    proportional hazards, per variable and GLOBAL.
    """
    for variable in variables:
        require(variable, patients, endpoint, "multivariable")
    used = patients[patients[variables].notna().all(axis=1)]
    reserved = ("n", "events", "parameters")
    terms = [covariate(name, used, patients, study, reserved) for name in variables]
    parameters = sum(term.design.shape[1] for term in terms)
    events = int(event_of(used).sum())
    limit = study["analysis"].get("events_per_parameter", EVENTS_PER_PARAMETER)
    if parameters and events < limit * parameters:
        model, result = None, too_few(events, parameters, limit)
    elif not parameters:
        model, result = None, "no covariate has two different values"
    else:
        model, result = attempt(used, terms, study)
    how = model.how if model else PLAIN
    method = said(f"{kind_of(endpoint, study)}, multivariable, {how}", entry_of(used))
    chosen = selections.times(endpoint, study, variables)
    shared = {"endpoint": endpoint, "method": method, "rows": chosen}
    numbers = {
        "n": ard.count(len(used)),
        "events": ard.count(events),
        "parameters": ard.count(parameters),
    }
    kind = "cox_multivariable"
    rows = ard.rows(f"coxm.{endpoint}", numbers, analysis=kind, **shared)
    shared = {"analysis": kind, "endpoint": endpoint, "rows": chosen}
    for term in terms:
        rows += term_rows(f"coxm.{endpoint}.{term.variable}", term, result, method, shared)
    shared["analysis"] = "proportional_hazards"
    tests = proportional(model, used, terms)
    for name, test in zip([*variables, "GLOBAL"], tests, strict=True):
        where = f"zphm.{endpoint}.{name}"
        rows += ard.rows(where, test, term=name, method=PROPORTIONAL, **shared)
    return rows


def too_few(events: int, parameters: int, limit: float) -> str:
    """The reason for giving no model."""
    noun = "parameter" if parameters == 1 else "parameters"
    return f"{events} events for {parameters} {noun}, fewer than {limit:g} per parameter"

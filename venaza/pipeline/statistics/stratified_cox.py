"""The hazard ratio between the groups within the strata that the study names."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.covariates import covariate
from venaza.pipeline.statistics.cox import PLAIN, attempt, entry_of, kind_of, sizes_of, term_rows
from venaza.pipeline.statistics.entry import said
from venaza.pipeline.statistics.group_tests import NO_LINK, in_strata, links_nothing


def rows(tables: dict[str, pd.DataFrame], study: dict) -> Iterator[ard.Row]:
    """``coxs.OS.GROUP.RR.hazard_ratio`` and the like for ``analysis.strata``, beside its test.

    As R's ``coxph(Surv(time, event) ~ GROUP + strata(...))``: each stratum has a baseline hazard
    of its own. Patients without one of the strata are left out.
    """
    for endpoint, variables in study["analysis"].get("strata", {}).items():
        if ard.compares(study):
            yield from _stratified(endpoint, variables, tables[endpoint], study)


def _stratified(
    endpoint: str, variables: list[str], patients: pd.DataFrame, study: dict
) -> Iterator[ard.Row]:
    used, stratum = in_strata(patients, variables, study)
    term = covariate("GROUP", used, patients, study, taken=("n", "events"))
    if links_nothing(used["GROUP"].to_numpy(str), stratum):
        model, result = None, NO_LINK
    elif term.design.empty:
        model, result = None, "fewer than two groups with patients at risk"
    else:
        model, result = attempt(used, [term], study, stratum)
    method = f"{kind_of(endpoint, study)}, stratified by {', '.join(variables)}"
    method = said(f"{method}, {model.how if model else PLAIN}", entry_of(used))
    shared = {"analysis": "cox_stratified", "endpoint": endpoint}
    shared["rows"] = selections.times(endpoint, study, variables)
    yield from ard.rows(f"coxs.{endpoint}", sizes_of(used), method=method, **shared)
    yield from term_rows(f"coxs.{endpoint}.GROUP", term, result, method, shared)

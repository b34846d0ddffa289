"""Which regression models a study asks for, and all their rows in order."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.contracts.analysis import NOT_RECORDED
from venaza.pipeline.statistics import ard
from venaza.pipeline.statistics.cox import univariable


def covariates(analysis: dict) -> set[str]:
    """The ADSL columns that the models of ``study["analysis"]`` use."""
    lists = [*analysis["cox"].values(), *(analysis.get("multivariable") or {}).values()]
    lists += analysis.get("fine_gray", {}).values()
    lists += (analysis.get("subgroups") or {}).values()
    return {name for asked in lists for entry in asked for name in _names(entry)}


def _names(entry: str | dict) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry)


def rows(tables: dict[str, pd.DataFrame], study: dict) -> Iterator[ard.Row]:
    """Univariable and multivariable models, subgroups, and the influence of single patients.

    ``tables`` holds each endpoint's patients (``time_to_event.endpoint_tables``).
    """
    from venaza.pipeline.statistics import influence
    from venaza.pipeline.statistics.multivariable import multivariable
    from venaza.pipeline.statistics.subgroups import subgroups

    analysis = study["analysis"]
    known = {code: _with_known_groups(table) for code, table in tables.items()}
    for endpoint, variables in analysis["cox"].items():
        for variable in variables:
            yield from univariable(endpoint, variable, known[endpoint], study)
    for endpoint, variables in (analysis.get("multivariable") or {}).items():
        yield from multivariable(endpoint, variables, known[endpoint], study)
    for endpoint, entries in (analysis.get("subgroups") or {}).items():
        for entry in entries:
            yield from subgroups(endpoint, entry, known[endpoint], study)
    if not analysis.get("influence"):
        return
    for endpoint, table in tables.items():
        if not study["endpoints"][endpoint].get("competing"):
            yield from influence.medians(endpoint, table, study)
            if "GROUP" in analysis["cox"].get(endpoint, ()):
                yield from influence.hazard_ratios(endpoint, table, study)


def _with_known_groups(table: pd.DataFrame) -> pd.DataFrame:
    """Nobody's group is unknown as a level of a model, though it may be one of a table."""
    return table.assign(GROUP=table["GROUP"].where(table["GROUP"] != NOT_RECORDED))

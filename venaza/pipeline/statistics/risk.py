"""Derived risk groups: how many patients each holds, and how they agree with the recorded group."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from venaza.contracts.results import slug
from venaza.contracts.selections import Condition, Selection
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.descriptive import share
from venaza.pipeline.statistics.rates import proportion
from venaza.study.groups import groups_and_all
from venaza.study.risk_levels import OUTSIDE, REASONS, UNKNOWN
from venaza.study.risk_levels import levels as levels_of

#: Scheme -> its column of ADSL; the scheme that is compared stands in RISKDRV.
COLUMNS = {"eln2024_less_intensive": "RISK2024", "four_gene": "SIG4"}
_MISSING = re.compile(rf"{UNKNOWN} \(missing: (.+)\)")
NOT_RECORDED = "not recorded"


def risk(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Patients by derived group, and the recorded group against the derived one.

    Keys: ``genetic.SCHEME.GROUP.LEVEL.n``, ``genetic.SCHEME.recorded.LEVEL.LEVEL.n`` (all
    patients), ``genetic.SCHEME.agree.n`` of those with both, and ``genetic.SCHEME.missing.TEST.n``
    (patients without a group who lack that test; one may lack several). ``adsl`` are the treated
    patients.
    """
    spec = study.get("risk")
    if not spec:
        return
    columns = {spec["scheme"]: "RISKDRV"}
    columns |= {scheme: c for scheme, c in COLUMNS.items() if scheme != spec["scheme"]}
    for scheme, column in columns.items():
        yield from _levels(scheme, column, adsl, study)
        yield from _missing_tests(scheme, column, adsl, study)
    if spec.get("compare_with"):
        yield from _compared(spec["scheme"], spec["compare_with"], adsl, study)


def _scheme(name: str, study: dict) -> tuple[str, list[str]]:
    table = study["risk_tables"]["schemes"][name]
    return table["title"], levels_of(table)


def _levels(scheme: str, column: str, adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    title, levels = _scheme(scheme, study)
    for group in groups_and_all(study):
        members = group.of(adsl[["GROUP", column, REASONS[column]]])
        for level in levels:
            chosen = _patients(column, *_at_level(column, level))
            yield from ard.rows(
                f"genetic.{scheme}.{group.slug}.{slug(level)}",
                share(len(chosen.of(members)), len(members)),
                rows=_patients(column),
                counted=chosen,
                analysis="risk",
                endpoint=column,
                group=group,
                term=level,
                method=title,
            )


def _with_reason(adsl: pd.DataFrame, column: str) -> pd.Series:
    """Each patient's group; of those without one, whether the scheme was made for them."""
    outside = adsl[REASONS[column]].fillna("").str.startswith(OUTSIDE)
    return adsl[column].fillna(outside.map({True: OUTSIDE, False: UNKNOWN}))


def _patients(column: str, *where: Condition) -> Selection:
    return selections.patients(column, "ITTFL", REASONS[column], where=where)


def _at_level(column: str, level: str) -> list[Condition]:
    """Who is at a level, as ``_with_reason`` says it."""
    if level not in (UNKNOWN, OUTSIDE):
        return [(column, "=", level)]
    begins = "starts" if level == OUTSIDE else "starts not"
    return [(column, "none", ""), (REASONS[column], begins, OUTSIDE)]


def _missing_tests(scheme: str, column: str, adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """The tests whose want leaves patients without a group, the most frequent first."""
    found = adsl[REASONS[column]].dropna().map(_MISSING.fullmatch).dropna()
    tests = Counter(test for match in found for test in match[1].split(", "))
    for test, _ in sorted(tests.items(), key=lambda pair: (-pair[1], pair[0])):
        wanting = (REASONS[column], "starts", UNKNOWN), (REASONS[column], "lists", test)
        chosen = _patients(column, *wanting)
        yield from ard.rows(
            f"genetic.{scheme}.missing.{slug(test)}",
            {"n": ard.count(len(chosen.of(adsl)))},
            rows=chosen,
            analysis="risk",
            endpoint=column,
            term=test,
            method=_scheme(scheme, study)[0],
        )


def _compared(scheme: str, recorded: str, adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    title, levels = _scheme(scheme, study)
    stated = adsl[recorded].fillna(NOT_RECORDED)
    derived = _with_reason(adsl, "RISKDRV")
    both_columns = selections.patients("RISKDRV", "ITTFL", REASONS["RISKDRV"], recorded)
    known = study["levels"].get(recorded, [])
    rows = [*known, *sorted(set(stated) - {*known, NOT_RECORDED}), NOT_RECORDED]
    for row in rows:
        for level in levels:
            yield from ard.rows(
                f"genetic.{scheme}.recorded.{slug(row)}.{slug(level)}",
                {"n": ard.count(int(((stated == row) & (derived == level)).sum()))},
                rows=both_columns,
                analysis="risk",
                endpoint="RISKDRV",
                term=f"{row}, derived {level}",
                method=title,
            )
    both = (stated != NOT_RECORDED) & adsl["RISKDRV"].notna()
    numbers, method = proportion(int((both & (stated == derived)).sum()), int(both.sum()), study)
    yield from ard.rows(
        f"genetic.{scheme}.agree",
        numbers,
        rows=both_columns,
        analysis="risk",
        endpoint="RISKDRV",
        term=f"{recorded} equal to the derived group, of those with both",
        method=method,
    )

"""Failure of the regimen and what followed: kinds of failure, later therapies, responses."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.contracts.results import FOLLOWED, slug
from venaza.contracts.selections import Condition
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.descriptive import flagged
from venaza.study.groups import Group, groups_and_all

#: The kinds of failure that ADSL.FAILTYPE knows, in the order they are printed.
TYPES = ("refractory", "relapse", "progression")
UNKNOWN = "unknown"
#: What of a patient tells of failure and of what followed.
_FAILURE = ("FAILTYPE", "FAILDY", "PFTRTFL", "PFTRT", "PFSUP")


def failures(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Patients whose regimen failed, by kind, and what followed.

    ``treated`` had anti-leukaemic therapy, ``supportive`` supportive care only, ``further`` either,
    ``untreated`` nothing that was recorded. The last three only where therapies are recorded.
    """
    columns = ["GROUP", "FAILFL", "FAILTYPE", "PFTRTFL", *FOLLOWED.values()]
    failed = flagged(adsl[columns], "FAILFL")
    types = [*TYPES, *sorted(set(failed["FAILTYPE"].fillna(UNKNOWN)) - set(TYPES))]
    reserved = ("any", "treated", *FOLLOWED, *(f"treated_{slug(t)}" for t in TYPES))
    keys = ard.slugs(types, taken=reserved)
    for group in groups_and_all(study):
        members = group.of(failed)
        yield from _count(group, "any", None, "FAILFL", members)
        for name in types:
            yield from _count(group, keys[name], name, "FAILFL", members)
        yield from _count(group, "treated", None, "PFTRTFL", members)
        for name in types:
            yield from _count(group, f"treated_{keys[name]}", name, "PFTRTFL", members)
        if failed["PFANYFL"].notna().any():
            for key, flag in FOLLOWED.items():
                yield from _count(group, key, None, flag, members)


def _count(
    group: Group, key: str, term: str | None, flag: str, members: pd.DataFrame
) -> list[ard.Row]:
    where = _of_kind("FAILTYPE", term)
    chosen = selections.patients("FAILFL", flag, *_FAILURE, where=where)
    return ard.rows(
        f"failure.{group.slug}.{key}",
        {"n": ard.count(len(chosen.of(flagged(members, flag))))},
        rows=chosen,
        analysis="failure",
        endpoint="FAILFL",
        population=flag,
        group=group,
        term=term,
        method="Count",
    )


def _of_kind(column: str, term: str | None) -> tuple[Condition, ...]:
    if term is None:
        return ()
    return ((column, "or none" if term == UNKNOWN else "=", term),)


def later_therapies(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """First anti-leukaemic therapy after failure and the response to it, or the supportive care."""
    found = adsl[["GROUP", "PFTRTFL", "PFTRT", "PFRESP", "PFSUPFL", "PFSUP"]]
    treated, supported = flagged(found, "PFTRTFL"), flagged(found, "PFSUPFL")
    order = [str(word) for word in study["response"]["order"]]
    said = set(treated["PFRESP"].fillna(UNKNOWN))
    responses = [r for r in order if r in said] + sorted(said - set(order))
    regimens = sorted(set(treated["PFTRT"].fillna(UNKNOWN)))
    care = sorted(set(supported["PFSUP"].fillna(UNKNOWN)))
    for group in groups_and_all(study):
        for column, part, names, members, flag in (
            ("PFTRT", "", regimens, treated, "PFTRTFL"),
            ("PFRESP", "response.", responses, treated, "PFTRTFL"),
            ("PFSUP", "supportive.", care, supported, "PFSUPFL"),
        ):
            taken = () if part else ("response", "supportive")
            own = group.of(members)
            for name, key in ard.slugs(names, taken=taken).items():
                where = _of_kind(column, name)
                chosen = selections.patients(column, flag, "PFTRT", "PFRESP", where=where)
                yield from ard.rows(
                    f"postfailure.{group.slug}.{part}{key}",
                    {"n": ard.count(len(chosen.of(own)))},
                    rows=chosen,
                    analysis="post_failure",
                    endpoint=column,
                    population=flag,
                    group=group,
                    term=name,
                    method="Count",
                )

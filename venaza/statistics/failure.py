"""Failure of the regimen and what followed: kinds of failure, later therapies, responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.results import slug
from venaza.statistics import ard
from venaza.statistics.descriptive import flagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

#: The kinds of failure that ADSL.FAILTYPE knows, in the order they are printed.
TYPES = ("refractory", "relapse", "progression")
UNKNOWN = "unknown"


def failures(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Patients whose regimen failed, by kind, and how many of them were treated again."""
    failed = flagged(adsl[["GROUP", "FAILFL", "FAILTYPE", "PFTRTFL"]], "FAILFL")
    failed = failed.assign(TYPE=failed["FAILTYPE"].str.lower().fillna(UNKNOWN))
    types = [*TYPES, *sorted(set(failed["TYPE"]) - set(TYPES))]
    reserved = ("any", "treated", *(f"treated_{slug(t)}" for t in TYPES))
    keys = ard.slugs(types, taken=reserved)
    for group in ard.with_all(study):
        members = group.of(failed)
        treated = flagged(members, "PFTRTFL")
        yield from _count(group, "any", None, "FAILFL", len(members))
        for name in types:
            n = int((members["TYPE"] == name).sum())
            yield from _count(group, keys[name], name, "FAILFL", n)
        yield from _count(group, "treated", None, "PFTRTFL", len(treated))
        for name in types:
            n = int((treated["TYPE"] == name).sum())
            yield from _count(group, f"treated_{keys[name]}", name, "PFTRTFL", n)


def _count(group: ard.Group, key: str, term: str | None, flag: str, n: int) -> list[ard.Row]:
    return ard.rows(
        f"failure.{group.key}.{key}",
        {"n": ard.count(n)},
        analysis="failure",
        endpoint="FAILFL",
        population=flag,
        group=group,
        term=term,
        method="Count",
    )


def later_therapies(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """First therapy after failure, and the response to it, in the patients treated again."""
    treated = flagged(adsl[["GROUP", "PFTRTFL", "PFTRT", "PFRESP"]], "PFTRTFL")
    treated = treated.assign(
        PFTRT=treated["PFTRT"].fillna(UNKNOWN), PFRESP=treated["PFRESP"].fillna(UNKNOWN)
    )
    regimens = sorted(set(treated["PFTRT"]))
    order = [str(word) for word in study["response"]["order"]]
    found = set(treated["PFRESP"])
    responses = [r for r in order if r in found] + sorted(found - set(order))
    for group in ard.with_all(study):
        members = group.of(treated)
        for column, part, names, taken in (
            ("PFTRT", "", regimens, ("response",)),
            ("PFRESP", "response.", responses, ()),
        ):
            for name, key in ard.slugs(names, taken=taken).items():
                yield from ard.rows(
                    f"postfailure.{group.key}.{part}{key}",
                    {"n": ard.count(int((members[column] == name).sum()))},
                    analysis="post_failure",
                    endpoint=column,
                    population="PFTRTFL",
                    group=group,
                    term=name,
                    method="Count",
                )

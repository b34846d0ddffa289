"""Failure of the regimen and what followed: kinds of failure, later therapies, responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.results import FOLLOWED, slug
from venaza.statistics import ard, selections
from venaza.statistics.descriptive import flagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from venaza.contracts.selections import Condition

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
    failed = failed.assign(TYPE=failed["FAILTYPE"].str.lower().fillna(UNKNOWN))
    types = [*TYPES, *sorted(set(failed["TYPE"]) - set(TYPES))]
    reserved = ("any", "treated", *FOLLOWED, *(f"treated_{slug(t)}" for t in TYPES))
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
        if failed["PFANYFL"].notna().any():
            for key, flag in FOLLOWED.items():
                yield from _count(group, key, None, flag, len(flagged(members, flag)))


def _count(group: ard.Group, key: str, term: str | None, flag: str, n: int) -> list[ard.Row]:
    return ard.rows(
        f"failure.{group.key}.{key}",
        {"n": ard.count(n)},
        rows=selections.patients("FAILFL", flag, *_FAILURE, where=_of_kind("FAILTYPE", term)),
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
    named = {name: found[name].fillna(UNKNOWN) for name in ("PFTRT", "PFRESP", "PFSUP")}
    found = found.assign(**named)
    treated, supported = flagged(found, "PFTRTFL"), flagged(found, "PFSUPFL")
    order = [str(word) for word in study["response"]["order"]]
    said = set(treated["PFRESP"])
    responses = [r for r in order if r in said] + sorted(said - set(order))
    regimens, care = sorted(set(treated["PFTRT"])), sorted(set(supported["PFSUP"]))
    for group in ard.with_all(study):
        for column, part, names, members, flag in (
            ("PFTRT", "", regimens, treated, "PFTRTFL"),
            ("PFRESP", "response.", responses, treated, "PFTRTFL"),
            ("PFSUP", "supportive.", care, supported, "PFSUPFL"),
        ):
            taken = () if part else ("response", "supportive")
            own = group.of(members)[column]
            for name, key in ard.slugs(names, taken=taken).items():
                yield from ard.rows(
                    f"postfailure.{group.key}.{part}{key}",
                    {"n": ard.count(int((own == name).sum()))},
                    rows=selections.patients(
                        column, flag, "PFTRT", "PFRESP", where=_of_kind(column, name)
                    ),
                    analysis="post_failure",
                    endpoint=column,
                    population=flag,
                    group=group,
                    term=name,
                    method="Count",
                )

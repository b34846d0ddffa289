"""Adverse events: each patient once per term, at the worst grade, treatment-emergent only."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.descriptive import flagged, share
from venaza.study.groups import Group, groups_and_all

#: Part of the key -> the lowest grade that counts; 0 takes in events without one.
GRADES = {"any": 0, "g3": 3, "g5": 5}
METHOD = "Patients with a treatment-emergent event, worst grade, of the safety population"


def adverse_events(adsl: pd.DataFrame, adae: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Patients with any event, and with each term: any grade, grade 3 and more, grade 5.

    Terms by falling number of patients, then by name; those of fewer patients than
    ``analysis.adverse_event_min_patients`` are left out.
    """
    if adae.empty:
        return
    safety = flagged(adsl[["USUBJID", "GROUP", "SAFFL"]], "SAFFL")
    emergent = selections.events(None, 0).of(adae)
    emergent = emergent[emergent["USUBJID"].isin(safety["USUBJID"])]
    named = emergent["AEDECOD"].fillna(emergent["AETERM"]).fillna("unknown")
    sizes = emergent["USUBJID"].groupby(named).nunique()
    sizes = sizes[sizes >= study["analysis"]["adverse_event_min_patients"]]
    terms = [term for _, term in sorted((-int(n), str(term)) for term, n in sizes.items())]
    keys = ard.slugs(terms, taken=("total",))
    of_term = dict(iter(emergent.groupby(named)))
    for group in groups_and_all(study):
        members = group.of(safety)["USUBJID"]
        yield from _shares(group, "total", None, emergent, members, tuple(GRADES))
        for term in terms:
            yield from _shares(group, keys[term], term, of_term[term], members, ("any", "g3"))


def _shares(
    group: Group,
    key: str,
    term: str | None,
    events: pd.DataFrame,
    members: pd.Series,
    wanted: tuple[str, ...],
) -> Iterator[ard.Row]:
    for part in wanted:
        chosen = selections.events(term, GRADES[part])
        n = int(members.isin(chosen.of(events)["USUBJID"]).sum())
        yield from ard.rows(
            f"ae.{group.slug}.{key}.{part}",
            share(n, len(members)),
            rows=chosen,
            analysis="adverse_events",
            endpoint="ADAE",
            population="SAFFL",
            group=group,
            term=term,
            method=METHOD,
        )

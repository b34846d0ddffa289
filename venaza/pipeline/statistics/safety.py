"""Adverse events: each patient once per term, at the worst grade, treatment-emergent only."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.descriptive import flagged, share
from venaza.study.groups import Group, groups_and_all

#: Part of the key -> the grades it takes in: from the first to the second.
GRADES = {"any": (0, 5), "g3": (3, 5), "g5": (5, 5)}
METHOD = "Patients with a treatment-emergent event, worst grade, of the safety population"


def worst_grades(adae: pd.DataFrame) -> pd.DataFrame:
    """One row per patient and term: columns ``USUBJID``, ``TERM`` and ``GRADE``.

    Treatment-emergent events only. ``TERM`` is the CTCAE term, or the recorded one where it
    was not coded; ``GRADE`` the worst grade, 0 where none was recorded.
    """
    emergent = selections.events(None, 0).of(adae)
    emergent = emergent.assign(
        TERM=emergent["AEDECOD"].fillna(emergent["AETERM"]).fillna("unknown"),
        GRADE=emergent["AETOXGR"].fillna(0).astype(int),
    )
    return emergent.groupby(["USUBJID", "TERM"], as_index=False)["GRADE"].max()


def adverse_events(adsl: pd.DataFrame, adae: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Patients with any event, and with each term: any grade, grade 3 and more, grade 5.

    Terms by falling number of patients, then by name; those of fewer patients than
    ``analysis.adverse_event_min_patients`` are left out.
    """
    if adae.empty:
        return
    safety = flagged(adsl[["USUBJID", "GROUP", "SAFFL"]], "SAFFL")
    worst = worst_grades(adae)
    worst = worst[worst["USUBJID"].isin(safety["USUBJID"])]
    sizes = worst["TERM"].value_counts()
    sizes = sizes[sizes >= study["analysis"]["adverse_event_min_patients"]]
    terms = [term for _, term in sorted((-int(n), str(term)) for term, n in sizes.items())]
    keys = ard.slugs(terms, taken=("total",))
    overall = worst.groupby("USUBJID")["GRADE"].max()
    of_term = dict(iter(worst.set_index("USUBJID").groupby("TERM")["GRADE"]))
    for group in groups_and_all(study):
        members = group.of(safety)["USUBJID"]
        yield from _shares(group, "total", None, overall, members, tuple(GRADES))
        for term in terms:
            yield from _shares(group, keys[term], term, of_term[term], members, ("any", "g3"))


def _shares(
    group: Group,
    key: str,
    term: str | None,
    grade: pd.Series,
    members: pd.Series,
    wanted: tuple[str, ...],
) -> Iterator[ard.Row]:
    for part in wanted:
        low, high = GRADES[part]
        n = int(members.isin(grade.index[grade.between(low, high)]).sum())
        yield from ard.rows(
            f"ae.{group.slug}.{key}.{part}",
            share(n, len(members)),
            rows=selections.events(term, low),
            analysis="adverse_events",
            endpoint="ADAE",
            population="SAFFL",
            group=group,
            term=term,
            method=METHOD,
        )

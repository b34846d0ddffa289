"""Facts that sentences hang on: predicates over the study, the analysis tables and the ARD.

Each takes the context and whatever else its sentence is about.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from venaza.contracts.results import slug
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import Group, is_synthetic
from venaza.pipeline.report.text import in_text
from venaza.study.design import has_arms, is_randomised

Fact = Callable[..., object]
#: What the ARD prints for a median above which the curve stays.
NOT_REACHED = "not reached"


@in_text
def synthetic(context: Context, *_: object) -> bool:
    """The study file says that a program made the patients."""
    return is_synthetic(context.study)


@in_text
def randomised(context: Context, *_: object) -> bool:
    """The study file calls the design randomised."""
    return is_randomised(context.study)


def several(context: Context, *_: object) -> bool:
    """The study compares groups."""
    return context.several


def between_arms(context: Context, *_: object) -> bool:
    """The groups are the arms of a randomised trial, compared in the primary endpoint."""
    tested = context.numbers.used(f"logrank.{context.study['analysis']['primary']}.")
    return has_arms(context.study) and several(context) and tested


def uses(*prefixes: str) -> Fact:
    """The ARD has a number whose id starts with one of these."""
    return lambda context, *_: any(context.numbers.used(prefix) for prefix in prefixes)


def positive(ard_id: str) -> Fact:
    """The number is known and is not 0."""
    return lambda context, *_: bool(context.numbers.value(ard_id))


def shows(*exhibits: str) -> Fact:
    """The manuscript has all of these figures or tables: ``tbl baseline``."""
    return lambda context, *_: all(context.has(name) for name in exhibits)


def no(fact: Fact) -> Fact:
    """The fact does not hold."""
    return lambda *about: not fact(*about)


def both(*facts: Fact) -> Fact:
    """All of the facts hold."""
    return lambda *about: all(fact(*about) for fact in facts)


def maps(*tables: str) -> Fact:
    """The study file maps all of these tables."""
    return lambda context, *_: all(name in context.study["tables"] for name in tables)


def reads(table: str, column: str) -> Fact:
    """The study file maps this column of the table."""

    def fact(context: Context, *_: object) -> bool:
        records = context.study["tables"].get(table, {}).get("records", [])
        return any(column in record["columns"] for record in records)

    return fact


def begun(context: Context) -> pd.DataFrame | None:
    """ADSL of the patients with an index date."""
    adsl = context.adsl
    return None if adsl is None else adsl[adsl["INDEXDY"].notna()]


def never_begun(context: Context, *_: object) -> int:
    """How many patients have no index date."""
    return 0 if context.adsl is None else int(context.adsl["INDEXDY"].isna().sum())


def left_out(context: Context, *_: object) -> int:
    """How many patients with an index date are not in the population of all treated."""
    patients = begun(context)
    return 0 if patients is None else int((patients["ITTFL"] != "Y").sum())


def has_patients(code: str) -> Fact:
    """Somebody is at risk for the endpoint, and the study has it."""
    return lambda context, *_: code in context.study["endpoints"] and context.with_patients(code)


def timed(context: Context, code: str, group: Group) -> pd.DataFrame | None:
    """The times (AVAL, CNSR) of an endpoint in a group, from ADTTE; None without the tables."""
    if context.adtte is None or context.adsl is None:
        return None
    adsl = context.adsl[context.adsl["ITTFL"] == "Y"]
    if group.slug != "all":
        adsl = adsl[adsl["GROUP"].map(slug, na_action="ignore") == group.slug]
    rows = context.adtte[context.adtte["PARAMCD"] == code]
    return rows[rows["USUBJID"].isin(adsl["USUBJID"])]


def last_event(context: Context, code: str, group: Group) -> tuple[float, int]:
    """The months to the last event (0 without one), and how many were followed for longer."""
    times = timed(context, code, group)
    day = int(times.loc[times["CNSR"] == 0, "AVAL"].max()) if (times["CNSR"] == 0).any() else 0
    longer = int((times["AVAL"] > day).sum())
    return day / context.study["timeline"]["days_per_month"], longer


def _not_reached(context: Context, code: str, group: Group) -> bool:
    median = f"km.{code}.{group.slug}.median"
    return median in context.numbers and context.numbers.field(median, "display") == NOT_REACHED


def levelled_off(context: Context, code: str, group: Group) -> bool:
    """The median is not reached, and no event came in the second half of the time observed."""
    times = timed(context, code, group)
    if times is None or times.empty or not _not_reached(context, code, group):
        return False
    events = times.loc[times["CNSR"] == 0, "AVAL"]
    return not events.empty and bool(2 * events.max() <= times["AVAL"].max())


def nobody_had_it(context: Context, code: str, group: Group) -> bool:
    """Nobody of the group had the endpoint's event."""
    n, events = (context.numbers.value(f"km.{code}.{group.slug}.{k}") for k in ("n", "events"))
    return bool(n) and events == 0


def follow_up_short(context: Context, code: str, group: Group) -> bool:
    """The median is not reached, and events came until late in the time observed."""
    times = timed(context, code, group)
    known = times is not None and not times.empty and _not_reached(context, code, group)
    closed = levelled_off(context, code, group) or nobody_had_it(context, code, group)
    return known and not closed


def baseline_gaps(context: Context, names: str = "[^.]+") -> float:
    """How many baseline values are missing, of the variables that the pattern ``names`` fits."""
    numbers = context.numbers
    found = numbers.matching(rf"desc\.(?:{names})\.all\.(missing|missing\.n)")
    return sum(numbers.value(ard_id) or 0 for _, ard_id in found)

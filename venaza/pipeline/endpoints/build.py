"""Endpoints from end to end: clean tables in, analysis tables out."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.analysis import (
    ADAE,
    ADLB,
    ADRS,
    ADTTE,
    ADTTE_EXCLUDED,
    ASSESSMENTS,
    DEFINITIONS,
    FACTS,
    FLOW,
    MILESTONES,
    SUPPORT,
    TLS,
    TRAIL,
)
from venaza.contracts.clean import QUERIES
from venaza.contracts.columns import Column
from venaza.pipeline.endpoints.adae import derive_adae
from venaza.pipeline.endpoints.adrs import derive_adrs
from venaza.pipeline.endpoints.adsl import columns, derive_adsl, groups_and_populations
from venaza.pipeline.endpoints.adtte import derive_adtte
from venaza.pipeline.endpoints.arrays import floats, highest
from venaza.pipeline.endpoints.dates import dates_of
from venaza.pipeline.endpoints.definitions import derive_definitions
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.facts import facts_table, milestones_table
from venaza.pipeline.endpoints.flow import derive_flow
from venaza.pipeline.endpoints.labs import derive_adlb
from venaza.pipeline.endpoints.milestones import derive_facts
from venaza.pipeline.endpoints.on_treatment import emergent_until
from venaza.pipeline.endpoints.queries import endpoint_queries
from venaza.pipeline.endpoints.response import derive_assessments
from venaza.pipeline.endpoints.risk import derive_risk
from venaza.pipeline.endpoints.support import derive_support
from venaza.pipeline.endpoints.tls import derive_tls


def contract(table: str, study: dict) -> tuple[Column, ...]:
    """The columns of a table of this stage."""
    return {
        "adsl": columns(study),
        "adrs": ADRS,
        "adtte": ADTTE,
        "adtte_excluded": ADTTE_EXCLUDED,
        "adae": ADAE,
        "assessments": ASSESSMENTS,
        "milestones": MILESTONES,
        "flow": FLOW,
        "queries": QUERIES,
        "definitions": DEFINITIONS,
        "adlb": ADLB,
        "tls": TLS,
        "facts": FACTS,
        "support": SUPPORT,
        "trail": TRAIL,
    }[table]


def derive(tables: dict[str, pd.DataFrame], study: dict) -> dict[str, pd.DataFrame]:
    """ADSL, ADRS, ADTTE, ADAE and what lies behind them.

    ``tables`` are the clean tables with ``row_account`` and the cleaning's ``queries``; ``study``
    has the sections timeline, response, criteria, mrd, milestones, failure, endpoints, groups,
    columns, ctcae, labs, lab_grades, treatment_emergent, tls, checks and, of analysis,
    early_death_days.
    Also given: ``assessments``, ``milestones``, ``facts``, ``adtte_excluded``, ``trail``,
    ``definitions``, ``adlb``, ``tls``, ``flow``, ``support`` and ``queries``.
    """
    assessments = derive_assessments(tables, study)
    facts = derive_facts(tables, assessments, study)
    base = groups_and_populations(tables["patients"], study)
    treated = base.loc[base["ITTFL"] == "Y", "USUBJID"]
    adrs = derive_adrs(treated, tables, assessments, facts, study)
    adsl = derive_adsl(base, tables, adrs, facts, study)
    adsl, about_risk = derive_risk(adsl, tables["mutations"], study, tables.get("queries"))
    times = derive_adtte(adsl, facts, study, tables)
    until = _emergent(adsl, facts, study)
    support = derive_support(tables, assessments, facts, times.deciders, study)
    return {
        "assessments": assessments,
        "milestones": _dated(milestones_table(facts, study), adsl),
        "facts": _dated(facts_table(facts, study), adsl),
        "adsl": adsl,
        "adrs": _dated(adrs, adsl),
        "adtte": times.adtte,
        "adtte_excluded": times.excluded,
        "trail": times.trail,
        "definitions": derive_definitions(times.adtte, study),
        "adae": derive_adae(adsl, tables["adverse_events"], until, study),
        "adlb": derive_adlb(adsl, tables["labs"], until, study),
        "tls": derive_tls(adsl, tables, study),
        "flow": derive_flow(adsl, tables["row_account"], support, study),
        "support": support,
        "queries": endpoint_queries(assessments, facts, about_risk, tables, study),
    }


def _emergent(adsl: pd.DataFrame, facts: Facts, study: dict) -> pd.Series:
    """The last day of the treatment-emergent period of each patient; empty where it has none."""
    places = facts.places(adsl["USUBJID"])
    last = highest(places, floats(adsl["TRTEDY"]), len(facts.patients))
    return pd.Series(emergent_until(last, facts, study)[places], index=adsl["USUBJID"])


def _dated(frame: pd.DataFrame, adsl: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with ADT worked out from ADY and the patient's index date."""
    dates = dates_of(frame["USUBJID"], frame["ADY"], adsl)
    return frame.assign(ADT=dates).reset_index(drop=True)

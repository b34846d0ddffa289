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
    TLS,
)
from venaza.contracts.checks import not_off, worded
from venaza.contracts.clean import QUERIES
from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.contracts.queries import query_ids
from venaza.endpoints.adae import derive_adae
from venaza.endpoints.adrs import derive_adrs
from venaza.endpoints.adsl import columns, derive_adsl, groups_and_populations
from venaza.endpoints.adtte import derive_adtte
from venaza.endpoints.definitions import derive_definitions
from venaza.endpoints.facts import facts_table
from venaza.endpoints.flow import derive_flow
from venaza.endpoints.groups import not_listed
from venaza.endpoints.labs import derive_adlb
from venaza.endpoints.milestones import Facts, PassedOver, derive_facts
from venaza.endpoints.response import derive_assessments, disagreements
from venaza.endpoints.risk import derive_risk
from venaza.endpoints.tls import derive_tls


def contract(table: str, study: dict) -> tuple[Column, ...]:
    """The columns of a table of this stage."""
    return {
        **{"adsl": columns(study), "adrs": ADRS, "adtte": ADTTE, "adtte_excluded": ADTTE_EXCLUDED},
        **{"adae": ADAE, "assessments": ASSESSMENTS, "milestones": MILESTONES},
        **{"flow": FLOW, "queries": QUERIES, "definitions": DEFINITIONS},
        **{"adlb": ADLB, "tls": TLS, "facts": FACTS},
    }[table]


def derive(tables: dict[str, pd.DataFrame], study: dict) -> dict[str, pd.DataFrame]:
    """ADSL, ADRS, ADTTE, ADAE and what lies behind them.

    ``tables`` are the clean tables with ``row_account`` and the cleaning's ``queries``; ``study``
    has the sections timeline, response, criteria, mrd, milestones, failure, endpoints, groups,
    columns, ctcae, labs, lab_grades, tls and checks.
    Also given: ``assessments``, ``milestones``, ``facts``, ``adtte_excluded``, ``definitions``,
    ``adlb``, ``tls``, ``flow`` and ``queries``.
    """
    assessments = derive_assessments(tables, study)
    passed_over: list[PassedOver] = []
    facts = derive_facts(tables, assessments, study, passed_over)
    base = groups_and_populations(tables["patients"], study)
    treated = list(base.loc[base["ITTFL"] == "Y", "USUBJID"])
    adrs = derive_adrs(treated, tables, assessments, facts, study)
    adsl = derive_adsl(base, tables, adrs, facts, study)
    adsl, about_risk = derive_risk(adsl, tables["mutations"], study)
    adtte, excluded = derive_adtte(adsl, facts, study)
    return {
        "assessments": assessments,
        "milestones": _milestones(facts, adsl, study),
        "facts": _dated(facts_table(facts, passed_over, study), adsl),
        "adsl": adsl,
        "adrs": _dated(adrs, adsl),
        "adtte": adtte,
        "adtte_excluded": excluded,
        "definitions": derive_definitions(adtte, study),
        "adae": derive_adae(adsl, tables["adverse_events"], study),
        "adlb": derive_adlb(adsl, tables["labs"], facts, study),
        "tls": derive_tls(adsl, tables, study),
        "flow": derive_flow(adsl, tables["row_account"], study),
        "queries": _queries(assessments, facts, tables, study, about_risk),
    }


def _milestones(facts: dict[str, Facts], adsl: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The first fact of each milestone and patient (``MILESTONES``)."""
    rows = [
        {
            **{"STUDYID": study["id"], "USUBJID": patient, "MILESTONE": name},
            **{"DESCRIPTION": found[0].description, "ADY": found[0].day},
            **{"SRCDOM": found[0].domain, "SRCVAR": found[0].variable, "SRCSEQ": found[0].seq},
        }
        for name, patients in facts.items()
        for patient, found in patients.items()
    ]
    frame = conform(pd.DataFrame(rows), MILESTONES)
    frame = frame.sort_values(["USUBJID", "ADY", "MILESTONE"], kind="stable")
    return _dated(frame, adsl)


def _dated(frame: pd.DataFrame, adsl: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with ADT worked out from ADY and the patient's index date."""
    index = frame["USUBJID"].map(adsl.set_index("USUBJID")["INDEXDT"])
    days = pd.to_timedelta(frame["ADY"].astype("Float64"), unit="D")
    return frame.assign(ADT=(index + days).astype("datetime64[ns]")).reset_index(drop=True)


def _queries(
    assessments, facts: dict[str, Facts], tables: dict, study: dict, about_risk: list[dict]
) -> pd.DataFrame:
    """Queries that need derived responses or risk groups; the same columns as the cleaning's."""
    rows = tables["responses"].set_index(["USUBJID", "SEQ"])
    header = _header("responses", "RSINV", study)
    counted = study["response"]["counts"] == "investigator"
    action = "the investigator's response counts" if counted else "derived counts"
    rules = study["checks"]["rules"]
    made = []
    asked = _asked_in_cleaning(tables)
    for item in disagreements(assessments).to_dict("records"):
        raw = rows.loc[(item["USUBJID"], item["SEQ"])]
        if (raw["SRCFILE"], raw["SRCSHEET"], raw["SRCROW"]) in asked:
            continue
        said = {"stated": item["RSINV"], "derived": item["RSDRV"]}
        measured = {"blasts": "MBLAST", "anc": "ANC", "plt": "PLT"}
        said |= {name: _shown(raw[column]) for name, column in measured.items()}
        words = worded(rules, "response_disagrees", said, action)
        made.append({**words, **_about(item, raw, header)})
    remission, relapse = facts["FIRST_REMISSION"], facts["RELAPSE"]
    for patient, found in sorted(relapse.items()):
        fact = found[0]
        if patient in remission and remission[patient][0].day <= fact.day:
            continue
        if not assessments["RSINV"].isin(study["response"]["remission"]).any():
            break
        raw = rows.loc[(patient, fact.seq)]
        item = {"USUBJID": patient, "RSINV": "RELAPSE"}
        words = worded(rules, "relapse_without_remission")
        made.append({**words, **_about(item, raw, header)})
    patients = tables["patients"].set_index("USUBJID")
    for item in [*about_risk, *not_listed(tables["patients"], study)]:
        raw = patients.loc[item["USUBJID"]]
        place = {name: raw[name] for name in ("SRCFILE", "SRCSHEET", "SRCROW")}
        header = _header("patients", item["COLUMN"], study)
        words = worded(rules, item["RULE"], item["SAID"])
        about = {name: item[name] for name in ("USUBJID", "COLUMN", "VALUE")}
        made.append({**words, **about, "TABLE": "patients", **place, "SRCCOL": header})
    frame = conform(pd.DataFrame(not_off(made)), QUERIES)
    return frame.assign(QUERYID=query_ids(frame, tables))


def _asked_in_cleaning(tables: dict[str, pd.DataFrame]) -> set[tuple]:
    """Raw rows whose recorded response is in a query already: one question is enough."""
    if "queries" not in tables:
        return set()
    queries = tables["queries"]
    own = queries[(queries["TABLE"] == "responses") & (queries["COLUMN"] == "RSINV")]
    return set(zip(own["SRCFILE"], own["SRCSHEET"], own["SRCROW"], strict=True))


def _header(table: str, column: str, study: dict) -> str | None:
    """The raw header behind a clean column; None where the study does not map it."""
    if table not in study["tables"]:
        return None
    return study["tables"][table]["records"][0]["columns"].get(column, {}).get("from")


def _shown(value) -> str:
    return "not recorded" if pd.isna(value) else f"{value:g}"


def _about(item: dict, raw: pd.Series, header: str | None) -> dict:
    """Which recorded response a query is about, and where it stands."""
    place = {name: raw[name] for name in ("SRCFILE", "SRCSHEET", "SRCROW")}
    cell = {"TABLE": "responses", "COLUMN": "RSINV", "VALUE": item["RSINV"]}
    return {"USUBJID": item["USUBJID"], **cell, **place, "SRCCOL": header}

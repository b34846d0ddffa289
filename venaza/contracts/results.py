"""The analysis results data (ARD): every number of the manuscript, once."""

from __future__ import annotations

import re

from venaza.contracts.columns import Column
from venaza.contracts.selections import ARD_SELECTIONS, SELECTIONS

ARD = (
    Column("ard_id", "string", "Stable key of the number"),
    Column("analysis", "string", "Kind of analysis"),
    Column("endpoint", "string", "PARAMCD or variable"),
    Column("population", "string", "Population flag"),
    Column("group_variable", "string", "Grouping variable; empty = all patients"),
    Column("group", "string", "Group; empty = all patients"),
    Column("term", "string", "Covariate, category, stratum or comparison"),
    Column("time", "number", "Landmark", "days"),
    Column("statistic", "string", "Statistic"),
    Column("value", "number", "Value; empty where not reached or not estimable"),
    Column("unit", "string", "Unit of the value"),
    Column("display", "string", "Text as printed"),
    Column("method", "string", "Method"),
    Column("reason", "string", "Why the value is empty"),
)

#: The steps of each survival or incidence curve, as drawn.
CURVES = (
    Column("curve", "string", "kaplan_meier or cumulative_incidence"),
    Column("endpoint", "string", "PARAMCD"),
    Column("group", "string", "Group"),
    Column("cause", "string", "Event type of an incidence curve; empty for survival"),
    Column("time", "number", "Time", "days"),
    Column("n_risk", "integer", "At risk just before the time"),
    Column("n_event", "integer", "Events at the time"),
    Column("n_censor", "integer", "Censored at the time"),
    Column("estimate", "number", "Survival or cumulative incidence"),
    Column("lower", "number", "Lower 95% limit"),
    Column("upper", "number", "Upper 95% limit"),
)
#: The tables of the stage statistics.
TABLES = {"ard": ARD, "curves": CURVES, "selections": SELECTIONS, "ard_selections": ARD_SELECTIONS}
#: What followed failure beside anti-leukaemic therapy, and the flag of ADSL that says it.
FOLLOWED = {"supportive": "PFSUPFL", "further": "PFANYFL", "untreated": "PFNONFL"}

#: What the second part of a number's key is: an endpoint's code, or something else.
ENDPOINT, OTHER = "endpoint", "other"
#: The kinds of numbers, which are the first part of their keys.
KINDS = {
    **dict.fromkeys(
        ("km", "risk", "rkm", "logrank", "logrank_stratified", "cox", "coxn", "coxm", "coxs"),
        ENDPOINT,
    ),
    **dict.fromkeys(("zph", "zphm", "subgroup", "ci", "event", "gray", "rmst"), ENDPOINT),
    **dict.fromkeys(("landmark", "tdcox", "mantelbyar", "simonmakuch", "finegray"), ENDPOINT),
    **dict.fromkeys(("definition", "event_rate", "influence"), ENDPOINT),
    **dict.fromkeys(("n", "desc", "bor", "rate", "rate_evaluable", "rate_all", "fisher"), OTHER),
    **dict.fromkeys(("rate_remission", "rate_tested", "difference", "response"), OTHER),
    **dict.fromkeys(("contingency", "wilcoxon", "kruskal", "followup", "early"), OTHER),
    **dict.fromkeys(("failure", "postfailure", "salvage", "genetic", "ae", "lab"), OTHER),
    **dict.fromkeys(("shift", "tls", "published", "evidence", "digitised"), OTHER),
}
#: The populations of which ``n.POPULATION`` is the size.
POPULATIONS = ("ITT", "SAF", "RESP", "CR", "MRD", "DTH", "FAIL", "TX", "PFTRT", "NOGROUP", "NODOSE")
#: The statistics of the numbers, which are the last part of their keys but for populations.
STATISTICS = (
    "n", "denominator", "percent", "estimate", "lower", "upper", "mean", "sd", "median",
    "median_lower", "median_upper", "median_days", "q1", "q3", "min", "max", "missing",
    "p_value", "statistic", "chi_square", "df", "hazard_ratio", "odds_ratio", "shift", "se",
    "events", "censored", "patients", "n_risk", "parameters", "exposed", "not_assessable",
    "recorded", "recorded_found", "by_change",
)  # fmt: skip


def slug(text: object) -> str:
    """``text`` as one part of an ARD id: runs of anything but letters and digits become ``_``."""
    return re.sub(r"[\W_]+", "_", str(text)).strip("_") or "_"


def p_sign(display: str) -> str:
    """What stands between P and its printed value: ``= ``, or nothing before ``<0.001``."""
    return "" if display[:1] in ("<", ">") else "= "

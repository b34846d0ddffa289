"""The analysis results data (ARD): every number of the manuscript, once."""

from __future__ import annotations

import re

from venaza.contracts.columns import Column

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
#: What followed failure beside anti-leukaemic therapy, and the flag of ADSL that says it.
FOLLOWED = {"supportive": "PFSUPFL", "further": "PFANYFL", "untreated": "PFNONFL"}


def slug(text: object) -> str:
    """``text`` as one part of an ARD id: runs of anything but letters and digits become ``_``."""
    return re.sub(r"[\W_]+", "_", str(text)).strip("_") or "_"


def p_sign(display: str) -> str:
    """What stands between P and its printed value: ``= ``, or nothing before ``<0.001``."""
    return "" if display[:1] in ("<", ">") else "= "

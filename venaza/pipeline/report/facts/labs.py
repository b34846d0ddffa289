"""Facts on laboratory safety: worst grades beside the baseline, tumour lysis syndrome."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, no, uses
from venaza.pipeline.report.numbers import config_text
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text

#: The tests that the text speaks of.
_SPOKEN = ("ANC", "PLT", "HGB")


@in_text
def with_values(context: Context) -> list[str]:
    """The tests of the text that somebody has a value of."""
    value = context.numbers.value
    return [test for test in _SPOKEN if value(f"lab.all.{test}.g3.denominator")]


@in_text
def own_limits(context: Context) -> bool:
    """Whether the laboratory's own limits of normal came first: the study reads them."""
    records = context.study["tables"]["labs"].get("records", [])
    named = [{*r["columns"], *r["columns"].get("LBSTRESN", {})} for r in records]
    return any({"LBSTNRLO", "LBSTNRHI", "range_from"} & names for names in named)


@in_text
def definitions(context: Context) -> list[str]:
    """The definitions of tumour lysis syndrome that the ARD has numbers by."""
    return list(context.study["tls"]["definitions"]) if context.numbers.used("tls.") else []


@in_text
def lysis(context: Context, key: str) -> str:
    """What the study calls such a definition."""
    label = context.study["tls"]["definitions"][key]["label"]
    return config_text(label, f"tls.definitions.{key}.label")


@in_text
def some_by_change(context: Context, stem: str) -> bool:
    """Whether a change from the baseline alone may have decided, and somebody has it."""
    return bool(context.numbers.value(f"{stem}.n") and f"{stem}.by_change" in context.numbers)


def _some_not_assessable(context: Context) -> bool:
    found = context.numbers.matching(r"tls\.all\.[^.]+\.not_assessable")
    return any(context.numbers.value(ard_id) for _, ard_id in found)


def _assessed(context: Context, key: str) -> bool:
    return bool(context.numbers.value(f"tls.all.{key}.denominator"))


def _counted(context: Context, key: str) -> bool:
    return f"tls.all.{key}.n" in context.numbers


def _recorded_others(context: Context, key: str) -> bool:
    """Whether somebody has the syndrome as an adverse event or by its laboratory, not in both."""
    kinds = ("recorded", "n", "recorded_found")
    recorded, found, twice = (context.numbers.value(f"tls.all.{key}.{kind}") for kind in kinds)
    return recorded is not None and not (recorded == found == twice)


bind(
    {
        "methods.labs": uses("lab."),
        "methods.labs_worst": uses("lab."),
        "methods.labs_anaemia": uses("lab.all.HGB."),
        "methods.tls": uses("tls."),
        "methods.tls_clinical": uses("tls."),
        "methods.tls_not_assessable": _some_not_assessable,
        "labs.grades": with_values,
        "labs.tls": _assessed,
        "labs.tls_recorded": _recorded_others,
        "labs.tls_unknown": both(_counted, no(_assessed)),
    }
)

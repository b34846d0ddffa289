"""Facts on derived risk groups: by which schemes, whom they leave out, what the record says."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text
from venaza.study.risk_levels import UNKNOWN

#: How many missing tests the text names.
_MOST = 3


@in_text
def is_derived(context: Context) -> bool:
    """Whether the study derives risk groups."""
    return bool(context.study.get("risk"))


@in_text
def schemes(context: Context) -> list[str]:
    """The schemes, that of the study first."""
    first = context.study["risk"]["scheme"]
    return [first, *(name for name in context.study["risk_tables"]["schemes"] if name != first)]


@in_text
def levels(context: Context, scheme: str) -> list[str]:
    """The groups of a scheme, then that of patients who could not be put into one."""
    return [*context.study["risk_tables"]["schemes"][scheme]["groups"], UNKNOWN]


@in_text
def of_benefit(context: Context, scheme: str) -> bool:
    """Whether a scheme's groups are of benefit, and not of risk."""
    return levels(context, scheme)[0].endswith("benefit")


@in_text
def excluded(context: Context) -> dict[str, list[str]]:
    """The schemes that were not made for everybody, by the reason that leaves a patient out."""
    tables = context.study["risk_tables"]["schemes"] if is_derived(context) else {}
    by_reason: dict[str, list[str]] = {}
    for name, scheme in tables.items():
        for rule in scheme.get("excluded", ()):
            by_reason.setdefault(rule["reason"], []).append(name)
    return by_reason


@in_text
def agreement(context: Context) -> str:
    """The stem of the numbers of patients with a recorded group and of those with the same."""
    return f"genetic.{context.study['risk']['scheme']}.agree"


@in_text
def missing_tests(context: Context) -> list[str]:
    """The ids of the tests that patients without a group lacked, the most frequent first."""
    stem = f"genetic.{context.study['risk']['scheme']}.missing."
    tests = [row for row in context.numbers.rows() if row["ard_id"].startswith(stem)]
    return [r["ard_id"] for r in sorted(tests, key=lambda row: (-row["value"], row["term"]))]


@in_text
def most_missing(context: Context) -> list[str]:
    """The tests among them that the text names."""
    return missing_tests(context)[:_MOST]


def _compared(context: Context) -> float:
    return context.numbers.value(f"{agreement(context)}.denominator") or 0


def _differ(context: Context) -> bool:
    return _compared(context) > (context.numbers.value(f"{agreement(context)}.n") or 0)


bind(
    {
        "methods.risk": is_derived,
        "methods.risk_untested": is_derived,
        "methods.risk_panel": lambda c: is_derived(c) and c.study["risk"].get("panel"),
        "methods.risk_made_for": is_derived,
        "methods.risk_outside": excluded,
        "risk.distribution": lambda c, scheme: c.numbers.used(f"genetic.{scheme}.all."),
        "risk.missing_tests": missing_tests,
        "risk.agreement": _compared,
        "risk.disagreement": _differ,
    }
)

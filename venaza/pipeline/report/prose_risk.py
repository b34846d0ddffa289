"""Derived risk groups: how they were derived, what they are, whether they agree with the record."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import small
from venaza.pipeline.report.numbers import config_text
from venaza.pipeline.report.sentences import paragraph, sentence
from venaza.study.risk_levels import UNKNOWN

#: How many missing tests the text names.
_MOST = 3


def methods(context: Context) -> str:
    """How risk groups were derived; empty where the study derives none."""
    text = paragraph(
        _derived(context),
        _untested(context),
        _panel(context),
        _made_for(context),
        _outside(context),
    )
    return f"## Genetic risk\n\n{text}\n" if text else ""


def _derives(context: Context) -> dict | None:
    return context.study.get("risk")


@sentence("methods.risk", when=_derives)
def _derived(context: Context) -> str:
    schemes = context.study["risk_tables"]["schemes"]
    cited = [
        f"the {config_text(small(schemes[name]['title']), f'risk.{name}')}"
        f" [@{schemes[name]['citation']}]"
        for name in _order(context)
    ]
    return f"Genetic risk was derived from the karyotype and the mutations by {listed(cited)}."


@sentence("methods.risk_untested", when=_derives)
def _untested(context: Context) -> str:
    return (
        "Genes were mutated, wild-type or not tested; a patient whose group depended on a test "
        "that was not done was not classifiable, and no missing test was taken as negative."
    )


@sentence("methods.risk_panel", when=lambda c: _derives(c) and c.study["risk"].get("panel"))
def _panel(context: Context) -> str:
    panel = context.study["risk"]["panel"]
    genes = config_text(listed(list(panel["lists_mutated_only"])), "risk.panel")
    known = config_text(panel["known_by"], "risk.panel")
    return (
        f"The laboratory lists {genes} only where mutated; they counted as wild-type in "
        f"patients with a result for {known}, which shows that the panel was run."
    )


def _excluding(context: Context) -> list[str]:
    """The schemes that were not made for everybody."""
    schemes = context.study["risk_tables"]["schemes"] if _derives(context) else {}
    return [name for name in schemes if schemes[name].get("excluded")]


@sentence("methods.risk_made_for", when=_derives)
def _made_for(context: Context) -> str:
    return "The classifications were made for newly diagnosed disease."


@sentence("methods.risk_outside", when=_excluding)
def _outside(context: Context) -> str:
    """Who is outside which scheme."""
    schemes = context.study["risk_tables"]["schemes"]
    by_reason: dict[str, list[str]] = {}
    for name in _excluding(context):
        for excluded in schemes[name]["excluded"]:
            by_reason.setdefault(excluded["reason"], []).append(_called(schemes[name]))
    clauses = listed([f"with {reason} ({listed(names)})" for reason, names in by_reason.items()])
    return f"Outside a classification were patients {config_text(clauses, 'risk')}."


def _called(scheme: dict) -> str:
    return f"the {scheme['title']}" if scheme["groups"][0].endswith("benefit") else scheme["name"]


def results(context: Context) -> str:
    """The derived groups and their agreement with the record; empty where there are none."""
    if not _derives(context):
        return ""
    first, *others = _order(context)
    text = paragraph(
        _distribution(context, first),
        _lacking(context),
        *(_distribution(context, name) for name in others),
        _agreement(context),
        _disagreement(context),
    )
    return f"## Genetic risk\n\n{text}\n" if text else ""


def _agreeing(context: Context) -> str:
    return f"genetic.{context.study['risk']['scheme']}.agree"


@sentence(
    "risk.agreement",
    when=lambda c: c.numbers.value(f"{_agreeing(c)}.denominator"),
)
def _agreement(context: Context) -> str:
    return (
        "Among the patients with a recorded and a derived group, the two were the same in "
        f"{context.numbers.share(_agreeing(context))}."
    )


@sentence(
    "risk.disagreement",
    when=lambda c: (
        (c.numbers.value(f"{_agreeing(c)}.denominator") or 0)
        > (c.numbers.value(f"{_agreeing(c)}.n") or 0)
    ),
)
def _disagreement(context: Context) -> str:
    return "Each disagreement was queried."


def _missing_tests(context: Context) -> list[dict]:
    """The tests that patients without a group lacked, the most frequent first."""
    stem = f"genetic.{context.study['risk']['scheme']}.missing."
    tests = [row for row in context.numbers.rows() if row["ard_id"].startswith(stem)]
    return sorted(tests, key=lambda row: (-row["value"], row["term"]))


@sentence("risk.missing_tests", when=lambda c: _missing_tests(c))
def _lacking(context: Context) -> str:
    tests = _missing_tests(context)
    most = listed(
        [
            f"{config_text(r['term'], 'risk')} in {context.numbers.var(r['ard_id'])}"
            for r in tests[:_MOST]
        ]
    )
    often = "Most often missing" if len(tests) > _MOST else "Missing"
    return f"{often} in those not classifiable was {most} (a patient may lack several)."


def _order(context: Context) -> list[str]:
    first = context.study["risk"]["scheme"]
    schemes = context.study["risk_tables"]["schemes"]
    return [first, *(name for name in schemes if name != first)]


@sentence(
    "risk.distribution",
    when=lambda c, scheme: c.numbers.used(f"genetic.{scheme}.all."),
)
def _distribution(context: Context, scheme: str) -> str:
    """``By ELN 2022, 3 patients were favourable, 7 ... and 8 not classifiable; ...``"""
    numbers = context.numbers
    see = context.see("tbl risk") if scheme == context.study["risk"]["scheme"] else ""
    table = context.study["risk_tables"]["schemes"][scheme]
    stem = f"genetic.{scheme}.all"
    counts = {
        level: numbers.var(f"{stem}.{slug(level)}.n") for level in [*table["groups"], UNKNOWN]
    }
    benefit = next(iter(counts)).endswith("benefit")
    parts = [f"{count} {level}" for level, count in counts.items()]
    if benefit:
        parts[-1] = parts[-1].replace(" not", " were not")
    first, level = next(iter(counts.values())), next(iter(counts))
    parts[0] = f"{first} {'had' if benefit else 'patients were'} {level}"
    name = _called(table)
    outside = f"{stem}.outside_the_classification.n"
    beside = f"; {numbers.var(outside)} were outside it" if numbers.value(outside) else ""
    return f"By {config_text(name, f'risk.{scheme}')}, {listed(parts)}{beside}{see}."

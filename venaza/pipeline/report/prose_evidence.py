"""Published series beside this cohort: rates, medians, pooled rates; and the ongoing trials."""

from __future__ import annotations

from importlib.resources import files

from venaza.contracts.evidence import KINDS, SETTINGS
from venaza.contracts.wording import listed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.exhibits import figure
from venaza.pipeline.report.facts import both, no, shows, synthetic
from venaza.pipeline.report.numbers import config_text, given
from venaza.pipeline.report.sentences import paragraph, paragraphs, sentence


def methods(context: Context) -> str:
    """How published series were taken in and pooled; empty where the study shows none."""
    text = paragraph(
        _taken_in(context), _intervals(context), _pooling(context), _not_pooled(context)
    )
    return f"\n{text}\n" if text else ""


def _any_series(context: Context) -> bool:
    return bool(context.study.get("evidence") and context.numbers.value("evidence.n.series"))


def _any_rates(context: Context) -> bool:
    return bool(_any_series(context) and context.numbers.value("evidence.n.rates"))


def _pools(context: Context) -> list[tuple]:
    """The pooled rates: setting, kind of denominator, and the stem of the ids."""
    pattern = r"evidence\.pool\.([^.]+)\.[^.]+\.[^.]+\.([a-z]+)\.percent"
    found = context.numbers.matching(pattern)
    return [(m[1], m[2], ard_id.removesuffix(".percent")) for m, ard_id in found]


def _least(context: Context) -> str:
    return given(context.study["evidence"]["pool"]["least"], "evidence.pool.least")


@sentence("methods.evidence", when=_any_series)
def _taken_in(context: Context) -> str:
    return (
        "Published series come from the reference tables of the project, each number with its "
        "endpoint and denominator as named by its authors and with its source."
    )


@sentence("methods.evidence_intervals", when=_any_rates)
def _intervals(context: Context) -> str:
    return (
        f"Their rates have exact {context.numbers.level} intervals [@clopper1934] where the count "
        "is published or is the only one of the denominator that prints the percentage."
    )


@sentence("methods.pooling", when=both(_any_rates, _pools))
def _pooling(context: Context) -> str:
    return (
        f"Where at least {_least(context)} series have the same setting, regimen, endpoint and "
        "kind of denominator, their rates were pooled by random effects on the logit scale, with "
        "the variance between series by restricted maximum likelihood [@viechtbauer2005], limits "
        "by Hartung and Knapp [@knapp2003], and a prediction interval for a further series."
    )


@sentence("methods.cohort_not_pooled", when=both(_any_rates, _pools))
def _not_pooled(context: Context) -> str:
    return "This cohort was not pooled with them."


def results(context: Context) -> str:
    """The section on published series; empty where the study shows none."""
    if not _any_series(context):
        return ""
    blocks = paragraphs(
        "## Evidence in context",
        paragraph(
            _rates_shown(context),
            _worked_out(context),
            _without_interval(context),
            _others(context),
        ),
        paragraph(
            _none_pooled(context),
            *(_pool(context, *pool) for pool in _pools(context)),
        ),
        paragraph(
            _apart(context),
            _series_differ(context),
            _interval_means(context),
            _no_test(context),
            _made(context),
        ),
        figure("evidence", context),
    )
    return f"{blocks}\n"


@sentence("evidence.rates", when=_any_rates)
def _rates_shown(context: Context) -> str:
    return (
        f"@fig-evidence sets response rates of this cohort beside {_counted('rates', context)} "
        f"from {context.numbers.var('evidence.n.rate_series')} published series, each endpoint "
        "apart."
    )


@sentence("evidence.others", when=both(_any_series, shows("tbl evidence")))
def _others(context: Context) -> str:
    return (
        "@tbl-evidence sets survival and other outcomes beside those of "
        f"{context.numbers.var('evidence.n.other_series')} published series."
    )


def _counted(name: str, context: Context) -> str:
    value = context.numbers.value(f"evidence.n.{name}")
    return f"{context.numbers.var(f'evidence.n.{name}')} {'rate' if value == 1 else 'rates'}"


@sentence(
    "evidence.worked_out",
    when=lambda c: _any_rates(c) and c.numbers.value("evidence.n.worked_out"),
)
def _worked_out(context: Context) -> str:
    return (
        f"The intervals of {_counted('worked_out', context)} rest on counts worked out from the "
        "percentage."
    )


@sentence(
    "evidence.without_interval",
    when=lambda c: _any_rates(c) and c.numbers.value("evidence.n.without_interval"),
)
def _without_interval(context: Context) -> str:
    one = context.numbers.value("evidence.n.without_interval") == 1
    have, whose = ("has", "its count is") if one else ("have", "their counts are")
    bare = _counted("without_interval", context)
    return f"No interval is given of {bare} that {have} none in print, as {whose} not certain."


@sentence("evidence.none_pooled", when=both(_any_rates, no(_pools)))
def _none_pooled(context: Context) -> str:
    return (
        f"No rate was pooled: nowhere do as many as {_least(context)} series share setting, "
        "regimen, endpoint and kind of denominator."
    )


@sentence("evidence.pool", when=lambda c, *pool: pool in _pools(c))
def _pool(context: Context, group: str, kind: str, stem: str) -> str:
    """A pooled rate with its limits, prediction limits and heterogeneity."""
    numbers = context.numbers
    setting = SETTINGS[context.study["evidence"]["settings"][group]].lower()
    endpoint = config_text(numbers.field(f"{stem}.percent", "endpoint"), "evidence.rates")
    method = numbers.field(f"{stem}.percent", "method")
    regimen = config_text(method.rpartition("; regimen ")[2], "evidence.pool.classes")
    among = listed([f"τ² {numbers.var(f'{stem}.tau2')}", f"I² {numbers.var(f'{stem}.i2')}%"])
    return (
        f"In {setting} disease, the rate of {endpoint} with {regimen} ({KINDS[kind]}) pooled by "
        f"random effects over {numbers.var(f'{stem}.series')} series with "
        f"{numbers.var(f'{stem}.patients')} patients is {numbers.var(f'{stem}.percent')}% "
        f"({numbers.interval(stem)}), and that of a further series would be expected between "
        f"{numbers.var(f'{stem}.prediction_lower')}% and "
        f"{numbers.var(f'{stem}.prediction_upper')}%; the series disagree by {among} (Cochran's "
        f"Q {numbers.var(f'{stem}.q')} on {numbers.var(f'{stem}.df')} degrees of freedom)."
    )


@sentence("evidence.apart", when=_any_series)
def _apart(context: Context) -> str:
    return "The numbers stand side by side and are not compared."


@sentence("evidence.series_differ", when=_any_series)
def _series_differ(context: Context) -> str:
    return (
        "Series may differ in setting, in age and fitness of their patients, in regimen and dose, "
        "in what counted as a response and when it was looked for, in who is in the denominator "
        "(all treated, the evaluable, or not stated) and in follow-up, on which medians depend."
    )


@sentence("evidence.intervals", when=_any_rates)
def _interval_means(context: Context) -> str:
    return (
        "An interval says how precise a rate is in its own series, not how far two series differ."
    )


@sentence("evidence.no_test", when=_any_series)
def _no_test(context: Context) -> str:
    return "No test was made against a published number."


@sentence("evidence.synthetic", when=both(_any_series, synthetic))
def _made(context: Context) -> str:
    return (
        "The patients of this cohort are synthetic: that they resemble the publication they "
        "were made after is no evidence."
    )


def trials(context: Context) -> str:
    """The section on ongoing trials, with the filter of the web page; empty where none."""
    text = paragraph(_trials(context), _registry(context))
    if not text:
        return ""
    script = files("venaza.pipeline.report").joinpath("trials.js").read_text(encoding="utf-8")
    return (
        f"## Ongoing trials\n\n{text}\n\n"
        ':::: {.content-visible when-format="html"}\n'
        f"```{{=html}}\n<script>\n{script.strip()}\n</script>\n```\n::::\n"
    )


@sentence("trials.listed", when=shows("tbl trials"))
def _trials(context: Context) -> str:
    numbers = context.numbers
    return (
        f"@tbl-trials lists {numbers.var('evidence.n.trials')} ongoing trials in "
        f"{numbers.var('evidence.n.trial_rows')} rows, as a review listed them."
    )


@sentence("trials.registry", when=shows("tbl trials"))
def _registry(context: Context) -> str:
    return "What has become of a trial since stands in the registry, to which its number leads."

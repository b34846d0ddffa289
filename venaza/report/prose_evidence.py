"""Published series beside this cohort: rates, medians, pooled rates; and the ongoing trials."""

from __future__ import annotations

from importlib.resources import files

from venaza.contracts.evidence import KINDS, SETTINGS
from venaza.report.context import Context
from venaza.report.exhibits import figure
from venaza.report.numbers import config_text, given
from venaza.report.words import is_synthetic, listed

_APART = (
    "The numbers stand side by side; they are no comparison. The series differ in setting, in "
    "age and fitness of their patients, in regimen and dose, in what counted as a response and "
    "when it was looked for, in who is in the denominator (all treated, the evaluable, or not "
    "stated) and in follow-up, on which medians depend. An interval says how precise a rate is "
    "in its own series, not how far two series differ. No test was made against a published "
    "number."
)


def methods(context: Context) -> str:
    """How published series were taken in and pooled; empty where the study shows none."""
    numbers, spec = context.numbers, context.study.get("evidence")
    if not spec or not _any_series(context):
        return ""
    least = given(spec["pool"]["least"], "evidence.pool.least")
    return (
        "\nPublished series come from the reference tables of the project, each number with its "
        "endpoint and denominator as named by its authors and with its source. Their rates have "
        f"exact {numbers.level} intervals [@clopper1934] where the count is published or is the "
        "only one of the denominator that prints the percentage. Where at least "
        f"{least} series have the same setting, endpoint and kind of denominator, their rates "
        "were pooled by random effects on the logit scale, with the variance between series by "
        "restricted maximum likelihood [@viechtbauer2005] and limits by Hartung and Knapp "
        "[@knapp2003], and a prediction interval for a further series. This cohort was not "
        "pooled with them.\n"
    )


def results(context: Context) -> str:
    """The section on published series; empty where the study shows none."""
    if not context.study.get("evidence") or not _any_series(context):
        return ""
    blocks = [
        "## Evidence in context",
        _shown(context),
        _pools(context),
        _APART + _made(context),
        figure("evidence", context),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _any_series(context: Context) -> bool:
    return bool(context.numbers.value("evidence.n.series"))


def _shown(context: Context) -> str:
    numbers = context.numbers
    text = []
    if numbers.value("evidence.n.rates"):
        text.append(
            f"@fig-evidence sets response rates of this cohort beside {_counted('rates', context)} "
            f"from {numbers.var('evidence.n.rate_series')} published series, endpoint by endpoint "
            "and never merged."
        )
        text += [_counts(context)]
    if context.has("tbl evidence"):
        text.append(
            "@tbl-evidence sets survival and other outcomes beside those of "
            f"{numbers.var('evidence.n.other_series')} published series."
        )
    return " ".join(filter(None, text))


def _counted(name: str, context: Context) -> str:
    value = context.numbers.value(f"evidence.n.{name}")
    return f"{context.numbers.var(f'evidence.n.{name}')} {'rate' if value == 1 else 'rates'}"


def _counts(context: Context) -> str:
    """How many counts were worked out, and how many rates have no interval."""
    numbers = context.numbers
    text = []
    if numbers.value("evidence.n.worked_out"):
        text.append(
            f"The intervals of {_counted('worked_out', context)} rest on counts "
            "worked out from the percentage"
        )
    if numbers.value("evidence.n.without_interval"):
        start = "; " if text else ""
        bare = _counted("without_interval", context)
        has = "has" if numbers.value("evidence.n.without_interval") == 1 else "have"
        text.append(f"{start}{bare}, whose counts are not certain, {has} no interval")
    sentence = "".join(text)
    return f"{sentence}." if text else ""


def _pools(context: Context) -> str:
    """Each pooled rate with its limits, prediction limits and heterogeneity."""
    numbers = context.numbers
    found = numbers.matching(r"evidence\.pool\.([^.]+)\.([^.]+)\.([a-z]+)\.percent")
    if not found:
        least = given(context.study["evidence"]["pool"]["least"], "evidence.pool.least")
        if not numbers.value("evidence.n.rates"):
            return ""
        return (
            "No rate was pooled: nowhere do as many as "
            f"{least} series share setting, endpoint and kind of denominator."
        )
    return " ".join(
        _pool(ard_id.removesuffix(".percent"), match, context) for match, ard_id in found
    )


def _pool(stem: str, match, context: Context) -> str:
    numbers = context.numbers
    setting = SETTINGS[context.study["evidence"]["settings"][match[1]]].lower()
    endpoint = config_text(numbers.field(f"{stem}.percent", "endpoint"), "evidence.rates")
    among = listed([f"τ² {numbers.var(f'{stem}.tau2')}", f"I² {numbers.var(f'{stem}.i2')}%"])
    return (
        f"In {setting} disease, {numbers.var(f'{stem}.series')} series with "
        f"{numbers.var(f'{stem}.patients')} patients give {endpoint} with the same kind of "
        f"denominator ({KINDS[match[3]]}). Pooled by random effects, the rate is "
        f"{numbers.var(f'{stem}.percent')}% ({numbers.interval(stem)}), and that of a further "
        f"series would be expected between {numbers.var(f'{stem}.prediction_lower')}% and "
        f"{numbers.var(f'{stem}.prediction_upper')}%; the series disagree by {among} (Cochran's "
        f"Q {numbers.var(f'{stem}.q')} on {numbers.var(f'{stem}.df')} degrees of freedom). So few "
        "series make the limits wide, and what they have in common is a setting and a "
        "definition, not a treatment."
    )


def _made(context: Context) -> str:
    if not is_synthetic(context.study):
        return ""
    return (
        " The patients of this cohort are synthetic: that they resemble the publication they "
        "were made after is no evidence."
    )


def trials(context: Context) -> str:
    """The section on ongoing trials, with the filter of the web page; empty where none."""
    if not context.has("tbl trials"):
        return ""
    numbers = context.numbers
    script = files("venaza.report").joinpath("trials.js").read_text(encoding="utf-8")
    return (
        "## Ongoing trials\n\n"
        f"@tbl-trials lists {numbers.var('evidence.n.trials')} ongoing trials in "
        f"{numbers.var('evidence.n.trial_rows')} rows, as a review listed them. What has become "
        "of a trial since stands in the registry, to which its number leads.\n\n"
        ':::: {.content-visible when-format="html"}\n'
        f"```{{=html}}\n<script>\n{script.strip()}\n</script>\n```\n::::\n"
    )

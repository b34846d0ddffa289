"""Facts on published series beside this cohort: rates, pooled rates; and the ongoing trials."""

from __future__ import annotations

import json
import re
from importlib.resources import files

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, no, positive, shows, synthetic
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text
from venaza.study.words import say


@in_text
def any_series(context: Context, *_: object) -> bool:
    """Whether the study shows published series."""
    return bool(context.study.get("evidence") and context.numbers.value("evidence.n.series"))


@in_text
def pools(context: Context, *_: object) -> list[tuple[str, str, str]]:
    """The pooled rates: group, kind of denominator, and the stem of the ids."""
    pattern = r"evidence\.pool\.([^.]+)\.[^.]+\.[^.]+\.([a-z]+)\.percent"
    found = context.numbers.matching(pattern)
    return [(m[1], m[2], ard_id.removesuffix(".percent")) for m, ard_id in found]


@in_text
def regimen(context: Context, stem: str) -> str:
    """The class of regimens that a pooled rate is of."""
    name = context.numbers.field(f"{stem}.percent", "method").rpartition("; regimen ")[2]
    return say(context.study, name)


@in_text
def filter_of_trials(context: Context) -> str:
    """What filters the table of trials on the web page, as JavaScript in its language."""
    script = files("venaza.pipeline.report").joinpath("trials.js").read_text(encoding="utf-8")
    for english in re.findall(r'say\("([^"]+)"\)', script):
        own = json.dumps(say(context.study, english), ensure_ascii=False)
        script = script.replace(f'say("{english}")', own)
    return script.strip()


def _any_rates(context: Context, *_: object) -> bool:
    return any_series(context) and bool(context.numbers.value("evidence.n.rates"))


bind(
    {
        "methods.evidence": any_series,
        "methods.evidence_intervals": _any_rates,
        "methods.pooling": both(_any_rates, pools),
        "methods.cohort_not_pooled": both(_any_rates, pools),
        "evidence.rates": _any_rates,
        "evidence.worked_out": both(_any_rates, positive("evidence.n.worked_out")),
        "evidence.without_interval": both(_any_rates, positive("evidence.n.without_interval")),
        "evidence.others": both(any_series, shows("tbl evidence")),
        "evidence.none_pooled": both(_any_rates, no(pools)),
        "evidence.pool": lambda c, *pool: pool in pools(c),
        "evidence.series_differ": any_series,
        "evidence.no_test": any_series,
        "evidence.synthetic": both(any_series, synthetic),
        "trials.listed": shows("tbl trials"),
        "trials.registry": shows("tbl trials"),
    }
)

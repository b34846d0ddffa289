"""Each kind of number once more, by analysis: from an answer of ``why --json`` to its value."""

from __future__ import annotations

from collections.abc import Callable

from tests.recompute.counts import (
    adverse_events,
    best_response,
    descriptive,
    early_mortality,
    failure,
    fisher,
    follow_up,
    population,
    post_failure,
    rate_difference,
    rates,
    response_time,
    wilcoxon,
)
from tests.recompute.laboratory import laboratory, shift
from tests.recompute.models import (
    cox_level,
    cox_ratio,
    influence,
    landmark,
    mantel_byar,
    several,
    stratified,
    subgroup,
    time_dependent,
)
from tests.recompute.rows import Answer
from tests.recompute.survival import (
    at_risk,
    definition,
    event_rate,
    events,
    incidence,
    kaplan_meier,
    log_rank_test,
    restricted_mean,
    reverse,
    salvage,
)


def published(answer: Answer) -> float | None:
    """The published figure from its file; ours from the number it is held against, rounded."""
    row = answer.told["published"]
    printed = answer.export.published(row["file"], row["row"])["value"]
    kind = answer.number["statistic"]
    if kind == "published":
        return float(printed)
    value = recomputed(answer.ask(row["held_against"]))
    if kind == "computed":
        return value
    decimals = len(printed.partition(".")[2])
    same = abs(value - float(printed)) <= 0.5 * 10**-decimals + 1e-9
    return float(same)


#: By analysis: what computes its numbers.
KINDS: dict[str, Callable[[Answer], float | None]] = {
    "adverse_events": adverse_events,
    "best_response": best_response,
    "cox": cox_ratio,
    "cox_level": cox_level,
    "cox_multivariable": several,
    "cumulative_incidence": incidence,
    "definition": definition,
    "descriptive": descriptive,
    "difference": rate_difference,
    "early_mortality": early_mortality,
    "event_rate": event_rate,
    "events": events,
    "failure": failure,
    "fisher": fisher,
    "follow_up": follow_up,
    "influence": influence,
    "kaplan_meier": kaplan_meier,
    "laboratory": laboratory,
    "laboratory_shift": shift,
    "landmark": landmark,
    "logrank": log_rank_test,
    "logrank_stratified": stratified,
    "mantel_byar": mantel_byar,
    "population": population,
    "post_failure": post_failure,
    "published": published,
    "rank_test": wilcoxon,
    "response_rate": rates,
    "response_time": response_time,
    "reverse_kaplan_meier": reverse,
    "risk_table": at_risk,
    "rmst": restricted_mean,
    "salvage": salvage,
    "subgroup": subgroup,
    "time_dependent_cox": time_dependent,
}
#: Not computed again here; their cells are looked up, and why that is enough.
CELLS_ONLY = {
    "evidence": "published by others; no cell of this export is behind it (tests/statistics)",
    "evidence_pooled": "pooled from published counts, held against metafor in tests/statistics",
    "reconstructed": "from digitised curves of other studies, tried in tests/statistics",
    "fine_gray": "Fine and Gray's regression is held against R's crr (tests/statistics)",
    "cox_stratified": "Cox within strata is held against R's coxph (tests/statistics)",
    "gray": "Gray's test is held against R's cmprsk (tests/statistics)",
    "proportional_hazards": "the score test is held against R's cox.zph (tests/statistics)",
    "risk": "groups of genetic risk are rules on karyotypes, worked by hand in tests/endpoints",
    "tumour_lysis": "its rules over days of several tests are worked by hand in tests/endpoints",
}
#: The same for some numbers of a kind, by a word of their method.
METHODS_CELLS_ONLY = {
    "evidence": "published by others; no cell of this export is behind it (tests/statistics)",
    "evidence_pooled": "pooled from published counts, held against metafor in tests/statistics",
    "reconstructed": "from digitised curves of other studies, tried in tests/statistics",
    "Firth": "Firth's penalty is held against another program (tests/reference/make_firth.py)",
}


def only_cells(answer: Answer) -> bool:
    """Whether a number is one of those whose cells are looked up and that is all."""
    by_method = any(word in answer.number["method"] for word in METHODS_CELLS_ONLY)
    return by_method or answer.number["analysis"] in CELLS_ONLY


def recomputed(answer: Answer) -> float | None:
    """The value of a number by the code of this folder; ``KeyError`` for a kind it lacks."""
    return KINDS[answer.number["analysis"]](answer)

"""Response rates, MRD and early deaths: proportions with intervals, in each denominator."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from venaza.contracts.truth import is_true
from venaza.pipeline.statistics import ard, floor, selections
from venaza.pipeline.statistics.descriptive import flagged, share
from venaza.study.groups import Group, groups_and_all

#: Parameter -> its denominators: the name in the study file -> the ADSL flag.
RESPONSE = {"evaluable": "RESPFL", "all": "ITTFL"}
MRD = {"remission": "CRFL", "tested": "MRDFL", "all": "ITTFL"}
TREATED = {"all": "ITTFL"}
DENOMINATORS = {
    "ORR": RESPONSE,
    "CRC": RESPONSE,
    "CR": RESPONSE,
    "MRDNEG": MRD,
    "TIRBC": TREATED,
    "TIPLT": TREATED,
}
#: The denominator of those who have the parameter at all.
TESTED = "MRDFL"
FLAGS = ("ITTFL", "RESPFL", "CRFL", "MRDFL")
#: What is compared between two groups.
COMPARED = ("ORR", "CRC", "MRDNEG")
INTERVALS = {
    "clopper-pearson": ("exact", "Clopper-Pearson"),
    "wilson": ("wilson", "Wilson"),
}
EMPTY = "no patient in the denominator"


def asked(adrs: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The rows of ADRS that the study reports: no response without ``response_rates``.

    Transfusion independence is no response, and stays.
    """
    if study["analysis"].get("response_rates", True):
        return adrs
    return adrs[adrs["PARAMCD"].isin([code for code, f in DENOMINATORS.items() if f is TREATED])]


def percent_of(study: dict) -> str:
    """The confidence level as printed: ``95%``."""
    return f"{100 * study['analysis']['confidence']:g}%"


def interval(k: int, n: int, method: str, confidence: float) -> tuple[float, float]:
    """The confidence interval of k/n as proportions; ``method`` ``exact`` or ``wilson``.

    ``exact`` is Clopper and Pearson's (R: ``binom.test``), ``wilson`` Wilson's score interval
    without continuity correction (R: ``prop.test(correct = FALSE)``). n must be at least 1.
    """
    from scipy.stats import binomtest

    limits = binomtest(k, n).proportion_ci(confidence, method=method)
    return float(limits.low), float(limits.high)


def proportion(k: int, n: int, study: dict) -> tuple[dict[str, ard.Number], str]:
    """The numbers of one rate (n, denominator, percent, limits) and the method's name."""
    method, name = INTERVALS[study["analysis"]["proportion_interval"]]
    numbers = {"n": ard.count(k), "denominator": ard.count(n)}
    if n == 0:
        numbers |= {part: ard.missing("percent", EMPTY) for part in ("percent", "lower", "upper")}
    else:
        low, high = interval(k, n, method, study["analysis"]["confidence"])
        for part, value in (("percent", k / n), ("lower", low), ("upper", high)):
            numbers[part] = ard.known(100 * value, "percent")
    return numbers, f"{name} {percent_of(study)} CI"


def family_of(parameter: str) -> str:
    """The parameter without the name of an alternative: ``MRDNEG.deep`` is ``MRDNEG``."""
    return parameter.partition(".")[0]


def headline(parameter: str, study: dict) -> str:
    """The denominator that the abstract prints for a parameter."""
    family = DENOMINATORS[family_of(parameter)]
    if family is TREATED:
        return "all"
    return study["mrd" if family is MRD else "response"]["denominator"]


def counts(
    parameter: str, flag: str, group: Group, adsl: pd.DataFrame, adrs: pd.DataFrame
) -> tuple[int, int]:
    """Patients with the response, and patients, among those of ``group`` with ``flag``."""
    own = selections.responses(parameter).of(adrs)
    # Who was tested differs with the method and the day that an alternative asks for.
    tested = flag == TESTED
    members = (group.of(adsl) if tested else flagged(group.of(adsl), flag))["USUBJID"]
    members = members[members.isin(own["USUBJID"])] if tested else members
    reached = own[is_true(own["AVAL"] == 1)]["USUBJID"]
    return int(members.isin(reached).sum()), len(members)


def rates(adsl: pd.DataFrame, adrs: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Each rate in its headline denominator (``rate``) and in every one it has."""
    adsl = adsl[["USUBJID", "GROUP", *FLAGS]]
    for parameter in _given(adrs):
        flags = DENOMINATORS[family_of(parameter)]
        kinds = {"rate": flags[headline(parameter, study)]}
        kinds |= {f"rate_{name}": flag for name, flag in flags.items()}
        for prefix, flag in kinds.items():
            for group in groups_and_all(study):
                k, n = counts(parameter, flag, group, adsl, adrs)
                numbers, method = proportion(k, n, study)
                yield from ard.rows(
                    f"{prefix}.{parameter}.{group.slug}",
                    numbers,
                    rows=selections.responses(parameter, every=flag != TESTED),
                    analysis="response_rate",
                    endpoint=parameter,
                    population=flag,
                    group=group,
                    method=method,
                )


def _given(adrs: pd.DataFrame) -> list[str]:
    found = set(adrs["PARAMCD"])
    others = sorted(code for code in found if family_of(code) == "MRDNEG" != code)
    return [*(parameter for parameter in DENOMINATORS if parameter in found), *others]


def best_response(adsl: pd.DataFrame, adrs: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Best overall response of all treated patients, by category; every patient counts once."""
    chosen = selections.responses("BOR")
    best = chosen.of(adrs)
    if best.empty:
        return
    by_patient = best.set_index("USUBJID")["AVALC"]
    category = adsl["USUBJID"].map(by_patient).astype("string").fillna("missing")
    table = adsl[["GROUP"]].assign(BOR=category)
    order = [str(word) for word in study["response"]["order"]]
    found = set(category)
    categories = [c for c in order if c in found] + sorted(found - set(order))
    keys = ard.slugs(categories)
    for group in groups_and_all(study):
        members = group.of(table)
        for name in categories:
            yield from ard.rows(
                f"bor.{group.slug}.{keys[name]}",
                share(int((members["BOR"] == name).sum()), len(members)),
                rows=chosen,
                analysis="best_response",
                endpoint="BOR",
                group=group,
                term=name,
                method="Percent of all treated patients",
            )


def comparisons(adsl: pd.DataFrame, adrs: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Fisher's exact test and the difference of rates where the study compares two groups."""
    groups = ard.compared_groups(study)
    adsl = adsl[["USUBJID", "GROUP", *FLAGS]]
    if len(groups) != 2 or not study["analysis"]["compare_groups"]:
        return
    names = f"{groups[0].level} vs {groups[1].level}"
    pairs = {}
    for parameter in (p for p in _given(adrs) if p in COMPARED):
        flag = DENOMINATORS[parameter][headline(parameter, study)]
        pairs[parameter] = (flag, [counts(parameter, flag, g, adsl, adrs) for g in groups])
    confidence = study["analysis"]["confidence"]
    for prefix, test, method in (
        ("fisher", fisher, f"Fisher's exact test, conditional odds ratio, {percent_of(study)} CI"),
        ("difference", newcombe, f"Difference of proportions, Newcombe {percent_of(study)} CI"),
    ):
        for parameter, (flag, (first, second)) in pairs.items():
            sides = [
                (str(g.level), n, None) for g, (_, n) in zip(groups, (first, second), strict=True)
            ]
            numbers = test(first, second, confidence)
            if few := floor.uncomparable(sides, study):
                numbers = {k: floor.missing(number.unit, few) for k, number in numbers.items()}
            yield from ard.rows(
                f"{prefix}.{parameter}",
                numbers,
                rows=selections.responses(parameter, every=flag != TESTED),
                analysis=prefix,
                endpoint=parameter,
                population=flag,
                term=names,
                method=method,
            )


def fisher(
    first: tuple[int, int], second: tuple[int, int], confidence: float
) -> dict[str, ard.Number]:
    """Fisher's exact test of k/n against k/n, two-sided, as R's ``fisher.test``.

    The odds ratio is the conditional maximum-likelihood estimate, first group over second.
    """
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import odds_ratio

    names = ("odds_ratio", "lower", "upper")
    if not (first[1] and second[1]):
        return {
            "p_value": ard.missing("", EMPTY),
            **{name: ard.missing("ratio", EMPTY) for name in names},
        }
    table = np.array([[k, n - k] for k, n in (first, second)])
    ratio = odds_ratio(table, kind="conditional")
    limits = ratio.confidence_interval(confidence)
    values = (float(ratio.statistic), float(limits.low), float(limits.high))
    return {
        "p_value": ard.p_value(float(fisher_exact(table).pvalue)),
        **{
            name: ard.number_or(value, "ratio", "a count of zero leaves it unbounded")
            for name, value in zip(names, values, strict=True)
        },
    }


def newcombe(
    first: tuple[int, int], second: tuple[int, int], confidence: float
) -> dict[str, ard.Number]:
    """The difference of two rates in percentage points, first minus second.

    Interval by Newcombe's hybrid score method (Newcombe 1998, method 10), made of the two
    Wilson intervals.
    """
    names = ("estimate", "lower", "upper")
    if not (first[1] and second[1]):
        return {name: ard.missing("percent", EMPTY) for name in names}
    rates_, lows, highs = [], [], []
    for k, n in (first, second):
        low, high = interval(k, n, "wilson", confidence)
        rates_.append(k / n)
        lows.append(low)
        highs.append(high)
    (p, q), (p_low, q_low), (p_high, q_high) = rates_, lows, highs
    below = ((p - p_low) ** 2 + (q_high - q) ** 2) ** 0.5
    above = ((p_high - p) ** 2 + (q - q_low) ** 2) ** 0.5
    values = (p - q, p - q - below, p - q + above)
    return {
        name: ard.known(100 * value, "percent") for name, value in zip(names, values, strict=True)
    }


def early_deaths(adsl: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Deaths within so many days of the index date, of all treated patients."""
    narrow = adsl[["GROUP", "DTHFL", "ENDDY"]]
    for group in groups_and_all(study):
        members = group.of(narrow)
        for days in study["analysis"]["early_death_days"]:
            died = (("DTHFL", "=", "Y"), ("ENDDY", "<=", float(days)))
            deaths = selections.patients("DTHFL", "ITTFL", "ENDDY", where=died)
            numbers, method = proportion(len(deaths.of(members)), len(members), study)
            yield from ard.rows(
                f"early.{group.slug}.d{days}",
                numbers,
                rows=selections.patients("DTHFL", "ITTFL", "ENDDY"),
                counted=deaths,
                analysis="early_mortality",
                endpoint="DTHFL",
                group=group,
                time=float(days),
                method=method,
            )

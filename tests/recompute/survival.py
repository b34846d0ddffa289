"""Times to an event once more: Kaplan-Meier, cumulative incidence, restricted means."""

from __future__ import annotations

import math

from scipy.stats import norm

from tests.recompute.comparisons import Span, log_rank
from tests.recompute.counts import share
from tests.recompute.estimates import KaplanMeier, Z, cumulative_incidence
from tests.recompute.rows import Answer, Time, times


def curve(found: list[Time]) -> KaplanMeier:
    return KaplanMeier([(t.days, t.event) for t in found])


def quantiles(km: KaplanMeier, statistic: str, month: float) -> float | None:
    """Size, events, quartiles and limits of the median, in months."""
    if statistic in ("n", "events", "censored"):
        events = sum(event for _, event in km.pairs)
        return {"n": len(km.pairs), "events": events, "censored": len(km.pairs) - events}[statistic]
    if statistic in ("min", "max"):
        return (min if statistic == "min" else max)(t for t, _ in km.pairs) / month
    level = {"q1": 0.75, "q3": 0.25}.get(statistic, 0.5)
    column = {"median_lower": 4, "median_upper": 5}.get(statistic, 3)
    days = km.quantile(level, column)
    return None if days is None else days / month


def kaplan_meier(answer: Answer) -> float | None:
    km, statistic, time = curve(times(answer)), answer.number["statistic"], answer.number["time"]
    if time is None:
        return quantiles(km, statistic, answer.month)
    if statistic == "n_risk":
        return km.at_risk(time)
    if time > km.steps[-1][0] and km.steps[-1][3] > 0:
        return None
    value = km.at(time, {"estimate": 3, "lower": 4, "upper": 5}[statistic])
    return None if value is None else 100 * value


def at_risk(answer: Answer) -> float:
    """Patients who were still followed at a time."""
    return sum(t.days >= answer.number["time"] for t in times(answer))


def reverse(answer: Answer) -> float | None:
    """Follow-up: censoring is the event."""
    found = [(t.days, not t.event) for t in times(answer)]
    return quantiles(KaplanMeier(found), answer.number["statistic"], answer.month)


def incidence(answer: Answer) -> float | None:
    cause = 1 if answer.rest[1] == "event" else 2
    pairs = [(t.days, {0: 1, 1: 0, 2: 2}[t.status]) for t in times(answer)]
    time = answer.number["time"]
    left = [t for t, _ in pairs if t >= time]
    last = max(t for t, _ in pairs)
    if not left and any(status == 0 for t, status in pairs if t == last):
        return None
    place = ["estimate", "lower", "upper"].index(answer.number["statistic"])
    value = cumulative_incidence(pairs, cause, time)[place]
    return None if value is None else 100 * value


def tested(result: tuple[float, int, float], statistic: str) -> float:
    return result[["chi_square", "df", "p_value"].index(statistic)]


def log_rank_test(answer: Answer) -> float:
    spans = [Span(-1, t.days, t.event, (t.row.group(),)) for t in times(answer)]
    return tested(log_rank(spans), answer.number["statistic"])


def events(answer: Answer) -> float:
    """First events of a kind; ``times`` has asked whether the cells bear them out."""
    found = times(answer)
    assert all(t.status in (0, 2) for t in found)
    return len(found)


def event_rate(answer: Answer) -> float:
    """Patients with the event so far, as a proportion."""
    found = times(answer)
    return share(answer, sum(t.event for t in found), len(found))


def salvage(answer: Answer) -> float | None:
    """Survival after failure by the kind of the first later therapy."""
    found = [t for t in times(answer) if _kind(t) == answer.number["term"]]
    return quantiles(curve(found), answer.number["statistic"], answer.month)


def _kind(time: Time) -> str:
    if time.row.cell("PFTRTCL") is None:
        return "supportive care only" if time.row.row["PFSUPFL"] == "Y" else "none"
    return time.row.level("PFTRTCL") or "not recorded"


def definition(answer: Answer) -> float:
    """Patients whom another definition gives another status, time or reason."""
    rows: dict[str, list[Time]] = {}
    for time in times(answer):
        rows.setdefault(time.row.row["USUBJID"], []).append(time)
    kinds = [_change(*pair) if len(pair) == 2 else "status" for pair in rows.values()]
    term = answer.number["term"]
    return sum(kind == term if term != "any" else kind != "" for kind in kinds)


def _change(a: Time, b: Time) -> str:
    if (a.status == 1) != (b.status == 1):
        return "status"
    if a.days != b.days:
        return "time"
    said = [t.row.row["EVNTDESC"] or t.row.row["CNSDTDSC"] for t in (a, b)]
    return "reason" if said[0] != said[1] else ""


def restricted_mean(answer: Answer) -> float:
    """Area under the curve to a horizon, or the difference of two."""
    found, horizon = times(answer), answer.number["time"]
    if answer.rest[0] == "difference":
        names = [name.strip() for name in answer.number["term"].split(" minus ")]
        parts = [curve([t for t in found if t.row.group() == n]).area(horizon) for n in names]
        area, error = parts[0][0] - parts[1][0], math.hypot(parts[0][1], parts[1][1])
    else:
        area, error = curve(found).area(horizon)
    if answer.number["statistic"] == "p_value":
        return 2 * norm.sf(abs(area) / error)
    side = {"estimate": 0, "lower": -1, "upper": 1}[answer.number["statistic"]]
    return (area + side * Z * error) / answer.month

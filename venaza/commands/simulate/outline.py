"""Each patient's story in outline: response, failure, what follows, the end; drawn or placed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from venaza.commands.simulate.columns import between, normal_quantile, pick, stream
from venaza.commands.simulate.fates import days_of, fates_by_group, times_of
from venaza.commands.simulate.schedule import Schedule

REMISSION = ("CR", "CRh", "CRi", "CRp")
#: Words of the random streams.
SCHEDULE, OUTLINE, PLACED, BASELINE, TABLES, WORDS = range(101, 107)
NEVER = np.nan


def drawn(plan: dict, n: int, seed: int, schedule: Schedule) -> pd.DataFrame:
    """Outlines of ``n`` patients by the plan's distributions (``docs/simulate.md``).

    Columns: GROUP, INDEX (days after the plan's first day), END and DEAD, BEST, REACH (the
    assessment that shows it), FAILTYPE and FAILDY, TXDY and CELLDY (transplant, cell therapy),
    MRDNEG, TREATED, THERAPY. Days count from the index date; NaN is never.
    """
    rng = stream(seed, OUTLINE)
    groups = plan["groups"]
    group = pick({name: spec["share"] for name, spec in groups.items()}, rng.random(n))
    parts = {"GROUP": group}
    life, best = _life_and_best(groups, group, rng)
    end, dead, parts["INDEX"] = _followed(plan, life, rng)
    reach, best = _reached(groups, group, best, life, schedule, rng)
    remission = schedule.assessed[np.arange(n), reach]
    fails = _failures(groups, group, best, life, remission, schedule, rng)
    parts |= {"BEST": best, "REACH": reach, "REMISSION": remission}
    bridged = _bridges(plan, group, best, remission, np.fmin(life, fails[1]), rng)
    parts |= {"TXDY": bridged[0], "CELLDY": bridged[1]}
    parts["MRDNEG"] = rng.random(n) < _of(groups, group, "mrd_negative")
    parts["TREATED"] = rng.random(n) < _of(groups, group, "treated")
    parts["THERAPY"] = pick({k: v["share"] for k, v in plan["therapies"].items()}, rng.random(n))
    frame = pd.DataFrame(parts | {"FAILTYPE": fails[0], "FAILDY": fails[1]})
    return until_end(frame.assign(END=end, DEAD=dead, LOST=False))


def _of(groups: dict, group: np.ndarray, key: str) -> np.ndarray:
    """A parameter of each patient's group."""
    found = np.zeros(len(group))
    for name, spec in groups.items():
        found[group == name] = spec.get(key, 0)
    return found


def _life_and_best(groups: dict, group: np.ndarray, rng: Generator) -> tuple:
    """Days to death (Weibull) and best response, which go together by a normal copula."""
    from scipy.special import ndtr

    u, noise = rng.random(len(group)), rng.random(len(group))
    shape = _of(groups, group, "shape")
    scale = _of(groups, group, "median_os") / np.log(2) ** (1 / shape)
    life = np.ceil(scale * (-np.log1p(-u)) ** (1 / shape))
    rho = _of(groups, group, "together")
    score = ndtr(rho * normal_quantile(u) + np.sqrt(1 - rho**2) * normal_quantile(noise))
    best = np.empty(len(group), dtype=object)
    for name, spec in groups.items():
        best[group == name] = pick(spec["best"], score[group == name])
    return life, best


def _followed(plan: dict, life: np.ndarray, rng: Generator) -> tuple:
    """The end of follow-up, whether it is death, and the index day: even accrual, some lost."""
    n = len(life)
    length = days_of(plan)
    index = between([0, length - 30], rng.random(n))
    seen = length - index - between([0, 24], rng.random(n))
    rate = max(plan["lost_per_year"], 1e-9) / 365.25
    lost = np.ceil(-np.log1p(-rng.random(n)) / rate)
    alive_until = np.maximum(np.minimum(seen, lost), 0)
    dead = life <= np.minimum(length - index, lost)
    return np.where(dead, life, np.minimum(alive_until, life)), dead, index


def _reached(groups, group, best, life, schedule: Schedule, rng: Generator) -> tuple:
    """The assessment that shows the best response; who dies before the first is not evaluable."""
    first, second = schedule.assessed[:, 0], schedule.assessed[:, 1]
    late = (rng.random(len(best)) < _of(groups, group, "late")) & (life >= second + 7)
    best = best.copy()
    best[life < first + 1] = "NE"
    return np.where(late, 1, 0), best


def _failures(groups, group, best, life, remission, schedule: Schedule, rng) -> tuple:
    """Kind and day of the regimen's failure: refractory, progression or relapse."""
    n = len(best)
    kind, day = np.full(n, "", dtype=object), np.full(n, NEVER)
    ends = rng.random(n) < np.where(
        best == "PR", _of(groups, group, "progress"), _of(groups, group, "relapse")
    )
    share = rng.random(n)
    second = schedule.assessed[:, 1]
    refractory = (best == "NR") & (life > second)
    kind[refractory], day[refractory] = "REFRACTORY", second[refractory]
    when = np.empty(n)
    for name, spec in groups.items():
        from scipy.special import betaincinv

        own = group == name
        when[own] = betaincinv(*spec["relapse_at"], share[own])
    at = np.round(remission + np.maximum(35, when * (life - remission)))
    later = ends & (at < life) & np.isin(best, ["PR", *REMISSION])
    kind[later] = np.where(best[later] == "PR", "PROGRESSION", "RELAPSE")
    day[later] = at[later]
    return kind, day


def _bridges(plan: dict, group, best, remission, until, rng: Generator) -> tuple:
    """Days of a transplant and of cell therapy in remission, before failure and death."""
    n = len(best)
    groups = plan["groups"]
    u, day = rng.random(n), between(plan["bridge_days"], rng.random(n))
    day = np.maximum(day, remission + 14)
    able = np.isin(best, REMISSION) & (day < until - 20)
    transplant, cells = _of(groups, group, "transplant"), _of(groups, group, "cell_therapy")
    grafted = able & (u < transplant)
    celled = able & ~grafted & (u < transplant + cells)
    return np.where(grafted, day, NEVER), np.where(celled, day, NEVER)


def until_end(frame: pd.DataFrame) -> pd.DataFrame:
    """The outlines without what lies after the end of each patient's follow-up."""
    for name in frame.columns.intersection(["FAILDY", "TXDY", "CELLDY"]):
        frame[name] = frame[name].where(frame[name] <= frame["END"])
    frame["FAILTYPE"] = frame["FAILTYPE"].where(frame["FAILDY"].notna(), "")
    return frame


def placed(plan: dict, seed: int, schedule: Schedule) -> pd.DataFrame:
    """Outlines of the plan's own ``patients``, with times that give its ``targets``.

    Raises ``StudyError`` for a seed from which no times are found.
    """
    rng, length, rows = stream(seed, PLACED), days_of(plan), []
    for group, fates in fates_by_group(plan).items():
        times = times_of(fates, plan["targets"].get(group, {}), rng, seed)
        for fate, days, more in zip(fates, *times, strict=True):
            end, u = days + more, rng.random(4)
            reach = int(u[0] < 0.35)
            remission = schedule.assessed[len(rows), reach]
            start = length - end - (10 if fate.dead else 1 + int(24 * u[1]))
            bridge = max(plan["bridge_days"][0] + int(60 * u[2]), remission + 14)
            rows.append(
                {
                    "GROUP": group,
                    "BEST": fate.best,
                    "REACH": reach,
                    "END": float(end),
                    "DEAD": fate.dead,
                    "LOST": False,
                    "INDEX": float(int(start * u[3] ** 0.6) if fate.dead else start),
                    "REMISSION": remission,
                    "FAILTYPE": fate.failure,
                    "FAILDY": float(days) if fate.failure else NEVER,
                    "TXDY": bridge if fate.transplant else NEVER,
                    "CELLDY": bridge if fate.cell_therapy else NEVER,
                    "MRDNEG": fate.mrd,
                    "TREATED": bool(fate.therapy),
                    "THERAPY": fate.therapy,
                }
            )
    return pd.DataFrame(rows)

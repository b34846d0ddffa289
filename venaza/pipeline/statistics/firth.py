"""Firth's penalised Cox regression: estimate, profile-likelihood limits, likelihood-ratio p.

After Heinze and Schemper, A solution to the problem of monotone likelihood in Cox regression,
Biometrics 2001;57:114-119, as their R package ``coxphf``; ties by Efron's method here.
"""

from __future__ import annotations

import math

import numpy as np

from venaza.pipeline.statistics.likelihood import NotEstimable, Partial, maximise

#: How near, on the log scale over the covariate's range, a profile limit is looked for.
CLOSE = 1e-9
MOST_TRIES = 100


def estimates(partial: Partial, confidence: float) -> list[dict[str, float]]:
    """Per covariate ``hazard_ratio``, ``lower``, ``upper`` and ``p_value``.

    Raises ``NotEstimable`` where the penalised likelihood has no maximum that is found.
    """
    from scipy.stats import chi2

    beta, best = maximise(partial, penalised=True)
    target = best.value - chi2.ppf(confidence, 1) / 2
    errors = np.sqrt(np.diag(np.linalg.inv(best.information)))
    found = []
    for j in range(len(beta)):
        null = constrained(partial, np.arange(len(beta)) == j, beta)
        limits = [_limit(partial, beta, j, side * errors[j], target) for side in (-1, 1)]
        found.append(
            {
                "hazard_ratio": math.exp(beta[j]),
                "lower": math.exp(limits[0]),
                "upper": math.exp(limits[1]),
                "p_value": float(chi2.sf(max(0.0, 2 * (best.value - null)), 1)),
            }
        )
    return found


def constrained(partial: Partial, zero: np.ndarray, start: np.ndarray) -> float:
    """The highest penalised log-likelihood with the coefficients ``zero`` at none.

    The penalty is that of the whole model, as in ``coxphf::coxphftest``.
    """
    return maximise(partial, penalised=True, start=np.where(zero, 0.0, start), fixed=zero)[1].value


def _limit(partial: Partial, beta: np.ndarray, j: int, step: float, target: float) -> float:
    """Where the profile of coefficient ``j`` falls to ``target``, on the side of ``step``.

    Newton along the profile, whose slope is the penalised score of ``j`` (the others are at
    their maximum), kept inside a bracket by halving it.
    """
    fixed = np.arange(len(beta)) == j
    inside, outside = beta[j], None
    start, place = beta.copy(), beta[j] + 1.96 * step
    for _ in range(MOST_TRIES):
        start[j] = place
        start, point = maximise(partial, penalised=True, start=start, fixed=fixed)
        excess = point.value - target
        if excess >= 0:
            inside = place
        else:
            outside = place
        slope = point.score[j]
        move = -excess / slope if slope * step < 0 else math.nan
        if abs(move) * partial.spread[j] < CLOSE:
            return place + move
        place = place + move
        if outside is None:
            farthest = inside + 4 * step
            if not math.isfinite(place) or (place - farthest) * step > 0:
                place = farthest
        elif not math.isfinite(place) or (place - inside) * (place - outside) >= 0:
            place = (inside + outside) / 2
    raise NotEstimable("the limits of the penalised estimate do not converge")

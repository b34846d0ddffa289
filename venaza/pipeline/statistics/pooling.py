"""Random-effects pooling of proportions on the logit scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pooled:
    """A pooled proportion with its limits and prediction limits (0 to 1), and the heterogeneity.

    ``tau2`` is the variance between series of the logit, ``i2`` its share (0 to 1) of all
    variance, ``q`` Cochran's Q with ``df`` degrees of freedom.
    """

    estimate: float
    lower: float
    upper: float
    prediction_lower: float
    prediction_upper: float
    tau2: float
    i2: float
    q: float
    df: int


def pool(counts: list[tuple[int, int]], confidence: float) -> Pooled:
    """Pool k/n of at least two series, each with n of at least 1.

    Logits with variance 1/k + 1/(n - k); where k is 0 or n, one half is added to both counts of
    that series. Variance between series by restricted maximum likelihood (Viechtbauer 2005),
    limits by Hartung and Knapp with the t distribution (Knapp and Hartung 2003), the correction
    never below 1 ("ad hoc", Jackson 2017), prediction limits by the same distribution with the
    variance between series added. R: ``metafor::rma(measure = "PLO", method = "REML",
    test = "adhoc")`` and ``predict``.
    """
    from scipy.stats import t

    pairs = [(k, n - k) if 0 < k < n else (k + 0.5, n - k + 0.5) for k, n in counts]
    y = np.array([math.log(a / b) for a, b in pairs])
    v = np.array([1 / a + 1 / b for a, b in pairs])
    df = len(y) - 1
    tau2 = _reml(y, v)
    w = 1 / (v + tau2)
    mean = float((w * y).sum() / w.sum())
    correction = max(1.0, float((w * (y - mean) ** 2).sum()) / df)
    error = math.sqrt(correction / w.sum())
    reach = float(t.ppf((1 + confidence) / 2, df))
    ahead = reach * math.sqrt(tau2 + error**2)
    fixed = 1 / v
    common = (fixed * y).sum() / fixed.sum()
    typical = df * fixed.sum() / (fixed.sum() ** 2 - (fixed**2).sum())
    return Pooled(
        *(_proportion(x) for x in (mean, mean - reach * error, mean + reach * error)),
        *(_proportion(x) for x in (mean - ahead, mean + ahead)),
        tau2=tau2,
        i2=float(tau2 / (tau2 + typical)),
        q=float((fixed * (y - common) ** 2).sum()),
        df=df,
    )


def _reml(y, v) -> float:
    """The variance between series that maximises the restricted likelihood; 0 at the least.

    Fisher scoring, halved where a step would fall below 0 (Harville 1977).
    """
    tau2 = max(0.0, float(np.var(y, ddof=1) - v.mean()))
    for _ in range(500):
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        s1, s2, s3 = w.sum(), (w**2).sum(), (w**3).sum()
        score = (w**2 * (y - mean) ** 2).sum() - s1 + s2 / s1
        information = s2 - 2 * s3 / s1 + (s2 / s1) ** 2
        step = float(score / information)
        while tau2 + step < 0:
            step /= 2
            if abs(step) < 1e-14:
                return 0.0
        tau2 += step
        if abs(step) < 1e-13:
            break
    return tau2 if tau2 > 1e-12 else 0.0


def _proportion(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))

"""What a Cox model gives with Breslow's ties: the numbers to expect of SPSS, not of the report."""

from __future__ import annotations

import numpy as np

_STEPS, _CLOSE = 50, 1e-10


def breslow(
    time: np.ndarray, event: np.ndarray, design: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Coefficients and standard errors of Cox's model, tied events by Breslow's approximation.

    ``design`` has a column per coefficient. The likelihood is that of R's ``coxph(ties =
    "breslow")``, maximised by Newton's method; ``None`` where that does not converge.
    """
    x = design - design.mean(axis=0)
    order = np.argsort(-time, kind="stable")
    x, late, failed = x[order], -time[order], event[order]
    #: For each event, the last place of those still at risk at its time.
    last = np.searchsorted(late, late[failed], side="right") - 1
    beta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        weight = np.exp(np.clip(x @ beta, -500, 500))
        total = np.cumsum(weight)[last]
        first = np.cumsum(weight[:, None] * x, axis=0)[last] / total[:, None]
        outer = weight[:, None, None] * x[:, :, None] * x[:, None, :]
        second = np.cumsum(outer, axis=0)[last] / total[:, None, None]
        score = (x[failed] - first).sum(axis=0)
        information = (second - first[:, :, None] * first[:, None, :]).sum(axis=0)
        try:
            step = np.linalg.solve(information, score)
            variance = np.diag(np.linalg.inv(information))
        except np.linalg.LinAlgError:
            return None
        if np.abs(step).max() < _CLOSE:
            return (beta, np.sqrt(variance)) if (variance > 0).all() else None
        beta = beta + step
    return None

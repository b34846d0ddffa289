"""Writes firth_values.json: Firth's Cox regression by another program, firthmodels.

python -m tests.reference.make_firth        # needs firthmodels (PyPI), which is not a requirement

The cases are free of ties, where Breslow's method, which firthmodels uses, is Efron's too. R's
coxphf, the original, is not packaged for Debian; firthmodels is validated against it by its
authors.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np

CASES = {
    # everybody with x = 1 fails before anybody with x = 0: monotone likelihood
    "separated": {
        "time": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        "event": [1, 1, 1, 1, 0, 1, 1, 0, 1, 0],
        "x": [[1], [1], [1], [1], [1], [0], [0], [0], [0], [0]],
    },
    # nobody with x = 1 has an event
    "level_without_events": {
        "time": [4, 9, 2, 12, 7, 15, 3, 11, 6, 14, 8, 5],
        "event": [1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1],
        "x": [[0], [0], [0], [0], [0], [0], [0], [1], [1], [1], [1], [0]],
    },
    "two_covariates": {
        "time": [11, 3, 17, 8, 20, 2, 14, 6, 19, 9, 13, 1, 16, 5, 12, 18],
        "event": [1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1],
        "x": [
            [a, b]
            for a, b in zip(
                [0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0],
                [5.1, 6.3, 4.2, 7.7, 5.9, 6.8, 3.6, 5.5, 6.1, 4.8, 7.0, 5.2, 6.6, 4.9, 5.0, 7.3],
                strict=True,
            )
        ],
    },
}


def values(case: dict) -> list[dict[str, float]]:
    """Per covariate: hazard ratio, profile limits, penalised likelihood-ratio p-value."""
    from firthmodels import FirthCoxPH

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = FirthCoxPH(gtol=1e-9, xtol=1e-9, max_iter=1000, max_halfstep=50)
        outcome = np.array(
            list(zip(map(bool, case["event"]), map(float, case["time"]), strict=True)),
            dtype=[("event", bool), ("time", float)],
        )
        fit.fit(np.array(case["x"], float), outcome)
        fit.lrt()
        limits = np.exp(fit.conf_int(method="pl"))
    return [
        {
            "hazard_ratio": float(b),
            "lower": float(low),
            "upper": float(high),
            "p_value": None if np.isnan(p) else float(p),  # firthmodels gives up on some
        }
        for b, (low, high), p in zip(np.exp(fit.coef_), limits, fit.lrt_pvalues_, strict=True)
    ]


if __name__ == "__main__":
    made = {name: {**case, "found": values(case)} for name, case in CASES.items()}
    text = json.dumps(made, indent=1) + "\n"
    Path(__file__).with_name("firth_values.json").write_text(text, encoding="utf-8")

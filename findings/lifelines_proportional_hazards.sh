#!/usr/bin/env bash
# proportional_hazard_test of lifelines is not today's cox.zph of R: it is the approximation of Grambsch
# and Therneau (1994), which takes the variance of the covariates among those at risk as constant in
# time. R has computed the score test itself since survival 3.0 (2019). Both name the same paper.
#
# Seen with lifelines==0.30.3 on its data set `load_leukemia` (42 patients; sex, logWBC, Rx), P for sex:
#   transform   lifelines   R, survival 3.5-3
#   rank        0.042       0.018
#   km          0.052       0.020     (R's default)
#   identity    0.109       0.050
#   log         0.047       0.024
# The coefficients of both agree to 1e-8, so that the difference is not one of the fits.
#
# Why it matters: a paper that says "proportional hazards were checked by scaled Schoenfeld residuals" gives
# P = 0.052 with one tool and 0.020 with the other on 42 patients. venaza computes the score test and
# holds it against R's cox.zph (venaza/pipeline/statistics/proportional.py, tests/statistics/test_cox.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lifelines==0.30.3
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys

from lifelines import CoxPHFitter
from lifelines.datasets import load_leukemia
from lifelines.statistics import proportional_hazard_test

data = load_leukemia()
fit = CoxPHFitter().fit(data, "t", "status")
print({name: round(value, 6) for name, value in fit.params_.items()})
seen = {}
for transform in ("rank", "km", "identity", "log"):
    tested = proportional_hazard_test(fit, data, time_transform=transform)
    seen[transform] = round(float(tested.summary.loc["sex", "p"]), 3)
    print(f"{transform:10} P = {seen[transform]:.3f}")
if seen != {"rank": 0.042, "km": 0.052, "identity": 0.109, "log": 0.047}:
    sys.exit("CHANGED: see the head of this file")
print("as described")
PY

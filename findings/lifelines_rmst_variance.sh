#!/usr/bin/env bash
# The variance that lifelines gives beside a restricted mean survival time (RMST) is that of one patient's
# restricted time, E[min(T, t)²] − E[min(T, t)]², not that of the estimate: it does not fall with the number
# of patients, and its square root is no standard error.
#
# Seen with lifelines==0.30.3, restricted_mean_survival_time(model, t=20, return_variance=True), on the 21
# patients with 6-MP of its own data set `load_leukemia` (Freireich 1963), each once, 4 and 16 times:
#   patients   RMST       "variance"   its root   standard error in R (survival 3.5-3, survfit, rmean=20)
#         21   16.1165    30.8962      5.558      1.2516
#         84   16.1165    30.8962      5.558      0.6258
#        336   16.1165    30.8962      5.558      0.3129
# The argument is not described in the function's documentation.
#
# Why it matters: mean ± 1.96 roots is 5.2 to 27.0 weeks where R has 13.7 to 18.6, and a difference between
# two groups never becomes significant however many patients there are. venaza takes the error from
# Greenwood's terms and holds it against R (venaza/pipeline/statistics/rmst.py,
# tests/statistics/test_dynamic_reference.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lifelines==0.30.3
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys

import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_leukemia
from lifelines.utils import restricted_mean_survival_time

data = load_leukemia()
treated = data[data["Rx"] == 0]
assert len(treated) == 21
seen = []
for times in (1, 4, 16):
    patients = pd.concat([treated] * times)
    fit = KaplanMeierFitter().fit(patients["t"], patients["status"])
    mean, variance = restricted_mean_survival_time(fit, t=20, return_variance=True)
    seen.append((len(patients), round(float(mean), 4), round(float(variance), 4)))
    print(f"{len(patients):4d} patients: RMST {mean:.4f}, variance {variance:.4f}")
if seen != [(n, 16.1165, 30.8962) for n in (21, 84, 336)]:
    sys.exit("CHANGED: see the head of this file")
print("as described")
PY

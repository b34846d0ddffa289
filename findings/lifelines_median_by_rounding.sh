#!/usr/bin/env bash
# Where a Kaplan-Meier curve runs level at exactly 0.5, which every even number of patients without
# censoring makes it do, lifelines gives the time at which the level begins for some numbers of patients
# and the one at which it ends for others: the product of the steps is 0.5 for the first and 0.5000000000000001
# for the second, and it is compared without a tolerance. statsmodels does the same the other way round.
# R's survfit takes the middle of the level, always.
#
# Seen with lifelines==0.30.3 and statsmodels==0.14.5; n patients die on days 1 to n; median survival:
#   n            2    4    6    8    10   12   14   16   18   20
#   lifelines    1    2    4    5    5    6    8    8    10   11
#   statsmodels  2    3    4    5    6    6    8    9    9    11
#   R 3.5-3      1.5  2.5  3.5  4.5  5.5  6.5  7.5  8.5  9.5  10.5
#
# Why it matters: where the two deaths in the middle lie on days 95 and 210, the median is 152.5 days in R and
# in SAS; of 20 patients both packages say 210, of 18 lifelines says 210 and statsmodels 95, of 12 both
# say 95. venaza counts quantiles itself, with a tolerance, and takes the middle
# (venaza/pipeline/statistics/survival.py, tests/statistics/test_survival.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  lifelines==0.30.3 statsmodels==0.14.5
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
from lifelines import KaplanMeierFitter
from statsmodels.duration.survfunc import SurvfuncRight

numbers = range(2, 21, 2)
found = {"lifelines": [], "statsmodels": []}
for n in numbers:
    days, died = np.arange(1, n + 1), np.ones(n)
    found["lifelines"].append(int(KaplanMeierFitter().fit(days, died).median_survival_time_))
    found["statsmodels"].append(int(SurvfuncRight(days, died).quantile(0.5)))
print("n           ", *numbers)
for name, medians in found.items():
    print(f"{name:12}", *medians)
expected = {
    "lifelines": [1, 2, 4, 5, 5, 6, 8, 8, 10, 11],
    "statsmodels": [2, 3, 4, 5, 6, 6, 8, 9, 9, 11],
}
if found != expected:
    sys.exit("CHANGED: see the head of this file")
print("as described")
PY

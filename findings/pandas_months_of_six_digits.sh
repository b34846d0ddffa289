#!/usr/bin/env bash
# pandas 2.3.3: a column of months written 201203 to 202112 (YYYYMM) is read as days of other years
# where that is possible, and as missing where it is not.
#
# Seen, with pandas==2.3.3, by pd.to_datetime(..., format="mixed", errors="coerce"):
#   201203    2003-12-20    20 December 2003, for March 2012
#   200511    2011-05-20
#   202103    NaT           a month 21 does not exist, so that the death is lost
#   2021.3    2021-03-01
#   2021-Q2   2021-04-01    a quarter becomes its first day
#   2021-W09  NaT           an ISO 8601 week is not known, a quarter (which is not in ISO 8601) is
#
# Why it matters: hospitals that know only the month of a death write it so. A relapse of March 2012
# in December 2003 lies before the first dose and is dropped, one of 2021 is lost without a word,
# and a quarter looks like a day. venaza reads 202103 as a month, asks about 201203 (it may be a date
# with a short year), and completes months and quarters only by a declared rule, with a flag
# (venaza/pipeline/clean/periods.py, tests/clean/test_dates.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 python-dateutil==2.9.0.post0
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys

import pandas as pd

expected = {
    "201203": "2003-12-20",
    "200511": "2011-05-20",
    "202103": "NaT",
    "2021.3": "2021-03-01",
    "2021-Q2": "2021-04-01",
    "2021-W09": "NaT",
}
read = pd.to_datetime(pd.Series(list(expected)), format="mixed", errors="coerce")
changed = 0
for (text, was), day in zip(expected.items(), read, strict=True):
    now = str(day)[:10]
    print(f"{text:9} {now}" + ("" if now == was else f"   (was {was})"))
    changed += now != was
sys.exit(bool(changed))
PY

#!/usr/bin/env bash
# pyreadstat 1.3.7 (ReadStat): a duration of SPSS loses its whole days, and a month its being a date.
#
# Seen, with pyreadstat==1.3.7 and pandas==2.3.3, each a .sav file with one variable of 180000
# seconds (50 hours), or of the seconds from 1582-10-14 to 2021-03-01:
#   180000        TIME8    02:00:00        SPSS shows 50:00:00
#   180000        DTIME12  02:00:00        SPSS shows 2 02:00:00, days and hours
#   13833936000   MOYR8    13833936000.0   SPSS shows MAR 2021; a number of 11 digits
#   13833936000   DATE11   2021-03-01
#
# Why it matters: DTIME is how SPSS keeps a time to an event in days and hours; all times longer than
# a day come back as one shorter than a day, without a word. A month of death becomes a number that
# looks like a telephone's. venaza reads 50:00:00 and 2021-03 (venaza/pipeline/intake/stored_dates.py,
# tests/intake/test_stored_dates.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyreadstat==1.3.7 pandas==2.3.3
"$folder/venv/bin/python" - "$folder/a.sav" <<'PY'
import datetime as dt
import sys

import pandas as pd
import pyreadstat

path = sys.argv[1]
march = (dt.date(2021, 3, 1) - dt.date(1582, 10, 14)).days * 86400
expected = [
    (50 * 3600, "TIME8", "02:00:00"),
    (50 * 3600, "DTIME12", "02:00:00"),
    (march, "MOYR8", f"{march}.0"),
    (march, "DATE11", "2021-03-01"),
]
changed = 0
for stored, form, was in expected:
    frame = pd.DataFrame({"V": [float(stored)]})
    pyreadstat.write_sav(frame, path, variable_format={"V": form})
    now = str(pyreadstat.read_sav(path, output_format="dict")[0]["V"][0])
    print(f"{stored:<12} {form:8} {now}" + ("" if now == was else f"   (was {was})"))
    changed += now != was
sys.exit(bool(changed))
PY

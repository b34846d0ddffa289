#!/usr/bin/env bash
# Stata's display formats: pyreadstat 1.3.7 and pandas 2.3.3 read the same .dta differently, and
# both leave a date that is only aligned to the left as a number.
#
# Seen (one row; stored: 5 March 2021, 8:30 where it has a time):
#   format              pyreadstat             pandas
#   %td                 2021-03-05             2021-03-05 00:00:00
#   %tdDD/NN/CCYY       22344.0                2021-03-05 00:00:00
#   %-td                22344.0                22344.0              the minus only aligns it
#   %tcHH:MM            08:30:00               2021-03-05 08:30:00  a date and time shown as a clock
#   %tC                 2021-03-05 08:30:27    1930552227000        27 leap seconds; left, with a warning
#   %tm                 734.0                  2021-03-01 00:00:00
#
# Why it matters: an exporter's choice of how a date looks decides whether it arrives. A number of
# days since 1960 among dates is taken for a spreadsheet's serial, and a date shown as a clock loses
# its day. venaza reads the letter behind %t and the number, whatever stands around them
# (venaza/pipeline/intake/date_formats.py, tests/intake/test_stored_dates.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyreadstat==1.3.7 pandas==2.3.3
"$folder/venv/bin/python" -W ignore - "$folder/a.dta" <<'PY'
import sys

import pandas as pd
import pyreadstat

path = sys.argv[1]
clock = (22344 * 86400 + 8 * 3600 + 30 * 60) * 1000
expected = [
    (22344, "%td", "2021-03-05", "2021-03-05 00:00:00"),
    (22344, "%tdDD/NN/CCYY", "22344.0", "2021-03-05 00:00:00"),
    (22344, "%-td", "22344.0", "22344.0"),
    (clock, "%tcHH:MM", "08:30:00", "2021-03-05 08:30:00"),
    (clock + 27000, "%tC", "2021-03-05 08:30:27", "1930552227000"),
    (734, "%tm", "734.0", "2021-03-01 00:00:00"),
]
changed = 0
for stored, form, *was in expected:
    frame = pd.DataFrame({"v": [float(stored)]})
    pyreadstat.write_dta(frame, path, variable_format={"v": form})
    one = str(pyreadstat.read_dta(path, output_format="dict")[0]["v"][0])
    now = [one, str(pd.read_stata(path)["v"][0])]
    print(f"{form:16} {now[0]:22} {now[1]}" + ("" if now == was else f"   (was {was})"))
    changed += now != was
sys.exit(bool(changed))
PY

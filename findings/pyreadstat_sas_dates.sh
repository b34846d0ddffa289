#!/usr/bin/env bash
# pyreadstat 1.3.7 (ReadStat): which dates of a SAS file arrive as dates depends on the display
# format, and one value can make the whole file unreadable.
#
# Seen, with pyreadstat==1.3.7 and pandas==2.3.3, each a transport file (.xpt) with one variable:
#   22344         DATE9.       2021-03-05
#   22344         EURDFDD10.   22344.0      the same date in the European format: a bare number
#   22344         NLDATE10.    22344.0      so too NLDATE., WORDDATE., JULIAN., WEEKV., MINGUO., MONYY7.
#   1930552200    B8601DN8.    2021-03-05 08:30:00
#   1930552200    E8601DN10.   1930552200.0 the extended form of the same format
#   1930552200    DTDATE9.     OverflowError  seconds, read as days: no variable of the file is read
#   9999999       DATE9.       OverflowError  a code for "unknown" in one cell: no row is read
#
# Why it matters: a bare number in a date column is easily taken for a spreadsheet's serial number,
# so that a first dose of 2021 becomes one of 1961 and survival 60 years; a "damaged" file that SAS
# opens well sends the clinic looking for nothing. venaza switches the conversion off
# (disable_datetime_conversion) and counts from the number, its format and the program's day 0
# (venaza/pipeline/intake/date_formats.py, stored_dates.py; tests/intake/test_stored_dates.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyreadstat==1.3.7 pandas==2.3.3
"$folder/venv/bin/python" - "$folder/a.xpt" <<'PY'
import sys

import pandas as pd
import pyreadstat

path = sys.argv[1]
expected = [
    (22344, "DATE9", "2021-03-05"),
    (22344, "EURDFDD10", "22344.0"),
    (22344, "NLDATE10", "22344.0"),
    (22344, "MONYY7", "22344.0"),
    (22344, "JULIAN7", "22344.0"),
    (1930552200, "B8601DN8", "2021-03-05 08:30:00"),
    (1930552200, "E8601DN10", "1930552200.0"),
    (1930552200, "DTDATE9", "OverflowError"),
    (9999999, "DATE9", "OverflowError"),
]
changed = 0
for stored, form, was in expected:
    frame = pd.DataFrame({"V": [float(stored)]})
    pyreadstat.write_xport(frame, path, variable_format={"V": form})
    try:
        now = str(pyreadstat.read_xport(path, output_format="dict")[0]["V"][0])
    except OverflowError as error:
        now = type(error).__name__
    print(f"{stored:<12} {form:10} {now}" + ("" if now == was else f"   (was {was})"))
    changed += now != was
sys.exit(bool(changed))
PY

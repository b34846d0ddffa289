#!/usr/bin/env bash
# pandas 2.2.3, read_csv: thousands="," takes commas out wherever they stand, not between groups of
# three digits; and decimal="," is given up for a whole column where one cell is no such number.
#
# Seen, with pandas==2.2.3:
#   thousands=","   3,5  4,2  12,75    -> 35, 42, 1275       a column of decimal commas, ten- and
#                                                            hundredfold, as integers
#   decimal=","     0,02  1,2  <0,01   -> "0,02", "1,2", "<0,01"   one limit of detection, and no cell
#                                                            of the column is a number
#   decimal=","     0,02  1,2  3.5     -> "0,02", "1,2", "3.5"     one cell of another clinic; with
#                                                            to_numeric(errors="coerce") afterwards
#                                                            only that one survives
#
# Why it matters: MRD and blasts come with decimal commas from half of Europe, with limits (<0,01)
# among them. The first reading gives numbers that look like counts, the others lose the column
# silently at the next coercion. venaza reads each cell for itself by the mark that the column or the
# study declares or shows, and asks where it has two readings (venaza/pipeline/clean/numbers.py,
# tests/clean/test_numbers.py, docs/configuration.md, "Numbers and units").
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.2.3 numpy==1.26.4
"$folder/venv/bin/python" - <<'PY'
import io

import pandas as pd

expected = [
    ({"thousands": ","}, "3,5 4,2 12,75", [35, 42, 1275]),
    ({"decimal": ","}, "0,02 1,2 <0,01", ["0,02", "1,2", "<0,01"]),
    ({"decimal": ","}, "0,02 1,2 3.5", ["0,02", "1,2", "3.5"]),
]
changed = 0
for how, cells, was in expected:
    text = "\n".join(["x", *cells.split()])
    now = pd.read_csv(io.StringIO(text), sep=";", **how)["x"].tolist()
    print(f"{how}  {cells}  ->  {now}" + ("" if now == was else f"   (was {was})"))
    changed += now != was
kept = pd.to_numeric(pd.Series(["0,02", "1,2", "3.5"]), errors="coerce").dropna().tolist()
print(f"to_numeric(errors='coerce')  ->  {kept}")
raise SystemExit(changed > 0 or kept != [3.5])
PY

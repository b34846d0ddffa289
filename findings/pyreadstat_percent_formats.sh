#!/usr/bin/env bash
# pyreadstat 1.3.7: the percent formats of SAS and SPSS look the same on the screen, and stand on numbers
# that differ a hundredfold; the reader hands out the numbers.
#
# Seen, with pyreadstat==1.3.7:
#   SAS transport, format PERCENT8.1, the program shows 35.0%  -> 0.35
#   SPSS, format PCT5.1, the program shows 35.0%               -> 35.0
# The name of the format stands in the metadata (original_variable_types); no label, no type and no
# argument of the reader tells the two apart.
#
# Why it matters: a cohort with blasts in per cent, kept in SAS by one centre and in SPSS by another, gives
# 0.35 and 35 in one column after concat; below 5% is remission. venaza reads both as 35%
# (venaza/pipeline/intake/number_formats.py, tests/intake/test_number_formats.py, docs/formats.md).
# Sources: SAS 9.4 Formats and Informats: Reference, PERCENTw.d ("multiplies by 100"); IBM SPSS
# Statistics Command Syntax Reference, PCT ("the value is displayed with a trailing percent sign").
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyreadstat==1.3.7 pandas==2.2.3 numpy==1.26.4
cd "$folder"
venv/bin/python - <<'PY'
import pandas as pd
import pyreadstat

pyreadstat.write_xport(pd.DataFrame({"BLASTS": [0.35]}), "a.xpt", variable_format={"BLASTS": "PERCENT8.1"})
pyreadstat.write_sav(pd.DataFrame({"BLASTS": [35.0]}), "a.sav", variable_format={"BLASTS": "PCT5.1"})
found = []
for name, reader in (("a.xpt", pyreadstat.read_xport), ("a.sav", pyreadstat.read_sav)):
    frame, meta = reader(name)
    value = frame["BLASTS"].tolist()
    print(f"{name}  {meta.original_variable_types['BLASTS']:11} shown 35.0%  read {value}")
    found.append(value)
raise SystemExit(found != [[0.35], [35.0]])
PY

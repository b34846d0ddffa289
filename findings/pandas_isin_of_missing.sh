#!/usr/bin/env bash
# pandas 2.3.3, isin: whether a missing value is among the values asked for depends on what holds them.
#
# Seen, with pandas==2.3.3, for a column with one missing value:
#   Int64    isin([1, pd.NA])                           -> True for the missing one
#   Int64    isin(pd.Series([1, pd.NA], dtype="Int64")) -> False: the same values, as a Series
#   Float64  as Int64
#   string   True both ways
#   merge on the same two columns: the missing one finds its partner, whatever the type
#
# Why it matters: rows are picked by the keys of other rows (raw row, cycle, day), and such a key may
# be missing: a patient worked by hand stands on no sheet. The same lookup keeps that row as a merge,
# loses it as isin with a Series of numbers, and keeps it again as isin with a list; nothing is said.
# venaza asks isna() as well where queries look up their rows (venaza/contracts/queries.py,
# tests/contracts/test_queries.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 numpy==2.2.6
"$folder/venv/bin/python" - <<'PY'
import pandas as pd

changed = 0
for kind, values, by_series in (
    ("Int64", [1, pd.NA], False),
    ("Float64", [1.5, pd.NA], False),
    ("string", ["C1", pd.NA], True),
):
    rows, wanted = (pd.Series(values, dtype=kind, name="key") for _ in range(2))
    seen = {
        "isin(list)": rows.isin(list(wanted)).tolist(),
        "isin(Series)": rows.isin(wanted).tolist(),
        "merged": len(rows.to_frame().merge(wanted.to_frame(), on="key")),
    }
    print(kind, seen)
    was = {"isin(list)": [True, True], "isin(Series)": [True, by_series], "merged": 2}
    changed += seen != was
raise SystemExit(changed > 0)
PY

#!/usr/bin/env bash
# pandas 2.3.3: read_sas() converts dates of .sas7bdat by their formats, but never those of a
# transport file (.xpt).
#
# A variable shown by DATE9. in an .xpt comes out as the bare number of days since 1960, as a float,
# and text as bytes; the same file through pyreadstat 1.3.7 gives dates and text. Nothing warns.
# Seen: TRTSDT [22290.0, 22310.0] by pandas, [2021-01-10, 2021-01-30] by pyreadstat.
#
# Why it matters here: submissions and trial data travel as .xpt, and a colleague who saves one as CSV
# through pandas sends days since 1960 with no word of it. Taken for serial numbers of a spreadsheet
# they lie in 1961, taken for days since 1970 in 2031. A bare number in a text file is therefore no
# date until the study file says from which day it counts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pandas==2.3.3 pyreadstat==1.3.7 numpy==2.2.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import pandas as pd
import pyreadstat

sent = pd.DataFrame({"SUBJID": ["P0", "P1"], "TRTSDT": [22290.0, 22310.0]})
pyreadstat.write_xport(sent, "adsl.xpt", file_format_version=5, variable_format={"TRTSDT": "DATE9."})
by_pandas = pd.read_sas("adsl.xpt")
by_pyreadstat, about = pyreadstat.read_xport("adsl.xpt")
print("format in the file:", about.original_variable_types["TRTSDT"])
print("pandas:    ", by_pandas["TRTSDT"].tolist(), by_pandas["SUBJID"].tolist())
print("pyreadstat:", [str(day) for day in by_pyreadstat["TRTSDT"]], by_pyreadstat["SUBJID"].tolist())
assert by_pandas["TRTSDT"].tolist() == [22290.0, 22310.0]
assert by_pandas["SUBJID"].tolist() == [b"P0", b"P1"]
assert [str(day) for day in by_pyreadstat["TRTSDT"]] == ["2021-01-10", "2021-01-30"]
PYTHON

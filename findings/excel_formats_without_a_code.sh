#!/usr/bin/env bash
# Number formats 27 to 36 and 50 to 58 of an .xlsx stand for dates without a code in the file, and
# their meaning hangs on the language of Excel (ECMA-376 part 1, 18.8.30). openpyxl 3.1.5 does not know
# them, python-calamine 0.9.1 does.
#
# Seen, with openpyxl==3.1.5, python-calamine==0.9.1 and pandas==2.3.3; the cell stores 44256:
#   format   shown by a Chinese Excel   openpyxl, pandas    python-calamine
#   14       2021/3/1                   a date              2021-03-01
#   31       2021年3月1日               44256, a number     2021-03-01
#   57       2021年3月                  44256, a number     2021-03-01, though only the month was typed
#
# Why it matters: Excel in Chinese writes 31 and 57 for dates typed with 年 and 月. With openpyxl (and
# pandas, which uses it) a hospital's dates arrive as integers that look like study days; with
# calamine a month of death arrives as its first day, and nothing says that the day was made up.
# In Japanese and Korean 57 shows the day. venaza reads a month where all dates of such a column are
# the first of one (venaza/pipeline/intake/number_formats.py, tests/intake/test_dates_of_workbooks.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  openpyxl==3.1.5 python-calamine==0.9.1 pandas==2.3.3
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PY'
import re
import sys
import zipfile

import openpyxl
import pandas as pd
from python_calamine import CalamineWorkbook

book = openpyxl.Workbook()
book.active["A1"] = 44256
book.active["A1"].number_format = "yyyy-mm-dd;@"
book.save("plain.xlsx")
expected = {
    14: ("2021-03-01 00:00:00", "2021-03-01 00:00:00", "2021-03-01"),
    31: ("44256", "44256", "2021-03-01"),
    57: ("44256", "44256", "2021-03-01"),
}
changed = 0
for number, was in expected.items():
    with zipfile.ZipFile("plain.xlsx") as package:
        held = {name: package.read(name) for name in package.namelist()}
    styles = re.sub(r"<numFmts.*?</numFmts>", "", held["xl/styles.xml"].decode())
    held["xl/styles.xml"] = styles.replace('numFmtId="164"', f'numFmtId="{number}"').encode()
    with zipfile.ZipFile("a.xlsx", "w") as package:
        for name, data in held.items():
            package.writestr(name, data)
    now = (
        str(openpyxl.load_workbook("a.xlsx").active["A1"].value),
        str(pd.read_excel("a.xlsx", header=None, engine="openpyxl")[0][0]),
        str(CalamineWorkbook.from_path("a.xlsx").get_sheet_by_index(0).to_python()[0][0]),
    )
    print(f"{number}: {now}" + ("" if now == was else f"   (was {was})"))
    changed += now != was
sys.exit(bool(changed))
PY

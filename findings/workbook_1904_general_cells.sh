#!/usr/bin/env bash
# A workbook that counts from 1904 (Excel for Mac): cells formatted as dates come right, cells of
# format General come as numbers that mean another day than everywhere else, and only one reader
# says so.
#
# Seen, with openpyxl==3.1.5, python-calamine==0.9.1, pandas==2.3.3 and xlwt==1.3.0; both cells hold
# 5 March 2021:
#   reader            formatted as a date     General     calendar of the workbook
#   openpyxl          2021-03-05              42798       workbook.epoch: 1904-01-01
#   pandas            2021-03-05              42798       not told
#   python-calamine   2021-03-05              42798       not told, neither in .xlsx nor in .xls
# 42798 counted from 1899-12-30, as pandas' documentation shows it, is 4 March 2017: 1,462 days off.
#
# Why it matters: a column of first doses in which some cells lost their format gives some patients
# four more years of follow-up, and no cell looks wrong. venaza reads the calendar out of the
# workbook (date1904, DATEMODE, BrtWbProp, the null date of an .ods) and keeps it beside each cell
# (venaza/pipeline/intake/workbook_calendar.py, tests/intake/test_dates_of_workbooks.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  openpyxl==3.1.5 python-calamine==0.9.1 pandas==2.3.3 xlwt==1.3.0
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PY'
import datetime as dt
import sys

import openpyxl
import pandas as pd
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from python_calamine import CalamineWorkbook

day = dt.datetime(2021, 3, 5)
book = openpyxl.Workbook()
book.epoch = CALENDAR_MAC_1904
book.active["A1"], book.active["A2"] = day, 42798
book.save("a.xlsx")
old = xlwt.Workbook()
old.dates_1904 = True
sheet = old.add_sheet("S")
sheet.write(0, 0, day, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
sheet.write(1, 0, 42798)
old.save("a.xls")


def calamine(path: str) -> tuple[list[str], list[str]]:
    opened = CalamineWorkbook.from_path(path)
    cells = [str(row[0]) for row in opened.get_sheet_by_index(0).to_python()]
    told = [name for name in dir(opened) if "1904" in name or "epoch" in name or "calendar" in name]
    return cells, told


made = openpyxl.load_workbook("a.xlsx")
now = {
    "openpyxl": ([str(c.value) for c in made.active["A"]], [str(made.epoch)]),
    "pandas": ([str(v) for v in pd.read_excel("a.xlsx", header=None)[0]], []),
    "calamine xlsx": calamine("a.xlsx"),
    "calamine xls": calamine("a.xls"),
    "42798 from 1899-12-30": (str(dt.date(1899, 12, 30) + dt.timedelta(42798)), []),
}
was = {
    "openpyxl": (["2021-03-05 00:00:00", "42798"], ["1904-01-01 00:00:00"]),
    "pandas": (["2021-03-05 00:00:00", "42798"], []),
    "calamine xlsx": (["2021-03-05", "42798.0"], []),
    "calamine xls": (["2021-03-05", "42798"], []),
    "42798 from 1899-12-30": ("2017-03-04", []),
}
for name, found in now.items():
    print(f"{name}: {found}" + ("" if found == was[name] else f"   (was {was[name]})"))
sys.exit(now != was)
PY

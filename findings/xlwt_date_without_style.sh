#!/usr/bin/env bash
# xlwt 1.3.0: write(row, column, date) without a style stores the date's serial number in a cell of
# format General; the date is gone, and nothing says so.
#
# openpyxl gives a date a date format by itself; xlwt converts it to a number and leaves the format to
# the caller. Readers then rightly see a number. Seen, for 5 March 2021: 44260 by
# python-calamine 0.9.1 and by pandas 2.3.3 with xlrd 2.0.1; with num_format_str it is a date to both.
#
# Why it matters here: .xls files of hospital systems and of older scripts come from xlwt, and their
# date columns are then numbers in General cells, some or all of them. In a workbook such a number is
# read as a serial number of that workbook's own calendar; anywhere else it is asked.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check xlwt==1.3.0 xlrd==2.0.1 pandas==2.3.3 \
	python-calamine==0.9.1 numpy==2.2.6
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import datetime

import pandas as pd
import xlwt
from python_calamine import CalamineWorkbook

day = datetime.date(2021, 3, 5)
book = xlwt.Workbook()
sheet = book.add_sheet("S")
sheet.write(0, 0, day)
sheet.write(0, 1, day, xlwt.easyxf(num_format_str="YYYY-MM-DD"))
book.save("dates.xls")
((bare, styled),) = CalamineWorkbook.from_path("dates.xls").get_sheet_by_index(0).to_python()
frame = pd.read_excel("dates.xls", header=None)
print("calamine, no style:  ", repr(bare))
print("calamine, with style:", repr(styled))
print("pandas, no style:    ", repr(frame[0][0]))
print("pandas, with style:  ", repr(frame[1][0]))
assert bare == 44260 and not isinstance(bare, datetime.date)
assert styled == day
assert frame[0][0] == 44260
assert frame[1][0] == pd.Timestamp(day)
PYTHON

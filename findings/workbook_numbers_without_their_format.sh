#!/usr/bin/env bash
# pandas 2.2.3 with openpyxl 3.1.5, python-calamine 0.9.1 and odfpy 1.4.1: a number of a workbook comes
# without its number format, and dtype=str does not bring back what the cell shows.
#
# Seen, the same from every engine, as a number and with dtype=str:
#   cell shows   format                 read
#   35%          0%                     0.35       beside a typed 35 in the same column
#   <0.01        "<"0.00                0.01       the limit of detection becomes a measured value
#   12.3         0.0,                   12345      white cells shown in thousands
#   female       [=1]"male";[=2]"female"  2
#   0042         0000                   42         a patient's number
# In OpenDocument the text "35%" stands in the file beside the number, and is not handed out either.
#
# Why it matters: blasts of 35% become 0.35%, which is below 5% and a complete remission; MRD below
# 0.01% becomes MRD of 0.01%. No warning, and the type of the column is float in both cases. venaza reads
# the number formats of .xlsx, .xls and .xlsb and the texts of .ods, and keeps what is stored beside
# what is shown (venaza/pipeline/intake/number_formats.py, tests/intake/test_number_formats.py, docs/formats.md).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.2.3 numpy==1.26.4 \
  openpyxl==3.1.5 python-calamine==0.9.1 odfpy==1.4.1
cd "$folder"
venv/bin/python - <<'PY'
import pandas as pd
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

cells = [
    (0.35, "0%", "35%"),
    (35, "General", "35"),
    (0.01, '"<"0.00', "<0.01"),
    (12345, "0.0,", "12.3"),
    (2, '[=1]"male";[=2]"female"', "female"),
    (42, "0000", "0042"),
]
book = Workbook()
document = OpenDocumentSpreadsheet()
table = Table(name="S")
document.spreadsheet.addElement(table)
for number, (value, code, text) in enumerate(cells, start=1):
    book.active.cell(number, 1, value).number_format = code
    kind = "percentage" if code == "0%" else "float"
    cell = TableCell(valuetype=kind, value=str(value))
    cell.addElement(P(text=text))
    row = TableRow()
    row.addElement(cell)
    table.addElement(row)
book.save("a.xlsx")
document.save("a.ods")
was, as_text = [0.35, 35, 0.01, 12345, 2, 42], ["0.35", "35", "0.01", "12345", "2", "42"]
changed = 0
for name, engine in (("a.xlsx", "openpyxl"), ("a.xlsx", "calamine"), ("a.ods", "odf"), ("a.ods", "calamine")):
    numbers = pd.read_excel(name, header=None, engine=engine)[0].tolist()
    texts = pd.read_excel(name, header=None, engine=engine, dtype=str)[0].tolist()
    print(f"{name:7} {engine:9} {numbers}  dtype=str: {texts}")
    changed += numbers != was or texts != as_text
print("shown             ", [text for *_, text in cells])
raise SystemExit(changed > 0)
PY

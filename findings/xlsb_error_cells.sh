#!/usr/bin/env bash
# Error cells of a binary workbook (.xlsb): pyxlsb 1.0.10 hands out the text '0x17', python-calamine 0.9.1
# an empty cell; with pandas 2.2.3 on top the one column becomes text, the other has a gap.
#
# Seen, for a cell that shows #REF! (stored as the error number 0x17) and one that shows #DIV/0! (0x07):
#   pandas engine="pyxlsb"     '0x17', '0x7'    as if somebody had typed it
#   pandas engine="calamine"   nan, nan         as if nothing had been measured
# The same cells of an .xlsx read as nan by the default list of missing words ('#N/A' is on it) or as
# '#REF!', which is seen. 0x17 also parses as the number 23 wherever hexadecimal is read.
#
# Why it matters: exports of hospital databases are saved as .xlsb because they are large, with formulas
# whose references broke. A platelet count that is an error is not a platelet count that was not
# taken: the first is asked of the clinic. venaza reads the error numbers out of the records
# (venaza/pipeline/intake/xlsb_scan.py, tests/intake/test_number_formats.py, docs/formats.md).
# Source: [MS-XLSB] 2.5.97.2 (BErr).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.2.3 numpy==1.26.4 \
  pyxlsb==1.0.10 python-calamine==0.9.1
cd "$folder"
venv/bin/python - <<'PY'
import struct
import zipfile

import pandas as pd


def record(kind, content=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return head + bytes([len(content)]) + content


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def row(number, cell):
    return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0)) + cell


at = struct.pack("<II", 0, 0)
number = record(5, at + struct.pack("<d", 150.0))
cells = row(0, number) + row(1, record(3, at + b"\x17")) + row(2, record(3, at + b"\x07"))
style = record(47, struct.pack("<HHHHHBBBBBB", 0, *[0] * 10))
types = "application/vnd.ms-excel"
schema = "http://schemas.openxmlformats.org"
office = f"{schema}/officeDocument/2006/relationships"
parts = {
    "[Content_Types].xml": f'<Types xmlns="{schema}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.bin" ContentType="{types}.sheet.binary.macroEnabled.main"/>'
    f'<Override PartName="/xl/worksheets/sheet1.bin" ContentType="{types}.worksheet"/>'
    f'<Override PartName="/xl/styles.bin" ContentType="{types}.styles"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{schema}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{office}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
    "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{schema}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.bin"/>'
    f'<Relationship Id="rId2" Type="{office}/styles" Target="styles.bin"/></Relationships>',
    "xl/workbook.bin": record(131) + record(143)
    + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("S")) + record(144) + record(132),
    "xl/styles.bin": record(278) + record(617, struct.pack("<I", 1)) + style + record(618) + record(279),
    "xl/worksheets/sheet1.bin": record(129) + record(148, struct.pack("<IIII", 0, 2, 0, 0))
    + record(145) + cells + record(146) + record(130),
}
with zipfile.ZipFile("a.xlsb", "w") as package:
    for name, content in parts.items():
        package.writestr(name, content)
changed = 0
for engine, was in (("pyxlsb", [150.0, "0x17", "0x7"]), ("calamine", [150.0, None, None])):
    found = pd.read_excel("a.xlsb", header=None, engine=engine)[0]
    now = [None if value != value else value for value in found.tolist()]
    print(f"{engine:9} {now}  {found.dtype}")
    changed += now != was
raise SystemExit(changed > 0)
PY

#!/usr/bin/env bash
# Pint 0.25 (PyPI package pint): the unit strings of laboratories parse, and mean something else.
#
# Seen, with pint==0.25:
#   10*9/L   -> 90 per litre          UCUM's code for 10^9 per litre, as LOINC and FHIR send it
#   10*3/uL  -> 30 per microlitre     the same, of 10^3 per microlitre
#   10E9/L   -> 10^10 per litre       what many analysers print for 10^9
#   109/L    -> 109 per litre         10^9/L whose superscript was lost
#   Gpt/L    -> gigapint per litre    the giga particles of German laboratories
#   G/L      -> gauss per litre       giga per litre, France and Switzerland
#   K/uL     -> kelvin per microlitre thousand per microlitre, United States
#   T/L      -> tesla per litre       tera per litre, of red cells
# Each is a quantity without an error; of the first four even a conversion to 1/L goes through, and a
# leucocyte count is wrong by a factor of 10^8.
#
# Why it matters: a count of neutrophils or platelets decides between CR, CRi and CRh. A pipeline that
# hands the column of units to a general parser gets numbers. venaza reads units by a list for each
# value (config/units.yaml, venaza/contracts/unit_conversion.py, tests/clean/test_units.py): what is not on it is asked.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pint==0.25
"$folder/venv/bin/python" - <<'PY'
import pint

units = pint.UnitRegistry()
expected = {
    "10*9/L": "90.0 / liter",
    "10*3/uL": "30.0 / microliter",
    "10E9/L": "10000000000.0 / liter",
    "109/L": "109.0 / liter",
    "Gpt/L": "1.0 gigapint / liter",
    "G/L": "1.0 gauss / liter",
    "K/uL": "1.0 kelvin / microliter",
    "T/L": "1.0 tesla / liter",
}
changed = 0
for text, was in expected.items():
    now = str(units.parse_expression(text))
    print(f"{text:8} -> {now}" + ("" if now == was else f"   (was {was})"))
    changed += now != was
raise SystemExit(changed > 0)
PY

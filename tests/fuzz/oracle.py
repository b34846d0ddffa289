"""What an outcome must be: the parts of a message, and what holds of clean tables."""

from __future__ import annotations

import re

from tests.fuzz.run import CLEAN, EXPORT, FAULT, STUDY, Outcome

STUDY_FILE = f"config/studies/{STUDY}.yaml"
_LONGEST = 4500
#: Days.
_LONGEST_LIFE = 36_525
#: Words of the machine, and of the validator of schemas, that no message for a person has.
_MACHINE = re.compile(
    r"Traceback|\b[A-Z]\w+(?:Error|Exception|Warning)\b|<class|<NA>|object at 0x|\bNaT\b"
    r"|\bNone\b(?! of)|\bdtype\b|\\x00|non-equivalent|\[Errno"
    r"|does not match|valid under|is not of type|non-unique|required property|is not one of"
)
#: What is wrong with a file, a sheet or a table as a whole: there is no one cell to name.
_WHOLE = re.compile(
    r"This (?:\w+ )?file|not in the encoding|No file of the export|needs a sheet|export folder"
    r"|holds no file|no row below|text file cannot be read|zip archive|Several files"
    r"|No header row is found|of this workbook|too (?:many|large)|data dictionary|NUL byte"
    r"|takes too|of its headers none|no header says so"
)
#: No value: headers that are not there, and numbers of patients before the privacy gate.
_NO_VALUE = re.compile(
    r"not stand there|stands there twice|no such column|it has no column|No row of the sheet"
    r"|cannot be a header row|has lost digits|a spreadsheet cut them"
)


def complaints(outcome: Outcome, study_text: str) -> list[str]:
    """What is wrong with an outcome; empty where it is as it should be."""
    if outcome.kind == FAULT:
        return [outcome.text]
    if outcome.kind == CLEAN:
        return _of_tables(outcome)
    return _of_message(outcome, study_text)


def _of_message(outcome: Outcome, study_text: str) -> list[str]:
    error, text = outcome.error, outcome.text
    said = f"{error.what} {error.fix}"
    found = []
    if len(text) > _LONGEST:
        found.append(f"the message has {len(text)} characters")
    if match := _MACHINE.search(re.sub(r"'[^']*'", "", said)):
        found.append(f"a word of the machine: {match[0]}")
    if not re.search(r"\w{3,}", error.what) or not re.search(r"\w{3,}", error.fix):
        found.append("it does not say what is wrong, or what to do")
    file = error.place["file"]
    if not file:
        found.append("no file")
    elif file == STUDY_FILE or str(file).endswith(".yaml"):
        found += _of_study_file(error, study_text)
    elif not _WHOLE.search(error.what):
        parts = ["row", "column"] if _NO_VALUE.search(error.what) else ["row", "column", "value"]
        found += [f"no {part}" for part in parts if error.place[part] in (None, "")]
    return found


def _of_study_file(error, study_text: str) -> list[str]:
    whole = r"not valid YAML|holds no keys|cannot be read|not UTF-8"
    if error.place["column"] is None and re.search(whole, error.what):
        return []
    row, key = error.place["row"], error.place["column"]
    if not key:
        missing = re.search(r"key '(\w+)' is missing", error.what)
        return [] if missing else ["no key"]
    top = key.split(" > ")[0]
    there = re.search(rf"^[\"']?{re.escape(top)}[\"']?:", study_text, re.MULTILINE)
    if row is None:
        return ["no line"] if there else []
    lines = study_text.splitlines()
    return [] if 1 <= row <= len(lines) else [f"line {row} of {len(lines)}"]


def _of_tables(outcome: Outcome) -> list[str]:
    found = []
    results, tables = outcome.results, outcome.tables
    adtte, adsl = results["adtte"], results["adsl"]
    if not (adsl["ITTFL"] == "Y").any():
        found.append("nobody is analysed, and it is clean")
    asked = {*tables["queries"]["USUBJID"], *results["queries"]["USUBJID"]}
    if (adtte["AVAL"] < 0).any():
        found.append("a time below 0")
    if not {*adtte.loc[adtte["AVAL"] > _LONGEST_LIFE, "USUBJID"]} <= asked:
        found.append("a time that no patient lives, and nobody is asked")
    if not set(adtte["CNSR"].dropna()) <= {0, 1, 2}:
        found.append("a status that is none")
    if adtte.duplicated(["USUBJID", "PARAMCD"]).any():
        found.append("a patient twice in one endpoint")
    if (tables["cell_account"]["N"] <= 0).any():
        found.append("a cell that is not accounted for")
    if EXPORT in outcome.text and "nan" in re.findall(r"\bnan\b|<NA>", outcome.text):
        found.append("a number that is none on the screen")
    return found

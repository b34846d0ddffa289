"""Writes docs/defects.md: what becomes of each defect of real exports, as the gallery shows it.

python -m tests.gallery.make_docs
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = "docs/defects.md"
#: Number -> the defect, and what becomes of it; its tests are called ``test_NN_...``.
DEFECTS = {
    1: (
        "GB18030, UTF-8 with a mark, UTF-16, HTML named .xls",
        "read by what the file is, and the encoding listed; short UTF-8 is not taken for "
        "GB18030; broken UTF-8 is refused with its row",
    ),
    2: (
        "many sheets, hidden ones, one for each patient",
        "each table names its sheet, or a pattern for several; hidden sheets are read and "
        "listed; a sheet that nobody maps is counted; sheets called after patients stop "
        "the run",
    ),
    3: (
        "titles, headers over two rows, merged numbers, totals",
        "`header_row: [2, 3]` joins headers, `fill_down` fills merged cells with a line "
        "in the log for each; rows of totals and notes are left out with a note; a patient's "
        "row is never taken for headers",
    ),
    4: (
        "headers with synonyms, spaces, line feeds, units, twice",
        "mapped by `config/synonyms.yaml`, the unit read from the header; a name stops "
        "the run; a header given twice must be told apart",
    ),
    5: (
        "full-width digits, superscripts, traditional characters",
        "read as numbers; superscripts before they are folded, so that 10⁻⁴ is no 10−4; headers "
        "and words in traditional characters are those in simplified ones, and stay as sent",
    ),
    6: (
        "damaged patient numbers",
        "a power of ten and digits cut after the 15th stop the run; a decimal and lost "
        "zeros are noted, and a number like another is asked",
    ),
    7: (
        "one patient under two numbers, two of one name",
        "same dates, age and sex under two numbers are asked, spellings of one number "
        "too; both stay",
    ),
    8: (
        "names and numbers in free text",
        "the column stops the run until it is dropped or scrubbed; what was taken out is "
        "in no table, log or message",
    ),
    9: (
        "duplicate rows",
        "an exact one is left out with a note, and so is one that reads the same (but in "
        "laboratory values and transfusions); a contradiction empties the cell and is asked; "
        "in a date it stops the run",
    ),
    10: (
        "styles of dates",
        "all read, each with a line in the log; day and month settled by the column or "
        "asked; a month alone completed as declared, and flagged; two-digit years are asked, or "
        "read by a declared `date_order`; 中旬 is a query",
    ),
    11: (
        "spreadsheet serials",
        "counted from the workbook's calendar, never from 1970; a bare number in another file "
        "is asked until `date_origin` is declared",
    ),
    12: (
        "text and true dates in one column",
        "each cell read for what it is",
    ),
    13: (
        "impossible orders",
        "death before treatment stops the run; the other contradictions are queries",
    ),
    14: (
        "mistyped years",
        "asked with the likely year; not corrected",
    ),
    15: (
        "words and dates for missing",
        "empty, each with a line in the log",
    ),
    16: (
        "partial death dates; lost is not dead",
        "completed as declared, with a flag, and kept within the patient's other dates; 失访 and "
        "自动出院 are lost to follow-up",
    ),
    17: (
        "words for a response",
        "mapped by the vocabulary, MRD in the same cell split off; a doubtful one is a "
        "query, an unknown one stops the run with a suggestion",
    ),
    18: (
        "cycle labels",
        "C1, 第1疗程 and the like are read as numbers",
    ),
    19: (
        "best response after salvage",
        "asked; the dates decide what counts",
    ),
    20: (
        "blasts in words, ranges, fractions",
        "“<5%” is half the limit, a range or 未见 is asked unless declared; a column of "
        "fractions stops the run",
    ),
    21: (
        "MRD in words, powers, percent",
        "converted to percent; a bare number without unit stops the run; a bare minus is asked",
    ),
    22: (
        "units",
        "converted by cell, column or header, with a line in the log; a column that fits "
        "another unit stops the run",
    ),
    23: (
        "signs, flags, commas",
        "taken off with a line in the log; a comma is settled by the column or asked; a "
        "spoilt sample is a query",
    ),
    24: (
        "zero and missing; wide laboratory sheets",
        "zero is a value; a percentage is no count; `repeat` turns a wide sheet long",
    ),
    25: (
        "regimens in free text",
        "named and sorted by their drugs; a ramp-up is asked, or read as declared",
    ),
    26: (
        "newly diagnosed or relapsed",
        "by the word; one that could be either stops the run",
    ),
    27: (
        "transplant in a note; lines without a number",
        "a note that mentions a transplant is asked where none is on record, unless it "
        "denies or plans it; later therapies stand in the order of their dates",
    ),
    28: (
        "reason for stopping and cause of death mixed",
        "a death as a reason to stop, without a death on record, is asked, and a cause "
        "without a death; a word that belongs in the other column stops the run",
    ),
    29: (
        "genetics in free text",
        "split into genes and results; not tested is never negative; a gene that became a "
        "date is asked",
    ),
    30: (
        "REDCap",
        "events, instruments, codes, checkboxes and missing codes by the data dictionary; "
        "raw and labelled exports give the same; tagged identifiers stop the run; shifted "
        "dates are declared",
    ),
    31: (
        "separators, quotes, mangled cells, formulas",
        "separators, quotes and line feeds are read; a value that became a date is asked; "
        "a formula is neutralised in all that is written for a spreadsheet",
    ),
    32: (
        "locked and old workbooks, error cells, colours",
        "a password is refused; `.xls` is read; error cells and formulas without a value "
        "are asked; colours are noted as not read",
    ),
    33: (
        "one patient in two files",
        "`overlap: newer` or `refuse`; without it contradictions stop the run",
    ),
    34: (
        "ages with words, sex in codes",
        "岁 is taken off; a code without a key stops the run",
    ),
}
_HEAD = """\
# Defects of real exports, and what becomes of each

Each of these stands in a real file in `tests/gallery/`, which is read as a study is: intake,
privacy gate, cleaning. The last column holds what the tests find: in a message that stops the run
([all messages](errors.md)), in a query ([all checks](checks.md)), in the cleaning log or in a note
on the file. Whole cohorts are written in such ways, and the results compared, in
[metamorphic.md](metamorphic.md). This page is made by

    python -m tests.gallery.make_docs

"""
#: Where a test finds words: the error, the messages of queries, the notes on the files.
_SAID = re.compile(r"error|asked|notes\(\)|gate")
_LITERALS = (ast.List, ast.Set, ast.Tuple)


def page() -> str:
    """The text of the page."""
    shown: dict[int, list[ast.FunctionDef]] = {number: [] for number in DEFECTS}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            found = re.match(r"test_(\d\d)_", getattr(node, "name", ""))
            if found:
                shown[int(found[1])].append(node)
    lines = ["| | defect | what venaza does | what it says |", "|---|---|---|---|"]
    for number, (defect, does) in DEFECTS.items():
        said = list(dict.fromkeys(text for test in shown[number] for text in _found(test)))
        said = [text for text in said if not any(text[1:-1] in t for t in said if t != text)]
        lines.append(f"| {number} | {defect} | {does} | {'<br>'.join(said)} |")
    return _HEAD + "\n".join(lines) + "\n"


def _found(test: ast.FunctionDef) -> list[str]:
    """The words, the queries and the lines of the cleaning log that a test finds."""
    found = []
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (
            "asked",
            "cells_asked",
        ):
            found += [(item, f"query `{item.value}`") for item in _texts(node.args)]
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            found += _compared(node.left, node.ops[0], node.comparators[0])
    order = sorted(found, key=lambda pair: (pair[0].lineno, pair[0].col_offset))
    return [text for _, text in order]


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr) -> list[tuple[ast.Constant, str]]:
    whole, part = (right, left) if isinstance(op, (ast.In, ast.LtE)) else (left, right)
    place = ast.unparse(whole)
    if isinstance(op, (ast.NotIn, ast.NotEq)):
        return []
    inner = [n for n in ast.walk(part) if isinstance(n, _LITERALS)] or [ast.Tuple([part])]
    texts = _texts([item for literal in inner for item in literal.elts])
    if "rules()" in place:
        return [(text, f"query `{text.value}`") for text in texts]
    if "logged(" in place + ast.unparse(left):
        return [(text, f"log: {text.value}") for text in texts]
    if _SAID.search(place):
        return [(text, f"“{_plain(text.value)}”") for text in texts if " " in text.value]
    return []


def _texts(nodes: list[ast.expr]) -> list[ast.Constant]:
    return [n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")

"""A query workbook of the synthetic study as the clinic sends it back, with four answers.

python -m tests.workflow.answered answered.xlsx
"""

from __future__ import annotations

import sys
from pathlib import Path

from openpyxl import load_workbook

from venaza.pipeline.queries.columns import HEADINGS, SHEETS

ASKED = Path("results/aml_venaza/queries/queries.xlsx")
#: Query -> the correct value and the document that shows it; the values are invented.
ANSWERS = {
    "contradicting_rows:VA018:patients.HGB": ("92", "lab sheet"),
    "wrong_unit:VA029:patients.HGB": ("109", "lab sheet: g/dL"),
    "end_before_start:VA033:adverse_events.AEENDT:呕吐 2022-07-17": ("2022-09-20", "chart"),
    "risk_disagrees:VA003:patients.RISK": (None, "karyotype report"),
}


def fill(asked: Path, answers: dict[str, tuple[str | None, str]], to: Path) -> None:
    """Write the workbook ``asked`` with these answers; no value means that the cell is right."""
    book = load_workbook(asked)
    sheet, names = book[SHEETS["en"]["asked"]], HEADINGS["en"]
    at = {cell.value: cell.column for cell in sheet[3]}
    lines = {sheet.cell(r, at[names["id"]]).value: r for r in range(4, sheet.max_row + 1)}
    for query, (value, source) in answers.items():
        line = lines[query]
        value = value or sheet.cell(line, at[names["value"]]).value
        given = {"answer": value, "remark": source, "who": "Dr Li", "date": "2023-12-05"}
        for key, text in given.items():
            sheet.cell(line, at[names[key]]).value = text
    book.save(to)


if __name__ == "__main__":
    fill(ASKED, ANSWERS, Path(sys.argv[1]))

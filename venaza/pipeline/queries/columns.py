"""The columns of the clinic's workbook: what is written there and what is filled in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A column of the sheet: its key, its heading, its width in characters, whether it is empty."""

    key: str
    heading: str
    width: int
    asked: bool = False


SHEET = "Queries"

FIELDS = (
    Field("patient", "Patient", 11),
    Field("severity", "Severity", 9),
    Field("file", "File", 15),
    Field("sheet", "Sheet", 12),
    Field("row", "Row", 6),
    Field("column", "Column", 14),
    Field("cell", "Cell", 7),
    Field("value", "Value as sent", 14),
    Field("message", "What is wrong", 30),
    Field("why", "Why it matters", 30),
    Field("touches", "Results it touches", 13),
    Field("done", "Done meanwhile", 18),
    Field("answer", "Correct value", 16, asked=True),
    Field("remark", "Remark, source", 18, asked=True),
    Field("who", "Answered by", 12, asked=True),
    Field("date", "Date", 12, asked=True),
    Field("status", "Since last export", 10),
    Field("id", "Query", 24),
)

HEADINGS = {field.key: field.heading for field in FIELDS}

#: Written under "Correct value" where the cell is to be empty.
EMPTY = "(empty)"

HOW = (
    "Please fill in the yellow columns. Correct value: as it should stand in that cell; "
    f"{EMPTY} where nothing should stand there; the value as sent where it is right. "
    "Remark: the document that shows it. Leave the other columns as they are.  "
    "请填写黄色栏：“Correct value”填写该单元格的正确值；若应为空请填 (empty)；"
    "若原值无误请照抄原值。"
    "“Remark”注明依据，并填写姓名和日期。其他栏请勿修改。"
)

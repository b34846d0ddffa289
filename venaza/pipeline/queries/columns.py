"""The columns and words of the clinic's workbook, in each language it can have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A column: its key, its width in characters, its headings; ``asked``: to be filled in."""

    key: str
    width: int
    en: str
    zh: str
    asked: bool = False
    hidden: bool = False

    def heading(self, language: str) -> str:
        """What stands above the column."""
        return getattr(self, language)


_PLACE = (
    Field("patient", 11, "Patient", "患者"),
    Field("severity", 9, "Severity", "程度"),
    Field("where", 22, "Where", "位置"),
    Field("column", 14, "Column", "列名"),
    Field("value", 15, "Value as sent", "原值"),
)
_QUERY = Field("id", 30, "Query", "质疑编号", hidden=True)
#: What is asked; the hidden column tells the command ``answers`` which query a line is.
FIELDS = (
    *_PLACE,
    Field("message", 40, "Question", "问题"),
    Field("answer", 16, "Correct value", "正确值", asked=True),
    Field("remark", 16, "Remark, source", "备注及依据", asked=True),
    Field("who", 10, "Answered by", "填写人", asked=True),
    Field("date", 11, "Date", "填写日期", asked=True),
    _QUERY,
)
#: What was found and needs no answer.
NOTES = (
    *_PLACE,
    Field("message", 50, "What was found", "发现的情况"),
    Field("done", 40, "What was done", "处理方式"),
    _QUERY,
)
GONE = (*_PLACE, Field("message", 80, "What was asked", "曾经的问题"), _QUERY)
CHECKS = (
    Field("title", 42, "Check", "核查"),
    Field("severity", 9, "Severity", "程度"),
    Field("n", 8, "Queries", "条数"),
    Field("why", 70, "Why it matters", "为何重要"),
    Field("touches", 32, "Results it touches", "影响的结果"),
)
HEADINGS = {name: {field.key: field.heading(name) for field in FIELDS} for name in ("en", "zh")}
#: Without these a line cannot be read back.
NEEDED = ("id", "value", "answer", "remark", "who", "date")

#: Written under "Correct value" where the cell is to be empty, in any language.
EMPTY = {"en": "(empty)", "zh": "(空)"}

SHEETS = {
    "en": {"asked": "Queries", "notes": "Notes", "gone": "No longer asked", "checks": "Checks"},
    "zh": {"asked": "质疑", "notes": "备注", "gone": "不再询问", "checks": "核查说明"},
}
#: The hidden sheet of the words that cells offer: a list in the cell itself ends at 255 characters.
LISTS = "Lists"

TEXTS = {
    "en": {
        "title": "Queries to the clinic: {study}, export of {export}",
        "synthetic": " (synthetic data)",
        "how": (
            "Please fill in the yellow columns. Correct value: as it should stand in that cell, "
            "from the list where the cell has one; {empty} where nothing should stand there; the "
            "value as sent where it is right. Remark: the document that shows it. Each answer "
            "needs a name and a date (YYYY-MM-DD). Leave the other columns as they are."
        ),
        "notes": "For information: nothing is to be answered here.",
        "row": "row {row}",
        "new": "new",
        "all": "all results",
        "other": "This is none of the words in the list. Keep it?",
        "footer": "&A, page &P of &N",
    },
    "zh": {
        "title": "致临床的数据质疑：{study}，{export} 导出",
        "synthetic": "（合成数据）",
        "how": (
            "请填写黄色栏。正确值：该单元格应有的内容，有下拉列表的请从中选择；"
            "若应为空请填 {empty}；若原值无误请照抄原值。备注及依据：注明可证明的文件。"
            "每条答复都需要填写人和填写日期（YYYY-MM-DD）。其他栏请勿修改。"
        ),
        "notes": "仅供参考，本表无需填写。",
        "row": "第{row}行",
        "new": "新",
        "all": "全部结果",
        "other": "列表中没有这个词，是否保留？",
        "footer": "&A　第 &P 页，共 &N 页",
    },
}

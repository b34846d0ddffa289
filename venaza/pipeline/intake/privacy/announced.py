"""Names in free text behind a word that announces one: 联系人：王小明, Dr. Smith."""

from __future__ import annotations

import re

from venaza.contracts.script import simplified
from venaza.pipeline.intake.privacy.names import LIKE, LIKELY, SURE, Names

#: Behind these stands a person; behind the others as often what a person has, is or wants.
_PERSON = (
    r"姓名|联系人|联络人|制表人?|填表人?|记录人?|录入人?|导出人?|报告人?|审核人?|随访人|负责人"
)
_HAN = re.compile(
    rf"(?P<label>(?P<person>{_PERSON})|患者|病人|家属|父亲|母亲|配偶|医生|医师|护士)\s*[:：]\s*"
    r"(?P<name>[\u4e00-\u9fff]{2,})"
)
_TITLED = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Prof|Herr|Frau)\.?\s+(?P<name>[A-Z][^\W\d_]+(?:[ -][A-Z][^\W\d_]+){0,2})"
)
_LABELLED = re.compile(
    r"\b(?:(?P<person>Name|Contact|Physician|Doctor|Nurse)|Patient)\s*:\s*"
    r"(?P<name>[A-Z][^\W\d_]*\.?,?(?:[ -][A-Z][^\W\d_]*\.?){1,2})"
)
_SHORT, _LONG = 3, 4


def announced(text: str, names: Names) -> list[tuple[int, int]]:
    """Where in ``text`` announced names begin and end, from the left."""
    found = []
    if not text.isascii():
        for match in _HAN.finditer(simplified(text)):
            size = _han(match["name"], bool(match["person"]), names)
            if size:
                found.append((match.start("name"), match.start("name") + size))
    found += [match.span("name") for match in _TITLED.finditer(text)]
    for match in _LABELLED.finditer(text):
        if names.judge(match["name"]) >= (LIKELY if match["person"] else LIKE):
            found.append(match.span("name"))
    return sorted(set(found))


def _han(run: str, person: bool, names: Names) -> int:
    """How many characters of a run of Chinese are a name; 0 where none begins it."""
    if len(run) <= _LONG and names.judge(run) >= (LIKELY if person else LIKE):
        return len(run)
    return _SHORT if names.judge(run[:_SHORT]) == SURE else 0

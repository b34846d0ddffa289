"""Years of other eras: the Republic of China (Minguo), the Buddhist era, the reigns of Japan."""

from __future__ import annotations

import datetime as dt
import re

#: The reigns of Japan by letter and name: the year before the first, and the first and last day.
_REIGNS = {
    "M": ("明治", 1867, dt.date(1868, 1, 25), dt.date(1912, 7, 29)),
    "T": ("大正", 1911, dt.date(1912, 7, 30), dt.date(1926, 12, 24)),
    "S": ("昭和", 1925, dt.date(1926, 12, 25), dt.date(1989, 1, 7)),
    "H": ("平成", 1988, dt.date(1989, 1, 8), dt.date(2019, 4, 30)),
    "R": ("令和", 2018, dt.date(2019, 5, 1), dt.date.max),
}
_MINGUO, _BUDDHIST = 1911, 543
_REPUBLIC = r"(?:(?:中華|中华)?民[國国])"
_MINGUO_YEAR = re.compile(rf"{_REPUBLIC}?\s*(\d{{2,3}}|元)(?=\s*[-/._、年]|$)(.*)", re.DOTALL)
_MINGUO_DAY = re.compile(rf"{_REPUBLIC}?\s*(\d{{2,3}})(\d{{2}})(\d{{2}})")
_MINGUO_MONTH = re.compile(rf"{_REPUBLIC}?\s*(\d{{3}})(\d{{2}})")
_LIKE_MINGUO = (
    re.compile(_REPUBLIC),
    re.compile(r"\d{3}\s*(?:[-/.、年]\s*\d{1,2}(?:\s*[-/.、月]|$)|年$)"),
    re.compile(r"(?:0[5-9]|1[0-4])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$"),
)
_BE = re.compile(
    r"^\s*(?:พ\.\s*ศ\.?|B\.?\s*E\.?)\s*|\s*(?:พ\.\s*ศ\.?|B\.?\s*E\.?)\s*", re.IGNORECASE
)
_BUDDHIST_YEAR = re.compile(r"(?<!\d)(2[45]\d{2}|26[0-4]\d)(?=\D|$|\d{4}$)")
_SHORT_LAST = re.compile(r"(\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*)(\d{2})")
_REIGN = re.compile(
    rf"({'|'.join(n for n, *_ in _REIGNS.values())}|[{''.join(_REIGNS)}])\.?\s*(\d{{1,2}}|元)"
    r"\s*[-/._、年]\s*(?:(\d{1,2})(?:\s*[-/._、月]\s*(\d{1,2})\s*日?)?\s*月?)?(.*)",
    re.IGNORECASE | re.DOTALL,
)
_REIGN_COMPACT = re.compile(rf"([{''.join(_REIGNS)}])(\d{{2}})(\d{{2}})(\d{{2}})()", re.IGNORECASE)


def western(text: str, calendar: str) -> tuple[str, str, str]:
    """A text with its year of the Western calendar, the rule that changed it, and a problem.

    ``calendar`` (minguo, buddhist, japanese) is what the study file declares of the column; a text
    with a Western year is left as it is. Without it a text that names or looks like such a year is
    a problem that says what to declare.
    """
    if calendar == "minguo":
        return *_from_minguo(text), ""
    if calendar == "buddhist":
        return *_from_buddhist(text), ""
    if calendar == "japanese":
        return _from_reign(text)
    return text, "", _undeclared(text)


def _from_minguo(text: str) -> tuple[str, str]:
    rule = "Minguo calendar"
    if match := _MINGUO_DAY.fullmatch(text):
        return f"{int(match[1]) + _MINGUO}-{match[2]}-{match[3]}", rule
    if (
        (match := _MINGUO_MONTH.fullmatch(text))
        and 1 <= int(match[2]) <= 12
        and int(match[1]) < 189
    ):
        return f"{int(match[1]) + _MINGUO}-{match[2]}", rule
    if match := _MINGUO_YEAR.fullmatch(text):
        year = 1 if match[1] == "元" else int(match[1])
        return f"{year + _MINGUO}{match[2]}", rule
    return text, ""


def _from_buddhist(text: str) -> tuple[str, str]:
    bare = _BE.sub(" ", text).strip()
    if match := _SHORT_LAST.fullmatch(bare):
        return f"{match[1]}{2500 + int(match[2]) - _BUDDHIST}", "Buddhist era"
    changed = _BUDDHIST_YEAR.sub(lambda m: str(int(m[1]) - _BUDDHIST), bare, count=1)
    return (changed, "Buddhist era") if changed != bare else (text, "")


def _from_reign(text: str) -> tuple[str, str, str]:
    match = _REIGN.fullmatch(text) or _REIGN_COMPACT.fullmatch(text)
    if not match:
        return text, "", ""
    name, before, first, last = next(
        reign for letter, reign in _REIGNS.items() if match[1].upper() in (letter, reign[0])
    )
    year = before + (1 if match[2] == "元" else int(match[2]))
    rule = f"year of {name}"
    if match[4] is None:
        month = f"-{int(match[3]):02}" if match[3] else ""
        return f"{year}{month}{match[5]}", rule, ""
    changed = f"{year}-{int(match[3]):02}-{int(match[4]):02}"
    try:
        known = first <= dt.date.fromisoformat(changed) <= last
    except ValueError:
        known = True  # no such day in any calendar, which is said where dates are read
    problem = "" if known else f"no such day in the reign {name}"
    return f"{changed}{match[5]}", rule, problem


def _undeclared(text: str) -> str:
    said = "looks like a year of {}: declare calendar: {}"
    if any(pattern.match(text) for pattern in _LIKE_MINGUO):
        return said.format("the Republic of China", "minguo")
    if re.search(r"พ\.\s*ศ|B\.?\s*E\b", text) and re.search(r"\d{4}", text):
        return said.format("the Buddhist era", "buddhist")
    if _REIGN.fullmatch(text) or _REIGN_COMPACT.fullmatch(text):
        return said.format("a reign of Japan", "japanese")
    return ""

"""Columns of dates with words between them: alive, no, not reached where there was no event."""

from __future__ import annotations

import re

from venaza.commands.new_study.profile import Profile, day_of, is_day_first
from venaza.commands.new_study.sheet import Sheet
from venaza.contracts.clean import TABLES
from venaza.study.synonyms import Synonyms, names_date

#: Names of dates in ADaM and SDTM: TRTSDT, RFSTDTC, ADTM.
_STANDARD = re.compile(r"[A-Z][A-Z0-9]{0,5}DT[CM]?")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


def means_date(sheet: Sheet, header: str, synonyms: Synonyms) -> bool:
    """Whether a header, or its label, is known as one of a date."""
    if _STANDARD.fullmatch(header):
        return True
    found = (synonyms.means(name, table) for name in sheet.names(header) for table in TABLES)
    return any(name.endswith("DT") for meaning in found if meaning for name in meaning.columns)


def find_worded(sheets: list[Sheet], synonyms: Synonyms) -> None:
    """Make dates of columns whose header names one, whatever words stand between; in place.

    A column of an event holds few dates where few had it: the words that stand for "none" may be
    more cells than these, but not more different ones.
    """
    for sheet in sheets:
        for header in sheet.known():
            profile = sheet.columns[header]
            if profile.kind in ("word", "text", "day_month") and _says_date(
                sheet, header, synonyms
            ):
                _settle(profile)


def _says_date(sheet: Sheet, header: str, synonyms: Synonyms) -> bool:
    names = sheet.names(header)
    if any(map(names_date, names)) or means_date(sheet, header, synonyms):
        return True
    return any(synonyms.event(name, dated=True) for name in names)


def _settle(profile: Profile) -> None:
    days = {text: day for text in profile.words if (day := day_of(text))}
    first = [text for text in profile.words if is_day_first(text)]
    between = [text for text in profile.words if text not in days and text not in first]
    if any(_NUMBER.fullmatch(text) for text in between):
        return
    if len(days) + len(first) < max(len(between), 1):
        return
    if len(first) > len(days):
        profile.kind = "day_month"
        profile.words = type(profile.words)({text: profile.words[text] for text in first})
        return
    if first:
        return
    profile.kind = "date"
    profile.low, profile.high = min(days.values()), max(days.values())
    profile.words.clear()
    profile.between = sorted(between)

"""Dates that do not say how they are meant: bare numbers, years of an era, or of two digits."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from venaza.commands.new_study.dated import means_date
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.profile import Profile
from venaza.commands.new_study.sheet import Sheet
from venaza.pipeline.clean.date_rules import date_rules
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.intake.formats import WORKBOOKS
from venaza.study.synonyms import Synonyms

_PARTIAL = {"partial_dates": {"missing_day": 15, "missing_month": "refuse"}}
#: Years in which the dates of a proposal lie; what a number says is only told by them.
_YEARS = range(1990, 2030)
_SHARE = 0.8
#: From which day the numbers of a file count, by its ending; of others by the years that result.
_PROGRAMS = {
    ".xpt": ({"date_origin": "1960-01-01"}, "SAS"),
    ".sas7bdat": ({"date_origin": "1960-01-01"}, "SAS"),
    ".dta": ({"date_origin": "1960-01-01"}, "Stata"),
    ".sav": ({"date_origin": "1582-10-14", "unit": "seconds"}, "SPSS"),
}
_SECONDS = ({"date_origin": "1960-01-01", "unit": "seconds"}, "SAS, date and time")
_ELSEWHERE = (
    ({"date_origin": "1899-12-30"}, "a spreadsheet"),
    ({"date_origin": "1970-01-01"}, "R or Unix"),
    ({"date_origin": "1960-01-01"}, "SAS or Stata"),
    ({"date_origin": "1970-01-01", "unit": "seconds"}, "Unix"),
)
_ERAS = (
    ({"calendar": "minguo"}, "has years of the Republic of China"),
    ({"calendar": "japanese"}, "has years of a reign of Japan"),
    ({"calendar": "buddhist"}, "has years of the Buddhist era"),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHORT = re.compile(r"(?:\d{1,2}\s*[-/.]\s*){2}\d{1,2}")
_YEAR_FIRST = re.compile(r"(?:19|20)\d{2}")
_ORDERS = tuple(
    ({"date_order": order}, f"has the {first} first, and years of two digits")
    for order, first in (("YMD", "year"), ("DMY", "day"), ("MDY", "month"))
)


def find_declared(sheets: list[Sheet], synonyms: Synonyms) -> None:
    """Make dates of the columns whose header means one, where a declaration would read them.

    Their profiles become dates with ``declared``, the keys that the study file must have, and
    ``meant``, what these say in words. In place.
    """
    for sheet in sheets:
        dated = [h for h in sheet.known() if means_date(sheet, h, synonyms)]
        ending = Path(sheet.file).suffix.lower()
        profiles = [sheet.columns[h] for h in dated]
        known = _settled(profiles, lambda texts, ending=ending: _ways(texts, ending))
        # What one column shows is so in the others: 21/11/26 does not say where its year stands.
        _settled(profiles, lambda _, known=known: known)
        for profile in profiles:
            _short_among(profile)


def _settled(profiles: list[Profile], ways: Callable) -> list[tuple[dict, str]]:
    """Settle the columns that one of the ways fits; returns those that fitted."""
    fitted = []
    for profile in profiles:
        if profile.kind in ("date", "empty"):
            continue
        fits = list(_fitting(profile, ways))
        # Where the year may stand in two places, another column must show where.
        if fits and (len(fits) == 1 or "date_order" not in fits[0][0]):
            _settle(profile, fits)
            fitted.append((fits[0][0], fits[0][1].partition(":")[0]))
    return fitted


def _short_among(profile: Profile) -> None:
    """Declare the year first where it has two digits in some cells and four in all others."""
    texts = [text for text in dict.fromkeys(profile.texts) if text]
    short = [text for text in texts if _SHORT.fullmatch(text)]
    if profile.kind != "date" or profile.declared or not short:
        return
    others = [text for text in texts if text not in short]
    first = date_rules({"date_order": "YMD"}, _PARTIAL)
    read = [read_date(text, first).day for text in short]
    dated = [text for text in others if read_date(text, first).day]
    if all(map(_YEAR_FIRST.match, dated)) and all(day and day.year in _YEARS for day in read):
        profile.declared = {"date_order": "YMD"}
        said = "has the year first, also where it has two digits"
        profile.meant = [f"{said}: {short[0]} is {read[0]}"]


def _settle(profile: Profile, fits: list[tuple[dict, str, list[dt.date]]]) -> None:
    how, _, days = fits[0]
    profile.kind, profile.serial = "date", False
    profile.low, profile.high = days[0].isoformat(), days[-1].isoformat()
    profile.declared, profile.meant = how, list(dict.fromkeys(said for _, said, _ in fits))
    profile.words.clear()


def _fitting(profile: Profile, ways: Callable) -> Iterator[tuple[dict, str, list[dt.date]]]:
    """What may be declared of a column, in words, and its days; the likeliest first."""
    texts = [text for text in profile.words for _ in range(profile.words[text])]
    for how, said in ways(texts):
        rules = date_rules(how, _PARTIAL)
        read = [read_date(text, rules).day for text in texts]
        days = sorted(day for day in read if day is not None and day.year in _YEARS)
        if texts and len(days) >= _SHARE * len(texts):
            yield how, f"{said}: {texts[0]} is {read_date(texts[0], rules).day}", days


def _ways(texts: list[str], ending: str) -> list[tuple[dict, str]]:
    if all(_NUMBER.fullmatch(text) for text in texts):
        numbers = [
            (how, f"counts from {how['date_origin']} ({who})") for how, who in _origins(ending)
        ]
        return [*numbers, _ERAS[0]]
    if all(_SHORT.fullmatch(text) for text in texts):
        return list(_ORDERS)
    return list(_ERAS)


def _origins(ending: str) -> list[tuple[dict, str]]:
    if ending in WORKBOOKS:
        return []  # the workbook says it
    if ending in _PROGRAMS:
        return [_PROGRAMS[ending], _SECONDS]
    return list(_ELSEWHERE)


def declare(draft: Draft) -> None:
    """Put what must be declared into the mapped dates, and ask about it; in place."""
    asked: dict[str, list[str]] = {}
    for table in draft.every():
        _ends_of_ranges(table)
    for table, mapped in draft.mapped():
        if "from" not in mapped.how or not mapped.name.endswith("DT"):
            continue
        numbered = [table.sheet.columns[h] for h in table.numbered(mapped.how["from"])]
        profile = next((p for p in numbered if p.part or p.declared), numbered[0])
        if profile.part and "part" not in mapped.how:
            mapped.how["part"] = profile.part
        if profile.declared:
            mapped.how |= profile.declared
            mapped.sure = "guess"
            said = f"'{mapped.how['from']}' {', or '.join(profile.meant)}"
            asked.setdefault(", ".join(profile.declared), []).append(said)
    for keys, columns in asked.items():
        said = "; ".join(dict.fromkeys(columns))
        draft.questions.insert(0, f"How are these dates meant ({keys})? {said}.")


def _ends_of_ranges(table: Table) -> None:
    """The last days of a column of ranges, for a table that has no column of its own for them."""
    for record in table.records:
        by_name = {mapped.name: mapped for mapped in record}
        for first, last in (("EXSTDT", "EXENDT"), ("AESTDT", "AEENDT")):
            start = by_name.get(first)
            header = start.how.get("from") if start else None
            if not header or last in by_name:
                continue
            if table.sheet.columns[table.numbered(header)[0]].part == "start":
                how = {"from": header, "part": "end"}
                record.append(Mapped(last, how, "likely", "the ends of the ranges"))

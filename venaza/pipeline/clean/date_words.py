"""The words of dates: names of months, signs and numerals of East Asia, what is no date and why."""

from __future__ import annotations

import re
import unicodedata

#: What may stand behind a year, a month and a day; Korean and Japanese dates use the same.
YEAR, MONTH, DAY = "年년", "月월", "日号號일"
YEAR_SIGN = rf"\s*[-/._\\,、{YEAR}]\s*"
#: The name of a month as a group, and what may stand between it and the numbers.
NAME = r"([^\W\d_.]{3,9}|[ก-๛]{1,2}(?:\.[ก-๛]{1,2})*)\.?"
GAP = r"[-/ .,_]*"

#: English, German, French, Spanish, Italian, Portuguese, Dutch; without accents.
_NAMES = (
    "january januar janvier enero gennaio janeiro januari",
    "february februar fevrier febrero febbraio fevereiro februari",
    "march marz maerz mars marzo marco maart mrt mrz",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
_THAI = {
    "มกราคม": 1, "กุมภาพันธ์": 2, "มีนาคม": 3, "เมษายน": 4, "พฤษภาคม": 5, "มิถุนายน": 6,
    "กรกฎาคม": 7, "สิงหาคม": 8, "กันยายน": 9, "ตุลาคม": 10, "พฤศจิกายน": 11, "ธันวาคม": 12,
    "ม.ค": 1, "ก.พ": 2, "มี.ค": 3, "เม.ย": 4, "พ.ค": 5, "มิ.ย": 6,
    "ก.ค": 7, "ส.ค": 8, "ก.ย": 9, "ต.ค": 10, "พ.ย": 11, "ธ.ค": 12,
}  # fmt: skip
_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_NUMERAL_YEAR = re.compile(rf"([{''.join(_DIGITS)}]{{4}})(?=\s*年)")
_NUMERAL = re.compile(r"([一二三四五六七八九十廿卅]{1,4})(?=\s*[月日号號])")

_LUNAR = re.compile(r"农历|農曆|阴历|陰曆|旧历|正月|腊月|冬月|初[一二三四五六七八九十]|除夕")
_ABOUT = re.compile(
    r".*(?:约|左右|前后|大概|大约|可能|circa|about|approx|\?).*", re.IGNORECASE | re.DOTALL
)
_FULL = re.compile(r"\d{4}\s*[-/.年년、]\s*\d{1,2}\s*[-/.月월、]\s*\d{1,2}")
_RANGE = re.compile(
    r"\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*(?:-|~|至|到|to|/)\s*\d{1,4}(?:[-/.月日].*)?"
)
_OPEN = re.compile(r".*(?:至今|到今|迄今|目前|现在|ongoing|present|until now).*", re.IGNORECASE)
_NO_YEAR = re.compile(r"\d{1,2}\s*[-/.月월]\s*\d{1,2}\s*[日号號일]?")


def pattern(text: str) -> re.Pattern:
    """A pattern to which capitals do not matter."""
    return re.compile(text, re.IGNORECASE)


def arabic(text: str) -> str:
    """A text with the Chinese numerals of its date in digits: 二〇二一年三月五日, 2021年十二月."""
    if "月" not in text and "年" not in text:
        return text
    text = _NUMERAL_YEAR.sub(lambda m: "".join(_DIGITS[c] for c in m[1]), text)
    return _NUMERAL.sub(lambda m: str(_number(m[1]) or m[1]), text)


def _number(numeral: str) -> int | None:
    """A number below 40 in Chinese numerals; None for what is none (三十十)."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return None
    first = int(_DIGITS[tens]) if tens else 1
    return (10 * first if ten else 0) + (int(_DIGITS[ones]) if ones else 0)


def month_number(name: str) -> int | None:
    """The number of a month by its name, of which at least three letters stand.

    None where the name is none, or where it begins the names of several months (jui).
    """
    if name in _THAI:
        return _THAI[name]
    plain = unicodedata.normalize("NFD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = "sep" if plain == "sept" else plain
    if len(plain) < 3:
        return None
    found = {
        number
        for number, names in enumerate(_NAMES, start=1)
        if any(full.startswith(plain) for full in names.split())
    }
    return found.pop() if len(found) == 1 else None


def is_about(text: str) -> bool:
    """Whether a text says that its date is only approximate."""
    return _ABOUT.fullmatch(text) is not None


def why_not(text: str) -> str:
    """Why a text that is no date is none, where that can be told; else nothing."""
    if _LUNAR.search(text):
        return "a day of the lunar calendar"
    if _RANGE.fullmatch(text):
        return "more than one date in the cell"
    if _OPEN.fullmatch(text):
        return "a word for 'until now': give the day"
    if is_about(text):
        return "the date is only approximate"
    if len(_FULL.findall(text)) > 1:
        return "more than one date in the cell"
    if _FULL.search(text):
        return "a date with other words beside it"
    if _NO_YEAR.fullmatch(text):
        return "the year is missing"
    return ""

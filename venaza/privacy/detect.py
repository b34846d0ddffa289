"""What a column looks like to someone who searches for a patient: by its header and its values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable

from venaza.contracts.headers import header_key

NAME, NATIONAL_ID, PHONE, EMAIL = (
    "name",
    "national identity number",
    "phone number",
    "e-mail address",
)

#: The hundred commonest surnames of China (Ministry of Public Security, name report 2020).
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段"
    "雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MOBILE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.])")
_PHONE = re.compile(r"(?<![\w.])\+\d[\d ()/-]{7,16}\d(?!\w)")
_CHINA = re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?!\d)")
#: Fewer different values than this prove nothing by their shape alone.
_ENOUGH = 5


def kind_of_header(header: str, words: dict[str, dict[str, list[str]]]) -> str | None:
    """What a raw header announces, by the lists of ``config/privacy.yaml``; None if nothing."""
    plain = plain_header(header)
    for kind, lists in words.items():
        if plain in lists["exact"] or any(part in plain for part in lists["contains"]):
            return kind
    return None


def plain_header(header: str) -> str:
    """A raw header as it is compared with those lists."""
    return re.sub(r"[_.\-:'’]", "", header_key(header).casefold())


def kind_of_values(values: Iterable[str]) -> str | None:
    """What the values of a column give away, whatever its header says; None if nothing.

    One e-mail address, mobile number or Chinese identity number in any cell is enough. Numbers of
    other countries, whose shape alone is no proof, and names written in Chinese must be the
    column: every value (names: nine of ten) of at least five different ones.
    """
    distinct = {value.strip() for value in values} - {""}
    for value in distinct:
        kind = kind_of_text(value)
        if kind:
            return kind
    if len(distinct) < _ENOUGH:
        return None
    if any(all(valid(value) for value in distinct) for valid in _NATIONAL):
        return NATIONAL_ID
    named = sum(bool(_HAN_NAME.fullmatch(v)) and v[0] in _SURNAMES for v in distinct)
    return NAME if named >= 0.9 * len(distinct) else None


def kind_of_text(text: str) -> str | None:
    """What a piece of text contains: an e-mail address, a phone or an identity number."""
    if "@" in text and _EMAIL.search(text):
        return EMAIL
    if any(chinese_id(match[0]) for match in _CHINA.finditer(text)):
        return NATIONAL_ID
    return PHONE if _MOBILE.search(text) or _PHONE.search(text) else None


def scrub(text: str, instead: str = "[removed]") -> str:
    """``text`` without e-mail addresses, phone numbers and Chinese identity numbers.

    Names in free text cannot be told from other words: a column that holds them is dropped.
    """
    text = _CHINA.sub(lambda m: instead if chinese_id(m[0]) else m[0], text)
    for pattern in (_EMAIL, _MOBILE, _PHONE):
        text = pattern.sub(instead, text)
    return text


def chinese_id(text: str) -> bool:
    """An 18-digit number of China with a real birth date and its check digit (GB 11643-1999)."""
    if not _CHINA.fullmatch(text):
        return False
    try:
        dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(text, weights, strict=False))
    return "10X98765432"[total % 11] == text[17].upper()


def nhs_number(text: str) -> bool:
    """A number of the NHS in England and Wales: ten digits, check digit modulo 11."""
    digits = text.replace(" ", "").replace("-", "")
    if not re.fullmatch(r"\d{10}", digits):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (11 - total % 11) % 11 == int(digits[9])


def french_nir(text: str) -> bool:
    """A French NIR: thirteen characters (2A and 2B in Corsica) and a key of two digits."""
    match = re.fullmatch(r"([12]\d{4}(?:\d{2}|2[AB])\d{6})(\d{2})", text.replace(" ", "").upper())
    if not match:
        return False
    return 97 - int(match[1].replace("2A", "19").replace("2B", "18")) % 97 == int(match[2])


def spanish_dni(text: str) -> bool:
    """A Spanish DNI or NIE: seven or eight digits and the letter of the number modulo 23."""
    match = re.fullmatch(r"([XYZ]?\d{7,8})-?([A-Z])", text.upper())
    if not match:
        return False
    number = match[1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == match[2]


def us_ssn(text: str) -> bool:
    """A number of US Social Security as it is written; it has no check digit."""
    return bool(re.fullmatch(r"(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}", text))


_NATIONAL: tuple[Callable[[str], bool], ...] = (nhs_number, french_nir, spanish_dni, us_ssn)

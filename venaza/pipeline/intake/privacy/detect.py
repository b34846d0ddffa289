"""What a column looks like to someone who searches for a patient: by its header and its values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from venaza.contracts.headers import header_key, number_key
from venaza.pipeline.intake.privacy.announced import announced
from venaza.pipeline.intake.privacy.names import SURE, Names

NAME, IN_TEXT, NATIONAL_ID = "name", "name in free text", "national identity number"
PHONE, EMAIL = "phone number", "e-mail address"

#: The kind of a header that announces a hospital's own number of a patient.
RECORD = "record number"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MOBILE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.])")
_PHONE = re.compile(r"(?<![\w.])\+\d[\d ()/-]{7,16}\d(?!\w)")
#: Numbers as they are dialled inside a country: 010-62345678, (555) 123-4567, 0912-345-678.
_INLAND = re.compile(
    r"(?<![\d.-])(?:\(?0\d{2,3}\)?[- ]\d{7,8}|\(\d{3}\) ?\d{3}-\d{4}|09\d{2}-\d{3}-\d{3})(?![\d-])"
)
_CHINA = re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?!\d)")
#: Fewer different values than this prove nothing by their shape alone.
_ENOUGH = 5
#: No number, address or announced name is shorter.
_SHORTEST = 5
_PLAIN = re.compile(r"[\d.,eE<>=+-]{1,9}")
_DIGITS = 4


def a(kind: str) -> str:
    """A kind with its article: a name, an address."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


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


def kind_of_values(values: Iterable[str], names: Names) -> str | None:
    """What the values of a column give away, whatever its header says; None if nothing.

    One e-mail address, telephone number or Chinese identity number in any cell is enough. Numbers
    of other countries, whose shape alone is no proof, must be the column: every value of at least
    five different ones. Names must be most of it (``Names.is_column``).
    """
    filled = [text for text in (value.strip() for value in values) if text]
    distinct = set(filled)
    for value in sorted(distinct):
        kind = kind_of_text(value, names)
        if kind:
            return kind
    if len(distinct) >= _ENOUGH and any(all(map(valid, distinct)) for valid in _NATIONAL):
        return NATIONAL_ID
    return NAME if names.is_column(filled) else None


def are_known(values: Iterable[str], known: set[str]) -> bool:
    """Whether the values of a column are numbers of patients that are known: nine of ten are.

    ``known`` are the keys (``number_key``) of numbers with four digits or more (``long_numbers``);
    fewer than five different values are no proof.
    """
    distinct = {number_key(value) for value in values} - {""}
    return len(distinct) >= _ENOUGH and len(distinct & known) >= 0.9 * len(distinct)


def long_numbers(values: Iterable[str]) -> set[str]:
    """The keys of those values that are numbers long enough to find a patient by."""
    found = {number_key(value) for value in values}
    return {key for key in found if sum(sign.isdigit() for sign in key) >= _DIGITS}


def kind_of_cell(text: str, names: Names) -> str | None:
    """What one cell gives away by itself: a number, an address, or a whole name."""
    return kind_of_text(text, names) or (NAME if names.judge(text) == SURE else None)


def kind_of_text(text: str, names: Names) -> str | None:
    """What a piece of text contains: an address, a phone or identity number, an announced name."""
    if len(text) < _SHORTEST or _PLAIN.fullmatch(text):
        return None
    if "@" in text and _EMAIL.search(text):
        return EMAIL
    if any(chinese_id(match[0]) for match in _CHINA.finditer(text)):
        return NATIONAL_ID
    if any(pattern.search(text) for pattern in (_MOBILE, _PHONE, _INLAND)):
        return PHONE
    return IN_TEXT if announced(text, names) else None


def scrub(text: str, names: Names, instead: str = "[removed]") -> str:
    """``text`` without e-mail addresses, telephone and Chinese identity numbers, announced names.

    Other names in free text cannot be told from words: a column that holds them is dropped.
    """
    text = _CHINA.sub(lambda m: instead if chinese_id(m[0]) else m[0], text)
    for pattern in (_EMAIL, _MOBILE, _PHONE, _INLAND):
        text = pattern.sub(instead, text)
    for start, end in reversed(announced(text, names)):
        text = text[:start] + instead + text[end:]
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
    total = sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False))
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


def taiwan_id(text: str) -> bool:
    """A number of Taiwan's identity card: a letter, nine digits, check digit modulo 10."""
    if not re.fullmatch(r"[A-Z][1289]\d{8}", text.upper()):
        return False
    letter = 10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(text[0].upper())
    digits = [letter // 10, letter % 10, *map(int, text[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(d * w for d, w in zip(digits, weights, strict=True)) % 10 == 0


def hong_kong_id(text: str) -> bool:
    """A number of Hong Kong's identity card: one or two letters, six digits, check modulo 11."""
    match = re.fullmatch(r"([A-Z]{1,2})(\d{6})\(?([\dA])\)?", text.upper())
    if not match:
        return False
    letters = [36, *(ord(c) - 55 for c in match[1])][-2:]
    digits = [*letters, *map(int, match[2]), 10 if match[3] == "A" else int(match[3])]
    return sum(d * w for d, w in zip(digits, range(9, 0, -1), strict=True)) % 11 == 0


_NATIONAL = (nhs_number, french_nir, spanish_dni, us_ssn, taiwan_id, hong_kong_id)

"""SAS transport files, version 5, to the byte.

The layout is that of SAS technical note TS-140, "The Record Layout of a Data Set in SAS
Transport (XPORT) Format": records of 80 bytes, integers big-endian, numbers as IBM doubles,
text in ASCII padded with blanks.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

#: What version 5 allows, in bytes.
NAME, LABEL, TEXT = 8, 40, 200
#: Day 0 of SAS.
DAY_0 = date(1960, 1, 1)
_MISSING = b"." + bytes(7)
_RECORD = 80
_NAMESTR = ">hhhh8s40s8shhh2s8shhl52s"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class Variable:
    """A variable: name, label, bytes in a row (8 for a number), format name and its width."""

    name: str
    label: str
    is_number: bool
    length: int = 8
    form: str = ""
    width: int = 0


def dataset(
    name: str, label: str, variables: Sequence[Variable], rows: Iterable[Sequence], day: date
) -> bytes:
    """One data set as a whole transport file.

    Each row has a value per variable: a number or ``None``, a text in ASCII or ``None``. ``day``
    stands where the format wants the time of writing, so that equal data give equal bytes.
    Raises ``ValueError`` for what the format cannot hold.
    """
    stamp = f"{day.day:02d}{_MONTHS[day.month - 1]}{day.year % 100:02d}:00:00:00"
    made_by = ("SAS", "SAS", "SASLIB", "6.06", "venaza")
    head = [
        _header("LIBRARY HEADER RECORD"),
        _blanks("".join(f"{word:8}" for word in made_by) + " " * 24 + stamp),
        _blanks(stamp),
        _header("MEMBER  HEADER RECORD", "000000000000000001600000000140"),
        _header("DSCRPTR HEADER RECORD"),
        _blanks(f"SAS     {_fits(name, NAME):8}SASDATA 6.06    venaza  {'':24}{stamp}"),
        _blanks(f"{stamp}{'':16}{_fits(label, LABEL):40}"),
        _header("NAMESTR HEADER RECORD", f"000000{len(variables):04d}00000000000000000000"),
        _whole(b"".join(_namestrs(variables))),
        _header("OBS     HEADER RECORD"),
    ]
    body = b"".join(
        _field(variable, value)
        for row in rows
        for variable, value in zip(variables, row, strict=True)
    )
    return b"".join(head) + _whole(body)


def _header(what: str, numbers: str = "0" * 30) -> bytes:
    return _blanks(f"HEADER RECORD*******{what}!!!!!!!{numbers}")


def _blanks(text: str) -> bytes:
    return text.ljust(_RECORD).encode("ascii")


def _whole(data: bytes) -> bytes:
    return data + b" " * (-len(data) % _RECORD)


def _fits(text: str, limit: int) -> str:
    if len(text.encode("ascii")) > limit:
        raise ValueError(f"{text!r} has more than {limit} bytes")
    return text


def _namestrs(variables: Sequence[Variable]) -> Iterable[bytes]:
    place = 0
    for number, variable in enumerate(variables, start=1):
        if not 1 <= variable.length <= (8 if variable.is_number else TEXT):
            raise ValueError(f"{variable.name}: a length of {variable.length} bytes")
        yield struct.pack(
            _NAMESTR,
            *(1 if variable.is_number else 2, 0, variable.length, number),
            _fits(variable.name, NAME).ljust(NAME).encode("ascii"),
            _fits(variable.label, LABEL).ljust(LABEL).encode("ascii"),
            variable.form.ljust(8).encode("ascii"),
            *(variable.width, 0, 0, b"\0\0"),
            b" " * 8,
            *(0, 0, place, bytes(52)),
        )
        place += variable.length


def _field(variable: Variable, value: float | str | None) -> bytes:
    if variable.is_number:
        return ibm(value)
    return _fits(value or "", variable.length).ljust(variable.length).encode("ascii")


def ibm(value: float | None) -> bytes:
    """A number as an IBM double: sign, power of 16 plus 64, a fraction of 56 bits.

    Every number of the computer between 5.4e-79 and 7.2e75 is held exactly.
    Raises ``ValueError`` for one outside, for infinity, and for what is no number.
    """
    if value is None:
        return _MISSING
    if not math.isfinite(value):
        raise ValueError(f"{value} is beyond a transport file")
    if value == 0:
        return bytes(8)
    fraction, exponent = math.frexp(abs(value))
    power = -(-exponent // 4)
    if not 0 <= power + 64 <= 127:
        raise ValueError(f"{value} is beyond a transport file")
    mantissa = int(math.ldexp(fraction, 56 + exponent - 4 * power))
    sign = 128 if value < 0 else 0
    return bytes([sign + power + 64]) + mantissa.to_bytes(7, "big")

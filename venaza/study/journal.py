"""How a journal has numbers printed: P values, and the decimals of months and percentages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from venaza.contracts.numbers import half_up

#: Numbers of others keep the decimals of their print.
_PRINTED_BY_OTHERS = ("published.", "evidence.")
#: What follows a P that is a probability: its number, what it is of, or nothing in its cell.
_OF = r"(?=[ \u00a0]*(?:[=<>&值]|values?\b|$)|[ \n](?:for|by)\b)"


def in_print(ard: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The ARD with ``display`` as the journal of the study prints it; every value is as it was.

    ``recorded`` is the text that the ARD has.
    """
    journal = study.get("journal")
    if journal is None:
        return ard.assign(recorded=ard["display"])
    columns = (ard[name] for name in ("ard_id", "statistic", "unit", "value", "display"))
    shown = [_shown(*row, journal) for row in zip(*columns, strict=True)]
    display = pd.Series(shown, index=ard.index, dtype=ard["display"].dtype)
    return ard.assign(recorded=ard["display"], display=display)


def _shown(
    ard_id: str, statistic: str, unit: str, value: float | None, display: str, journal: dict
) -> str:
    if pd.isna(value) or ard_id.startswith(_PRINTED_BY_OTHERS):
        return display
    if statistic == "p_value":
        return p_value(float(value), journal["p"])
    if unit in journal["decimals"] and re.fullmatch(r"-?\d+(\.\d+)?", str(display)):
        return half_up(float(value), journal["decimals"][unit])
    return display


def p_value(value: float, how: dict) -> str:
    """A P value: so many ``digits`` after the point, ``<0.001`` and ``>0.999`` beyond them.

    ``two_digits_from``: values of at least that have two digits, but where two would print 0.05
    for what is below it. Without ``leading_zero`` it is ``<.001``.
    """
    digits, least = how["digits"], 10.0 ** -how["digits"]
    if value < least:
        text = f"<{half_up(least, digits)}"
    else:
        if value >= how.get("two_digits_from", 2) and not (
            value < 0.05 and half_up(value, 2) == "0.05"
        ):
            digits = 2
        text = half_up(value, digits)
        if text.startswith("1"):
            text = f">{half_up(1 - 10.0**-digits, digits)}"
    return text if how["leading_zero"] else text.replace("0.", ".", 1)


def letter(study: dict, italic: Callable[[str], str] = str) -> str:
    """The sign of a P value, ``italic`` where the journal wants it so."""
    how = study["journal"]["p"] if "journal" in study else {"letter": "P", "italic": False}
    return italic(how["letter"]) if how["italic"] else how["letter"]


def with_letter(text: str, sign: str, now: str = "P") -> str:
    """``text`` with ``sign`` in place of each ``now`` that stands for a probability."""
    return re.sub(rf"(?<![^\W_]){now}{_OF}", lambda _: sign, text)

"""When an MRD sample is negative: one rule for the queries of cleaning and for the endpoints."""

from __future__ import annotations

#: Signs of a value that lies below what is written.
BELOW = ("<", "≤")
#: Signs of a value that lies above what is written.
ABOVE = (">", "≥")


def mrd_negative(
    value: float | None, sign: str | None, result: str | None, limit: float | None, threshold: float
) -> bool | None:
    """Whether MRD lies below ``threshold`` (all in percent); None where the sample cannot say.

    A measured value decides, and comes before the word ``result``. One that was only found below
    a bound (``<0.1``), or above one (``>0.001``), decides where the bound does: below 0.1 is no
    result for a threshold of 0.01. The ``limit`` of detection of the assay is such a bound for
    whatever is written below it, and for the word negative.
    """
    if value is None:
        if result is None or (result == "NEGATIVE" and limit is not None and limit > threshold):
            return None
        return result == "NEGATIVE"
    if sign in ABOVE:
        return False if value >= threshold else None
    if limit is not None and value < limit:
        value, sign = limit, "<"
    if sign == "<":
        return True if value <= threshold else None
    if sign == "≤":
        return True if value < threshold else None
    return value < threshold

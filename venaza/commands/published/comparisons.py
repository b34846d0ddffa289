"""What two stated fractions give: Fisher's test, chi-square, the difference; and a printed p."""

from __future__ import annotations

import re
from fractions import Fraction

from venaza.contracts.errors import StudyError
from venaza.study.printed_numbers import Printed, printed, rounded

TESTS = {
    "fisher": "Fisher's exact test",
    "fisher_one_sided": "Fisher's exact test, one-sided",
    "chi_square": "chi-square",
    "chi_square_corrected": "chi-square with continuity correction",
}


def fraction(text: str) -> tuple[int, int]:
    """Read ``k/n``; raises ``StudyError`` for anything else, or k above n."""
    found = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", text)
    k, n = (int(part) for part in found.groups()) if found else (1, 0)
    if k > n or n == 0:
        raise StudyError(
            "This is no count of patients.", fix="Give k/n, such as 24/28.", value=text
        )
    return k, n


def compare(first: tuple[int, int], second: tuple[int, int], confidence: float = 0.95) -> dict:
    """Tests and effect sizes of k/n against k/n.

    ``p_values`` by the names of ``TESTS`` (``None`` for chi-square where a row or column is
    empty); ``odds_ratio`` conditional maximum likelihood with exact limits, as R's
    ``fisher.test``; ``difference`` in percentage points with Newcombe's limits.
    """
    from scipy.stats import chi2_contingency, fisher_exact

    from venaza.pipeline.statistics.rates import fisher, newcombe

    table = [[k, n - k] for k, n in (first, second)]
    ratio, apart = fisher(first, second, confidence), newcombe(first, second, confidence)
    full = all(sum(column) for column in zip(*table, strict=True))
    sides = [float(fisher_exact(table, alternative=side).pvalue) for side in ("greater", "less")]
    p_values = {"fisher": ratio["p_value"].value, "fisher_one_sided": min(sides)}
    for name, corrected in (("chi_square", False), ("chi_square_corrected", True)):
        p_values[name] = (
            float(chi2_contingency(table, correction=corrected).pvalue) if full else None
        )
    return {
        "first": list(first),
        "second": list(second),
        "p_values": p_values,
        "odds_ratio": {name: ratio[name].value for name in ("odds_ratio", "lower", "upper")},
        "difference": {name: apart[name].value for name in ("estimate", "lower", "upper")},
    }


def agreeing_tests(p_values: dict[str, float | None], text: str) -> list[str]:
    """The tests whose p-value is printed as ``text``: ``0.02``, ``=.023`` or ``<0.001``."""
    plain = text.strip().lower().removeprefix("p").strip()
    sign = plain[:1] if plain[:1] in "<>=" else "="
    number = printed(plain.removeprefix(sign), "p-value")
    return [
        test for test, p in p_values.items() if p is not None and _agrees(Fraction(p), sign, number)
    ]


def _agrees(p: Fraction, sign: str, number: Printed) -> bool:
    if sign == "<":
        return p < number.value
    if sign == ">":
        return p > number.value
    return rounded(p, number.decimals) == number.value

"""The answers to single questions, each as text for a terminal and as a dict."""

from __future__ import annotations

from venaza.commands.published.comparisons import TESTS, agreeing_tests, compare, fraction
from venaza.commands.published.findings import NOT_REPRODUCED, lengths, ratio_text
from venaza.commands.published.months import fits
from venaza.commands.published.parts import adds_up
from venaza.study.percentages import fractions_for
from venaza.study.printed_numbers import HALF_UP, printed


def percentage(text: str, n: int) -> tuple[str, dict]:
    """Every k/n behind a percentage, and every fraction of fewer patients."""
    number = printed(text, "percentage")
    found = {"percent": number.text, "n": n, **fractions_for(number, n)}
    how = "" if found["rounding"] == HALF_UP else f", by {found['rounding']} only"
    lines = [f"{number.text}% of {n}"]
    if found["exact"]:
        lines.append(f"  of {n}: {', '.join(f'{k}/{n}' for k in found['exact'])}{how}")
    else:
        near = ", ".join(f"{k}/{n} prints {shown}" for k, shown in found["near"])
        lines.append(f"  of {n}: {NOT_REPRODUCED} ({near})")
        for other, ks in found.get("other_roundings", {}).items():
            lines.append(f"  by {other}: {', '.join(f'{k}/{n}' for k in ks)}")
    smaller = ", ".join(f"{k}/{m}" for k, m in found["smaller"]) or "none"
    lines.append(f"  of fewer than {n}: {smaller}{how if found['smaller'] else ''}")
    return "\n".join(lines), found


def months(texts: list[str]) -> tuple[str, dict]:
    """Whole days behind times in months, for each length of a month."""
    values = [printed(text, "number of months") for text in texts]
    found = fits(values)
    names = list(found["count"])
    head = "months  " + "".join(f"{name:>10}" for name in names)
    lines = ["Whole days that print each value, by the length of a month in days", "", head]
    for text, days in found["days"].items():
        lines.append(f"{text:<8}" + "".join(f"{_days(days[name]):>10}" for name in names))
    lines.append("fits    " + "".join(f"{found['count'][name]:>10}" for name in names))
    lines.append("")
    total = len(found["days"])
    if found["all"]:
        which = lengths(found["all"])
        lines.append(
            f"All {total} values are whole days at: {which}"
            if total > 1
            else f"Whole days at: {which}"
        )
    else:
        lines.append(f"No length of a month gives whole days for all {total}: {NOT_REPRODUCED}")
    if any(value.decimals < found["decimals"] for value in values):
        lines.append(
            f"All are taken with {found['decimals']} decimals, as zeros at the end are often left "
            f"out;\nas printed, these fit all: {', '.join(found['as_printed']) or 'none'}"
        )
    return "\n".join(lines), found


def _days(days: list[int]) -> str:
    if not days:
        return "-"
    return str(days[0]) if len(days) == 1 else f"{days[0]}-{days[-1]}"


def comparison(first: str, second: str, p: str | None) -> tuple[str, dict]:
    """The tests of two fractions, and which of them give the printed p-value."""
    found = compare(fraction(first), fraction(second))
    (k, n), (m, o) = found["first"], found["second"]
    lines = [f"{k}/{n} ({100 * k / n:.1f}%) against {m}/{o} ({100 * m / o:.1f}%)"]
    for name, label in TESTS.items():
        value = found["p_values"][name]
        lines.append(f"  {label:<40} p = {'not defined' if value is None else f'{value:.4g}'}")
    ratio, apart = found["odds_ratio"], found["difference"]
    odds, low, high = (ratio_text(ratio[name]) for name in ("odds_ratio", "lower", "upper"))
    lines.append(f"  {'odds ratio (conditional), 95% CI':<40} {odds} ({low} to {high})")
    lines.append(
        f"  {'difference (Newcombe), 95% CI':<40} {apart['estimate']:.1f} points "
        f"({apart['lower']:.1f} to {apart['upper']:.1f})"
    )
    if p is not None:
        found["stated_p"] = p
        found["agreeing_tests"] = agreeing_tests(found["p_values"], p)
        named = ", ".join(TESTS[name] for name in found["agreeing_tests"])
        lines.append(f"  stated p {p}: " + (f"agrees with {named}" if named else NOT_REPRODUCED))
    return "\n".join(lines), found


def parts(texts: list[str], total: str, n: int | None) -> tuple[str, dict]:
    """Whether parts add up to their total."""
    numbers = [printed(text) for text in texts]
    found = adds_up(numbers, printed(total), n)
    lines = [f"{' + '.join(number.text for number in numbers)} = {found['sum']:g}, stated {total}"]
    if n is None:
        verdict = "adds up" if found["adds_up"] else NOT_REPRODUCED
        lines.append(
            f"  {verdict}: they differ by {found['difference']:g}, "
            f"rounding explains up to {found['explained_by_rounding']:g}"
        )
    elif found["counts"]:
        for counts in found["counts"]:
            shown = " + ".join(str(k) for k in counts[:-1])
            lines.append(f"  adds up: {shown} = {counts[-1]} of {n}")
    else:
        lines.append(f"  {NOT_REPRODUCED}: no counts of {n} patients print these and add up")
    return "\n".join(lines), found

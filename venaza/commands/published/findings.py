"""What the stated numbers of a file give and what they cannot give, statement by statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from itertools import combinations

from venaza.commands.published.comparisons import compare
from venaza.commands.published.months import ALSO, LENGTHS, fits
from venaza.commands.published.parts import adds_up
from venaza.commands.published.statements import Statement
from venaza.contracts.grouping import grouped
from venaza.study.percentages import counts_for, fractions_for
from venaza.study.printed_numbers import printed, prints, shown

REPRODUCED = "reproduced"
NOT_REPRODUCED = "not reproducible from the stated numbers"
NOT_CHECKED = "not checked"
COMPUTED = "computed"


@dataclass(frozen=True)
class Finding:
    """One checked statement: where it stands, the ``verdict``, and ``text`` that explains it."""

    study: str
    group: str
    measure: str
    stated: str
    verdict: str
    text: str
    details: dict = field(default_factory=dict)

    def as_dict(self) -> dict:
        return asdict(self)


def check(statements: Iterable[Statement]) -> list[Finding]:
    """Every finding of a file, study by study in the file's order."""
    return [
        finding
        for own in grouped(statements, lambda statement: statement.study).values()
        for part in (_percentages(own), _months(own), _totals(own), _comparisons(own))
        for finding in part
    ]


def _percentages(own: list[Statement]) -> Iterator[Finding]:
    for s in own:
        if s.kind != "percent":
            continue
        verdict, text, details = _percentage(s)
        stated = f"{s.text}%"
        if s.n is not None:
            stated += f" of {s.n}" if s.k is None else f" = {s.k}/{s.n}"
        yield Finding(s.study, s.group, s.measure, stated, verdict, text, details)


def _percentage(s: Statement) -> tuple[str, str, dict]:
    percent = printed(s.text, "percentage")
    n = s.n or s.treated
    if n is None:
        return NOT_CHECKED, "no number of patients is stated", {}
    if s.k is not None:
        value = Fraction(100 * s.k, n)
        verdict = REPRODUCED if prints(value, percent) else NOT_REPRODUCED
        text = f"{s.k}/{n} prints {shown(value, percent.decimals)}"
        if s.treated and s.treated != n:
            ks = counts_for(percent, s.treated)
            among = " or ".join(f"{k}/{s.treated}" for k in ks) or f"no k/{s.treated}"
            text += f"; of all {s.treated}, {among} prints it"
        return verdict, text, {}
    found = fractions_for(percent, n)
    if found["exact"]:
        ks, kind = found["exact"], found["rounding"]
        which = f"{ks[0]}/{n}" if len(ks) == 1 else f"{ks[0]} to {ks[-1]} of {n}"
        note = "" if kind == "half up" else f", by {kind}"
        return REPRODUCED, f"{which} can be behind it{note}", found
    text = f"no k/{n} prints it"
    if found.get("other_roundings"):
        text += "; " + ", ".join(
            f"by {how} {ks[0]}/{n} does" for how, ks in found["other_roundings"].items()
        )
    elif found["smaller"]:
        text += f", but {_few(found['smaller'])} {'do' if len(found['smaller']) > 1 else 'does'}"
    else:
        text += f", nor any fraction of fewer than {n}"
    return NOT_REPRODUCED, text, found


def _few(pairs: list[tuple[int, int]], most: int = 6) -> str:
    named = ", ".join(f"{k}/{n}" for k, n in pairs[:most])
    return named if len(pairs) <= most else f"{named} and {len(pairs) - most} more"


def _months(own: list[Statement]) -> Iterator[Finding]:
    values = [s for s in own if s.kind == "months"]
    if not values:
        return
    study = values[0].study
    group = "all" if len({s.group for s in values}) > 1 else values[0].group
    stated = ", ".join(dict.fromkeys(s.text for s in values))
    if any(s.pooled for s in values):
        text = "values pooled from several studies are no counts of days"
        yield Finding(study, group, "months", stated, NOT_CHECKED, text)
        return
    found = fits([printed(s.text, "number of months") for s in values])
    verdict = REPRODUCED if found["all"] else NOT_REPRODUCED
    yield Finding(study, group, "months", stated, verdict, _month_text(found), found)


def _month_text(found: dict) -> str:
    if len(found["all"]) == len(LENGTHS):
        return "whole days at every length of a month: values so printed do not tell it"
    if not found["all"]:
        best = max(found["count"].values())
        names = [name for name, count in found["count"].items() if count == best]
        return (
            "no single length of a month gives whole days for all; the most, "
            f"{best} of {len(found['days'])}, at {lengths(names)} days"
        )
    others = [name for name in LENGTHS if name not in found["all"]]
    count = ", ".join(f"{found['count'][name]} at {name}" for name in others)
    return (
        f"whole days at {lengths(found['all'])} days a month; "
        f"of {len(found['days'])} values, {count}"
    )


def lengths(names: list[str]) -> str:
    """Lengths of a month, each with its other name."""
    return ", ".join(f"{name} (= {ALSO[name]})" if name in ALSO else name for name in names)


def _totals(own: list[Statement]) -> Iterator[Finding]:
    """Counts of the groups against the count of ``all``."""
    counts = [s for s in own if s.kind == "count"]
    for whole in (s for s in counts if s.group == "all"):
        parts = [s for s in counts if s.measure == whole.measure and s.group != "all"]
        if not parts:
            continue
        found = adds_up([printed(s.text) for s in parts], printed(whole.text))
        named = " + ".join(f"{s.text} ({s.group})" for s in parts)
        verdict = REPRODUCED if found["adds_up"] else NOT_REPRODUCED
        about = (whole.study, "all", whole.measure, f"{whole.text} = {named}", verdict)
        yield Finding(*about, f"the parts add up to {found['sum']:g}", found)


def _comparisons(own: list[Statement]) -> Iterator[Finding]:
    """Each rate between each two groups that state k/n."""
    rates = [s for s in own if s.kind == "percent" and s.k is not None and s.n]
    for one, other in combinations(rates, 2):
        if one.measure != other.measure or one.group == other.group:
            continue
        found = compare((one.k, one.n), (other.k, other.n))
        yield Finding(
            one.study,
            f"{one.group} against {other.group}",
            one.measure,
            f"{one.k}/{one.n} against {other.k}/{other.n}",
            COMPUTED,
            f"Fisher p = {found['p_values']['fisher']:.3g}, odds ratio "
            f"{ratio_text(found['odds_ratio']['odds_ratio'])}, difference "
            f"{found['difference']['estimate']:.1f} points",
            found,
        )


def ratio_text(value: float | None) -> str:
    """An odds ratio or a limit of one, which may be unbounded."""
    return "unbounded" if value is None else f"{value:.2f}"

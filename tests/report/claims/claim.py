"""What a report must say of a cohort: a claim for each sentence, made from its tables alone.

A claim gives what is expected of its sentence in a world: None where it must not be printed, True
where it must, the parts that it must hold (in this order; a set in any order), or these by what the
sentence is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from tests.report.claims.world import World
from venaza.contracts.analysis import NOT_RECORDED

Claim = Callable[[World], object]
CLAIMS: dict[str, Claim] = {}


def claim(*names: str) -> Callable[[Claim], Claim]:
    """Registers the claim of these sentences."""

    def register(check: Claim) -> Claim:
        for name in names:
            assert name not in CLAIMS, name
            CLAIMS[name] = check
        return check

    return register


def faults(world: World, name: str) -> list[str]:
    """Where what is printed under a name is not what the claim says."""
    wanted, printed = expected(world, name), world.said.get(name, {})
    found = [f"'{name}' must not be printed: {printed[k]}" for k in printed.keys() - wanted.keys()]
    found += [f"'{name}' of '{k}' is missing" for k in wanted.keys() - printed.keys()]
    for key in wanted.keys() & printed.keys():
        for text in printed[key]:
            found += [f"'{name}': no '{part}' in: {text}" for part in lacking(text, wanted[key])]
    return found


def expected(world: World, name: str) -> dict[str, list]:
    """The parts expected, by what the sentence is about."""
    wanted = CLAIMS[name](world)
    by_about = wanted if isinstance(wanted, dict) else {"": wanted}
    return {str(k): _parts(v) for k, v in by_about.items() if v is not None and bool(v)}


def _parts(wanted: object) -> list:
    if isinstance(wanted, (bool, np.bool_)):
        return []
    return [wanted] if isinstance(wanted, (str, set)) else list(wanted)


def lacking(text: str, parts: list) -> list[str]:
    """The parts that a text does not hold, in their order."""
    found, place = [], 0
    for part in parts:
        if isinstance(part, set):
            found += [one for one in sorted(part) if one not in text]
            continue
        at = text.find(part, place)
        if at < 0:
            found.append(part)
        else:
            place = at + len(part)
    return found


def where(world: World, group: str) -> str:
    """How the text says in which group."""
    if not world.study.get("groups"):
        return ""
    if group == NOT_RECORDED:
        return "in patients whose group was not recorded"
    label = world.label(group)
    if label != world.full(group):
        return f"in {label} patients"
    bare = label.split(" ")[0] in ("arm", "group")
    return f"in {label}" if bare else f"in the {label} group"


def by_group(world: World, say: Callable[[str], object], groups: list[str] | None = None) -> list:
    """What is said of each group, then of which: with its patients where it is abbreviated."""
    parts: list = []
    for group in world.groups if groups is None else groups:
        said = say(group)
        said = [said] if isinstance(said, (str, set)) else list(said)
        named = [_with_group(part, world, group) for part in said]
        parts += named if named != said else [*said, where(world, group)]
    return parts


def _with_group(part: object, world: World, group: str) -> object:
    """``28 of 29 ND patients`` from ``28 of 29 patients``, of a group with an abbreviation."""
    if not isinstance(part, str) or group == NOT_RECORDED or not world.study.get("groups"):
        return part
    label = world.label(group)
    if label == world.full(group):
        return part
    return re.sub(r"^(\d+(?: of \d+)?) (patients?)\b", rf"\1 {label} \2", part)


def many(n: int) -> str:
    """``1 patient``, ``2 patients``."""
    return f"{n} patient{'' if n == 1 else 's'}"


def in_turn(world: World, say: Callable[[str], str], groups: list[str] | None = None) -> list:
    """What is said of each group in their order, a unit after the last where all have it."""
    wanted = world.groups if groups is None else groups
    if len(wanted) < len(world.groups):
        return by_group(world, say, wanted)
    said = [say(group) for group in wanted]
    if all(text.endswith(" months") for text in said):
        said = [*(text.removesuffix(" months") for text in said[:-1]), said[-1]]
    return [*said, "respectively"] if world.several else said


def share(k: int, n: int) -> str:
    """``24 of 28 patients (85.7%``."""
    return f"{k} of {n} patients" + (f" ({rounded(100 * k / n, 1)}%" if n else "")


def of_all(k: int, n: int) -> str:
    """``24 of 28 (85.7%)``."""
    return f"{k} of {n}" + (f" ({rounded(100 * k / n, 1)}%)" if n else "")


def count(k: int, n: int) -> str:
    """``24 (85.7%)``."""
    return f"{k} ({rounded(100 * k / n, 1)}%)"


def small(text: str) -> str:
    first = text.split(" ")[0].split("-")[0]
    return text[0].lower() + text[1:] if first[1:].islower() else text


def listed(items: list[str], last: str = "and") -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


def label(world: World, code: str) -> str:
    """What an endpoint is called in a sentence."""
    return small(world.study["endpoints"][code]["label"])


def primary(world: World) -> str:
    return world.study["analysis"]["primary"]


def rounded(value: float, decimals: int) -> str:
    """With so many decimals, a half upwards, as one rounds by hand."""
    places = Decimal(1).scaleb(-decimals)
    return str(Decimal(f"{value:.10f}").quantize(places, rounding=ROUND_HALF_UP))


def months(world: World, days: float) -> str:
    """Days as the study prints months."""
    return rounded(days / world.month, world.study["analysis"]["decimals"]["months"])


def with_patients(world: World, code: str) -> list[str]:
    """The groups that have somebody at risk for an endpoint."""
    if code not in world.study["endpoints"]:
        return []
    return [g for g in world.groups if len(world.times(code, g))]


def steps(times: pd.DataFrame) -> list[tuple[float, float, int]]:
    """Kaplan and Meier's curve: each day of an event, the survival after it, the events so far."""
    entry = (times["ENTRYDY"] - times["STARTDY"]).fillna(-1).to_numpy(float)
    end, event = times["AVAL"].to_numpy(float), (times["CNSR"] == 0).to_numpy(bool)
    survival, events, curve = 1.0, 0, []
    for day in np.unique(end[event]):
        at_risk = int(((entry < day) & (end >= day)).sum())
        died = int((event & (end == day)).sum())
        survival, events = survival * (1 - died / at_risk), events + died
        curve.append((float(day), survival, events))
    return curve


def survival_at(times: pd.DataFrame, day: float) -> float:
    return next((s for t, s, _ in reversed(steps(times)) if t <= day), 1.0)


def median_day(times: pd.DataFrame) -> tuple[float | None, int]:
    """The day on which one half is reached, and the events until then."""
    curve = steps(times)
    for i, (day, survival, events) in enumerate(curve):
        if survival <= 0.5 + 1e-9:
            flat = abs(survival - 0.5) < 1e-9 and i + 1 < len(curve)
            return ((day + curve[i + 1][0]) / 2 if flat else day), events
    return None, 0


def enough(world: World, times: pd.DataFrame) -> bool:
    """Whether a side may be compared."""
    analysis, events = world.study["analysis"], int((times["CNSR"] == 0).sum())
    return len(times) >= analysis["least_patients"] and events >= analysis["least_events"]


def median(world: World, code: str, group: str) -> str:
    """The median as printed, without its limits."""
    times, analysis = world.times(code, group), world.study["analysis"]
    events = int((times["CNSR"] == 0).sum())
    day, _ = median_day(times)
    too_few = len(times) < analysis["least_patients"]
    if too_few or (day is not None and events < analysis["least_events"]):
        many, whom = ("" if n == 1 else "s" for n in (events, len(times)))
        return f"(too few: {events} event{many} in {len(times)} patient{whom})"
    return "not reached" if day is None else f"{months(world, day)} months"


def plain_medians(world: World, code: str) -> list | None:
    """The medians of the groups in turn; None without any, or where a group is too small."""
    groups = with_patients(world, code)
    said = in_turn(world, lambda g: median(world, code, g), groups) if groups else []
    return None if any("too few" in part for part in said) else said or None


def medians(world: World, code: str) -> list | None:
    """The medians of the groups that have patients; None without any."""
    groups = with_patients(world, code)
    return by_group(world, lambda g: median(world, code, g), groups) if groups else None

"""The rows of the ARD: how one is made, its key, and the table they make together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from venaza.contracts.analysis import NOT_RECORDED
from venaza.contracts.files import conform
from venaza.contracts.results import ARD, slug
from venaza.contracts.selections import Condition, Selection
from venaza.contracts.truth import is_true
from venaza.pipeline.statistics import display as show
from venaza.study.groups import Group, groups_and_all, groups_of, groups_or_all

Row = dict[str, object]
#: What is told of a test by chi-square.
TEST = ("chi_square", "df", "p_value")


@dataclass(frozen=True)
class Number:
    """One number: its value (or ``None`` and the reason), its unit and how it is printed."""

    value: float | None
    unit: str
    reason: str | None = None
    display: str | None = None


def known(value: float, unit: str, display: str | None = None) -> Number:
    """A number that exists, printed as its unit asks unless ``display`` says otherwise."""
    value = float(value)
    return Number(value, unit, None, show.number(value, unit) if display is None else display)


def count(value: int) -> Number:
    """A number of patients, rows or events."""
    return known(int(value), "count")


def p_value(value: float) -> Number:
    """A p-value."""
    return known(value, "", show.p_value(float(value)))


def chi_square(chi: float, df: int, p: float) -> dict[str, Number]:
    """A test by chi-square: ``TEST``."""
    return dict(zip(TEST, (known(chi, ""), known(df, "", str(df)), p_value(p)), strict=True))


def missing(unit: str, reason: str, display: str = show.NOT_ESTIMABLE) -> Number:
    """A number that does not exist, and why."""
    return Number(None, unit, reason, display)


def number_or(value: float, unit: str, reason: str, display: str = show.NOT_ESTIMABLE) -> Number:
    """``value`` where it is finite, else nothing with the reason."""
    return known(value, unit) if math.isfinite(value) else missing(unit, reason, display)


def rows(
    prefix: str,
    numbers: dict[str, Number],
    *,
    rows: Selection,
    counted: Selection | None = None,
    analysis: str,
    method: str,
    population: str = "ITTFL",
    group: Group | None = None,
    endpoint: str | None = None,
    term: str | None = None,
    time: float | None = None,
) -> list[Row]:
    """ARD rows for ``numbers`` (statistic -> number); a row's key is ``prefix.statistic``.

    ``rows`` are those that the numbers were computed from, of the population and the group;
    ``counted`` those that ``n`` counts where it is a part of them.
    """
    members = (*_flagged(population), *(group.condition if group else ()))
    taken = rows.among(members)
    part = counted.among(members) if counted else taken
    shared = {
        "analysis": analysis,
        "endpoint": endpoint,
        "population": population,
        "group_variable": group.variable if group else None,
        "group": group.level if group else None,
        "term": term,
        "time": time,
        "method": method,
    }
    return [
        {
            "ard_id": f"{prefix}.{statistic}",
            **shared,
            "statistic": statistic,
            "value": number.value,
            "unit": number.unit,
            "display": number.display,
            "reason": number.reason,
            "selection": part if statistic == "n" else taken,
        }
        for statistic, number in numbers.items()
    ]


def _flagged(population: str | None) -> tuple[Condition, ...]:
    return ((population, "=", "Y"),) if population else ()


def slugs(texts: Sequence[str], taken: Sequence[str] = ()) -> dict[str, str]:
    """A key part for each text; the second of two equal ones gets ``_2``, and so on."""
    keys: dict[str, str] = {}
    used = set(taken)
    for text in texts:
        key, n = slug(text), 1
        while key in used:
            n += 1
            key = f"{slug(text)}_{n}"
        used.add(key)
        keys[text] = key
    return keys


def compared_groups(study: dict) -> list[Group]:
    """The groups that tests and models compare: all but those of unknown group, who are shown."""
    return [group for group in groups_of(study) if group.level != NOT_RECORDED]


def compares(study: dict) -> bool:
    """Whether the study has groups and compares them."""
    return len(compared_groups(study)) > 1 and study["analysis"]["compare_groups"]


def of_compared(table: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The rows of the groups that are compared."""
    return table[is_true(table["GROUP"].isin([group.level for group in compared_groups(study)]))]


def versus(study: dict) -> str:
    """The groups that are compared, as a term."""
    return " vs ".join(str(group.level) for group in compared_groups(study))


def outcome_groups(study: dict) -> list[Group]:
    """The groups whose survival is estimated: all together only where the study pools them."""
    return (groups_and_all if study["analysis"].get("pooled") else groups_or_all)(study)


def rounded(parts: Iterable[Row], study: dict) -> list[Row]:
    """The rows with months in as many decimals as the study asks for (``analysis.decimals``)."""
    decimals = study["analysis"].get("decimals", {}).get("months")
    rows = list(parts)
    if decimals is None:
        return rows
    return [
        row | {"display": show.number(row["value"], "months", decimals)}
        if row["unit"] == "months" and row["value"] is not None
        else row
        for row in rows
    ]


def assemble(parts: Iterable[Row]) -> pd.DataFrame:
    """The ARD of all rows, in their order.

    Raises ``ValueError`` for a key given twice, a key that is a dotted prefix of another,
    or a number without a value that gives no reason.
    """
    table = list(parts)
    ids = [str(row["ard_id"]) for row in table]
    seen = set(ids)
    if len(seen) != len(ids):
        twice = next(key for key in ids if ids.count(key) > 1)
        raise ValueError(f"ard_id given twice: {twice}")
    for key in ids:
        parts_of_key = key.split(".")
        for n in range(1, len(parts_of_key)):
            if (prefix := ".".join(parts_of_key[:n])) in seen:
                raise ValueError(f"ard_id {prefix} is a prefix of {key}")
    for row in table:
        if row["value"] is None and not row["reason"]:
            raise ValueError(f"no value and no reason: {row['ard_id']}")
    return conform(pd.DataFrame(table, columns=[column.name for column in ARD]), ARD)

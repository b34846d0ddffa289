"""The edge cases of r_values.json: each number of R beside ours, for the page on validation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from venaza.pipeline.statistics import rates
from venaza.pipeline.statistics.cox import cox
from venaza.pipeline.statistics.descriptive import quantiles
from venaza.pipeline.statistics.incidence import aalen_johansen
from venaza.pipeline.statistics.survival import at, kaplan_meier, log_rank, quantile

QUANTILES = {"q1": (0.75, "estimate"), "q3": (0.25, "estimate")} | {
    "median": (0.5, "estimate"),
    "lower": (0.5, "lower"),
    "upper": (0.5, "upper"),
}
LIMITS = ("estimate", "lower", "upper")


class Compared(NamedTuple):
    """One number, or a list of them compared at once; ``None`` and NaN are "no value"."""

    data: str
    number: str
    method: str
    reference: float | None | list
    ours: float | list


def edge_numbers(values: dict) -> Iterator[Compared]:
    """Every edge case, in the order of the file."""
    for name, case in values["edge"].items():
        yield from _survival(name.replace("_", " "), case)
    for name, case in values["competing"].items():
        yield from _competing(name.replace("_", " "), case)
    yield from _cox(values["cox_small"])
    yield from _proportions(values["proportions"])
    yield from _fisher(values["fisher"])
    case = values["quantiles"]
    found = list(quantiles(np.array(case["values"], float), ("min", "q1", "median", "q3", "max")))
    ours = quantiles(np.array(case["values"], float), tuple(found))
    for name, reference in zip(found, case["quantiles"], strict=True):
        yield Compared("seven values", name, "quantile, type 7", reference, ours[name])


def _survival(name: str, case: dict) -> Iterator[Compared]:
    data = pd.DataFrame(case["data"])
    method = "Kaplan–Meier, log-log limits"
    for group, rows in data.groupby("group"):
        time, event = rows["time"].to_numpy(float), (rows["cause"] == 1).to_numpy()
        reference = case["km"][group]
        curve = kaplan_meier(time, event, 0.95)
        where = f"{name}, {group}" if data["group"].nunique() > 1 else name
        at_times = curve.set_index("time").loc[[float(t) for t in reference["curve"]["time"]]]
        for part in ("n_risk", *LIMITS):
            yield Compared(
                where, f"curve, {part}", method, reference["curve"][part], list(at_times[part])
            )
        for part, (level, column) in QUANTILES.items():
            yield Compared(where, part, method, reference[part], quantile(curve, level, column))
        reverse = quantile(kaplan_meier(time, ~event, 0.95), 0.5)
        yield Compared(
            where, "median", "reverse Kaplan–Meier", reference["reverse"]["median"], reverse
        )
    if data["group"].nunique() > 1:
        arrays = data["time"].to_numpy(float), (data["cause"] == 1).to_numpy()
        found = log_rank(*arrays, data["group"].to_numpy(str))
        for part, ours in zip(("chi_square", "df", "p_value"), found, strict=True):
            yield Compared(name, part, "log-rank", case["logrank"][part], ours)


def _competing(name: str, case: dict) -> Iterator[Compared]:
    time, cause = (np.array(case["data"][part]) for part in ("time", "cause"))
    for of, points in case["incidence"].items():
        curve = aalen_johansen(time.astype(float), cause, int(of), 0.95)
        for part in ("estimate", "std_error", "lower", "upper"):
            yield Compared(
                name,
                f"cause {of}, {part}",
                "Aalen–Johansen, log-log limits",
                [point[part] for point in points],
                [float(at(curve, point["day"])[part]) for point in points],
            )


def _cox(case: dict) -> Iterator[Compared]:
    data = pd.DataFrame(case["data"])
    time, event = data["time"].to_numpy(float), (data["cause"] == 1).to_numpy()
    found = cox(time, event, data[["x"]], 0.95).loc["x"]
    for part, reference in case["cox"]["x"].items():
        yield Compared("ten patients, ties", part, "Cox, Efron ties", reference, found[part])


def _proportions(cases: list[dict]) -> Iterator[Compared]:
    names = {"exact": "Clopper–Pearson", "wilson": "Wilson"}
    for case in cases:
        k, n = case["n"], case["denominator"]
        for method, label in names.items():
            found = rates.interval(k, n, method, 0.95)
            for part, reference, ours in zip(("lower", "upper"), case[method], found, strict=True):
                yield Compared(f"{k}/{n}", part, label, reference, ours)


def _fisher(cases: list[dict]) -> Iterator[Compared]:
    for case in cases:
        first, second = tuple(case["first"]), tuple(case["second"])
        found = rates.fisher(first, second, 0.95)
        where = " against ".join(f"{k}/{n}" for k, n in (first, second))
        for part in ("p_value", "odds_ratio", "lower", "upper"):
            ours = found[part].value
            yield Compared(
                where, part, "Fisher, exact", case[part], math.nan if ours is None else ours
            )

"""Data with late entry through ``analyse``, and R's numbers for them (r_truncation.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from tests.reference.classic import _mgus2, _veteran, analysed, data_set
from tests.reference.edge_numbers import LIMITS, Compared
from tests.reference.r_numbers import METHODS, r_numbers, slug
from venaza.pipeline.statistics.survival import kaplan_meier

VALUES = json.loads(Path(__file__).with_name("r_truncation.json").read_text(encoding="utf-8"))
TRUNCATED_METHODS = {
    **METHODS,
    **{"rmst": "restricted mean", "logrank_stratified": "stratified log-rank"},
    **{"zph": "cox.zph, one covariate", "coxm": "Cox, several covariates, Efron ties"},
    **{"zphm": "cox.zph, several covariates", "ci": "Aalen–Johansen, without limits"},
}


def truncated(name: str) -> tuple[pd.DataFrame, float]:
    """The ARD of one data set, and the length of its month."""
    return {"veteran_from_diagnosis": _from_diagnosis, "mgus2_by_age": _by_age}[name]()


def _from_diagnosis() -> tuple[pd.DataFrame, float]:
    patients, times, settings, _ = _veteran("ARM")
    entry = 30 * data_set("veteran")["diagtime"]
    time, cnsr = times["OS"]
    settings |= {
        **{"landmarks_months": [6, 12, 24], "rmst_months": {"OS": 24}},
        **{"strata": {"OS": ["CELLTYPE"]}, "events_per_parameter": 0},
        **{"multivariable": {"OS": ["GROUP", "KARNO", "CELLTYPE"]}},
    }
    return analysed(patients, {"OS": (entry + time, cnsr)}, settings, 30, entry)


def _by_age() -> tuple[pd.DataFrame, float]:
    patients, times, settings, _ = _mgus2()
    entry = 12 * patients["AGE"]
    times = {code: (entry + time, cnsr) for code, (time, cnsr) in times.items()}
    settings |= {"landmarks_months": [12 * age for age in (60, 75, 90)]}
    settings["cox"] = {"OS": ["GROUP", "HGB"]}
    return analysed(patients, times, settings, 1.0, entry)


def truncated_numbers(name: str, month: float) -> Iterator[tuple[str, float | None]]:
    """(ard_id, R's value in our unit) of one data set; None where R has NA."""
    yield from r_numbers(VALUES[name], month)
    for code, result in VALUES[name].items():
        for group, numbers in result.get("rmst", {}).items():
            stem = f"rmst.{code}.{slug(group)}"
            yield from ((f"{stem}.{part}", value / month) for part, value in numbers.items())
        yield from _parts(f"logrank_stratified.{code}", result.get("stratified", {}))
        for variable, test in result.get("zph", {}).items():
            yield from _parts(f"zph.{code}.{variable}", test)
        model = result.get("multivariable", {"columns": {}, "zph": {}})
        for column, numbers in model["columns"].items():
            yield from _parts(f"coxm.{code}.{column}", numbers)
        for term, test in model["zph"].items():
            yield from _parts(f"zphm.{code}.{term}", test)


def _parts(stem: str, numbers: dict) -> Iterator[tuple[str, float | None]]:
    return ((f"{stem}.{part}", value) for part, value in numbers.items())


def edge_curves() -> Iterator[Compared]:
    """R's curves of made-up rows beside ours: whole, as R gives them."""
    for name, case in VALUES["edge"].items():
        entry, time, event = (np.array(case["data"][k], float) for k in ("entry", "time", "event"))
        curve = kaplan_meier(time, event == 1, 0.95, entry).set_index("time")
        at_times = curve.loc[[float(t) for t in case["curve"]["time"]]]
        for part in ("n_risk", *LIMITS):
            yield Compared(
                f"late entry, {name.replace('_', ' ')}",
                f"curve, {part}",
                "Kaplan–Meier, log-log limits",
                case["curve"][part],
                list(at_times[part]),
            )

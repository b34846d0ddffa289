"""R's numbers of the regression models by the identifier that ours have (r_models.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

METHODS = {
    "coxm": "Cox, several covariates, Efron ties",
    "zph": "cox.zph, one covariate",
    "zphm": "cox.zph, several covariates",
    "subgroup": "Cox within a level, likelihood-ratio test",
    "influence": "one patient left out",
    "coxs": "Cox within strata, Efron ties",
    "finegray": "Fine–Gray (cmprsk::crr)",
}
#: R's names of columns and terms, and ours.
KEYS = {
    "GROUPAML low risk": "GROUP.AML_low_risk",
    "GROUPAML high risk": "GROUP.AML_high_risk",
    "FAB45": "FAB45.Y",
    "trtB": "GROUP.B",
    "SEXf": "SEX.F",
    "flt3B": "FLT3.B",
    "flt3C": "FLT3.C",
}
TERMS = {"trt": "GROUP", "flt3": "FLT3"}


def r_model_numbers(name: str, month: float) -> Iterator[tuple[str, float]]:
    """(ard_id, R's value in our unit) of one study; nothing for a study without."""
    path = Path(__file__).with_name("r_models.json")
    values = json.loads(path.read_text(encoding="utf-8")).get(name, {})
    if name == "bmt":
        yield from _model("DFS", values["multivariable"])
        yield from _model("OS", values["os"])
        for variable in ("group", "age"):
            yield from _tests("zph.DFS", values[variable]["zph"], skip="GLOBAL")
        yield from _columns("coxs.OS", values["stratified"], "GROUP")
        for variable, found in values["fine_gray"].items():
            yield from _columns(f"finegray.CIR.{variable}", found)
        stem = "influence.DFS.GROUP.AML_high_risk.hazard_ratio"
        yield from zip((f"{stem}.min", f"{stem}.max"), values["influence"], strict=True)
        yield from _medians("influence.OS.ALL.median", values["median"], month)
    if name == "myeloid":
        yield from _model("OS", values["multivariable"])
        yield from _columns("coxs.OS", values["stratified"], "GROUP")
        numbers = values["subgroup"]["columns"]["trtB"]
        yield from ((f"subgroup.OS.FLT3.A.{k}", v) for k, v in numbers.items() if k != "p_value")
        yield "subgroup.OS.FLT3.interaction.p_value", values["interaction"]
        stem = "influence.OS.GROUP.B.hazard_ratio"
        yield from zip((f"{stem}.min", f"{stem}.max"), values["influence"], strict=True)
        yield from _medians("influence.OS.A.median", values["median"], month)


def _model(code: str, model: dict) -> Iterator[tuple[str, float]]:
    yield f"coxm.{code}.n", model["n"]
    yield f"coxm.{code}.events", model["events"]
    for column, numbers in model["columns"].items():
        stem = f"coxm.{code}.{KEYS.get(column, column)}"
        yield from ((f"{stem}.{name}", value) for name, value in numbers.items())
    yield from _tests(f"zphm.{code}", model["zph"])


def _columns(stem: str, model: dict, variable: str = "") -> Iterator[tuple[str, float]]:
    """Size and ratios of a model of one variable, whose levels stand behind its name."""
    yield f"{stem}.n", model["n"]
    yield f"{stem}.events", model["events"]
    start = stem.rpartition(".")[0] if not variable else stem
    for column, numbers in model["columns"].items():
        where = f"{start}.{KEYS.get(column, column)}"
        yield from ((f"{where}.{name}", value) for name, value in numbers.items())


def _tests(stem: str, tests: dict, skip: str = "") -> Iterator[tuple[str, float]]:
    for term, numbers in tests.items():
        if term != skip:
            where = f"{stem}.{TERMS.get(term, term)}"
            yield from ((f"{where}.{name}", value) for name, value in numbers.items())


def _medians(stem: str, days: list, month: float) -> Iterator[tuple[str, float]]:
    for name, value in zip(("min", "max"), days, strict=True):
        yield f"{stem}.{name}", value / month

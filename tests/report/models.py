"""Regression models in the made-up study: one stands, one is refused; subgroups, influence."""

from __future__ import annotations

from tests.report.cohort import Ard, ard, study

FIRTH = "Firth's penalty with profile-likelihood limits, Efron ties"
REASON = "18 events for 2 parameters, fewer than 10 per parameter"


def with_models() -> dict:
    """The study with multivariable models of OS and EFS, subgroups of OS, and influence."""
    made = study()
    made["analysis"] |= {
        "multivariable": {"OS": ["GROUP", "AGE"], "EFS": ["GROUP", "AGE"]},
        "events_per_parameter": 10,
        "subgroups": {"OS": ["SEX"]},
        "influence": True,
    }
    return made


def ard_with_models() -> Ard:
    """The numbers of ``with_models``."""
    made = ard()
    for code, events in (("OS", 24), ("EFS", 18)):
        for name, value in {"n": 38, "events": events, "parameters": 2}.items():
            made.add(f"coxm.{code}.{name}", value)
        _ratio(made, f"coxm.{code}.GROUP.RR", "RR", code == "OS", f"{FIRTH}; reference ND")
        _ratio(made, f"coxm.{code}.AGE", "AGE", code == "OS", FIRTH)
        for term in ("GROUP", "AGE", "GLOBAL"):
            tested = (0.412, "0.412") if code == "OS" else (None, "not estimable")
            made.add(f"zphm.{code}.{term}.p_value", *tested, term=term)
    made.add("zph.OS.GROUP.p_value", 0.021, term="GROUP")
    made.add("zph.OS.AGE.p_value", None, "not estimable", term="AGE")
    for level in ("M", "F"):
        _ratio(made, f"subgroup.OS.SEX.{level}", level, level == "M", "reference ND")
        for group in ("ND", "RR"):
            made.add(f"subgroup.OS.SEX.{level}.in_{group}.n", 10, term=level)
            made.add(f"subgroup.OS.SEX.{level}.in_{group}.events", 6, term=level)
    made.add("subgroup.OS.SEX.interaction.p_value", 0.333, term="SEX")
    for group in ("ND", "RR"):
        for name, value, who in (("min", 5.25, "P007"), ("max", 6.75, "P003 or any of 4 others")):
            made.add(f"influence.OS.{group}.median.{name}", value, term=who)
    stem = "influence.OS.GROUP.RR.hazard_ratio"
    made.add(f"{stem}.min", 1.71, term="P011").add(f"{stem}.max", 2.22, term="P007")
    return made


def _ratio(made: Ard, stem: str, term: str, known: bool, method: str) -> None:
    values = {"hazard_ratio": 2.5, "lower": 1.2, "upper": 5.5, "p_value": 0.019}
    for name, value in values.items():
        made.add(
            f"{stem}.{name}",
            value if known else None,
            None if known else "not estimable",
            term=term,
            method=method,
        )
        made.rows[f"{stem}.{name}"]["reason"] = None if known else REASON

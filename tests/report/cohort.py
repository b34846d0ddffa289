"""A made-up study for the tables and the report: its configuration and its ARD, by hand."""

from __future__ import annotations

import copy
from pathlib import Path

import pandas as pd

from venaza.contracts.results import ARD
from venaza.study.author import DECLARATIONS
from venaza.study.library import CHECKLISTS, read_definition

ROOT = Path(__file__).parents[2]
NOT_REACHED, NOT_ESTIMABLE = "not reached", "not estimable"

STUDY = {
    "id": "made_up",
    "study": {
        "title": "A regimen in leukaemia",
        "short": "Regimen",
        "disease": "acute myeloid leukaemia",
        "regimen": "the new regimen",
        "design": "Retrospective single-centre cohort",
        "synthetic": False,
        "data": "Patients treated between 2019 and 2023 in one hospital.",
        "source": "hospital export",
    },
    "timeline": {
        "dates": "calendar",
        "index": "first dose of the new regimen",
        "cutoff": "export",
        "days_per_month": 30.4375,
        "partial_dates": {"missing_day": 15, "missing_month": "refuse"},
    },
    "groups": {
        "variable": "DISSTAT",
        "name": "disease_status",
        "label": "Disease status",
        "levels": {"ND": "Newly diagnosed", "RR": "Relapsed or refractory"},
    },
    "response": {
        "criteria": "eln2017_aml",
        "counts": "investigator",
        "count_window_days": 7,
        "remission": ["CR", "CRh", "CRi"],
        "overall": ["CR", "CRh", "CRi", "PR"],
        "until": ["NEXT_THERAPY", "TRANSPLANT"],
        "baseline_remission": False,
        "order": [
            "CR",
            "CRh",
            "CRi",
            "MLFS",
            "PR",
            "SD",
            "NR",
            "REFRACTORY",
            "PD",
            "RELAPSE",
            "NE",
        ],
        "refractory_after_cycles": 2,
        "denominator": "evaluable",
    },
    "criteria": {
        "name": "ELN 2017 criteria for AML",
        "categories": [{"response": r} for r in ("RELAPSE", "CR", "CRi", "MLFS", "PR", "NR")],
    },
    "mrd": {"negative_below": 0.1, "denominator": "remission"},
    "milestones": {
        "DEATH": {"description": "Death"},
        "REFRACTORY": {
            "description": "Refractory disease",
            "where": {"RESPONSE": ["SD", "NR", "PD"]},
            "min": {"CYCLE": "refractory_after_cycles"},
            "also": {"RESPONSE": "REFRACTORY"},
        },
        "RELAPSE": {"description": "Relapse"},
        "NEXT_THERAPY": {"description": "Next anti-leukaemic therapy", "table": "therapies"},
        "TRANSPLANT": {"description": "Transplant", "table": "transplants"},
    },
    "ctcae": {"version": "CTCAE v5.0"},
    "treatment_emergent": {"after_last_dose": 30, "cycle_days": 28, "until": []},
    "failure": {
        "milestones": ["REFRACTORY", "RELAPSE"],
        "treated_before_days": 14,
        "supportive": ["supportive care", "best supportive care", "hydroxyurea"],
    },
    "alternatives": {},
    "published_curves": [],
    "endpoints": {
        "OS": {
            "label": "Overall survival",
            "sentence": "from the index date to death from any cause",
            "censor_sentence": "patients alive were censored on the last date known alive",
            "start": "INDEX",
            "events": ["DEATH"],
            "competing": [],
            "censors": ["LAST_ALIVE"],
            "source": "ELN 2022",
        },
        "EFS": {
            "label": "Event-free survival",
            "sentence": "from the index date to refractory disease, relapse or death",
            "start": "INDEX",
            "events": ["REFRACTORY", "RELAPSE", "DEATH"],
            "competing": [],
            "censors": ["LAST_ALIVE"],
            "source": "ELN 2017",
        },
        "PFOS": {
            "label": "Post-failure overall survival",
            "sentence": "from failure to death from any cause",
            "start": "FAILURE",
            "events": ["DEATH"],
            "competing": [],
            "censors": ["LAST_ALIVE"],
            "source": "own",
        },
        "CIR": {
            "label": "Cumulative incidence of relapse",
            "sentence": "from remission to relapse, with death as the competing event",
            "start": "FIRST_REMISSION",
            "events": ["RELAPSE"],
            "competing": ["DEATH"],
            "censors": ["LAST_ALIVE"],
            "source": "ELN 2022",
        },
    },
    "columns": [{"name": "WAIT", "label": "Waiting time", "type": "number", "unit": "days"}],
    "analysis": {
        "primary": "OS",
        "confidence": 0.95,
        "least_patients": 1,
        "least_events": 0,
        "landmarks_months": [6, 12],
        "risk_table_months": 3,
        "early_death_days": [30],
        "table1": ["AGE", "SEX", "ECOG"],
        "compare_groups": True,
        "response_rates": True,
        "swimmer": True,
        "pooled": False,
        "proportion_interval": "clopper-pearson",
        "cox": {"OS": ["GROUP", "AGE"]},
    },
    "published": {
        "file": "published.csv",
        "study": "Bai 2025",
        "citation": "bai2025",
        "numbers": {
            "patients": "n.ITT.{group}",
            "os_median": "km.OS.{group}.median",
            "orr": "rate.ORR.{group}.percent",
        },
    },
    "report": {
        "submission": False,
        "authors": [],
        "keywords": ["leukaemia", "survival"],
        "introduction": "The regimen is widely used [@dinardo2020].",
        "running_title": "",
        "main": "auto",
        "tiff": False,
        **dict.fromkeys(DECLARATIONS, ""),
    },
    "author": {"texts": {}, "seen": {}},
    "checklists": [
        read_definition(ROOT, f"config/checklists/{name}.yaml", "checklist") for name in CHECKLISTS
    ],
    "tables": {
        name: {"records": [{"columns": {}}]}
        for name in ("patients", "therapies", "transplants", "adverse_events")
    }
    | {"responses": {"records": [{"columns": {"RSINV": {}, "MBLAST": {}}}]}},
    "checks": {
        "rules": {
            "after_death": {"title": "Something recorded after death"},
            "out_of_range": {"title": "Value that no living patient has"},
        }
    },
    "export": "2023-11-30",
    "cutoff": "2023-11-30",
}

FACTS = {
    "export": "2023-11-30",
    "files": [{"file": "my_cohort.csv", "sha256": "a" * 64}],
    "code": {"version": "0.1.0", "sha256": "b" * 64},
    "configuration": {"sha256": "c" * 64},
    "python": "3.11",
    "packages": {"numpy": "2.3.5", "pandas": "2.3.3", "typst": "0.15.0"},
    "renderer": {"name": "embedded", "version": "1"},
}


def study(**changes) -> dict:
    """The study with whole sections changed: ``study(groups=None)``."""
    return {**copy.deepcopy(STUDY), **changes}


class Ard:
    """Rows of an ARD, added one number at a time."""

    def __init__(self) -> None:
        self.rows: dict[str, dict] = {}

    def add(self, ard_id: str, value: float | None, display: object = None, **fields) -> Ard:
        """One number; printed as given, or as the value stands."""
        text = f"{value:g}" if display is None else str(display)
        reason = None if value is not None else "no value"
        self.rows[ard_id] = {
            **{"ard_id": ard_id, "value": value, "display": text, "reason": reason},
            **{"statistic": ard_id.split(".")[-1], "analysis": ard_id.split(".")[0], **fields},
        }
        return self

    def share(self, stem: str, k: int, n: int, **fields) -> Ard:
        """``k`` and its percentage of ``n``."""
        self.add(f"{stem}.n", k, **fields)
        return self.add(f"{stem}.percent", 100 * k / n, f"{100 * k / n:.1f}", **fields)

    def rate(self, stem: str, k: int, n: int, low: float, high: float) -> Ard:
        """A rate with its denominator and limits."""
        self.share(stem, k, n).add(f"{stem}.denominator", n)
        self.add(f"{stem}.lower", low, f"{low:.1f}")
        return self.add(f"{stem}.upper", high, f"{high:.1f}")

    def limits(self, stem: str, names: tuple[str, ...], values: tuple, text: str) -> Ard:
        """Several numbers of one kind; ``text`` is printed for those that are None."""
        for name, value in zip(names, values, strict=True):
            self.add(f"{stem}.{name}", value, text if value is None else f"{value:.2f}")
        return self

    def survival(self, stem: str, n: int, events: int, median: tuple) -> Ard:
        """A Kaplan-Meier curve: patients, events, median with limits, range of times."""
        self.add(f"{stem}.n", n).add(f"{stem}.events", events)
        names = ("median", "median_lower", "median_upper")
        self.limits(stem, names, median, NOT_REACHED)
        return self.limits(stem, ("min", "max"), (0.0, 24.5), NOT_ESTIMABLE)

    def frame(self) -> pd.DataFrame:
        """The rows as the contract has them."""
        return pd.DataFrame(list(self.rows.values()), columns=[c.name for c in ARD])


def _patients(ard: Ard, group: str, n: int) -> None:
    for flag, count in {"ITT": n, "SAF": n, "RESP": n - 1, "TX": 1}.items():
        ard.add(f"n.{flag}.{group}", count)
    names = ("median", "q1", "q3", "min", "max")
    for name, value in zip(names, (70, 65, 76.5, 41, 88), strict=True):
        ard.add(f"desc.AGE.{group}.{name}", value)
    ard.add(f"desc.AGE.{group}.missing", 0)
    for level, count in {"M": n - 7, "F": 7, "missing": 0}.items():
        ard.share(f"desc.SEX.{group}.{level}", count, n, term=level)
    for level, count in {"0": 3, "1": n - 5, "missing": 2}.items():
        ard.share(f"desc.ECOG.{group}.{level}", count, n, term=level)
    for name, value in zip(("median", "min", "max"), (10.1, 0.7, 30.7), strict=True):
        ard.add(f"followup.{group}.{name}", value, f"{value:.2f}")
    ard.rate(f"early.{group}.d30", 1, n, 0.1, 18.0)


def _response(ard: Ard, group: str, n: int) -> None:
    for category, count in {"CR": 6, "CRi": 2, "PR": 1, "NR": n - 10, "NE": 1}.items():
        ard.share(f"bor.{group}.{category}", count, n, term=category)
    for code, k in {"ORR": 9, "CRC": 8, "CR": 6}.items():
        ard.rate(f"rate.{code}.{group}", k, n - 1, 30.0, 80.0)
        ard.rate(f"rate_evaluable.{code}.{group}", k, n - 1, 30.0, 80.0)
        ard.rate(f"rate_all.{code}.{group}", k, n, 28.0, 78.0)
    for kind, denominator in {"rate": 8, "rate_remission": 8, "rate_tested": 7}.items():
        ard.rate(f"{kind}.MRDNEG.{group}", 2, denominator, 3.0, 65.0)
    ard.rate(f"rate_all.MRDNEG.{group}", 2, n, 2.0, 30.0)
    for code, values in {"TTR": (1.12, 0.83, 2.5), "CYCBEST": (2, 1, 4)}.items():
        for name, value in zip(("median", "min", "max"), values, strict=True):
            ard.add(f"response.{group}.{code}.{name}", value)


def _survival(ard: Ard, group: str, n: int) -> None:
    ard.survival(f"km.OS.{group}", n, 12, (11.93, 7.2, None))
    ard.survival(f"km.EFS.{group}", n, 15, (9.87, 5.77, 12.6))
    ard.survival(f"km.PFOS.{group}", 9, 8, (1.6, 0.97, 2.73))
    for code in ("OS", "EFS", "PFOS"):
        for month, at_risk in {"m6": 9, "m12": 0}.items():
            stem = f"km.{code}.{group}.{month}"
            values = (69.0, 48.8, 82.5) if at_risk else (None, None, None)
            ard.limits(stem, ("estimate", "lower", "upper"), values, NOT_ESTIMABLE)
            ard.add(f"{stem}.n_risk", at_risk)
    names = ("median", "median_lower", "median_upper")
    ard.limits(f"rkm.OS.{group}", names, (27.97, 13.8, None), NOT_REACHED)
    ard.add(f"event.OS.{group}.Death.n", 12, term="Death")
    for kind, count in {"Relapse": 9, "Death": 6}.items():
        ard.add(f"event.EFS.{group}.{kind}.n", count, term=kind)
        ard.add(f"event.CIR.{group}.{kind}.n", count - 3, term=kind)
    for cause in ("event", "competing"):
        stem = f"ci.CIR.{group}.{cause}.m6"
        ard.limits(stem, ("estimate", "lower", "upper"), (10.5, 1.7, 29.1), NOT_ESTIMABLE)


def _failure(ard: Ard, group: str) -> None:
    counts = {"any": 9, "refractory": 2, "relapse": 7, "progression": 0, "treated": 4}
    counts |= {"treated_refractory": 1, "treated_relapse": 3, "treated_progression": 0}
    counts |= {"supportive": 2, "further": 6, "untreated": 3}
    for kind, count in counts.items():
        whole = ("any", "treated", "supportive", "further", "untreated")
        term = None if kind in whole else kind.removeprefix("treated_")
        ard.add(f"failure.{group}.{kind}.n", count, term=term)
    for key, term, count in (("drug_7_3", "drug 7+3", 3), ("trial", "clinical trial", 1)):
        ard.add(f"postfailure.{group}.{key}.n", count, term=term)
    ard.add(f"postfailure.{group}.response.CRi.n", 1, term="CRi")
    ard.add(f"postfailure.{group}.supportive.hydroxyurea.n", 2, term="hydroxyurea")


def _adverse_events(ard: Ard, group: str, n: int) -> None:
    for part, count in {"any": n, "g3": 9, "g5": 1}.items():
        ard.share(f"ae.{group}.total.{part}", count, n)
    for key, term, count in (("Anemia", "Anemia", 8), ("Nausea", "Nausea", 5)):
        ard.share(f"ae.{group}.{key}.any", count, n, term=term)
        ard.share(f"ae.{group}.{key}.g3", count - 5, n, term=term)


def _between_groups(ard: Ard) -> None:
    for code in ("ORR", "CRC", "MRDNEG"):
        ard.add(f"fisher.{code}.p_value", 0.0004, "<0.001")
        for name, value in zip(("estimate", "lower", "upper"), (-12.5, -20.1, 4.2), strict=True):
            ard.add(f"difference.{code}.{name}", value)
    for code in ("OS", "EFS", "PFOS"):
        for name, value in {"chi_square": 4.33, "df": 1, "p_value": 0.037}.items():
            ard.add(f"logrank.{code}.{name}", value)
    method = "Cox regression, univariable, Efron ties"
    for variable in ("GROUP", "AGE"):
        ard.add(f"cox.OS.{variable}.n", 40, term=variable, analysis="cox", endpoint="OS")
        ard.add(f"cox.OS.{variable}.events", 24, term=variable, analysis="cox", endpoint="OS")
    shared = {"term": "RR", "method": f"{method}; reference ND", "analysis": "cox"}
    for name, value in {
        "hazard_ratio": 1.96,
        "lower": 1.03,
        "upper": 3.74,
        "p_value": 0.041,
    }.items():
        ard.add(f"cox.OS.GROUP.RR.{name}", value, endpoint="OS", **shared)
        ard.add(
            f"cox.OS.AGE.{name}", None, NOT_ESTIMABLE, endpoint="OS", analysis="cox", term="AGE"
        )


def _published(ard: Ard, groups: list[str]) -> None:
    for group in groups:
        for measure, value, term in (("patients", 20, None), ("orr", 45.0, "9/20")):
            stem = f"published.{group}.{measure}"
            ard.add(f"{stem}.published", value, term=term)
            ard.add(f"{stem}.computed", value, term=term)
            ard.add(f"{stem}.agrees", 1, "yes")


def ard(groups: tuple[str, ...] = ("ND", "RR"), leave_out: tuple[str, ...] = ()) -> Ard:
    """The whole ARD of the study; of ``leave_out``, parts that a study may lack.

    Parts: ``response``, ``failure``, ``adverse_events``, ``published``, ``cox``.
    """
    made = Ard()
    everyone = [*groups, "all"] if groups != ("all",) else ["all"]
    for group in everyone:
        n = 40 if group == "all" and groups != ("all",) else 20
        _patients(made, group, n)
        if "response" not in leave_out:
            _response(made, group, n)
        if "failure" not in leave_out:
            _failure(made, group)
        if "adverse_events" not in leave_out:
            _adverse_events(made, group, n)
    for group in groups:
        _survival(made, group, 20)
    if len(groups) > 1:
        _between_groups(made)
        for part, prefixes in {"response": ("fisher.", "difference."), "cox": ("cox.",)}.items():
            if part in leave_out:
                made.rows = {k: v for k, v in made.rows.items() if not k.startswith(prefixes)}
    if "published" not in leave_out:
        _published(made, list(groups))
    return made

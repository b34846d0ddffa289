"""Laboratory values in the made-up study: grades of two tests, tumour lysis twice defined."""

from __future__ import annotations

import copy
from pathlib import Path

import yaml

from tests.report.cohort import Ard, ard, study

CONFIG = Path(__file__).parents[2] / "config"


def with_labs() -> dict:
    """The study with a table of laboratory values."""
    made = copy.deepcopy(study())
    made["tables"]["labs"] = {"file": "labs.csv"}
    made["labs"] = {"normal": {}}
    for name in ("lab_grades", "tls"):
        made[name] = yaml.safe_load((CONFIG / f"{name}.yaml").read_text(encoding="utf-8"))
    return made


def ard_with_labs() -> Ard:
    """Neutrophils graded in all, haemoglobin in those with it at baseline; two not assessable."""
    made = ard()
    for group, n in (("ND", 20), ("RR", 18), ("all", 38)):
        for test, parts in {
            "ANC": {"any": n, "g3": n - 1, "g4": n - 2, "g3_baseline": 8, "g3_new": 9},
            "HGB": {"any": n, "g3": 4, "g3_baseline": 5},
        }.items():
            for part, k in parts.items():
                total = {"g3_new": 10}.get(part, n)
                stem = f"lab.{group}.{test}.{part}"
                made.share(stem, k, total).add(f"{stem}.denominator", total)
        stem = f"lab.{group}.HGB.g3_new"
        made.add(f"{stem}.n", 0).add(f"{stem}.denominator", 0)
        made.add(f"{stem}.percent", None, "not estimable")
        for before, after, k in ((0, 4, 9), (4, 4, 8), ("missing", 3, 1), (1, 0, 0)):
            made.add(f"shift.{group}.ANC.b{before}.w{after}.n", k)
        made.rate(f"tls.{group}.howard", 2, n - 2, 1.0, 20.0)
        made.add(f"tls.{group}.howard.not_assessable", 2)
        made.rate(f"tls.{group}.howard_clinical", 1, n - 2, 0.1, 15.0)
        made.add(f"tls.{group}.howard_clinical.not_assessable", 2)
        stem = f"tls.{group}.cairo_bishop"
        made.add(f"{stem}.n", 0).add(f"{stem}.denominator", 0).add(f"{stem}.not_assessable", n)
        for part in ("percent", "lower", "upper"):
            made.add(f"{stem}.{part}", None, "not estimable")
    return made

"""R's pooled rates (metafor, r_evidence.json) beside ours, for a test and for the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.reference.edge_numbers import Compared
from venaza.pipeline.statistics.pooling import pool

VALUES = json.loads(Path(__file__).with_name("r_evidence.json").read_text(encoding="utf-8"))
METHOD = "Random effects on the logit, REML, Hartung–Knapp"
#: Our name -> R's, where they differ; what R gives in percent.
NAMES = {"estimate": "percent"}
PERCENT = ("estimate", "lower", "upper", "prediction_lower", "prediction_upper", "i2")


def pooled_numbers() -> Iterator[Compared]:
    """Every case, in the order of the file."""
    for name, case in VALUES.items():
        if name == "versions":
            continue
        found = pool(list(zip(case["k"], case["n"], strict=True)), 0.95)
        for part in (*PERCENT, "tau2", "q"):
            ours = getattr(found, part) * (100 if part in PERCENT else 1)
            yield Compared(name.replace("_", " "), part, METHOD, case[NAMES.get(part, part)], ours)

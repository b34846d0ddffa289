"""R's rank tests and tests of counts (r_ranks.json) beside ours, for a test and for the page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.reference.edge_numbers import Compared
from venaza.pipeline.statistics.contingency import compare
from venaza.pipeline.statistics.wilcoxon import kruskal_wallis, rank_sum

VALUES = json.loads(Path(__file__).with_name("r_ranks.json").read_text(encoding="utf-8"))


def rank_numbers() -> Iterator[Compared]:
    """Every case, in the order of the file."""
    for name, case in VALUES["wilcoxon"].items():
        samples = (np.atleast_1d(np.array(case[k], float)) for k in ("first", "second"))
        ours = rank_sum(*samples, 0.95)
        for part in ("statistic", "p_value", "shift", "lower", "upper"):
            method = f"Wilcoxon's rank-sum, {ours.how}"
            yield Compared(_named(name), part, method, case[part], getattr(ours, part))
    for name, case in VALUES["kruskal"].items():
        found = kruskal_wallis([np.array(values, float) for values in case["groups"]])
        for part, ours in zip(("chi_square", "df", "p_value"), found, strict=True):
            yield Compared(_named(name), part, "Kruskal–Wallis", case[part], ours)
    for kind in ("fisher", "chi_squared"):
        for name, case in VALUES[kind].items():
            method, p = compare(np.array(case["table"]))
            found = math.nan if isinstance(p, str) else p
            yield Compared(_named(name), "p_value", method, case["p_value"], found)


def _named(name: str) -> str:
    return name.replace("_", " ")

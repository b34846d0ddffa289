"""Leave one patient out: medians and hazard ratios worked by hand and against R."""

import numpy as np
import pandas as pd
import pytest

from tests.statistics.made_up import make_tables, times
from tests.statistics.test_multivariable import R, same
from tests.statistics.test_reference import adtte, export, settings
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.influence import _median
from venaza.pipeline.statistics.survival import quantile, survival_curve


def run(study, groups, days):
    study["analysis"] |= {"influence": True, "cox": {"OS": ["GROUP"]}}
    rows = times("OS", [(i, *what) for i, what in enumerate(days, 1)])
    tables = make_tables([{"GROUP": g} for g in groups], rows)
    return analyse(tables, study)[0].set_index("ard_id")


def test_medians_by_hand(study):
    # Deaths on days 30, 60, 90, 120 and 150: the median is 90. Four patients leave the curve at
    # exactly one half from the second death to the third, and the median between them: without
    # 30 or 60 that is (90 + 120) / 2, without 120 or 150 it is (60 + 90) / 2.
    rows = run(study, ["ND"] * 5, [(30 * i, 0) for i in range(1, 6)])
    low, high = (rows.loc[f"influence.OS.ND.median.{x}"] for x in ("min", "max"))
    assert (low["value"], low["term"]) == (75 / 30, "P004 or one other")
    assert (high["value"], high["term"]) == (105 / 30, "P001 or one other")


def test_a_median_that_one_patient_carries(study):
    rows = run(study, ["ND"] * 4, [(30, 0), (60, 0), (90, 1), (90, 1)])
    row = rows.loc["influence.OS.ND.median.max"]
    assert (row["display"], row["reason"]) == (
        "not reached",
        "not reached without P001 or one other",
    )


def test_one_patient_alone(study):
    rows = run(study, ["ND"], [(30, 0)])
    assert rows.loc["influence.OS.ND.median.min", "reason"] == "fewer than two patients"
    assert rows.loc["influence.OS.RR.median.min", "reason"] == "fewer than two patients"
    assert rows.loc["influence.OS.GROUP.RR.hazard_ratio.max", "reason"] == "no patient with RR"


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_the_median_is_that_of_the_curve(seed, late):
    rng = np.random.default_rng(seed)
    time, event = rng.integers(0, 12, 9).astype(float), rng.random(9) < 0.7
    entry = np.minimum(rng.integers(0, 5, 9), np.maximum(time - 1, 0)) if late else np.zeros(9)
    for i in range(9):
        kept = np.arange(9) != i
        curve, _ = survival_curve(time[kept], event[kept], 0.95, entry[kept])
        expected = np.nan if curve is None else quantile(curve, 0.5)
        found = _median(time, event, entry, i)
        assert found == expected or (np.isinf(found) and np.isnan(expected))


def test_myeloid_hazard_ratio_is_r_s(study):
    data = export("myeloid", "myeloid.csv")
    study = settings(study, ["A", "B"], ["OS"], [12])
    study["analysis"] |= {"influence": True, "cox": {"OS": ["GROUP"]}}
    patients = pd.DataFrame({"GROUP": data["trt"]}).to_dict("records")
    rows = adtte("OS", data, data["futime"], 1 - data["death"])
    table = analyse(make_tables(patients, rows), study)[0].set_index("ard_id")
    stem = "influence.OS.GROUP.B.hazard_ratio"
    for name, value in zip(("min", "max"), R["myeloid"]["influence"], strict=True):
        same(table.loc[f"{stem}.{name}", "value"], value)

"""The whole stage: what goes in survives, keys are stable, order and console do not matter."""

import subprocess
import sys
import warnings

import pandas as pd
import pytest

from tests.statistics.made_up import answers, make_tables, printed, times
from venaza.contracts.columns import names
from venaza.contracts.results import ARD, CURVES
from venaza.pipeline.statistics import analyse


def cohort():
    """Twenty patients with everything that a study may have."""
    patients, os_rows, cir, ae = [], [], [], []
    for i in range(20):
        patients.append(
            {
                "GROUP": "ND" if i % 3 else "RR",
                "AGE": 50 + (i * 7) % 31,
                "SEX": "FM"[i % 2],
                **{"RESPFL": "Y" if i % 7 else "N", "CRFL": "Y" if i % 4 == 0 else "N"},
                **{"MRDFL": "Y" if i % 5 == 0 else "N", "DTHFL": "Y" if i % 4 else "N"},
                **{"ENDDY": 20 * i, "FAILFL": "Y" if i % 2 else "N", "FAILTYPE": "relapse"},
                **{"PFTRTFL": "Y" if i % 6 == 1 else "N", "PFTRT": "again", "PFRESP": "CR"},
            }
        )
        os_rows.append((i + 1, 20 * i, 0 if i % 4 else 1))
        cir.append((i + 1, 15 * i, i % 3, "Relapse" if i % 3 == 0 else "Death"))
        ae.append({"USUBJID": f"P{i + 1:03d}", "AEDECOD": f"T{i % 4}", "AETOXGR": 1 + i % 5})
    numbers = range(1, 21)
    adrs = (
        answers("BOR", {i: ["CR", "PR", "NE"][i % 3] for i in numbers})
        + answers("ORR", {i: int(i % 3 != 2) for i in numbers})
        + answers("MRDNEG", {i: i % 2 for i in (1, 6, 11, 16)})
        + answers("TTR", {i: 20 + i for i in numbers if i % 3 != 2})
    )
    adae = [{**row, "TRTEMFL": "Y"} for row in ae]
    return make_tables(patients, times("OS", os_rows) + times("CIR", cir), adrs, adae)


@pytest.fixture
def full(study):
    study["endpoints"] = {"OS": {"competing": []}, "CIR": {"competing": ["DEATH"]}}
    study["analysis"] |= {
        "table1": ["AGE", "SEX", "ECOG"],
        "cox": {"OS": ["GROUP", "AGE", "SEX", "ECOG"]},
        "multivariable": {"OS": ["GROUP", "AGE"]},
        "subgroups": {"OS": ["SEX"]},
        "influence": True,
        "early_death_days": [30, 60],
    }
    return study


def test_every_family_of_numbers_is_there(full):
    table, curves = analyse(cohort(), full)
    assert list(table.columns) == names(ARD)
    assert list(curves.columns) == names(CURVES)
    families = {key.partition(".")[0] for key in table["ard_id"]}
    assert families == {
        *("n", "desc", "bor", "rate", "rate_evaluable", "rate_all", "rate_remission"),
        *("rate_tested", "fisher", "difference", "response", "wilcoxon", "followup", "km", "risk"),
        *("rkm", "cox", "coxn", "coxm", "zph", "zphm", "subgroup", "influence"),
        *("logrank", "ci", "gray", "event", "early", "failure", "postfailure", "ae"),
    }
    assert table["ard_id"].is_unique
    assert table.loc[table["value"].isna(), "reason"].notna().all()
    assert table.loc[table["value"].notna(), "reason"].isna().all()
    assert table["display"].notna().all()
    assert table["method"].notna().all()


def test_order_of_the_rows_changes_nothing(full):
    tables = cohort()
    table, curves = analyse(tables, full)
    for seed in (1, 2):
        mixed = {k: t.sample(frac=1, random_state=seed) for k, t in tables.items()}
        again, other_curves = analyse(mixed, full)
        pd.testing.assert_frame_equal(table, again)
        pd.testing.assert_frame_equal(curves, other_curves)


def test_the_input_is_left_as_it_was(full):
    tables = cohort()
    before = {name: table.copy() for name, table in tables.items()}
    analyse(tables, full)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_one_group_is_all_patients(full):
    full["groups"] = None
    full["analysis"]["cox"]["OS"].remove("GROUP")
    full["analysis"] |= {"multivariable": {"OS": ["AGE"]}, "subgroups": {}}
    table, curves = analyse(cohort(), full)
    assert table["group"].isna().all()
    assert table["group_variable"].isna().all()
    found = printed(table)
    assert found["km.OS.all.n"] == "20"
    assert "logrank.OS.p_value" not in found
    assert curves["group"].isna().all()


def test_pooled_survival_comes_after_the_groups(full):
    full["analysis"]["pooled"] = True
    table, _ = analyse(cohort(), full)
    stems = [key for key in table["ard_id"] if key.startswith("km.OS.") and key.endswith(".n")]
    assert stems == ["km.OS.ND.n", "km.OS.RR.n", "km.OS.all.n"]


SMALL = {
    "one patient": ([{"GROUP": "ND"}], [(1, 5, 0)]),
    "one patient alive": ([{"GROUP": "ND"}], [(1, 5, 1)]),
    "all censored": ([{"GROUP": "ND"}, {"GROUP": "RR"}], [(1, 5, 1), (2, 8, 1)]),
    "everything at time zero": ([{"GROUP": "ND"}, {"GROUP": "RR"}], [(1, 0, 0), (2, 0, 1)]),
    "no patient in the population": ([{"GROUP": "ND", "ITTFL": "N"}], [(1, 5, 0)]),
    "no row of any endpoint": ([{"GROUP": "ND"}], []),
    "no group": ([{"GROUP": None, "AGE": 60}], [(1, 5, 0)]),
}


@pytest.mark.parametrize("name", SMALL)
def test_small_cohorts_survive_in_silence(full, capfd, name):
    patients, os_rows = SMALL[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table, _ = analyse(make_tables(patients, times("OS", os_rows)), full)
    assert capfd.readouterr() == ("", "")
    assert table.loc[table["value"].isna(), "reason"].notna().all()
    assert printed(table)["n.ITT.all"] in ("0", "1", "2")


def test_the_published_numbers_come_last(full):
    full["published"] = {"study": "S", "numbers": {"os": "km.OS.{group}.median"}}
    tables = cohort()
    median = printed(analyse(tables, full)[0])["km.OS.ND.median"]
    row = {"study": "S", "group": "ND", "measure": "os", "value": median, "unit": "months"}
    columns = ["study", "group", "measure", "value", "numerator", "denominator", "unit", "note"]
    tables["published"] = pd.DataFrame([row], columns=columns).astype("string")
    table, _ = analyse(tables, full)
    assert list(table["ard_id"].tail(3)) == [
        f"published.ND.os.{part}" for part in ("published", "computed", "agrees")
    ]
    assert printed(table)["published.ND.os.agrees"] == "yes"


def test_the_stage_imports_nothing_heavy():
    code = (
        "import sys, venaza.pipeline.statistics;"
        "print([m for m in ('pandas', 'numpy', 'scipy', 'lifelines') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"

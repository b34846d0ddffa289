"""The public studies through ``analyse``: every survival number is R's."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.reference.r_numbers import r_numbers
from tests.statistics.made_up import make_tables
from venaza.contracts.columns import Column
from venaza.pipeline.statistics import analyse

ROOT = Path(__file__).parents[2]
MONTH = 365.25 / 12
PRIMARY = ROOT / "tests/reference/aml_venaza_adtte.csv"


def export(study: str, name: str) -> pd.DataFrame:
    """A public export, as the R script reads it: the newest folder of the study."""
    folder = max(p for p in (ROOT / "data/raw" / study).iterdir() if p.is_dir())
    return pd.read_csv(folder / name)


def adtte(endpoint: str, data: pd.DataFrame, time: pd.Series, cnsr: pd.Series) -> list[dict]:
    return [
        {"USUBJID": f"P{i:03d}", "PARAMCD": endpoint, "AVAL": int(t), "CNSR": int(c)}
        for i, t, c in zip(data.index + 1, time, cnsr, strict=True)
    ]


def settings(
    study: dict, levels: list[str], endpoints: list[str], landmarks: list[int], month: float = MONTH
) -> dict:
    study["timeline"]["days_per_month"] = month
    study["groups"] |= {"levels": dict.fromkeys(levels, "")}
    study["endpoints"] = {e: {"competing": ["DEATH"] if e == "CIR" else []} for e in endpoints}
    study["analysis"] |= {"landmarks_months": landmarks, "risk_table_months": 12}
    return study


@pytest.fixture
def bmt(study) -> pd.DataFrame:
    data = export("bmt", "bmt.csv")
    names = {1: "ALL", 2: "AML low risk", 3: "AML high risk"}
    study = settings(study, list(names.values()), ["OS", "DFS", "PFOS", "CIR"], [12, 24, 60])
    study["columns"] = [{"name": "FAB45", "label": "FAB", "type": "string", "unit": ""}]
    study["analysis"]["cox"] = {code: ["GROUP", "AGE", "FAB45"] for code in ("OS", "DFS")}
    patients = [
        {"GROUP": names[group], "AGE": age, "FAB45": "Y" if fab else "N"}
        for group, age, fab in zip(data["group"], data["z1"], data["z8"], strict=True)
    ]
    relapsed = data[data["d2"] == 1]
    competing = data["d2"].where(data["d2"] == 0, 3) + data["d3"]
    rows = (
        adtte("OS", data, data["t1"], 1 - data["d1"])
        + adtte("DFS", data, data["t2"], 1 - data["d3"])
        + adtte("PFOS", relapsed, relapsed["t1"] - relapsed["t2"], 1 - relapsed["d1"])
        + adtte("CIR", data, data["t2"], competing.map({0: 1, 1: 2, 4: 0}))
    )
    own = (Column("FAB45", "string", "FAB grade 4 or 5"),)
    return analyse(make_tables(patients, rows, own=own), study)[0].set_index("ard_id")


@pytest.fixture
def myeloid(study) -> pd.DataFrame:
    data = export("myeloid", "myeloid.csv")
    study = settings(study, ["A", "B"], ["OS", "SWR", "RFS", "CIR"], [12, 24, 48])
    study["columns"] = [{"name": "FLT3", "label": "FLT3", "type": "string", "unit": ""}]
    study["analysis"]["cox"] = {"OS": ["GROUP", "SEX", "FLT3"]}
    study["analysis"]["reference"] = {"SEX": "M", "FLT3": "A"}
    columns = {"trt": "GROUP", "sex": "SEX", "flt3": "FLT3"}
    study["levels"] = {"SEX": ["M", "F"]}
    patients = data[list(columns)].rename(columns=columns)
    patients = patients.assign(SEX=patients["SEX"].str.upper()).to_dict("records")
    end = data["rltime"].fillna(data["futime"])
    alive = data["rltime"].isna() & (data["death"] == 0)
    died = data["rltime"].isna() & (data["death"] == 1)
    cr = data["crtime"].notna()
    since = (end - data["crtime"])[cr]
    rows = (
        adtte("OS", data, data["futime"], 1 - data["death"])
        + adtte("SWR", data, end, alive)
        + adtte("RFS", data[cr], since, alive[cr])
        + adtte("CIR", data[cr], since, alive[cr] + 2 * died[cr])
    )
    own = (Column("FLT3", "string", "FLT3"),)
    return analyse(make_tables(patients, rows, own=own), study)[0].set_index("ard_id")


@pytest.fixture
def primary(study) -> pd.DataFrame:
    data = pd.read_csv(PRIMARY, encoding="utf-8-sig")
    groups = data.drop_duplicates("USUBJID").set_index("USUBJID")["GROUP"]
    codes = list(data["PARAMCD"].unique())
    study = settings(study, sorted(set(groups)), codes, [6, 12, 24], 30)
    patients = [{"USUBJID": name, "GROUP": group} for name, group in groups.items()]
    rows = data[["USUBJID", "PARAMCD", "AVAL", "CNSR"]].to_dict("records")
    return analyse(make_tables(patients, rows), study)[0].set_index("ard_id")


def compare(table: pd.DataFrame, values: dict, month: float = MONTH) -> int:
    """Hold every number of R against the ARD; returns how many survival curves there were."""
    for key, reference in r_numbers(values, month):
        value = table.loc[key, "value"]
        if reference is None:
            assert pd.isna(value), key
            assert table.loc[key, "reason"], key
        else:
            assert value == pytest.approx(reference, rel=1e-6, abs=1e-9), key
    return sum(len(result.get("km", {})) for result in values.values())


def test_bmt_is_r_s(bmt, r_values):
    assert compare(bmt, r_values["bmt"]) == 9


def test_myeloid_is_r_s(myeloid, r_values):
    assert compare(myeloid, r_values["myeloid"]) == 6


@pytest.mark.skipif(not PRIMARY.exists(), reason="the primary study's ADTTE is not committed")
def test_the_primary_study_is_r_s(primary, r_values):
    assert compare(primary, r_values["aml_venaza"], 30) >= 4


def test_the_textbook_s_log_rank(bmt):
    # Klein & Moeschberger, 2nd ed., section 7.3: disease-free survival by group
    assert bmt.loc["logrank.DFS.chi_square", "value"] == pytest.approx(13.8, abs=0.05)
    assert bmt.loc["logrank.DFS.df", "value"] == 2
    assert bmt.loc["logrank.DFS.p_value", "display"] == "0.001"

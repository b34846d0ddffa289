"""Laboratory grades and tumour lysis syndrome: what holds for whatever values."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.spec import ROOT, Case, study_of
from venaza.commands.examples import clean_tables
from venaza.contracts.unit_conversion import standard_unit
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.endpoints.labs import grade

GRADES = yaml.safe_load((ROOT / "config/lab_grades.yaml").read_text(encoding="utf-8"))
UNITS = yaml.safe_load((ROOT / "config/units.yaml").read_text(encoding="utf-8"))
LIMITS = {"ANC": 2.0, "PLT": 150, "HGB": 130, "WBC": 4.0, "CREAT": 100}
LOW = [test for test, spec in GRADES["tests"].items() if "below" in spec]
VALUES = {"UA": (200, 700), "K": (3, 8), "PHOS": (0.5, 3), "CA": (1.2, 2.8), "CREAT": (40, 300)}
VALUES |= {"ANC": (0, 4), "PLT": (5, 200), "HGB": (40, 160)}


def value(low: float, high: float):
    return st.integers(round(low * 100), round(high * 100)).map(lambda n: n / 100)


ANY_DAY, BEFORE = st.integers(-5, 10), st.integers(-5, 0)


@st.composite
def samples(draw, days=ANY_DAY):
    """Laboratory rows of up to three patients, with a death now and then."""
    patients, labs = [], []
    for number in range(draw(st.integers(1, 3))):
        name = f"p{number}"
        death = draw(st.sampled_from(["", "", 4]))
        sex = draw(st.sampled_from(["M", "F", ""]))
        patients.append({"USUBJID": name, "LSTALVDY": "", "DTHDY": death, "SEX": sex})
        for _ in range(draw(st.integers(0, 14))):
            test = draw(st.sampled_from(sorted(VALUES)))
            row = {"LBTESTCD": test, "LBSTRESN": draw(value(*VALUES[test])), "LBDY": draw(days)}
            labs.append({"USUBJID": name, **row})
    return {"patients": patients, "labs": labs}


def prepared(rows: dict) -> tuple[dict, dict]:
    case = Case("property", "", given={k: [*v] for k, v in rows.items()}, endpoints={})
    case.changed = {"labs.normal": {"CREAT": {"M": 100, "F": 80}}}
    study = study_of(case)
    return clean_tables(case, study), study


@pytest.mark.parametrize("test", LOW)
@given(data=st.data())
def test_a_lower_count_never_has_a_milder_grade(test, data):
    first, second = sorted(data.draw(st.tuples(*[value(0, 200)] * 2)))
    spec = GRADES["tests"][test]
    assert grade(first, spec, LIMITS[test]) >= grade(second, spec, LIMITS[test])


@given(
    st.tuples(value(20, 1000), value(20, 1000)), st.one_of(st.just(float("nan")), value(30, 300))
)
def test_more_creatinine_never_has_a_milder_grade(pair, baseline):
    low, high = sorted(pair)
    spec = GRADES["tests"]["CREAT"]
    assert grade(high, spec, 100, baseline) >= grade(low, spec, 100, baseline)
    assert grade(high, spec, 100, baseline) >= grade(high, spec, 100)


@given(value(0, 300))
def test_no_haemoglobin_is_anaemia_of_grade_four(haemoglobin):
    assert grade(haemoglobin, GRADES["tests"]["HGB"], 130) <= 3


def boundaries() -> list[tuple[str, float]]:
    found = []
    for test, spec in GRADES["tests"].items():
        if "below" in spec:
            edges = [LIMITS[test] if e == "LLN" else e for e in spec["below"].values()]
        else:
            edges = [times * LIMITS[test] for times in spec["above_uln"].values()]
        found += [(test, float(edge)) for edge in edges]
    return found


@pytest.mark.parametrize(("test", "edge"), boundaries())
def test_a_boundary_is_the_same_in_every_unit(test, edge):
    """On the boundary the milder grade, a thousandth beyond it the next, however it was sent."""
    spec, limit = GRADES["tests"][test], LIMITS[test]
    beyond = edge * (0.999 if "below" in spec else 1.001)
    for unit in UNITS[test]["factors"]:
        factor, _ = standard_unit(test, unit, {"units": UNITS})
        assert grade(edge / factor * factor, spec, limit) == grade(edge, spec, limit)
        assert grade(beyond / factor * factor, spec, limit) == grade(edge, spec, limit) + 1


@settings(max_examples=25, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_units_and_the_order_of_rows_change_no_answer(rows, random):
    tables, study = prepared(rows)
    expected = derive(tables, study)
    labs = tables["labs"]
    converted = []
    for test, sent in zip(labs["LBTESTCD"], labs["LBSTRESN"], strict=True):
        factor = random.choice(list(UNITS[test]["factors"].values()))
        converted.append(float(sent) / factor * factor)
    order = random.sample(range(len(labs)), len(labs))
    mixed = labs.assign(LBSTRESN=pd.array(converted, dtype="Float64")).iloc[order]
    made = derive(tables | {"labs": mixed.reset_index(drop=True)}, study)
    keys = ["USUBJID", "PARAMCD", "SRCSEQ"]
    grades = ["ATOXGR", "BTOXGR", "WORSTFL", "TRTEMFL", "ABLFL", "ONTRTFL", *keys]
    pd.testing.assert_frame_equal(
        made["adlb"].sort_values(keys, ignore_index=True)[grades],
        expected["adlb"].sort_values(keys, ignore_index=True)[grades],
    )
    pd.testing.assert_frame_equal(
        made["tls"].drop(columns="REASON"), expected["tls"].drop(columns="REASON")
    )


@settings(max_examples=25, deadline=None)
@given(samples())
def test_each_patient_has_one_row_per_definition_with_a_reason(rows):
    tables, study = prepared(rows)
    made = derive(tables, study)["tls"]
    assert len(made) == len(rows["patients"]) * len(study["tls"]["definitions"])
    assert made["REASON"].notna().all()
    laboratory, clinical = made["LTLS"].fillna("?"), made["CTLS"].fillna("?")
    assert (clinical[laboratory != "Y"] == laboratory[laboratory != "Y"]).all()
    assert (laboratory == "Y").tolist() == made["ADY"].notna().tolist()


@settings(max_examples=25, deadline=None)
@given(samples(days=BEFORE))
def test_without_a_value_after_the_index_date_nobody_is_free_of_tumour_lysis(rows):
    tables, study = prepared(rows)
    assert "N" not in set(derive(tables, study)["tls"]["LTLS"].dropna())


@settings(max_examples=25, deadline=None)
@given(samples())
def test_one_worst_value_per_patient_and_test(rows):
    tables, study = prepared(rows)
    adlb = derive(tables, study)["adlb"]
    worst = adlb[adlb["WORSTFL"] == "Y"]
    assert not worst.duplicated(["USUBJID", "PARAMCD"]).any()
    treated = adlb[(adlb["ONTRTFL"] == "Y") & adlb["ATOXGR"].notna()]
    top = treated.groupby(["USUBJID", "PARAMCD"])["ATOXGR"].max()
    assert worst.set_index(["USUBJID", "PARAMCD"])["ATOXGR"].sort_index().equals(top)


def test_creatinine_without_an_upper_limit_is_not_graded():
    rows = {
        "patients": [{"USUBJID": "p", "LSTALVDY": 10}],
        "labs": [{"USUBJID": "p", "LBDY": 1, "LBTESTCD": "CREAT", "LBSTRESN": 900}],
    }
    tables, study = prepared(rows)
    assert list(derive(tables, study)["adlb"]["ATOXGR"]) == [4]
    study["labs"]["normal"] = {}
    assert derive(tables, study)["adlb"].empty


def test_a_study_without_laboratory_values_has_no_rows():
    tables, study = prepared({"patients": [{"USUBJID": "p", "LSTALVDY": 10}]})
    made = derive(tables, study)
    assert made["adlb"].empty
    assert made["tls"].empty


def test_every_value_counts_to_the_end_where_the_study_says_so():
    rows = {
        "patients": [{"USUBJID": "p", "LSTALVDY": 90}],
        "therapies": [{"USUBJID": "p", "CMSTDY": 30, "CMTRT": "X"}],
        "labs": [
            {"USUBJID": "p", "LBDY": day, "LBTESTCD": "ANC", "LBSTRESN": value}
            for day, value in ((8, 1.2), (60, 0.1))
        ],
    }
    tables, study = prepared(rows)
    adlb = derive(tables, study)["adlb"]
    assert list(adlb.loc[adlb["WORSTFL"] == "Y", "ATOXGR"]) == [2]
    study["treatment_emergent"] = {"after_last_dose": None, "cycle_days": 28, "until": []}
    adlb = derive(tables, study)["adlb"]
    assert list(adlb.loc[adlb["WORSTFL"] == "Y", "ATOXGR"]) == [4]

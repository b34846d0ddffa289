"""Baseline table, populations, follow-up and response times, by hand."""

import pandas as pd
import pytest

from tests.statistics.made_up import answers, make_adsl, printed
from venaza.contracts.columns import Column
from venaza.pipeline.statistics import descriptive
from venaza.pipeline.statistics.levels import largest, levels_of, reference_of


def test_numbers_by_hand(study):
    study["analysis"]["table1"] = ["AGE"]
    ages = [61, 68, 74, 79, None]
    adsl = make_adsl([{"GROUP": "ND", "AGE": age} for age in ages] + [{"GROUP": "RR", "AGE": 50}])
    found = printed(descriptive.baseline(adsl, study))
    nd = {key.rpartition(".")[2]: text for key, text in found.items() if ".ND." in key}
    # quartiles of 61 68 74 79 by type 7: 61 + 0.75*7 = 66.25; 71; 74 + 0.25*5 = 75.25
    assert nd == {
        "n": "4",
        "missing": "1",
        "mean": "70.5",
        "sd": "7.8",
        "median": "71",
        "q1": "66.3",
        "q3": "75.3",
        "min": "61",
        "max": "79",
    }
    assert found["desc.AGE.RR.median"] == "50"
    assert found["desc.AGE.all.n"] == "5"


def test_one_value_has_no_deviation_and_none_has_nothing(study):
    study["analysis"]["table1"] = ["AGE"]
    rows = list(descriptive.baseline(make_adsl([{"GROUP": "ND", "AGE": 50}]), study))
    by_key = {row["ard_id"]: row for row in rows}
    assert by_key["desc.AGE.ND.sd"]["reason"] == "fewer than two values"
    assert by_key["desc.AGE.RR.median"]["reason"] == "no patient"
    assert by_key["desc.AGE.RR.median"]["display"] == "not estimable"


def test_quantiles_are_r_type_7(r_values):
    reference = r_values["quantiles"]
    names = ("min", "q1", "median", "q3", "max")
    values = pd.Series(reference["values"]).to_numpy(float)
    found = descriptive.quantiles(values, names)
    assert list(found.values()) == pytest.approx(reference["quantiles"])


def test_missing_is_a_level_and_counts_in_the_percentages(study):
    study["analysis"]["table1"] = ["SEX"]
    sexes = ["M", "M", "F", None]
    rows = list(
        descriptive.baseline(make_adsl([{"GROUP": "ND", "SEX": sex} for sex in sexes]), study)
    )
    nd = printed(row for row in rows if row["group"] == "ND")
    assert nd == {
        "desc.SEX.ND.F.n": "1",
        "desc.SEX.ND.F.percent": "25.0",
        "desc.SEX.ND.M.n": "2",
        "desc.SEX.ND.M.percent": "50.0",
        "desc.SEX.ND.missing.n": "1",
        "desc.SEX.ND.missing.percent": "25.0",
    }
    empty = next(row for row in rows if row["ard_id"] == "desc.SEX.RR.M.percent")
    assert (empty["value"], empty["reason"]) == (None, "no patient")


def test_a_level_named_missing_is_not_mixed_up_with_missing_values(study):
    study["analysis"]["table1"] = ["DISTYPE"]
    adsl = make_adsl([{"GROUP": "ND", "DISTYPE": kind} for kind in ("missing", None, None)])
    found = printed(descriptive.baseline(adsl, study))
    assert found["desc.DISTYPE.ND.missing_2.n"] == "1"
    assert found["desc.DISTYPE.ND.missing.n"] == "2"


def test_a_score_is_counted_and_a_measurement_is_summarised(study):
    study["analysis"]["table1"] = ["ECOG", "WAIT"]
    own = (Column("WAIT", "integer", "Waiting time", "days"),)
    study["columns"] = [{"name": "WAIT", "label": "Waiting", "type": "integer", "unit": "days"}]
    adsl = make_adsl([{"GROUP": "ND", "ECOG": 1, "WAIT": 10}, {"GROUP": "ND", "ECOG": 2}], own)
    found = printed(descriptive.baseline(adsl, study))
    assert found["desc.ECOG.ND.1.percent"] == "50.0"
    assert found["desc.WAIT.ND.median"] == "10"


def test_order_of_levels(study):
    frame = pd.DataFrame({"RISK": ["adverse", "favourable", "odd"], "FLAG": ["N", "N", None]})
    assert levels_of("RISK", frame, study) == ["adverse", "favourable", "odd"]
    study["levels"] = {"RISK": ["favourable", "intermediate", "adverse"]}
    assert levels_of("RISK", frame, study) == ["favourable", "adverse", "odd"]
    assert levels_of("FLAG", frame, study) == ["Y", "N"]
    assert levels_of("GROUP", frame, study) == ["ND", "RR"]
    assert reference_of("FLAG", ["Y", "N"], study) == "N"
    assert reference_of("GROUP", ["ND", "RR"], study) == "ND"


def test_the_reference_is_the_largest_level_unless_one_is_named(study):
    adsl = make_adsl([{"GROUP": "ND", "SEX": sex, "DISSTAT": "ND"} for sex in "MFFUUU"])
    study["largest"] = largest(["SEX", "GROUP", "DISSTAT", "AGE"], adsl, study)
    assert study["largest"] == {"SEX": "U"}
    levels = ["F", "M", "U"]
    assert reference_of("SEX", levels, study) == "U"
    assert reference_of("SEX", ["F", "M"], study) == "F"
    study["analysis"]["reference"] = {"SEX": "M"}
    assert reference_of("SEX", levels, study) == "M"
    # the first of equal ones
    assert largest(["SEX"], adsl.iloc[[0, 1, 2, 3, 4]], study) == {"SEX": "F"}


def test_numbers_as_levels_keep_their_order(study):
    frame = pd.DataFrame({"ECOG": pd.array([2, 10, 0], dtype="Int64")})
    assert levels_of("ECOG", frame, study) == ["0", "2", "10"]


def test_populations_count_flags(study):
    adsl = make_adsl(
        [
            {"GROUP": "ND", "RESPFL": "Y", "DTHFL": "N"},
            {"GROUP": "ND", "RESPFL": "N", "DTHFL": "Y"},
            {"GROUP": "RR", "ITTFL": "N"},
        ]
    )
    found = printed(descriptive.populations(adsl, study))
    assert [found[f"n.{key}"] for key in ("ITT.ND", "ITT.RR", "ITT.all")] == ["2", "0", "2"]
    assert [found[f"n.{key}"] for key in ("SAF.all", "RESP.ND", "DTH.ND")] == ["3", "1", "1"]
    assert found["n.TX.all"] == "0"


def test_follow_up_is_in_months_of_the_study(study):
    adsl = make_adsl([{"GROUP": "RR", "ENDDY": day} for day in (0, 256, 600)])
    found = printed(descriptive.follow_up(adsl, study))
    assert found["followup.RR.median"] == "8.53"
    assert found["followup.RR.max"] == "20.00"
    assert found["followup.ND.median"] == "not estimable"


def test_response_times(study):
    adsl = make_adsl([{"GROUP": "ND"}] * 3)
    tables = answers("TTR", {1: 24, 2: 60}) + answers("CYCRESP", {1: 1, 2: 2})
    adrs = pd.DataFrame(tables).assign(GROUP="ND")
    found = printed(descriptive.response_times(adrs, study))
    assert found["response.ND.TTR.median"] == "1.40"
    assert found["response.ND.CYCRESP.median"] == "1.5"
    assert found["response.ND.CYCRESP.max"] == "2"
    assert found["response.RR.TTR.median"] == "not estimable"
    assert not any("CYCBEST" in key for key in found)
    assert len(adsl) == 3

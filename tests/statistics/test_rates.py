"""Proportions against R and the published intervals; denominators by hand."""

import pytest

from tests.statistics.made_up import answers, make_tables, printed
from venaza.pipeline.statistics import rates


def test_intervals_equal_r(r_values):
    for case in r_values["proportions"]:
        for ours, theirs in (("exact", "exact"), ("wilson", "wilson")):
            found = rates.interval(case["n"], case["denominator"], ours, 0.95)
            assert found == pytest.approx(case[theirs], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("k", "n", "percent", "lower", "upper"),
    [
        (24, 28, "85.7", "67.3", "96.0"),
        (19, 28, "67.9", "47.6", "84.1"),
        (5, 19, "26.3", "9.1", "51.2"),
        (11, 21, "52.4", "29.8", "74.3"),
        (9, 21, "42.9", "21.8", "66.0"),
        (1, 9, "11.1", "0.3", "48.2"),
        (24, 29, "82.8", "64.2", "94.2"),
        (0, 7, "0.0", "0.0", "41.0"),
        (7, 7, "100.0", "59.0", "100.0"),
    ],
)
def test_intervals_as_printed(study, k, n, percent, lower, upper):
    numbers, method = rates.proportion(k, n, study)
    shown = [numbers[name].display for name in ("percent", "lower", "upper")]
    assert shown == [percent, lower, upper]
    assert method == "Clopper-Pearson 95% CI"


def test_the_study_may_ask_for_wilson(study):
    study["analysis"] |= {"proportion_interval": "wilson", "confidence": 0.9}
    numbers, method = rates.proportion(5, 19, study)
    assert method == "Wilson 90% CI"
    assert numbers["lower"].value == pytest.approx(100 * rates.interval(5, 19, "wilson", 0.9)[0])


def test_fisher_equals_r(r_values):
    for case in r_values["fisher"]:
        found = rates.fisher(tuple(case["first"]), tuple(case["second"]), 0.95)
        assert found["p_value"].value == pytest.approx(case["p_value"], rel=1e-6)
        for name in ("odds_ratio", "lower", "upper"):
            if case[name] is None:
                assert found[name].value is None
                assert "unbounded" in found[name].reason
            else:
                assert found[name].value == pytest.approx(case[name], rel=1e-3, abs=1e-9)


def test_newcombe_as_in_his_paper():
    # Newcombe 1998, table II, method 10: 56/70 against 48/80, and 9/10 against 3/10
    first = rates.newcombe((56, 70), (48, 80), 0.95)
    assert [round(first[k].value / 100, 4) for k in ("estimate", "lower", "upper")] == [
        0.2,
        0.0524,
        0.3339,
    ]
    second = rates.newcombe((9, 10), (3, 10), 0.95)
    assert [round(second[k].value / 100, 4) for k in ("lower", "upper")] == [0.1705, 0.8090]


PATIENTS = [
    {"GROUP": "ND", "RESPFL": "Y", "CRFL": "Y", "MRDFL": "Y"},
    {"GROUP": "ND", "RESPFL": "Y", "CRFL": "Y", "MRDFL": "N"},
    {"GROUP": "ND", "RESPFL": "Y", "CRFL": "N", "MRDFL": "Y"},
    {"GROUP": "ND", "RESPFL": "N", "CRFL": "N", "MRDFL": "N"},
    {"GROUP": "RR", "RESPFL": "Y", "CRFL": "N", "MRDFL": "N"},
]


def tables():
    return make_tables(
        PATIENTS,
        adrs=answers("ORR", {1: 1, 2: 1, 3: 0, 4: 0, 5: 0})
        + answers("MRDNEG", {1: 1, 3: 1})
        + answers("BOR", {1: "CR", 2: "CRi", 3: "NR", 4: "NE", 5: "NR"}),
    )


def test_each_denominator_by_hand(study):
    t = tables()
    found = printed(rates.rates(t["adsl"], t["adrs"], study))

    def fraction(key):
        return f"{found[f'{key}.n']}/{found[f'{key}.denominator']}"

    assert fraction("rate.ORR.ND") == fraction("rate_evaluable.ORR.ND") == "2/3"
    assert fraction("rate_all.ORR.ND") == "2/4"
    assert fraction("rate.MRDNEG.ND") == fraction("rate_remission.MRDNEG.ND") == "1/2"
    assert fraction("rate_tested.MRDNEG.ND") == "2/2"
    assert fraction("rate_all.MRDNEG.ND") == "2/4"
    assert fraction("rate_all.ORR.all") == "2/5"
    assert found["rate.MRDNEG.RR.percent"] == "not estimable"
    assert not any(".CRC." in key for key in found)


def test_the_headline_denominator_is_a_choice(study):
    study["response"]["denominator"] = "all"
    study["mrd"]["denominator"] = "tested"
    t = tables()
    rows = {row["ard_id"]: row for row in rates.rates(t["adsl"], t["adrs"], study)}
    assert rows["rate.ORR.ND.denominator"]["value"] == 4
    assert rows["rate.ORR.ND.denominator"]["population"] == "ITTFL"
    assert rows["rate.MRDNEG.ND.denominator"]["value"] == 2


def test_best_response_counts_everyone_once(study):
    t = tables()
    rows = list(rates.best_response(t["adsl"], t["adrs"], study))
    nd = {row["term"]: row["value"] for row in rows if row["ard_id"].startswith("bor.ND.")}
    assert list(nd) == ["CR", "CRi", "NR", "NE"]
    assert sum(r["value"] for r in rows if r["statistic"] == "n" and r["group"] == "ND") == 4
    shares = [r["value"] for r in rows if r["statistic"] == "percent" and r["group"] == "ND"]
    assert sum(shares) == pytest.approx(100)


def test_comparison_needs_two_groups_and_the_wish(study):
    t = tables()
    found = printed(rates.comparisons(t["adsl"], t["adrs"], study))
    assert found["difference.ORR.estimate"] == "66.7"
    assert found["fisher.MRDNEG.p_value"] == "not estimable"
    study["analysis"]["compare_groups"] = False
    assert not list(rates.comparisons(t["adsl"], t["adrs"], study))
    study["analysis"]["compare_groups"] = True
    study["groups"]["levels"] = {"ND": "", "RR": "", "third": ""}
    assert not list(rates.comparisons(t["adsl"], t["adrs"], study))


def test_early_deaths_include_the_day_itself(study):
    study["analysis"]["early_death_days"] = [30, 60]
    patients = [
        {"GROUP": "ND", "DTHFL": "Y", "ENDDY": 30},
        {"GROUP": "ND", "DTHFL": "Y", "ENDDY": 31},
        {"GROUP": "ND", "DTHFL": "N", "ENDDY": 10},
    ]
    found = printed(rates.early_deaths(make_tables(patients)["adsl"], study))
    assert (found["early.ND.d30.n"], found["early.ND.d30.denominator"]) == ("1", "3")
    assert found["early.ND.d60.percent"] == "66.7"

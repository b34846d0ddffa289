"""Published outcomes in the ARD: intervals of certain counts, pooling as R's metafor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from venaza.pipeline.statistics import ard
from venaza.pipeline.statistics.evidence import evidence
from venaza.pipeline.statistics.pooling import pool
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[2]
R = json.loads((ROOT / "tests/reference/r_evidence.json").read_text("utf-8"))
CASES = [name for name in R if name != "versions"]
BLANK = dict.fromkeys(
    read_yaml(ROOT / "workflow/schemas/evidence.schema.yaml", "schema")["required"], ""
)
OWN = {f"rate_all.{p}.{g}.percent" for p in ("CRC", "ORR") for g in ("ND", "RR")}
OWN |= {"km.OS.ND.median"}


POOL = {"least": 3, "classes": {}, "where": {}, "leave_out": []}


def row(name: str, k: str, n: str, **more: str) -> dict[str, str]:
    value = f"{100 * int(k) / int(n):.1f}" if k else "50"
    given = {
        **{"id": f"{name}_cr", "series": name, "name": name, "disease": "AML", "setting": "ND"},
        **{"regimen": "VEN", "n": n, "endpoint": "CR+CRi", "value": value, "unit": "percent"},
        **{"k": k, "denominator": n, "denominator_kind": "all", "status": "read"},
        **{"counts": "published" if k else "", "citation": f"Paper of {name}"},
    }
    return BLANK | given | more


def study(**more) -> dict:
    spec = {
        "disease": "AML",
        "files": ["cohorts.csv"],
        "settings": {"ND": "ND", "RR": "RR"},
        "where": {},
        "rates": {"CR+CRi": "CRC", "ORR": "ORR", "MRD": "MRDNEG"},
        "others": {"OS median": "km.OS.{group}"},
        "pool": POOL,
        **more,
    }
    groups = {"name": "disease_status", "levels": {"ND": "New", "RR": "Old"}}
    return {"evidence": spec, "analysis": {"confidence": 0.95}, "groups": groups}


def numbers(rows: list[dict], **more):
    made = evidence(OWN, study(**more), {"table.csv": rows}, [])
    return ard.assemble(list(made)).set_index("ard_id")


THREE = [row("a", "10", "20"), row("b", "30", "40"), row("c", "33", "90")]


@pytest.mark.parametrize("name", CASES)
def test_a_pooled_rate_is_metafor_s(name):
    case = R[name]
    found = pool(list(zip(case["k"], case["n"], strict=True)), 0.95)
    for part in ("lower", "upper", "prediction_lower", "prediction_upper", "i2"):
        assert 100 * getattr(found, part) == pytest.approx(case[part], rel=1e-8, abs=1e-8), part
    assert 100 * found.estimate == pytest.approx(case["percent"], rel=1e-8)
    for part in ("tau2", "q", "df"):
        assert getattr(found, part) == pytest.approx(case[part], rel=1e-8, abs=1e-8), part


def test_the_published_example():
    """The fourteen series of Zhou et al. 1999, as R's metadat ships them."""
    case = R["pritz1997"]
    assert (sum(case["k"]), sum(case["n"]), len(case["k"])) == (246, 326, 14)
    assert case["df"] == 13
    found = pool(list(zip(case["k"], case["n"], strict=True)), 0.95)
    assert (round(found.tau2, 4), round(found.i2, 4)) == (0.3646, 0.5656)


def test_the_order_of_the_series_changes_nothing():
    first = pool([(190, 286), (69, 143), (247, 400)], 0.95)
    second = pool([(247, 400), (190, 286), (69, 143)], 0.95)
    assert first.estimate == pytest.approx(second.estimate, rel=1e-12)
    assert first.tau2 == pytest.approx(second.tau2, rel=1e-9)


def test_the_correction_never_makes_the_limits_narrower():
    alike = pool([(10, 20), (21, 40), (29, 60), (41, 80)], 0.95)
    assert alike.tau2 == 0
    assert alike.lower < 0.394053
    assert alike.upper > 0.61545


def test_a_rate_has_an_exact_interval_where_its_counts_are_certain():
    table = numbers([row("a", "19", "28")])
    stem = "evidence.rate.ND.a_cr"
    assert table.loc[f"{stem}.lower", "value"] == pytest.approx(47.6, abs=0.05)
    assert table.loc[f"{stem}.upper", "value"] == pytest.approx(84.1, abs=0.05)
    assert table.loc[f"{stem}.percent", "display"] == "67.9"
    assert table.loc[f"{stem}.percent", "population"] == "all treated"
    method = table.loc[f"{stem}.percent", "method"]
    assert method.startswith("table.csv, row a_cr: Paper of a; read in the source")
    assert "Clopper-Pearson 95% CI" in method


@pytest.mark.parametrize("counts", ["", "inferred"])
def test_a_rate_without_certain_counts_has_none(counts):
    given = row("a", "19" if counts else "", "28", counts=counts)
    table = numbers([given])
    assert table.loc["evidence.rate.ND.a_cr.percent", "value"] > 0
    for part in ("lower", "upper"):
        limit = table.loc[f"evidence.rate.ND.a_cr.{part}"]
        assert limit.isna()["value"]
        assert "not certain" in limit["reason"]
    assert table.loc["evidence.n.without_interval", "value"] == 1


def test_a_published_number_keeps_its_digits():
    table = numbers([row("a", "", "100", value="50.0"), row("b", "", "", value="5")])
    assert table.loc["evidence.rate.ND.a_cr.percent", "display"] == "50.0"
    assert table.loc["evidence.rate.ND.b_cr.denominator", "display"] == "not stated"


def test_a_median_has_the_published_interval_and_says_what_is_open():
    row_ = row("a", "", "50", endpoint="OS median", unit="months", value="12.0", lower="9.1")
    table = numbers([row_])
    stem = "evidence.other.ND.a_cr"
    assert table.loc[[f"{stem}.median", f"{stem}.lower", f"{stem}.upper"], "display"].tolist() == [
        *("12.0", "9.1", "not estimated")
    ]


def test_three_series_of_one_kind_are_pooled_and_say_which():
    table = numbers(THREE)
    stem = "evidence.pool.ND.CR_CRi.VEN.all"
    expected = pool([(10, 20), (30, 40), (33, 90)], 0.95)
    assert table.loc[f"{stem}.percent", "value"] == pytest.approx(100 * expected.estimate)
    assert table.loc[f"{stem}.series", "value"] == 3
    assert table.loc[f"{stem}.patients", "value"] == 150
    assert table.loc[f"{stem}.percent", "term"] == "a_cr, b_cr, c_cr"


@pytest.mark.parametrize(
    "other",
    [
        {"denominator_kind": "evaluable"},
        {"setting": "RR"},
        {"endpoint": "ORR"},
        {"counts": "inferred"},
        {"disease": "ALL"},
        {"regimen": "VEN-LDAC"},
    ],
)
def test_what_is_of_another_kind_is_not_pooled(other):
    table = numbers([*THREE[:2], THREE[2] | other])
    assert not table.index.str.startswith("evidence.pool.").any()


@pytest.mark.parametrize("rule", [{"where": {"phase": ["II"]}}, {"leave_out": ["c"]}, {"least": 4}])
def test_a_study_says_what_is_pooled(rule):
    table = numbers(THREE, pool={**POOL, **rule})
    assert not table.index.str.startswith("evidence.pool.").any()
    assert numbers(THREE).index.str.startswith("evidence.pool.").any()


def test_regimens_of_one_class_are_pooled_under_its_name():
    rows = [*THREE[:2], THREE[2] | {"regimen": "AZA"}]
    assert not numbers(rows).index.str.startswith("evidence.pool.").any()
    table = numbers(rows, pool={**POOL, "classes": {"either drug": ["VEN", "AZA"]}})
    found = table.loc["evidence.pool.ND.CR_CRi.either_drug.all.percent"]
    assert found["method"].endswith("; regimen either drug")
    assert found["term"] == "a_cr, b_cr, c_cr"


def test_this_cohort_is_not_pooled():
    """The pooled rate is the same whatever this cohort's own numbers are."""
    ids = [OWN, {*OWN, "rate_evaluable.CRC.ND.percent", "km.EFS.ND.median"}]
    both = [
        ard.assemble(list(evidence(own, study(), {"t": THREE}, []))).set_index("ard_id")
        for own in ids
    ]
    assert both[0].equals(both[1])
    assert both[0].loc["evidence.pool.ND.CR_CRi.VEN.all.patients", "value"] == 150


def test_a_pooled_value_of_others_is_no_series():
    table = numbers([*THREE, row("meta", "", "900", denominator_kind="pooled")])
    assert "evidence.rate.ND.meta_cr.percent" not in table.index
    assert table.loc["evidence.n.rates", "value"] == 3


def test_an_endpoint_that_this_cohort_lacks_is_left_out():
    table = numbers([row("a", "5", "9", endpoint="MRD"), row("b", "5", "9")])
    assert "evidence.rate.ND.a_cr.percent" not in table.index
    assert "evidence.rate.ND.b_cr.percent" in table.index


def test_where_chooses_the_rows():
    rows = [row("a", "5", "9", lineage="T"), row("b", "5", "9", lineage="B")]
    table = numbers(rows, where={"lineage": ["T"]})
    assert "evidence.rate.ND.a_cr.percent" in table.index
    assert "evidence.rate.ND.b_cr.percent" not in table.index

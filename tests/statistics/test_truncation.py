"""Late entry: what counts as at risk, what is not given, and the primary study from diagnosis."""

import numpy as np
import pytest

from tests.reference.make_validation import ROOT
from tests.statistics.made_up import make_tables, times
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.statistics import analyse
from venaza.pipeline.statistics.survival import at_risk, kaplan_meier, log_rank
from venaza.preflight import export_files, load_study, settings
from venaza.preflight.load import _alternatives
from venaza.study.documents import read_yaml


def run(study, rows, patients=None):
    """The ARD of (days, CNSR, entry) by patient; time zero is ten days before the index date."""
    adtte = times("OS", [(i, *row[:2]) for i, row in enumerate(rows, 1)])
    adtte = [
        {**made, "STARTDY": -10, "ENTRYDY": row[2] - 10}
        for made, row in zip(adtte, rows, strict=True)
    ]
    table, curves = analyse(make_tables(patients or [{"GROUP": "ND"}] * len(rows), adtte), study)
    return table.set_index("ard_id"), curves


def test_four_patients_by_hand(study):
    # At 30 days one of two at risk dies (1/2), at 60 one of two (1/4): the third came at 40 and is
    # not at risk before, the fourth came on day 60 itself and is not at risk on it.
    rows, curves = run(study, [(30, 0, 0), (60, 0, 0), (90, 1, 40), (120, 1, 60)])
    assert list(curves["time"]) == [0, 30, 60, 90, 120]
    assert list(curves["n_risk"]) == [2, 2, 2, 2, 1]
    assert list(curves["estimate"]) == [1, 0.5, 0.25, 0.25, 0.25]
    assert rows.loc["km.OS.ND.median", "value"] == 45 / 30
    counts = [rows.loc[f"risk.OS.ND.m{m}.n_risk", "value"] for m in (0, 3)]
    assert counts == [2, 2]
    assert rows.loc["km.OS.ND.n", "value"] == 4
    assert rows.loc["km.OS.ND.median", "method"].endswith("left-truncated at entry")


def test_an_entry_at_or_before_time_zero_changes_nothing(study):
    days = [(30, 0), (60, 0), (0, 0), (90, 1), (60, 1)]
    early, curves = run(study, [(*d, e) for d, e in zip(days, (0, -5, 0, -30, 0), strict=True)])
    plain, same = analyse(make_tables([{"GROUP": "ND"}] * 5, times("OS", _numbered(days))), study)
    assert curves.equals(same)
    assert early.reset_index().equals(plain)


def _numbered(days):
    return [(i, *day) for i, day in enumerate(days, 1)]


def test_a_risk_set_that_runs_empty_ends_the_curve_with_the_reason(study):
    rows, curves = run(study, [(10, 0, 0), (20, 0, 0), (90, 1, 40), (120, 0, 50)])
    assert list(curves["time"]) == [0, 10]
    assert rows.loc["km.OS.ND.median", "value"] == 10 / 30
    for key in ("km.OS.ND.q3", "km.OS.ND.m6.estimate"):
        assert rows.loc[key, "reason"].startswith("on day 20 everybody under observation")
        assert rows.loc[key, "display"] == "not estimable"


def test_incidence_has_no_limits_and_gray_s_test_is_not_given(study):
    study["endpoints"]["OS"]["competing"] = ["OTHER"]
    study["analysis"]["landmarks_months"] = [2]
    patients = [{"GROUP": g} for g in ("ND", "RR", "ND", "RR")]
    rows, _ = run(study, [(50, 0, 10), (60, 2, 0), (90, 0, 20), (80, 0, 30)], patients)
    assert rows.loc["ci.OS.ND.event.m2.estimate", "value"] == 50
    assert rows.loc["ci.OS.ND.event.m2.lower", "reason"] == "not available with late entry"
    assert "late entry" in rows.loc["gray.OS.event.p_value", "reason"]


@pytest.mark.parametrize("seed", range(10))
def test_an_entry_of_zero_is_no_entry(seed):
    rng = np.random.default_rng(seed)
    time, event = rng.integers(0, 20, 30).astype(float), rng.random(30) < 0.6
    late = np.minimum(rng.integers(0, 9, 30), np.maximum(time - 1, 0)).astype(float)
    curve = kaplan_meier(time, event, 0.95, late)
    for row in curve.itertuples():
        assert row.n_risk == at_risk(time, row.time, late)
    group = np.where(rng.random(30) < 0.5, "a", "b")
    assert log_rank(time, event, group, late * 0) == log_rank(time, event, group)


def test_the_primary_study_from_diagnosis():
    study = load_study(ROOT, "aml_venaza")
    library = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")["definitions"]
    chosen = {"OS": {"like": "OS.standard", "alternatives": ["from_diagnosis"]}}
    study["alternatives"] = _alternatives(chosen, library, "test")
    paths = export_files(ROOT, "aml_venaza", study["export"])
    cells, _ = read_export(
        paths, ROOT / "data/raw/aml_venaza" / study["export"], settings(study, "intake")
    )
    tables = derive(clean(cells, settings(study, "clean")), settings(study, "endpoints"))
    adtte = tables["adtte"].set_index(["PARAMCD", "USUBJID"])
    own, other = adtte.loc["OS"], adtte.loc["OS.from_diagnosis"]
    waited = tables["adsl"].set_index("USUBJID")["DIAGDY"]
    both = other.index.intersection(own.index)
    assert len(both) > 30
    assert ((other.loc[both, "AVAL"] - own.loc[both, "AVAL"]) == -waited[both]).all()
    left_out = tables["adtte_excluded"]
    assert len(other) + (left_out["PARAMCD"] == "OS.from_diagnosis").sum() == len(tables["adsl"])
    ard, _ = analyse(tables, {**settings(study, "statistics"), "published": None})
    at_start = ard[ard["ard_id"].str.fullmatch(r"risk\.OS\.from_diagnosis\..+\.m0\.n_risk")]
    assert len(at_start)
    assert at_start["value"].sum() == (other["ENTRYDY"] <= other["STARTDY"]).sum() < len(other)

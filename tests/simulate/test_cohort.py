"""The primary study's plan gives the published figures; every patient makes clinical sense."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.simulate.truth import truth
from venaza.commands.simulate.cohort import make_cohort, read_plan
from venaza.commands.simulate.cuts import cut, export_of
from venaza.commands.simulate.fates import days_of
from venaza.commands.simulate.patients import follow

ROOT = Path(__file__).resolve().parents[2]
PLAN = {**read_plan(ROOT, "aml_venaza"), "defects": []}
EARLY, FINAL = PLAN["exports"]
LENGTH = days_of(PLAN)
EARLY_LENGTH = days_of({**PLAN, **EARLY})
TARGETS = {
    (row["group"], row["measure"]): row
    for row in csv.DictReader(
        (ROOT / "data/reference/published_targets_aml_venaza.csv").open(encoding="utf-8")
    )
}
RESPONDERS, REMISSION = ("CR", "CRi", "PR"), ("CR", "CRi")


@pytest.fixture(scope="module")
def whole():
    return make_cohort(PLAN, PLAN["seed"])


@pytest.fixture(scope="module")
def frame(whole):
    return truth(whole)


@pytest.fixture(scope="module")
def cohort():
    """The patients of the whole cohort, one by one."""
    return follow(PLAN, PLAN["seed"])


def km_steps(times, events):
    """Kaplan-Meier by hand: (time, survival) at each event time."""
    survival, steps = 1.0, []
    for time in sorted({t for t, e in zip(times, events, strict=True) if e}):
        died = sum(1 for t, e in zip(times, events, strict=True) if e and t == time)
        survival *= 1 - died / sum(1 for t in times if t >= time)
        steps.append((time, survival))
    return steps


def km_median(times, events):
    """First time at which the curve is clearly below one half; None where it only touches it."""
    below = [(t, s) for t, s in km_steps(times, events) if s < 0.5 + 1e-9]
    return below[0][0] if below and below[0][1] < 0.49 else None


def printed(days, measure, group):
    """Whether ``days`` in months of 30 days print as the published figure."""
    text = TARGETS[group, measure]["value"]
    digits = len(text.partition(".")[2])
    return f"{days / 30:.{digits}f}" == f"{float(text):.{digits}f}"


@pytest.mark.parametrize(
    ("group", "n", "age", "follow_up", "efs", "os", "pfos"),
    [("ND", 29, 74, 303, 296, 358, 48), ("RR", 21, 65, 256, 156, 273, 20)],
)
def test_times_and_ages_give_the_published_medians(frame, group, n, age, follow_up, efs, os, pfos):
    own = frame[frame["GROUP"] == group]
    assert len(own) == n == int(TARGETS[group, "patients"]["value"])
    assert sorted(own["AGE"])[n // 2] == age == int(TARGETS[group, "age_median"]["value"])
    assert sorted(own["ENDDY"])[n // 2] == follow_up
    assert km_median(list(own["EFSDY"]), list(own["EFSEVENT"])) == efs
    assert km_median(list(own["ENDDY"]), list(own["DEAD"])) == os
    failed = own[own["FAILDY"].notna()]
    assert km_median(list(failed["PFOSDY"]), list(failed["DEAD"])) == pfos
    assert printed(follow_up, "follow_up_median", group)
    assert printed(efs, "efs_median", group)
    assert printed(os, "os_median", group)
    assert printed(pfos, "post_failure_os_median", group)


def test_another_seed_tells_other_courses_with_the_same_medians(frame):
    other = truth(make_cohort(PLAN, PLAN["seed"] + 1))
    assert list(other["ENDDY"]) != list(frame["ENDDY"])
    for group, targets in PLAN["targets"].items():
        own = other[other["GROUP"] == group]
        assert km_median(list(own["ENDDY"]), list(own["DEAD"])) == targets["os"]
        assert sorted(own["AGE"])[len(own) // 2] == targets["age"][1]


def test_post_failure_survival_ranges_from_0_to_248_days(frame):
    own = frame[(frame["GROUP"] == "ND") & frame["FAILDY"].notna()]
    assert (own["PFOSDY"].min(), own["PFOSDY"].max()) == (0, 248)


@pytest.mark.parametrize(("group", "evaluable"), [("ND", 28), ("RR", 21)])
def test_response_counts(frame, group, evaluable):
    own = frame[frame["GROUP"] == group]
    assert (own["BOR"] != "NE").sum() == evaluable
    remission = own[own["BOR"].isin(REMISSION)]
    found = {
        "orr": (own["BOR"].isin(RESPONDERS).sum(), evaluable),
        "cr_cri": (len(remission), evaluable),
        "mrd_negative": ((remission["MRD"] == "NEGATIVE").sum(), (remission["MRD"] != "").sum()),
    }
    for measure, counts in found.items():
        row = TARGETS[group, measure]
        assert counts == (int(row["numerator"]), int(row["denominator"])), measure


def test_treatment_after_failure(frame):
    own = frame[(frame["GROUP"] == "ND") & (frame["PFTRT"] != "")]
    assert len(own) == int(TARGETS["ND", "post_failure_treated"]["value"])
    assert own["FAILTYPE"].value_counts().to_dict() == {"RELAPSE": 11, "REFRACTORY": 1}
    answers = dict(zip(own["PFTRT"], own["PFRESP"], strict=True))
    assert answers["VEN-AZA + selinexor"] == "PR"
    assert answers["VEN-AZA again"] == "CR"
    targeted = [answers["VEN-AZA + chidamide"], answers["VEN-AZA + gilteritinib"]]
    assert sorted(targeted) == ["CRi", "NR"]
    relapsed = frame[(frame["GROUP"] == "RR") & (frame["PFTRT"] != "")]
    assert set(relapsed["PFTRT"]) == {
        "induction chemotherapy",
        "VEN-AZA + enasidenib",
        "VEN-AZA + gilteritinib",
        "clinical trial",
    }


def test_pause_before_treatment_again_is_five_months(cohort):
    patient = next(p for p in cohort if p.fate.pause)
    again = patient.tables["therapies"][0]["CMSTDT"]
    assert 145 <= again - patient.baseline["STOPDT"] <= 155
    assert patient.tables["cycles"][-1]["EXENDT"] <= patient.baseline["STOPDT"]


def test_dates_lie_between_january_2020_and_the_cutoff(cohort):
    assert date.fromisoformat(PLAN["first_day"]) >= date(2020, 1, 1)
    assert min(p.index for p in cohort) >= 0
    assert max(p.index + p.end for p in cohort) <= LENGTH
    for patient in cohort:
        if not patient.fate.dead and not patient.fate.lost:
            assert LENGTH - patient.index - patient.end < 30


def test_no_record_lies_after_the_end(cohort):
    for patient in cohort:
        for table, rows in patient.tables.items():
            for row in rows:
                days = [v for k, v in row.items() if k.endswith("DT") and v is not None]
                assert all(day <= patient.end for day in days), (patient.number, table, row)


def test_diagnosis_prior_lines_and_status_agree(cohort):
    for patient in cohort:
        base = patient.baseline
        assert base["DIAGDT"] < 0
        assert (base["PRIORLN"] == 0) == (patient.fate.group == "ND")
        assert base["BMBLAST"] >= (20 if patient.fate.group == "ND" else 5)
        assert bool(base["DTHCAUS"]) == patient.fate.dead


def test_cycles_are_in_order_and_end_with_the_regimen(cohort):
    for patient in cohort:
        rows = patient.tables["cycles"]
        starts = [row["EXSTDT"] for row in rows]
        assert starts[0] == 0
        assert [row["CYCLE"] for row in rows] == list(range(1, len(rows) + 1))
        gaps = [b - a for a, b in zip(starts, starts[1:], strict=False)]
        assert all(28 <= gap <= 44 for gap in gaps), (patient.number, gaps)
        stop = patient.baseline["STOPDT"]
        assert all(row["EXENDT"] <= (patient.end if stop is None else stop) for row in rows)
        assert all(row["EXENDT"] - row["EXSTDT"] + 1 == row["VENDAYS"] for row in rows)


def test_reason_for_stopping_tells_the_same_story(cohort):
    for patient in cohort:
        reason, stop = patient.baseline["STOPREAS"], patient.baseline["STOPDT"]
        if reason == "relapse":
            assert (patient.fate.failure, stop) == ("RELAPSE", patient.first)
        elif reason == "refractory disease":
            assert patient.fate.failure in ("REFRACTORY", "PROGRESSION")
            assert stop == patient.first
        elif reason == "transplant":
            assert stop < patient.tables["transplants"][0]["TXDT"]
        elif reason == "death":
            assert patient.fate.dead
            assert stop == patient.end
        elif reason == "":
            assert stop is None
            assert not patient.fate.dead


def test_assessments_tell_one_story(cohort):
    for patient in cohort:
        rows = patient.tables["responses"]
        days, words = [r["RSDT"] for r in rows], [r["RSINV"] for r in rows]
        assert days == sorted(days)
        assert len(set(days)) == len(days)
        if "RELAPSE" in words:
            before = words[: words.index("RELAPSE")]
            assert set(before) & set(REMISSION), patient.number
            assert rows[words.index("RELAPSE")]["RSDT"] == patient.failure_day
        if "PD" in words:
            assert patient.fate.best == "PR"
        refractory = [
            r["RSDT"] for r in rows if r["RSINV"] in ("NR", "PD") and (r["CYCLE"] or 0) >= 2
        ]
        if patient.fate.failure == "REFRACTORY":
            assert refractory[0] == patient.failure_day
            assert not set(words) & set(RESPONDERS)
        if patient.fate.best == "CRC":
            assert not refractory


def eln_2017(row, baseline):
    """The category of ELN 2017 (Blood 2017;129:424), relapse and progression apart."""
    clear = row["PBLAST"] == 0 and row["EMD"] == "N"
    neutrophils, platelets = row["ANC"] >= 1.0, row["PLT"] >= 100
    if row["MBLAST"] < 5 and clear:
        if neutrophils and platelets:
            return "CR"
        return "CRi" if neutrophils or platelets else "MLFS"
    halved = row["MBLAST"] <= 25 and row["MBLAST"] <= baseline / 2
    if halved and row["PBLAST"] == 0 and neutrophils and platelets:
        return "PR"
    return "NR"


def test_blasts_and_counts_agree_with_the_recorded_category(cohort):
    for patient in cohort:
        for row in patient.tables["responses"]:
            if row["RSINV"] == "NE":
                assert row["MBLAST"] is None
            elif row["RSINV"] in ("RELAPSE", "PD"):
                assert row["MBLAST"] >= 5
            else:
                derived = eln_2017(row, patient.baseline["BMBLAST"])
                assert derived == row["RSINV"], (patient.number, row)


def test_mrd_is_clearly_on_one_side_of_the_threshold(cohort):
    for patient in cohort:
        rows = patient.tables["mrd"]
        values = [row["MRDVAL"] for row in rows if row["MRDVAL"] is not None]
        if patient.fate.best != "CRC":
            assert all(value > 0.5 for value in values)
        elif patient.fate.mrd:
            assert min(values) <= 0.06
        else:
            assert min(values) >= 0.15
            assert all(row["MRDRES"] is None for row in rows)


def test_targeted_therapy_has_its_target(cohort):
    needed = {"VEN-AZA + gilteritinib": "FLT3-ITD", "VEN-AZA + enasidenib": "IDH2"}
    for patient in cohort:
        mutated = {r["GENE"] for r in patient.tables["mutations"] if r["GERES"] == "MUTATED"}
        for row in patient.tables["therapies"]:
            gene = needed.get(row["CMTRT"])
            assert gene is None or gene in mutated


def test_transplants_are_consolidation_of_the_younger(cohort):
    transplanted = [p for p in cohort if p.tables["transplants"]]
    assert len(transplanted) == 3
    for patient in transplanted:
        day = patient.tables["transplants"][0]["TXDT"]
        before = [r["RSINV"] for r in patient.tables["responses"] if r["RSDT"] < day]
        assert set(before) & set(REMISSION)
        assert patient.baseline["AGE"] <= 62


def test_a_fatal_event_ends_with_death(cohort):
    for patient in cohort:
        for row in patient.tables["adverse_events"]:
            assert 1 <= row["AETOXGR"] <= 5
            if row["AETOXGR"] == 5:
                assert patient.fate.dead
                assert row["AEENDT"] == patient.end


def test_early_export_knows_nothing_later(whole):
    early = export_of(whole, EARLY)[0]
    assert set(whole.numbers) - set(early.numbers)
    last = EARLY_LENGTH - early.outline["INDEX"].to_numpy()
    assert (last >= 0).all()
    assert (early.outline["END"] <= last).all()
    for table, rows in early.tables.items():
        for name in (name for name in rows if name.endswith("DT")):
            days = rows[name].dropna().astype(float)
            assert (days <= last[rows.loc[days.index, "PATIENT"]]).all(), (table, name)


def test_nothing_is_forgotten_between_the_exports(whole):
    known = cut(whole, EARLY["cutoff"], PLAN["seed"])
    kept = [list(whole.numbers).index(number) for number in known.numbers]
    later = whole.outline.iloc[kept].reset_index(drop=True)
    assert (known.outline["END"] <= later["END"]).all()
    assert (known.outline["DEAD"] <= later["DEAD"]).all()
    responses = whole.tables["responses"]
    for place, patient in enumerate(kept):
        then = known.tables["responses"]
        before = list(then.loc[then["PATIENT"] == place, "RSDT"])
        after = list(responses.loc[responses["PATIENT"] == patient, "RSDT"])
        assert before == after[: len(before)]


def test_what_the_hospital_corrected(whole):
    early, final = (truth(export_of(whole, e)[0]).set_index("USUBJID") for e in (EARLY, FINAL))
    gone = early.index.difference(final.index)
    assert list(gone) == ["VA049"]
    both = early.index.intersection(final.index)
    aged = [p for p in both if early.loc[p, "AGE"] != final.loc[p, "AGE"]]
    assert aged == ["VA003"]
    early_age, final_age = str(early.loc["VA003", "AGE"]), str(final.loc["VA003", "AGE"])
    assert early_age == final_age[::-1]
    regraded = [p for p in both if (early.loc[p, "BOR"], final.loc[p, "BOR"]) == ("CR", "CRi")]
    assert regraded == ["VA019"]

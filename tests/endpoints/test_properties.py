"""What must hold for whatever patients: found by hypothesis, not by hand."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.spec import Case, study_of
from venaza.commands.examples import clean_tables
from venaza.pipeline.endpoints.build import derive

ENDPOINTS = {
    **{"OS": "standard", "EFS": "documented", "PFOS": "from_failure"},
    **{"RFS": "eln2022", "DOR": "eln2022", "CIR": "from_remission"},
}
RESPONSES = ["CR", "CRi", "MLFS", "PR", "NR", "REFRACTORY", "PD", "RELAPSE", "NE", ""]


@st.composite
def cohorts(draw):
    """Clean rows of up to six patients with any assessments, therapies and samples."""
    given_rows = {name: [] for name in ("patients", "responses", "therapies", "transplants", "mrd")}
    for number in range(draw(st.integers(1, 6))):
        patient = f"p{number}"
        last = draw(st.integers(0, 60))
        death = draw(st.one_of(st.none(), st.integers(last, last + 10)))
        given_rows["patients"].append(
            {"USUBJID": patient, "LSTALVDY": last, "DTHDY": "" if death is None else death}
        )
        end = last if death is None else death
        days = st.integers(-3, end + 5)
        for _ in range(draw(st.integers(0, 4))):
            response = draw(st.sampled_from(RESPONSES))
            row = {"RSDY": draw(days), "CYCLE": draw(st.integers(1, 6)), "RSINV": response}
            given_rows["responses"].append({"USUBJID": patient, **row})
        for table, day in (("therapies", "CMSTDY"), ("transplants", "TXDY"), ("mrd", "MRDDY")):
            for _ in range(draw(st.integers(0, 1))):
                row = {"USUBJID": patient, day: draw(days)}
                if table == "mrd":
                    row |= {"MRDVAL": draw(st.sampled_from(["0.01", "0.1", "2"])), "MRDOP": "="}
                given_rows[table].append(row)
    return given_rows


@st.composite
def windows(draw):
    """What ends the regimen's window, and whether patients enter in remission."""
    until = draw(st.lists(st.sampled_from(["NEXT_THERAPY", "TRANSPLANT"]), unique=True))
    return {"until": until, "baseline_remission": draw(st.booleans())}


def study_rule(rule: dict) -> dict:
    case = Case("property", "", given={"patients": []}, endpoints=ENDPOINTS)
    return study_of(case)["response"] | rule


def derived(rows: dict, rule: dict | None = None) -> dict[str, pd.DataFrame]:
    case = Case("property", "", given={k: [*v] for k, v in rows.items()}, endpoints=ENDPOINTS)
    study = study_of(case)
    study["response"] |= rule or {}
    return derive(clean_tables(case, study), study)


def wide(tables: dict, column: str) -> pd.DataFrame:
    return tables["adtte"].pivot(index="USUBJID", columns="PARAMCD", values=column)


@settings(max_examples=60, deadline=None)
@given(cohorts())
def test_times_fit_together(rows):
    tables = derived(rows)
    assert (tables["adtte"]["AVAL"] >= 0).all()
    days = wide(tables, "ADY")
    for code in set(days.columns) - {"OS"}:
        known = days[code].notna()
        assert (days.loc[known, code] <= days.loc[known, "OS"]).all()
    times, status = wide(tables, "AVAL"), wide(tables, "CNSR")
    adsl = tables["adsl"].set_index("USUBJID")
    if "PFOS" in times:
        failed = times["PFOS"].notna()
        expected = times.loc[failed, "OS"] - adsl.loc[times.index[failed], "FAILDY"]
        assert (times.loc[failed, "PFOS"] == expected).all()
        assert (status.loc[failed, "PFOS"] == status.loc[failed, "OS"]).all()
    assert ((adsl["FAILFL"] == "Y") == adsl["FAILDY"].notna()).all()


@settings(max_examples=60, deadline=None)
@given(cohorts())
def test_everybody_has_each_endpoint_or_a_reason(rows):
    tables = derived(rows)
    for code in ENDPOINTS:
        have = tables["adtte"].loc[tables["adtte"]["PARAMCD"] == code, "USUBJID"]
        left = tables["adtte_excluded"]
        left = left.loc[left["PARAMCD"] == code, "USUBJID"]
        assert sorted([*have, *left]) == sorted(tables["adsl"]["USUBJID"])


@settings(max_examples=60, deadline=None)
@given(cohorts(), windows())
def test_no_response_counts_outside_the_regimens_window(rows, rule):
    """Not on day 0 or before, not after the next therapy, the transplant or death."""
    tables = derived(rows, rule)
    best = tables["adrs"][tables["adrs"]["PARAMCD"] == "BOR"].dropna(subset=["ADY"])
    first = tables["milestones"].pivot(index="USUBJID", columns="MILESTONE", values="ADY")
    remission = [*study_rule(rule)["remission"]]
    for patient, word, day in zip(best["USUBJID"], best["AVALC"], best["ADY"], strict=True):
        assert day > 0 or (day == 0 and rule["baseline_remission"] and word in remission)
        ends = [first.get(name, {}).get(patient) for name in (*rule["until"], "DEATH")]
        late = 0 if word not in ("NR", "REFRACTORY", "PD") else 14
        assert all(pd.isna(end) or day <= end + late for end in ends[:-1])
        assert pd.isna(ends[-1]) or day <= ends[-1]


@settings(max_examples=80, deadline=None)
@given(cohorts(), windows())
def test_there_is_one_count_of_complete_remission(rows, rule):
    tables = derived(rows, rule)
    adrs, milestones = tables["adrs"], tables["milestones"]
    reached = adrs.loc[(adrs["PARAMCD"] == "CRC") & (adrs["AVALC"] == "Y"), "USUBJID"]
    dated = milestones.loc[milestones["MILESTONE"] == "FIRST_REMISSION", "USUBJID"]
    if not adrs[adrs["PARAMCD"] == "CRC"].empty:
        assert sorted(reached) == sorted(dated)
    started = tables["adtte"].loc[tables["adtte"]["PARAMCD"] == "RFS", "USUBJID"]
    assert sorted(started) == sorted(dated)


@settings(max_examples=40, deadline=None)
@given(cohorts())
def test_other_names_change_nothing_but_the_names(rows):
    order = sorted({row["USUBJID"] for row in rows["patients"]})
    names = {old: f"z{len(order) - n}" for n, old in enumerate(order)}
    renamed = {
        table: [{**row, "USUBJID": names[row["USUBJID"]]} for row in part]
        for table, part in rows.items()
    }
    first, second = derived(rows)["adtte"], derived(renamed)["adtte"]
    first = first.assign(USUBJID=first["USUBJID"].map(names).astype("string"))
    keys = ["PARAMCD", "USUBJID"]
    pd.testing.assert_frame_equal(
        first.sort_values(keys, ignore_index=True), second.sort_values(keys, ignore_index=True)
    )

"""What must hold for whatever patients: found by hypothesis, not by hand."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.spec import Case, study_of
from venaza.endpoints.build import derive
from venaza.examples import clean_tables

ENDPOINTS = {
    **{"OS": "standard", "EFS": "documented", "PFOS": "from_failure"},
    **{"RFS": "eln2022", "DOR": "eln2022", "CIR": "from_remission"},
}
RESPONSES = ["CR", "CRi", "PR", "NR", "PD", "RELAPSE", "NE", ""]


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


def derived(rows: dict) -> dict[str, pd.DataFrame]:
    case = Case("property", "", given={k: [*v] for k, v in rows.items()}, endpoints=ENDPOINTS)
    study = study_of(case)
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
@given(cohorts())
def test_no_response_counts_after_failure_or_death(rows):
    tables = derived(rows)
    best = tables["adrs"][tables["adrs"]["PARAMCD"] == "BOR"].set_index("USUBJID")["ADY"].dropna()
    adsl = tables["adsl"].set_index("USUBJID")
    for patient, day in best.items():
        for limit in ("FAILDY", "TXDY", "ENDDY"):
            end = adsl.loc[patient, limit]
            assert pd.isna(end) or day <= end


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

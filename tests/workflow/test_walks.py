"""Walking back through finished runs: from endpoints and numbers to the cells of the export."""

from __future__ import annotations

import json
import random

import pytest

from tests.endpoints.test_trail import held_against
from tests.workflow.conftest import STUDIES
from venaza.contracts.selections import by_number, rows_of
from venaza.pipeline.audit.results import read_results
from venaza.pipeline.audit.trace.number_rows import numbers_of_patient, rows_of_number
from venaza.pipeline.audit.trace.printed import trace_json
from venaza.preflight import load_study


@pytest.mark.parametrize("name", STUDIES)
def test_the_source_said_to_decide_is_that_of_every_endpoint(finished, name):
    tables = read_results(finished / "results" / name, ["endpoints"])
    tables = {key.partition("/")[2]: table for key, table in tables.items()}
    tried = held_against(tables)
    assert len(tried) > 2 * len(tables["adtte"])


@pytest.mark.parametrize("name", STUDIES)
def test_a_patient_counts_in_the_numbers_whose_rows_name_the_patient(finished, name):
    study, folder = load_study(finished, name, "newest"), finished / "results" / name
    tables = read_results(folder)
    chosen = random.Random(name)
    patients = chosen.sample(sorted(tables["endpoints/adsl"]["USUBJID"]), 3)
    counted = {patient: set(numbers_of_patient(patient, tables, study)) for patient in patients}
    numbers = tables["statistics/ard"].to_dict("records")
    for number in chosen.sample(numbers, 25):
        frame = rows_of_number(number["ard_id"], tables).frame
        if "USUBJID" not in frame:
            continue
        named = set(frame["USUBJID"])
        for patient in patients:
            assert (number["ard_id"] in counted[patient]) == (patient in named), number["ard_id"]
    told = json.loads(trace_json(folder, study, patients[0]))["numbers"]
    assert told["printed"]
    assert {n["ard_id"] for n in told["printed"]} <= counted[patients[0]]
    assert len(told["printed"]) + told["further"] == len(counted[patients[0]])


#: Of these analyses ``n`` is the patients of its rows, and of the second the denominator is.
COUNTS = (
    *("adverse_events", "cox_level", "early_mortality", "events", "failure", "kaplan_meier"),
    *("population", "post_failure", "rank_test", "time_dependent_cox"),
)
DENOMINATORS = ("early_mortality", "response_rate", "tumour_lysis")


@pytest.mark.parametrize("name", STUDIES)
def test_a_count_is_of_the_patients_whose_rows_it_takes(finished, name):
    tables = read_results(finished / "results" / name)
    chosen, sizes = by_number(tables), {}
    ard = tables["statistics/ard"]
    categories = (ard["analysis"] == "descriptive") & ard["term"].notna()
    levels = (ard["analysis"] == "risk") & ard["term"].notna()
    levels &= ~ard["ard_id"].str.contains(r"\.recorded\.|\.agree\.")
    counts = (ard["statistic"] == "n") & (ard["analysis"].isin(COUNTS) | categories | levels)
    counts |= (ard["statistic"] == "denominator") & ard["analysis"].isin(DENOMINATORS)
    assert counts.sum() > 100
    for number in ard[counts.fillna(False)].to_dict("records"):
        selection = chosen[number["ard_id"]]
        if selection not in sizes:
            sizes[selection] = rows_of(selection, tables)["USUBJID"].nunique()
        assert sizes[selection] == number["value"], number["ard_id"]

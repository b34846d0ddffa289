"""Messages that no other test meets: each is provoked as a user would provoke it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.endpoints.facts import Fact, facts_of
from venaza.contracts.errors import StudyError
from venaza.pipeline.endpoints.adtte import derive_adtte
from venaza.preflight import load_study
from venaza.study.printed_numbers import printed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    for folder in ("config", "workflow/schemas", "data/raw/bmt"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def load(project, **sections):
    path = project / "config/studies/bmt.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**document, **sections}), encoding="utf-8")
    return load_study(project, "bmt")


def test_a_study_file_in_another_encoding(project):
    path = project / "config/studies/bmt.yaml"
    path.write_bytes("study: {title: 白血病}\n".encode("gb18030"))
    with pytest.raises(StudyError, match="configuration file is not UTF-8 text"):
        load_study(project, "bmt")


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "- a list\n"])
def test_a_study_file_without_keys(project, text):
    (project / "config/studies/bmt.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="This configuration file holds no keys"):
        load_study(project, "bmt")


def test_a_value_of_the_wrong_kind(project):
    with pytest.raises(StudyError, match="'99' is too large"):
        load(project, timeline={"dates": "study_days", "days_per_month": 99})


@pytest.mark.parametrize(
    ("scales", "message"),
    [
        ({"per": {"FAB45": 10}}, "'FAB45' has levels, and no unit of change"),
        ({"reference": {"AGE": 50}}, "'AGE' is a number, and has no reference level"),
    ],
)
def test_a_unit_of_change_of_levels_and_a_reference_of_a_number(project, scales, message):
    with pytest.raises(StudyError, match=message):
        load(project, analysis={"primary": "OS", **scales})


def test_study_days_cannot_be_shifted(project):
    with pytest.raises(StudyError, match="so there are no dates to shift"):
        load(project, privacy={"shift_dates": {"days": 30}})


def test_shifted_dates_have_no_calendar_cut_off(project):
    with pytest.raises(StudyError, match="which shifted dates no longer have"):
        load(
            project,
            privacy={"shift_dates": {"days": 30}},
            timeline={"dates": "calendar", "cutoff": "export"},
        )


def test_a_patient_who_can_neither_fail_nor_be_censored():
    start = Fact(10, "patients", "INDEXDT", 1, "INDEX", "Index date")
    seen = Fact(5, "patients", "LSTALVDT", 1, "LAST_ALIVE", "Last date known alive")
    facts = {"INDEX": {"p": [start]}, "LAST_ALIVE": {"p": [seen]}}
    definition = {"start": "INDEX", "events": [], "competing": [], "censors": ["LAST_ALIVE"]}
    study = {"endpoints": {"OS": definition}, "alternatives": {}, "milestones": {}, "id": "s"}
    adsl = pd.DataFrame({"USUBJID": ["p"], "ITTFL": ["Y"]})
    with pytest.raises(StudyError, match="neither an event nor a date at which OS") as caught:
        derive_adtte(adsl, facts_of(facts), study)
    assert "time zero (Index date, day 10) lies after all of them" in str(caught.value)


def test_a_number_that_nobody_would_print():
    with pytest.raises(StudyError, match="This is no printed percentage"):
        printed("67,9", "percentage")

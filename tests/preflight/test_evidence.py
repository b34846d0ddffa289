"""The published evidence of a study: tables judged by their schema, names that must exist."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from venaza.contracts.errors import StudyError
from venaza.preflight import load_study
from venaza.preflight.evidence import evidence_of, ongoing, outcomes

ROOT = Path(__file__).parents[2]
FILE = "data/reference/all_published_experiences.csv"
TRIALS = "data/reference/all_ongoing_trials.csv"
POOL = {"least": 3, "classes": {}, "where": {}, "leave_out": []}
CVD = ["VEN + mini-hyper-CVD"]
GROUPS = {"levels": {"ND": "New", "R/R": "Old"}}


def spec(**more) -> dict:
    base = {
        "disease": "ALL",
        "files": [FILE],
        "settings": {"all": "RR"},
        "where": {},
        "rates": {"CR": "CR", "ORR": "ORR"},
        "others": {"OS median": "km.OS.{group}"},
        "pool": POOL,
        "trials": "none",
    }
    return {"evidence": base | more, "groups": None}


def load(**more) -> dict | None:
    return evidence_of(ROOT, spec(**more), "study.yaml")


@pytest.fixture
def changed(tmp_path):
    """A project with one cell of a reference table changed: ``changed(file, id, column=value)``."""

    def make(file: str, row_id: str, **cells: str) -> Path:
        shutil.copytree(ROOT / "workflow/schemas", tmp_path / "workflow/schemas")
        with open(ROOT / file, encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
        next(row for row in rows if row["id"] == row_id).update(cells)
        (tmp_path / file).parent.mkdir(parents=True)
        with open(tmp_path / file, "w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return tmp_path

    return make


def test_the_shipped_tables_keep_their_rules():
    assert len(outcomes(ROOT, "data/reference/reference_cohorts.csv")) == 42
    assert len(outcomes(ROOT, FILE)) == 23
    assert len(ongoing(ROOT, TRIALS)) == 18


def test_a_study_shows_what_fits():
    shows = load()["shows"]
    assert shows == {"rates": True, "others": True, "trials": False}
    assert load(trials=TRIALS)["shows"]["trials"]
    assert not load(rates={"CRc": "CRC"})["shows"]["rates"]


def test_another_state_of_a_table_is_another_configuration(changed):
    root = changed(FILE, "all_20_os", value="9.15")
    other = evidence_of(root, spec(), "study.yaml")
    assert other["sha256"].keys() == load()["sha256"].keys() == {FILE}
    assert other["sha256"] != load()["sha256"]


def test_a_study_without_relevant_rows_leaves_the_section_out():
    assert load(disease="none") is None
    assert load(settings={}) is None
    assert load(where={"regimen": ["AZA"]}, files=["data/reference/reference_cohorts.csv"]) is None


def test_groups_are_keyed_as_in_the_results():
    study = spec(settings={"R/R": "RR"}) | {"groups": GROUPS}
    assert evidence_of(ROOT, study, "study.yaml")["settings"] == {"R_R": "RR"}


def test_the_shipped_studies():
    assert load_study(ROOT, "aml_venaza")["evidence"]["shows"]["rates"]
    for name in ("bmt", "myeloid"):
        assert load_study(ROOT, name)["evidence"] is None


@pytest.mark.parametrize(
    ("more", "message", "hint"),
    [
        ({"settings": {"RR": "RR"}}, "'RR' is not a group of this study", "Known: all"),
        ({"where": {"regimn": ["VEN"]}}, "is not a column of the evidence", "mean 'regimen'"),
        ({"where": {"lineage": ["TT"]}}, "is not a value of the evidence", "Did you mean 'T'"),
        (
            {"pool": {**POOL, "leave_out": ["all_99"]}},
            "is not a series of the evidence",
            "all_19",
        ),
        (
            {"pool": {**POOL, "classes": {"both": ["Ven-Nvx"]}}},
            "is not a regimen of the evidence",
            "classes > both",
        ),
        (
            {"pool": {**POOL, "classes": {"a": ["VEN + mini-hyper-CVD"], "b": CVD}}},
            "'VEN + mini-hyper-CVD' stands in two classes",
            "'a' too",
        ),
        (
            {"pool": {**POOL, "classes": {"VEN HMA": CVD}}},
            "name of a class is that of a regimen",
            "no other has",
        ),
        ({"files": ["nowhere.csv"]}, "table of published evidence cannot be read", "> files"),
        ({"trials": "nowhere.csv"}, "table of published evidence cannot be read", "> trials"),
    ],
)
def test_what_does_not_exist_is_named(more, message, hint):
    with pytest.raises(StudyError) as error:
        load(**more)
    assert message in str(error.value)
    assert hint in str(error.value)


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"setting": "R/R"}, "column: setting"),
        ({"value": "61%"}, "column: value"),
        ({"status": "read"}, "column: address"),
        ({"status": "as cited", "citation": "somebody"}, "column: citation"),
        ({"recorded": "yesterday"}, "column: recorded"),
        ({"counts": ""}, "column: k"),
        ({"denominator": ""}, "column: denominator"),
    ],
)
def test_a_row_that_breaks_its_rules_is_named(changed, cells, place):
    root = changed(FILE, "all_20_cr", **cells)
    with pytest.raises(StudyError) as error:
        outcomes(root, FILE)
    assert "breaks the rules of its table" in str(error.value)
    assert "row:    8" in str(error.value)
    assert place in " ".join(str(error.value).split()).replace(" :", ":")


@pytest.mark.parametrize(
    ("cells", "counts"), [({"k": "12"}, "11 to 11"), ({"value": "62"}, "none"), ({"k": "1"}, "11")]
)
def test_a_count_that_does_not_print_its_rate_is_refused(changed, cells, counts):
    root = changed(FILE, "all_20_cr", **cells)
    with pytest.raises(StudyError, match="is not the one count that prints") as error:
        outcomes(root, FILE)
    assert counts in str(error.value)


def test_a_count_that_is_one_of_several_was_not_worked_out(changed):
    root = changed(FILE, "all_20_cr", k="391", denominator="587", value="67")
    with pytest.raises(StudyError, match="391 to 396"):
        outcomes(root, FILE)


def test_two_rows_of_one_id_are_refused(changed):
    root = changed(FILE, "all_20_os", id="all_20_cr")
    with pytest.raises(StudyError, match="Two rows of published evidence have the same id"):
        outcomes(root, FILE)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"registry_number": "NCT123"}, "breaks the rules"),
        ({"address": "https://clinicaltrials.gov/study/NCT00000000"}, "that of another one"),
    ],
)
def test_a_trial_has_its_own_number_and_address(changed, cells, message):
    root = changed(TRIALS, "nct05376111_ii", **cells)
    with pytest.raises(StudyError, match=message):
        ongoing(root, TRIALS)

"""A leukaemia that the defaults do not know: Ph-positive B-ALL, by configuration alone."""

from __future__ import annotations

import csv
import shutil

import pytest
import yaml

from tests.copies import copied
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.statistics import analyse
from venaza.preflight import check_headers, export_files, load_study, settings

HEADERS = [
    "id",
    "sex",
    "age",
    "disease",
    "lineage",
    "phenotype",
    "ph",
    "blina",
    "tki",
    "start",
    "last",
    "dead",
    "blasts0",
]
#: Twelve patients, nine of them with Ph+ disease; times in days from the first dose.
PATIENTS = [
    [n, "F" if n % 2 else "M", 25 + 4 * n, "B-ALL", "B-cell", ["common B", "pre-B", "pro-B"][n % 3]]
    + ["Ph+" if n % 4 else "Ph-like", "Yes" if n % 3 == 0 else "No", "Yes" if n % 4 else "No"]
    + [0, 200 + 50 * n, int(n < 6), 80]
    for n in range(1, 13)
]
#: patient, day, cycle, blasts in marrow and blood, neutrophils, platelets, word
RESPONSES = [
    [1, 30, 1, 2, 0, 1.0, 150, "CRi"],
    [2, 30, 1, 2, 0, 1.5, 100, "CRp"],
    [3, 30, 1, 2, 0, 1.5, 150, "CR"],
    [4, 30, 1, 60, 5, 0.4, 20, "no response"],
    [4, 65, 2, 70, 9, 0.4, 20, "no response"],
    [5, 30, 1, 20, 0, 0.6, 40, "PR"],
    [3, 150, 4, 40, 3, 0.9, 50, "relapse"],
    *([n, 32, 1, 1, 0, 2.0, 200, "CR"] for n in range(6, 13)),
]
THERAPIES = [[6, 90, "CAR-T cells"], [3, 160, "inotuzumab"], [4, 75, "ponatinib"]]
TRANSPLANTS = [[7, 100, "allogeneic"], [8, 120, "haploidentical"]]
MRD = [
    [3, 30, "NGS", "negative", 0.0001],
    [6, 32, "flow", "negative", 0.1],
    [7, 32, "PCR", "positive", 0.01],
]

STUDY = """
study: {title: Ponatinib plus venetoclax in Ph-positive B-ALL, short: Ph+ B-ALL,
  disease: B-cell acute lymphoblastic leukaemia, regimen: venetoclax plus ponatinib,
  design: Retrospective cohort, data: Made up., source: a test, synthetic: true}
timeline: {dates: study_days, cutoff: none}
tables:
  patients:
    file: patients.csv
    key: id
    columns:
      SEX: sex
      AGE: age
      DISEASE: disease
      LINEAGE: {from: lineage, label: Lineage, vocabulary: lineage}
      IMMPHEN: {from: phenotype, label: Immunophenotype, vocabulary: immunophenotype}
      PHSTAT: {from: ph, label: Philadelphia chromosome, vocabulary: ph_status}
      PRIORBLI: {from: blina, label: Prior blinatumomab, vocabulary: yes_no}
      PRIORTKI: {from: tki, label: Prior tyrosine kinase inhibitor, vocabulary: yes_no}
      BMBLAST: blasts0
      INDEXDT: start
      LSTALVDT: last
      DTHDT: {from: last, when: {dead: "1"}}
  responses:
    file: responses.csv
    key: id
    columns:
      {RSDT: day, CYCLE: cycle, MBLAST: blasts, PBLAST: blood, ANC: anc, PLT: plt, RSINV: response}
  mrd:
    file: mrd.csv
    key: id
    columns: {MRDDT: day, MRDMETH: method, MRDRES: result, MRDLOD: {from: lod, unit: "%"}}
  therapies: {file: therapies.csv, key: id, columns: {CMSTDT: day, CMTRT: drug}}
  transplants: {file: transplants.csv, key: id, columns: {TXDT: day, TXTYPE: kind}}
groups: {variable: PHSTAT, name: ph_status, label: Philadelphia chromosome,
  levels: {Ph-positive: Ph-positive, Ph-like: Ph-like}}
response: {criteria: eln2024_all, remission: [CR, CRp, CRi], overall: [CR, CRp, CRi, PR],
  order: [CR, CRp, CRi, PR, SD, NR, PD, RELAPSE, NE], counts: derived, denominator: all}
mrd: {negative_below: 0.01}
endpoints: {OS: eln2024_all, EFS: eln2024_all, RFS: eln2024_all, BRIDGE: before_failure}
analysis:
  primary: OS
  table1: [AGE, SEX, LINEAGE, IMMPHEN, PHSTAT, PRIORBLI, PRIORTKI]
  event_rates: [BRIDGE]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = copied(tmp_path_factory.mktemp("ph"))
    export = root / "data/raw/ph/2024-01-31"
    export.mkdir(parents=True)
    files = {
        "patients": (HEADERS, PATIENTS),
        "responses": (
            ["id", "day", "cycle", "blasts", "blood", "anc", "plt", "response"],
            RESPONSES,
        ),
        "therapies": (["id", "day", "drug"], THERAPIES),
        "transplants": (["id", "day", "kind"], TRANSPLANTS),
        "mrd": (["id", "day", "method", "result", "lod"], MRD),
    }
    for name, (head, rows) in files.items():
        with (export / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    (root / "config/studies/ph.yaml").write_text(STUDY, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def made(project):
    study = load_study(project, "ph")
    check_headers(project, study)
    folder = project / "data/raw/ph/2024-01-31"
    cells, _ = read_export(
        export_files(project, "ph", "2024-01-31"), folder, settings(study, "intake")
    )
    derived = derive(clean(cells, settings(study, "clean")), settings(study, "endpoints"))
    ard, _ = analyse(derived, settings(study, "statistics"))
    return {**derived, "ard": ard.set_index("ard_id")}


def test_lineage_phenotype_and_ph_status_are_coded(made):
    adsl = made["adsl"].set_index("USUBJID")
    assert set(adsl["LINEAGE"]) == {"B"}
    assert set(adsl["IMMPHEN"]) == {"common B", "pre-B", "pro-B"}
    assert adsl["GROUP"].value_counts().to_dict() == {"Ph-positive": 9, "Ph-like": 3}
    assert made["ard"].loc["desc.PRIORBLI.Ph_positive.Y.n", "value"] == 3


def test_responses_are_derived_by_the_criteria_for_all(made):
    best = made["adsl"].set_index("USUBJID")["BOR"].to_dict()
    assert {p: best[p] for p in "12345"} == {
        "1": "CRi",
        "2": "CRp",
        "3": "CR",
        "4": "NR",
        "5": "PR",
    }
    assert made["ard"].loc["rate.ORR.all.n", "value"] == 11


def test_mrd_counts_only_where_the_assay_could_have_shown_it(made):
    rows = made["adrs"][made["adrs"]["PARAMCD"] == "MRDNEG"].set_index("USUBJID")["AVALC"]
    assert rows.to_dict() == {"3": "Y", "7": "N"}


def test_bridges_are_counted_by_group(made):
    ard = made["ard"]
    assert ard.loc["event_rate.BRIDGE.Ph_positive.n", "value"] == 2  # patients 6 and 7
    assert ard.loc["event_rate.BRIDGE.Ph_like.n", "value"] == 1  # patient 8
    assert ard.loc["event_rate.BRIDGE.Ph_positive.denominator", "value"] == 9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda s: s["tables"]["patients"]["columns"]["PHSTAT"].update(vocabulary="ph"),
            "'ph' is not a voc",
        ),
        (
            lambda s: s["analysis"].update(event_rates=["OS"]),
            "'OS' is not an endpoint with competing",
        ),
    ],
)
def test_what_does_not_exist_is_said(project, change, message):
    study = yaml.safe_load(STUDY)
    change(study)
    text = yaml.safe_dump(study, allow_unicode=True)
    (project / "config/studies/wrong.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(project / "data/raw/ph", project / "data/raw/wrong", dirs_exist_ok=True)
    with pytest.raises(StudyError, match=message):
        load_study(project, "wrong")

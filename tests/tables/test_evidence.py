"""The tables of published medians and of trials: this cohort first, sources as links."""

from __future__ import annotations

import csv
import io

import pytest

from tests.report.cohort import ard, study
from tests.shown_evidence import with_evidence
from venaza.markup.printed import to_csv, to_html
from venaza.pipeline.tables import planned
from venaza.pipeline.tables.evidence import evidence, trials
from venaza.pipeline.tables.numbers import Numbers


@pytest.fixture(scope="module")
def shown():
    return with_evidence(study(), ard().frame())


@pytest.fixture(scope="module")
def medians(shown):
    wanted, numbers, rows = shown
    return evidence(rows["evidence"], Numbers(numbers), wanted)


def lines(table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(table).removeprefix("\ufeff"))))[1:]


def test_they_are_planned_where_there_is_something_to_show(shown):
    wanted = shown[0]
    assert {"evidence", "trials"} <= set(planned(wanted))
    assert not {"evidence", "trials"} & set(planned(study()))


def test_each_section_starts_with_this_cohort(medians):
    assert [section.heading for section in medians.sections][:2] == [
        "Median OS, newly diagnosed (months)",
        "Median EFS, newly diagnosed (months)",
    ]
    for section in medians.sections:
        assert section.rows[0].label == "This cohort"
        assert len(section.rows) > 1


def test_a_published_median_has_regimen_patients_interval_and_source(medians):
    row = next(r for r in lines(medians) if r[1].endswith("VIALE-A, venetoclax arm"))
    assert row[2:] == [
        *("VEN-AZA", "286", "14.7 (11.9 to 18.7)"),
        "DiNardo et al., N Engl J Med 2020;383:617-629",
    ]
    html = to_html(medians)
    assert '<a href="https://doi.org/10.1056/NEJMoa2012971">DiNardo et al.' in html
    assert 'data-ard="evidence.other.ND.viale_a_ven_os.median">14.7<' in html


def test_an_open_limit_says_so_and_a_missing_interval_is_left_out(medians):
    found = {row[1].strip(): row[4] for row in lines(medians) if "OS, relapsed" in row[0]}
    assert found["VAH trial"] == "22.1 (12.7 to not estimated)"
    assert found["Stahl 2021"] == "6.1"


def test_every_trial_has_its_link_and_its_facts(shown):
    html = to_html(trials(shown[2]["trials"], {}))
    assert html.startswith('<table class="prose trials">')
    assert html.count("<tr data-lineage=") == 18
    assert html.count('<a href="https://clinicaltrials.gov/study/NCT') == 18
    assert (
        '<tr data-lineage="T" data-ph="" data-setting="ND"><th scope="row">'
        '<a href="https://clinicaltrials.gov/study/NCT05376111">NCT05376111</a></th>'
    ) in html


def test_what_a_population_does_not_say_is_a_dash(shown):
    row = next(r for r in lines(trials(shown[2]["trials"], {})) if r[1] == "NCT06754267")
    assert row[2:6] == ["II", "B", "positive", "–"]

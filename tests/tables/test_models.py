"""The Cox table with the multivariable model beside it, and the table of influence."""

import re

import pytest

from tests.report.models import REASON, ard_with_models, with_models
from tests.tables.test_tables import Cells, rows
from venaza.markup.printed import to_html
from venaza.pipeline.tables import planned
from venaza.pipeline.tables.cox import cox
from venaza.pipeline.tables.influence import influence
from venaza.pipeline.tables.numbers import Numbers


@pytest.fixture(scope="module")
def numbers():
    return Numbers(ard_with_models().frame())


def test_both_models_and_their_tests_stand_in_one_row(numbers):
    printed = rows(cox(numbers, with_models()))
    assert printed["Overall survival | Relapsed or refractory"] == [
        *("", "", "1.96 (1.03 to 3.74)", "0.041", ""),
        *("2.5 (1.2 to 5.5)\u00a0†", "0.019", ""),
    ]
    head = printed["Overall survival | Disease status (reference: newly diagnosed)"]
    assert head == ["40", "24", "", "", "0.021", "", "", "0.412"]
    assert printed["Overall survival | Multivariable model"][-2:] == [
        *("38 patients, 24 events", "0.412"),
    ]


def test_every_row_fills_every_column(numbers):
    for table in (cox(numbers, with_models()), influence(numbers, with_models())):
        for section in table.sections:
            for row in section.rows:
                assert sum(cell.colspan for cell in row.cells) == len(table.columns), row.label


def test_a_refused_model_is_explained_below(numbers):
    table = cox(numbers, with_models())
    printed = rows(table)
    assert printed["Event-free survival | Age, per year"][5] == "not estimable"
    assert any(REASON in note for note in table.notes)
    assert any(note.startswith("†") for note in table.notes)


@pytest.mark.parametrize(
    ("design", "treatment", "models", "alone"),
    [
        ("Randomised trial", True, {"OS": ["GROUP"]}, True),
        ("Randomized trial", True, {"OS": ["GROUP"]}, True),
        ("Retrospective cohort", True, {"OS": ["GROUP"]}, False),
        ("Randomised trial", False, {"OS": ["GROUP"]}, False),
        ("Randomised trial", True, {"OS": ["AGE"], "EFS": ["GROUP"]}, False),
    ],
)
def test_only_randomised_arms_are_no_exploration(numbers, design, treatment, models, alone):
    study = with_models()
    study["study"]["design"] = design
    study["groups"]["treatment"] = treatment
    study["analysis"] |= {"cox": models, "multivariable": {}}
    note = cox(numbers, study).notes[0]
    said = "exploratory but for overall survival by disease status alone."
    assert note.endswith(said if alone else "and exploratory.")


def test_influence_names_the_patient(numbers):
    printed = rows(influence(numbers, with_models()))
    found = printed[
        "Overall survival | Hazard ratio: relapsed or refractory against newly diagnosed"
    ]
    assert found == ["1.96", "1.71", "P011", "2.22", "P007"]
    median = printed["Overall survival | Median, months: newly diagnosed"]
    assert median[1:] == ["5.25", "P007", "6.75", "P003 or any of 4 others"]


def test_each_number_leads_back_to_its_row(numbers):
    for table in (cox(numbers, with_models()), influence(numbers, with_models())):
        cells = Cells()
        cells.feed(to_html(table).split("<tfoot>")[0])
        assert set(cells.numbers) <= set(ard_with_models().rows)
        assert [text for text in cells.bare if re.search(r"\d", text)] == []


def test_influence_is_planned_where_it_is_asked_for():
    assert "influence" in planned(with_models())
    off = with_models()
    off["analysis"]["influence"] = False
    assert "influence" not in planned(off)

"""Laboratory values and tumour lysis syndrome: the text and the two tables."""

import copy
import re

import pytest

from tests.report.cohort import ard, study
from tests.report.laboratory import ard_with_labs, with_labs
from tests.report.test_prose import NAMES, text_of, without_sources
from venaza.pipeline.tables import planned
from venaza.pipeline.tables.labs import labs, labs_shift
from venaza.pipeline.tables.numbers import Numbers


@pytest.fixture(scope="module")
def staged_labs(staged):
    return staged(with_labs(), ard_with_labs().frame(), shown=["flow", "km_OS"])


def test_every_number_has_its_source(staged_labs):
    text = without_sources(text_of(staged_labs, "results_labs", "methods_labs"))
    for name in NAMES:
        text = text.replace(name, "")
    assert re.findall(r".{0,40}\d.{0,20}", text) == []


def test_grades_are_told_beside_the_baseline(staged_labs):
    text = text_of(staged_labs, "results_labs")
    assert (
        "neutropenia in {{< var lab.all.ANC.g3.n >}} of {{< var lab.all.ANC.g3.denominator >}}"
        in text
    )
    assert "newly in {{< var lab.all.ANC.g3_new.n >}} of the" in text
    assert "lab.all.HGB.g3.percent >}}%)" in text
    assert "newly in {{< var lab.all.HGB" not in text
    assert "thrombocytopenia" not in text
    assert "(@tbl-labs, @tbl-labs-shift)" in text


def test_patients_who_cannot_be_assessed_are_counted_and_never_free_of_it(staged_labs):
    text = text_of(staged_labs, "results_labs")
    assert "{{< var tls.all.howard.not_assessable >}} patients could not be assessed" in text
    assert "no patient could be assessed for tumour lysis syndrome" in text
    assert "{{< var tls.all.cairo_bishop.n >}}" not in text
    methods = text_of(staged_labs, "methods_labs")
    assert "[@howard2011]" in methods
    assert "[@cairo2004]" in methods
    assert "were counted as not assessable" in methods


def test_a_study_without_adverse_events_has_a_part_of_its_own(staged):
    made, numbers = with_labs(), ard_with_labs()
    del made["tables"]["adverse_events"]
    numbers.rows = {k: v for k, v in numbers.rows.items() if not k.startswith("ae.")}
    source = staged(made, numbers.frame())
    assert text_of(source, "results_safety").strip() == ""
    assert "neutropenia in" in text_of(source, "results_labs")
    assert "## Laboratory values" in (source / "supplement.qmd").read_text(encoding="utf-8")


def test_without_laboratory_values_nothing_is_said(source):
    text = text_of(source)
    assert "tumour lysis" not in text
    assert "Laboratory values" not in text
    assert not {"labs", "labs_shift"} & set(planned(study()))
    assert planned(with_labs()).index("labs") > planned(with_labs()).index("adverse_events")


def rows(table) -> dict[str, list[str]]:
    return {
        f"{section.heading} | {row.label}": [cell.text for cell in row.cells]
        for section in table.sections
        for row in section.rows
    }


def test_the_table_prints_rates_by_test_and_definition():
    found = rows(labs(Numbers(ard_with_labs().frame()), with_labs()))
    assert found["Neutrophils | Newly grade 3 or worse"] == ["9/10 (90.0)"] * 3
    assert "Haemoglobin | Grade 4" not in found
    assert "Tumour lysis syndrome | Howard 2011, clinical" in found
    assert found["Tumour lysis syndrome | Not assessable"] == ["20", "18", "38"]


def test_the_shift_table_has_a_row_for_each_grade_at_baseline_that_there_is():
    found = rows(labs_shift(Numbers(ard_with_labs().frame()), with_labs()))
    assert list(found) == [f"Neutrophils | {g}" for g in ("Grade 0", "Grade 4", "Not recorded")]
    assert found["Neutrophils | Grade 4"][4] == "8"
    assert found["Neutrophils | Not recorded"][3] == "1"


def test_a_table_without_graded_values_is_empty_and_no_error():
    made = copy.deepcopy(with_labs())
    assert labs(Numbers(ard().frame()), made).sections == []
    assert labs_shift(Numbers(ard().frame()), made).sections == []

"""What the text says of courses that stay a choice, of what could not count, of what data lack."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.report.cohort import ard, study
from tests.report.conftest import ACCOUNT, QUERIES
from tests.report.test_prose import text_of, without_sources
from venaza.study.support import MARK

RULES = ["changed_without_failure"] * 3 + ["partial_without_remission"]
RULES += ["no_response_without_cycle"] * 4


def queries() -> pd.DataFrame:
    """Three changes of therapy (of two patients), one partial remission, four without a cycle."""
    patients = ["a", "a", "b", "c", "a", "b", "c", "c"]
    more = pd.DataFrame({"RULE": RULES, "USUBJID": patients, "SEVERITY": "note", "ACTION": "kept"})
    return pd.concat([QUERIES, more], ignore_index=True)


def source_row(milestone: str, description: str, **more) -> dict:
    counts = {"NROWS": 40, "NFIT": 30, "NLACK": 0, "NCOUNT": 20, "NPATIENT": 10, "NDECIDED": 5}
    place = {"SRCDOM": "responses", "COLUMNS": "RSDT, RESPONSE", "PASSED": "after death (2)"}
    return {"PARAMCD": "EFS", "DEFN": "documented", "ROLE": "event", "MILESTONE": milestone,
            "DESCRIPTION": description, **counts, **place, "SUPPORT": "Y", "REASON": None,
            **more}  # fmt: skip


WHY = "no row of the data shows refractory disease, nor that it was looked for"


def support(**more) -> pd.DataFrame:
    lacking = source_row("REFRACTORY", "Refractory disease", **more)
    return pd.DataFrame([source_row("RELAPSE", "Relapse"), lacking])


@pytest.fixture(scope="module")
def open_questions(staged):
    tables = {"queries": queries(), "row_account": ACCOUNT}
    tables["support"] = support(SUPPORT="N", REASON=WHY)
    return staged(study(), ard().frame(), tables=tables)


def plain(source, *names: str) -> str:
    return " ".join(text_of(source, *names).split())


def test_choices_are_counted_by_patients(open_questions):
    text = plain(open_questions, "methods_support")
    assert "were queried and counted as the definitions state" in text
    assert '[2]{.fact data-fact="queries: changed_without_failure"} patients' in text
    assert '[1]{.fact data-fact="queries: partial_without_remission"} patient.' in text


def test_assessments_without_a_cycle_are_counted_in_methods_and_limitations(open_questions):
    text = plain(open_questions, "methods_support")
    said = "assessments of no response could not count as refractory disease because the cycle"
    assert f'[4]{{.fact data-fact="queries: no_response_without_cycle"}} {said}' in text
    assert "failures may be underestimated" in plain(open_questions, "discussion")


def test_a_definition_that_the_data_cannot_support_is_named_and_marked(open_questions):
    text = plain(open_questions, "methods_support")
    assert "These data cannot support" in text
    assert WHY in text
    assert "should not be compared" in plain(open_questions, "discussion")
    survival = plain(open_questions, "results_survival")
    assert survival.count(f"{MARK} EFS") >= 1
    assert f"{MARK} OS" not in survival


def test_every_median_of_a_marked_endpoint_carries_the_mark(open_questions):
    abstract = plain(open_questions, "abstract")
    assert f"Median event-free survival {MARK} was" in abstract
    assert f"[{MARK} EFS: these data cannot support this definition" in abstract
    assert "Median overall survival was" in abstract
    assert f"Median event-free survival {MARK} (EFS) was" in plain(
        open_questions, "results_survival"
    )
    for name in ("abstract", "results_survival", "discussion"):
        text = plain(open_questions, name)
        assert "edian event-free survival (" not in text
        assert "edian event-free survival was" not in text


def test_a_next_therapy_that_no_table_records_is_told(staged):
    tables = {name: how for name, how in study()["tables"].items() if name != "therapies"}
    text = plain(staged(study(tables=tables), ard().frame()), "discussion")
    assert "As the data do not record next anti-leukaemic therapy, a response" in text


def test_the_supplement_holds_the_sources_against_the_data(open_questions):
    text = plain(open_questions, "record")
    assert "## Sources of the endpoints" in text
    assert "responses: RSDT, RESPONSE" in text
    assert "after death (2)" in text


def test_no_number_of_this_stands_without_its_source(open_questions):
    names = ("methods_support", "discussion", "record")
    text = without_sources(text_of(open_questions, *names)).replace("SHA-256", "")
    assert not any(character.isdigit() for character in text)


def test_nothing_is_said_where_nothing_stayed_open(source):
    text = plain(source)
    for words in (
        "Ambiguous",
        "do not record",
        "cycle is unknown",
        "cannot support",
        "Sources of the endpoints",
        MARK,
    ):
        assert words not in text

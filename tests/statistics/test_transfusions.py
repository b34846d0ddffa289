"""Transfusion independence in the ARD, in the response table and in the text."""

from __future__ import annotations

from tests.report.cohort import ard as made_ard
from tests.report.cohort import study as made_study
from tests.statistics.made_up import STUDY, answers, make_adsl, make_tables, printed
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import groups_of
from venaza.pipeline.report.numbers import Numbers as ReportNumbers
from venaza.pipeline.report.text import part
from venaza.pipeline.statistics.rates import rates
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.response import response

DAYS = {"free_days": 56, "after_last_dose": 30}


def test_rates_are_among_all_treated_patients():
    adsl = make_adsl([{"GROUP": "ND"}, {"GROUP": "ND"}, {"GROUP": "RR"}])
    rows = answers("TIRBC", {1: 1, 2: 0, 3: 0}) + answers("TIPLT", {1: 1, 2: 1, 3: 0})
    shown = printed(list(rates(adsl, make_tables([], adrs=rows)["adrs"], STUDY)))
    assert shown["rate.TIRBC.ND.n"] == "1"
    assert shown["rate.TIPLT.all.denominator"] == "3"
    assert shown["rate_all.TIPLT.ND.percent"] == "100.0"
    assert not [key for key in shown if key.startswith("rate_evaluable.TI")]


def _ard(transfused: bool):
    found = made_ard()
    if transfused:
        for group in ("ND", "RR"):
            for kind in ("rate", "rate_all"):
                found.rate(f"{kind}.TIRBC.{group}", 7, 10, 34.8, 93.3)
                found.rate(f"{kind}.TIPLT.{group}", 9, 10, 55.5, 99.7)
    return found.frame()


def _text(transfused: bool, write) -> str:
    study = made_study(transfusions=DAYS)
    numbers = ReportNumbers(_ard(transfused), study)
    return write(Context(numbers, study, groups_of(study), [], []))


def response_methods(context: Context) -> str:
    return part("methods_response", context)


def transfusion_methods(context: Context) -> str:
    return part("methods_transfusions", context)


def response_results(context: Context) -> str:
    return part("results_response", context)


def test_the_table_has_a_section_for_each_kind_where_transfusions_are_recorded():
    headings = [s.heading for s in response(Numbers(_ard(True)), made_study()).sections]
    assert "Red-cell transfusion independence" in headings
    assert "Platelet transfusion independence" in headings
    without = [s.heading for s in response(Numbers(_ard(False)), made_study()).sections]
    assert not [heading for heading in without if "transfusion" in heading]


def test_the_text_defines_it_and_gives_the_rates():
    assert "[56]{.given" in _text(True, transfusion_methods)
    assert "[@dinardo2020]" in _text(True, transfusion_methods)
    told = _text(True, response_results)
    assert "red-cell transfusion independence was achieved by {{< var rate.TIRBC.ND.n >}}" in told


def test_the_text_is_silent_where_none_is_recorded():
    assert "ransfusion" not in _text(False, transfusion_methods) + _text(False, response_results)


def test_the_text_names_the_method_and_the_day_of_mrd():
    study = made_study()
    study["mrd"] |= {"method": "PCR", "by_day": 100}
    context = Context(ReportNumbers(_ard(False), study), study, groups_of(study), [], [])
    said = response_methods(context)
    assert "(MRD) by PCR was evaluated in patients with complete remission" in said
    assert 'up to day [100]{.given data-config="mrd.by_day"}' in said

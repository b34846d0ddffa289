"""The text on regression models: what it says, what it leaves out, where each number comes from."""

import re

import pytest

from tests.report.models import FIRTH, ard_with_models, with_models
from tests.report.test_prose import text_of, without_sources


@pytest.fixture(scope="module")
def models(staged):
    return staged(with_models(), ard_with_models().frame(), shown=["flow", "km_OS"])


def test_every_number_has_its_source(models):
    text = without_sources(text_of(models, "results_models", "methods_models"))
    assert re.findall(r".{0,40}\d.{0,20}", text) == []


def test_the_model_that_stands_is_told_with_its_covariates(models):
    text = text_of(models, "results_models")
    assert "the multivariable model of overall survival (" in text
    assert "), adjusted for age, the hazard ratio was" in text
    assert "{{< var coxm.OS.GROUP.RR.hazard_ratio >}}" in text
    assert "for relapsed or refractory against newly diagnosed patients" in text


def test_the_model_that_is_refused_says_why(models):
    text = text_of(models, "results_models")
    assert "multivariable model of event-free survival" in text
    assert (
        "{{< var coxm.EFS.events >}} events for {{< var coxm.EFS.parameters >}} parameters" in text
    )
    assert "{{< var coxm.EFS.GROUP.RR.hazard_ratio >}}" not in text


def test_evidence_against_proportional_hazards_is_named(models, staged):
    text = text_of(models, "results_models")
    assert "evidence of non-proportional hazards for disease status in the univariable" in text
    other = ard_with_models()
    other.rows["zph.OS.GROUP.p_value"] |= {"value": 0.3, "display": "0.300"}
    text = text_of(staged(with_models(), other.frame()), "results_models")
    assert "The proportional-hazards assumption was not rejected in any model" in text


def test_subgroups_are_called_exploratory(models):
    text = text_of(models, "results_models")
    assert (
        "In exploratory subgroup analyses of overall survival, we tested for interaction with sex"
        in text
    )
    assert "were exploratory" in text_of(models, "methods_models")


def test_influence_gives_both_ends(models):
    text = text_of(models, "results_models")
    for end in ("min", "max"):
        assert f"{{{{< var influence.OS.ND.median.{end} >}}}}" in text
        assert f"{{{{< var influence.OS.GROUP.RR.hazard_ratio.{end} >}}}}" in text


def test_methods_follow_what_was_done(models, source):
    text = text_of(models, "methods_models")
    for reference in ("heinze2001", "grambsch1994", "peduzzi1995"):
        assert f"[@{reference}]" in text
    plain = text_of(source, "methods_models")
    assert "Firth" not in plain
    assert "multivariable" not in plain


def test_a_group_without_an_event_is_named_with_firth_s_estimate(staged):
    ard = ard_with_models()
    for key in list(ard.rows):
        if key.startswith("cox.OS.GROUP.RR."):
            ard.rows[key]["method"] = f"Cox regression, univariable, {FIRTH}; reference ND"
    named = "for relapsed or refractory against newly diagnosed patients"
    text = text_of(staged(with_models(), ard.frame()), "results_survival")
    assert f"; Firth's penalised estimate) {named}" in text
    ard.rows["km.OS.ND.events"] |= {"value": 0, "display": "0"}
    text = text_of(staged(with_models(), ard.frame()), "results_survival")
    reason = "as there was no event among newly diagnosed patients"
    assert f"; Firth's penalised estimate, {reason}) {named}" in text

"""The section on published curves: what they are, where they come from, and no comparison."""

from __future__ import annotations

import pandas as pd

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.grammar import groups_of
from venaza.pipeline.report.numbers import Numbers
from venaza.pipeline.report.text import part

CURVE = {"id": "trial_os", "endpoint": "OS", "label": "A trial", "source": "Doe *et al.* 2020"}
STUDY = {
    "study": {"synthetic": False},
    "groups": None,
    "analysis": {"primary": "OS", "confidence": 0.95},
    "endpoints": {"OS": {"label": "Overall survival"}},
    "published_curves": [CURVE],
}


def context(**changes) -> Context:
    study = {**STUDY, **changes}
    names = ("n", "events", "median", "median_lower", "median_upper")
    rows = [(f"reconstructed.OS.trial_os.{name}", 7.0, "7") for name in names]
    numbers = Numbers(pd.DataFrame(rows, columns=["ard_id", "value", "display"]), study)
    return Context(numbers, study, groups_of(study), ["beside_OS"], [])


def test_the_source_the_method_and_what_the_curves_are_not():
    text = part("results_reconstructed_curves", context())
    assert "@fig-beside-os shows overall survival of this cohort and a published curve" in text
    assert "A trial ([Doe \\*et al.\\* 2020]{.given" in text
    assert "; {{< var reconstructed.OS.trial_os.n >}} patients" in text
    assert "[@guyot2012]" in text
    assert "were not compared by a test" in text
    assert "![**Overall survival of this cohort and as published elsewhere.**" in text


def test_a_study_without_published_curves_has_no_such_section():
    assert part("results_reconstructed_curves", context(published_curves=[])).strip() == ""

"""The forest of a Cox table: every ratio where it belongs, as the ARD prints it."""

import pandas as pd
import pytest

from tests.figures.cases import artist, drawn, make_case, texts_of
from venaza.pipeline.figures import models_drawn, planned

PLAIN = "Cox regression, univariable, Efron ties"


def case(ratios=None, together=True):
    """OS by group, sex and age; the model of all has group and age."""
    asked = {"cox": {"OS": ["GROUP", "SEX", "AGE"]}, "multivariable": {}}
    if together:
        asked["multivariable"] = {"OS": ["GROUP", "AGE"]}
    made = make_case({"ND": 29, "RR": 21}, **asked)
    made.study["columns"] = []
    rows = []

    def number(ard_id, value, display=None, term=None, method=PLAIN):
        display = "not estimable" if value is None else display or f"{value:g}"
        about = {"display": display, "term": term, "method": method}
        rows.append({"ard_id": ard_id, "value": value, **about})

    def ratio(stem, values, **about):
        for name, value in zip(("hazard_ratio", "lower", "upper"), values, strict=True):
            number(f"{stem}.{name}", value, None if value is None else f"{value:.2f}", **about)

    shown = {
        "cox.OS.GROUP.RR": ((1.96, 1.03, 3.74), {"term": "RR", "method": f"{PLAIN}; reference ND"}),
        "cox.OS.SEX.F": ((None,) * 3, {"term": "F", "method": f"{PLAIN}; reference M"}),
        "cox.OS.AGE": ((1.25, 1.01, 30.0), {"term": "AGE", "method": f"{PLAIN}; per 10"}),
    }
    if together:
        shown["coxm.OS.GROUP.RR"] = ((3.11, 1.42, 6.82), shown["cox.OS.GROUP.RR"][1])
        shown["coxm.OS.AGE"] = ((1.3, 0.02, 1.9), shown["cox.OS.AGE"][1])
    for stem, (values, about) in (ratios or shown).items():
        ratio(stem, values, **about)
    for stem, n in {"coxn.OS.GROUP.RR": 21, "coxn.OS.SEX.F": 16, "cox.OS.AGE": 50}.items():
        number(f"{stem}.n", n)
        number(f"{stem}.events", n - 3)
    made.ard = pd.concat([made.ard, pd.DataFrame(rows)], ignore_index=True)
    return made


@pytest.fixture(scope="module")
def forest():
    return drawn(case(), "hazards_OS")


def test_each_ratio_is_drawn_where_it_lies(forest):
    sheet, data = forest
    assert list(zip(data["LEVEL"], data["MODEL"], strict=True)) == [
        *(("Relapsed or refractory", "cox"), ("Relapsed or refractory", "coxm")),
        *(("Female", "cox"), ("", "cox"), ("", "coxm")),
    ]
    group = data["VARIABLE"].iloc[0]
    assert group == "Group (reference: newly diagnosed)"
    alone = artist(sheet, f"cox {group} Relapsed or refractory")
    both = artist(sheet, f"coxm {group} Relapsed or refractory")
    assert (alone.get_xdata()[0], both.get_xdata()[0]) == (pytest.approx(1.96), pytest.approx(3.11))
    assert alone.get_ydata()[0] < both.get_ydata()[0], "alone above, together below"
    assert alone.get_marker() != both.get_marker()


def test_what_is_printed_is_the_ards(forest):
    texts = texts_of(forest[0])
    for text in ("1.96 (1.03–3.74)", "3.11 (1.42–6.82)", "18/21", "47/50", "not estimable"):
        assert text in texts
    assert "Age, per 10 years" in texts, "the unit of change stands beside the label"


def test_a_limit_beyond_the_axis_is_an_arrow_on_its_side(forest):
    axes = artist(forest[0], "reference").axes
    assert axes.get_xlim()[1] < 30
    assert {line.get_marker() for line in axes.lines} >= {"<", ">"}


def test_without_a_model_of_all_there_is_one_column():
    sheet, data = drawn(case(together=False), "hazards_OS")
    assert set(data["MODEL"]) == {"cox"}
    assert not any("Multivariable" in text for text in texts_of(sheet))


def test_without_any_estimate_one_sentence_says_so():
    none = {"cox.OS.AGE": ((None,) * 3, {"term": "AGE"})}
    sheet, data = drawn(case(none), "hazards_OS")
    assert "No hazard ratio could be estimated." in texts_of(sheet)
    assert data.empty


@pytest.mark.parametrize(
    ("groups", "cox", "together", "drawn"),
    [
        ({"treatment": False}, ["GROUP", "AGE"], [], ["OS"]),
        ({"treatment": False}, ["AGE"], ["AGE"], []),
        ({"treatment": False}, ["AGE"], ["GROUP"], ["OS"]),
        ({"treatment": True}, ["GROUP", "AGE"], [], []),
        (None, ["AGE", "SEX"], [], ["OS"]),
    ],
)
def test_two_covariates_and_groups_that_are_no_treatments(groups, cox, together, drawn):
    study = make_case({"ND": 3, "RR": 3}).study
    study["groups"] = groups and {**study["groups"], **groups}
    study["analysis"] |= {"cox": {"OS": cox}, "multivariable": {"OS": together}}
    assert models_drawn(study) == drawn
    assert [n for n in planned(study) if n.startswith("hazards")] == [f"hazards_{c}" for c in drawn]

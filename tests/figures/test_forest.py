"""The forest of subgroups: every row drawn, numbers as the ARD prints them, honest ends."""

import pytest

from tests.figures.cases import artist, drawn, make_case, texts_of
from venaza.pipeline.figures import planned

ROWS = {
    "SEX.M": (2.14, 0.96, 4.75, 18),
    "SEX.F": (2.07, 0.56, 6.99, 5),
    "RISK.favourable": (None, None, None, 0),
    "RISK.adverse": (5.65, 1.17, 55.4, 7),
}


def forest_case(rows=ROWS):
    case = make_case({"ND": 29, "RR": 21}, subgroups={"OS": ["SEX", "RISK"]})
    case.study["columns"] = []
    table = case.ard
    add = []

    def number(ard_id, value, display, term=None):
        add.append({"ard_id": ard_id, "value": value, "display": display, "term": term})

    def ratio(stem, values, term=None):
        for name, value in zip(("hazard_ratio", "lower", "upper"), values, strict=True):
            shown = "not estimable" if value is None else f"{value:.2f}"
            number(f"{stem}.{name}", value, shown, term)

    ratio("cox.OS.GROUP.RR", (1.96, 1.03, 3.74), "RR")
    for key, (*values, events) in rows.items():
        stem = f"subgroup.OS.{key}"
        ratio(stem, values, key.split(".")[1])
        for group in ("ND", "RR"):
            number(f"{stem}.in_{group}.n", events + 3, str(events + 3))
            number(f"{stem}.in_{group}.events", events, str(events))
    number("subgroup.OS.SEX.interaction.p_value", 0.648, "0.648", "SEX")
    number("subgroup.OS.RISK.interaction.p_value", None, "not estimable", "RISK")
    import pandas as pd

    case.ard = pd.concat([table, pd.DataFrame(add)], ignore_index=True).astype(table.dtypes)
    return case


@pytest.fixture(scope="module")
def forest():
    return drawn(forest_case(), "forest_OS")


def test_planned_where_subgroups_are_asked_for(two_groups):
    assert "forest_OS" in planned(forest_case().study)
    assert not any(name.startswith("forest") for name in planned(two_groups.study))


def test_each_level_is_drawn_at_its_ratio(forest):
    sheet, data = forest
    assert list(data["LEVEL"].dropna()) == ["Male", "Female", "Favourable", "Adverse"]
    label = data.loc[data["LEVEL"] == "Male", "VARIABLE"].iloc[0]
    assert artist(sheet, f"ratio {label} Male").get_xdata()[0] == pytest.approx(2.14)
    assert artist(sheet, "ratio All patients").get_xdata()[0] == pytest.approx(1.96)


def test_what_is_printed_is_the_ards(forest):
    texts = texts_of(forest[0])
    for text in ("2.14 (0.96–4.75)", "18/21", "0.648", "not estimable", "1.96 (1.03–3.74)"):
        assert text in texts


def test_the_reference_line_is_at_one(forest):
    line = artist(forest[0], "reference")
    assert list(line.get_xdata()) == [1, 1]
    assert line.axes.get_xscale() == "log"


def test_a_limit_beyond_the_axis_is_an_arrow(forest):
    axes = artist(forest[0], "reference").axes
    assert axes.get_xlim()[1] < 55.4
    assert [line for line in axes.lines if line.get_marker() == ">"]


def test_without_any_estimate_one_sentence_says_so():
    case = forest_case({"SEX.M": (None, None, None, 1)})
    case.ard = case.ard[~case.ard["ard_id"].str.startswith("cox.")]
    sheet, _ = drawn(case, "forest_OS")
    assert "No hazard ratio could be estimated in a subgroup." in texts_of(sheet)

"""One endpoint by its definitions: a panel for each group, a curve for each definition."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.figures.cases import make_study
from venaza.pipeline.figures import definitions, planned, style
from venaza.pipeline.figures.lookup import Numbers


@pytest.fixture
def case():
    study = make_study({"ND": "Newly diagnosed", "RR": "Relapsed or refractory"})
    study["endpoints"]["EFS"] |= {"short": "documented failure"}
    study["alternatives"] = {
        "EFS.day0": {"of": "EFS", "short": "failure at day 0"},
        "EFS.death": {"of": "EFS", "short": "relapse or death only"},
    }
    steps = []
    for code, first in (("EFS", 1.0), ("EFS.day0", 0.6), ("EFS.death", 1.0)):
        for group in ("ND", "RR"):
            for time, estimate in ((0, first), (90, 0.5), (300, 0.2)):
                steps.append(("kaplan_meier", code, group, None, time, estimate))
    names = ["curve", "endpoint", "group", "cause", "time", "estimate"]
    curves = pd.DataFrame(steps, columns=names).assign(lower=None, upper=None, n_censor=0)
    ard = pd.DataFrame(
        [
            (f"km.{c}.{g}.median", 3.0, "3.00", None)
            for c in ("EFS", "EFS.day0")
            for g in ("ND", "RR")
        ],
        columns=["ard_id", "value", "display", "term"],
    ).assign(method=None)
    return study, curves, Numbers(ard)


def test_the_figure_is_planned_where_an_endpoint_has_alternatives(case):
    assert "definitions_EFS" in planned(case[0])
    assert "definitions_EFS" not in planned({**case[0], "alternatives": {}})


def test_every_definition_is_drawn_in_every_panel(case):
    study, curves, numbers = case
    with style.journal():
        sheet, data = definitions.figure("EFS", curves, numbers, study)
    assert len(sheet.figure.axes) == 2
    for axes in sheet.figure.axes:
        lines = {line.get_gid(): line for line in axes.lines}
        assert set(lines) == {
            *("curve documented failure", "curve failure at day 0", "curve relapse or death only"),
        }
        own = lines["curve documented failure"]
        assert own.get_color() == style.INK
        assert all(own.zorder >= line.zorder for line in lines.values())
        # An event on day 0 is a step down from 100%.
        assert list(lines["curve failure at day 0"].get_ydata())[:2] == [100.0, 60.0]
    assert set(data["DEFINITION"]) == {
        *("documented failure", "failure at day 0", "relapse or death only"),
    }


def test_the_medians_are_those_of_the_ard(case):
    study, curves, numbers = case
    with style.journal():
        sheet, _ = definitions.figure("EFS", curves, numbers, study)
    texts = [text.get_text() for text in sheet.figure.texts]
    assert texts.count("3.00") == 4


def test_without_patients_a_sentence_is_drawn(case):
    study, curves, numbers = case
    with style.journal():
        sheet, _ = definitions.figure("EFS", curves.iloc[0:0], numbers, study)
    assert "no patient" in " ".join(text.get_text() for text in sheet.figure.texts)


def test_the_heads_of_the_medians_keep_to_their_columns(case):
    """A long label is broken, not printed over its neighbour or beyond the edge."""
    study, curves, numbers = case
    study["groups"]["levels"]["ND"] = "Newly diagnosed, not fit for intensive therapy"
    with style.journal():
        sheet, _ = definitions.figure("EFS", curves, numbers, study)
        spans: dict[float, float] = {}
        for text in sheet.figure.texts:
            if text.get_fontsize() == style.SMALL:
                x = text.get_position()[0]
                width = style.text_width(text.get_text(), style.SMALL)
                spans[x] = max(spans.get(x, 0), x + width)
    columns = sorted(spans)
    assert len(columns) == 2
    assert spans[columns[0]] < columns[1]
    assert spans[columns[1]] <= style.DOUBLE

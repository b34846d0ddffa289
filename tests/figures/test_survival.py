"""Survival and incidence curves: the lines, the ticks, the printed numbers, the risk table."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from tests.figures.cases import MONTH, artist, drawn, make_case, sheet_of, texts_of
from venaza.pipeline.figures.curve_axes import month_ticks


def with_ard(case, changes: dict[str, tuple[float | None, str]]) -> SimpleNamespace:
    """The case with some numbers of its ARD replaced: id -> (value, display)."""
    ard = case.ard.copy()
    for ard_id, (value, display) in changes.items():
        row = ard["ard_id"] == ard_id
        assert row.sum() == 1, ard_id
        ard.loc[row, "value"] = pd.NA if value is None else value
        ard.loc[row, "display"] = display
    return SimpleNamespace(**(vars(case) | {"ard": ard}))


def steps_of(case, code: str, group: str) -> pd.DataFrame:
    rows = case.curves
    return rows[(rows["endpoint"] == code) & (rows["group"] == group)]


@pytest.mark.parametrize("group", ["ND", "RR"])
def test_the_line_is_the_curve_in_months_and_percent(two_groups, group):
    line = artist(sheet_of(two_groups, "km_OS"), f"curve {group}")
    steps = steps_of(two_groups, "OS", group)
    assert line.get_drawstyle() == "steps-post"
    assert line.get_xdata() == pytest.approx(steps["time"].to_numpy() / MONTH)
    assert line.get_ydata() == pytest.approx(100 * steps["estimate"].to_numpy(float))


@pytest.mark.parametrize("group", ["ND", "RR"])
def test_censored_patients_are_ticked_where_they_were_censored(two_groups, group):
    ticks = artist(sheet_of(two_groups, "km_OS"), f"censored {group}")
    steps = steps_of(two_groups, "OS", group)
    expected = steps.loc[steps["n_censor"] > 0, "time"].to_numpy() / MONTH
    assert len(expected) > 2
    assert ticks.get_xdata() == pytest.approx(expected)
    assert ticks.get_marker() == "|"


def test_nothing_is_drawn_beyond_follow_up(two_groups):
    sheet = sheet_of(two_groups, "km_OS")
    last = two_groups.tables["adsl"].groupby("GROUP")["ENDDY"].max() / MONTH
    for group in ("ND", "RR"):
        assert artist(sheet, f"curve {group}").get_xdata().max() == pytest.approx(last[group])
    axes = sheet.figure.axes[0]
    assert axes.get_xlim()[1] <= last.max() * 1.03


def test_an_event_on_day_zero_is_a_step_from_100_percent(two_groups):
    curves = two_groups.curves.copy()
    first = (curves["endpoint"] == "OS") & (curves["group"] == "ND") & (curves["time"] == 0)
    curves.loc[first, "estimate"] = 0.95
    case = SimpleNamespace(**(vars(two_groups) | {"curves": curves}))
    line = artist(sheet_of(case, "km_OS"), "curve ND")
    assert list(line.get_xdata()[:2]) == [0, 0]
    assert line.get_ydata()[:2] == pytest.approx([100, 95])


def test_medians_are_dotted_where_reached(two_groups):
    value = two_groups.ard.set_index("ard_id").loc["km.OS.ND.median", "value"]
    line = artist(sheet_of(two_groups, "km_OS"), "median ND")
    assert list(line.get_xdata()) == pytest.approx([value, value])
    assert list(line.get_ydata()) == [0, 50]


def test_a_median_not_reached_is_said_and_not_drawn(two_groups):
    missing = {
        f"km.OS.ND.{name}": (None, "not reached")
        for name in ("median", "median_lower", "median_upper")
    }
    sheet = sheet_of(with_ard(two_groups, missing), "km_OS")
    assert "not reached" in texts_of(sheet)
    assert not sheet.figure.findobj(lambda a: a.get_gid() == "median ND")
    assert sheet.figure.findobj(lambda a: a.get_gid() == "median RR")


def test_an_upper_limit_not_reached_reads_to_not_reached(two_groups):
    changes = {
        "km.OS.ND.median": (11.93, "11.93"),
        "km.OS.ND.median_lower": (7.2, "7.20"),
        "km.OS.ND.median_upper": (None, "not reached"),
    }
    texts = texts_of(sheet_of(with_ard(two_groups, changes), "km_OS"))
    assert "11.93 (7.20 to not reached)" in texts


def test_the_key_prints_the_ard(two_groups):
    changes = {
        "km.OS.RR.n": (21, "21"),
        "km.OS.RR.events": (18, "18"),
        "km.OS.RR.median": (9.1, "9.10"),
        "km.OS.RR.median_lower": (3.83, "3.83"),
        "km.OS.RR.median_upper": (10.07, "10.07"),
        "logrank.OS.p_value": (0.0004, "<0.001"),
    }
    texts = texts_of(sheet_of(with_ard(two_groups, changes), "km_OS"))
    assert "9.10 (3.83–10.07)" in texts
    assert "18" in texts
    assert "Log-rank P <0.001" in texts
    assert "Median (95% CI), months" in texts


def test_a_p_value_that_does_not_exist_is_not_printed(two_groups, one_group):
    case = with_ard(two_groups, {"logrank.OS.p_value": (None, "not estimable")})
    for texts in (texts_of(sheet_of(case, "km_OS")), texts_of(sheet_of(one_group, "km_OS"))):
        assert not any("Log-rank" in text for text in texts)


def risk_table(sheet) -> dict[str, Text]:
    texts = sheet.figure.findobj(Text)
    return {t.get_gid(): t for t in texts if (t.get_gid() or "").startswith("risk.")}


def test_numbers_at_risk_stand_under_their_ticks(two_groups):
    sheet = sheet_of(two_groups, "km_OS")
    axes, table = sheet.figure.axes[0], risk_table(sheet)
    shown = two_groups.ard.set_index("ard_id")["display"]
    ticks = list(axes.get_xticks())
    assert len(table) == 2 * len(ticks)
    for tick in ticks:
        for group in ("ND", "RR"):
            text = table[f"risk.OS.{group}.m{tick:g}.n_risk"]
            assert text.get_text() == shown[text.get_gid()]
            x = text.get_transform().transform(text.get_position())[0]
            assert x == pytest.approx(axes.transData.transform((tick, 0))[0], abs=0.01)
            assert text.get_horizontalalignment() == "center"


def test_the_first_number_at_risk_is_everyone(two_groups):
    table = risk_table(sheet_of(two_groups, "km_OS"))
    assert table["risk.OS.ND.m0.n_risk"].get_text() == "29"
    assert table["risk.OS.RR.m0.n_risk"].get_text() == "21"


@pytest.mark.parametrize(
    ("end", "step", "expected"),
    [
        (23.6, 3, [0, 3, 6, 9, 12, 15, 18, 21]),
        (30.7, 3, list(range(0, 31, 3))),
        (33, 3, [0, 6, 12, 18, 24, 30]),
        (86.7, 12, [0, 12, 24, 36, 48, 60, 72, 84]),
        (3, 3, [0, 3]),
        (0.5, 0.1, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    ],
)
def test_ticks_are_natural_multiples_of_the_risk_tables_step(end, step, expected):
    assert month_ticks(end, step) == pytest.approx(expected)


def test_survival_runs_from_0_to_100_percent_and_is_labelled(two_groups):
    axes = sheet_of(two_groups, "km_EFS").figure.axes[0]
    assert axes.get_ylim() == (0, 100)
    assert axes.get_ylabel() == "Event-free survival (%)"
    assert axes.get_xlabel() == "Months"


def test_nobody_failed_gives_one_plain_sentence():
    case = make_case({"ND": 9, "RR": 7}, failing=False)
    sheet, data = drawn(case, "km_PFOS")
    assert data.empty
    assert not sheet.figure.axes
    sentence = "Post-failure overall survival: no patient entered this analysis"
    assert any(text.startswith(sentence) for text in texts_of(sheet))


def test_an_endpoint_code_with_a_dot_finds_its_numbers(two_groups):
    ard = two_groups.ard.assign(ard_id=two_groups.ard["ard_id"].str.replace(".OS.", ".OS.b."))
    curves = two_groups.curves.assign(endpoint=two_groups.curves["endpoint"].replace("OS", "OS.b"))
    endpoints = two_groups.study["endpoints"] | {"OS.b": two_groups.study["endpoints"]["OS"]}
    study = two_groups.study | {"endpoints": endpoints}
    case = SimpleNamespace(**(vars(two_groups) | {"ard": ard, "curves": curves, "study": study}))
    sheet = sheet_of(case, "km_OS.b")
    assert artist(sheet, "curve ND") is not None
    assert "risk.OS.b.ND.m0.n_risk" in risk_table(sheet)


@pytest.mark.parametrize("cause", ["event", "competing"])
def test_incidence_lines_are_the_curves_of_each_cause(two_groups, cause):
    line = artist(sheet_of(two_groups, "cif_CIR"), f"{cause} ND")
    steps = steps_of(two_groups, "CIR", "ND")
    steps = steps[steps["cause"] == cause]
    assert line.get_xdata() == pytest.approx(steps["time"].to_numpy() / MONTH)
    assert line.get_ydata() == pytest.approx(100 * steps["estimate"].to_numpy(float))
    assert line.is_dashed() == (cause == "competing")


def test_incidence_names_its_causes_and_prints_the_last_landmark(two_groups):
    texts = texts_of(sheet_of(two_groups, "cif_CIR"))
    assert "Death without relapse" in texts
    assert texts.count("at 12 months, % (95% CI)") == 2


def test_incidence_calls_the_competing_event_by_its_label():
    case = make_case(40)
    case.study["endpoints"]["CIR"]["competing_label"] = "Non-relapse mortality"
    texts = texts_of(sheet_of(case, "cif_CIR"))
    assert "Non-relapse mortality" in texts
    assert "Death without relapse" not in texts


def test_a_cause_within_a_phrase_starts_small_though_it_ends_in_an_abbreviation():
    case = make_case(40)
    case.study["endpoints"]["CIR"] |= {"events": ["REFRACTORY", "RELAPSE"], "competing": ["MLFS"]}
    case.study["milestones"]["RELAPSE"]["description"] = "Relapse after CR or MLFS"
    case.study["milestones"]["MLFS"] = {"description": "MLFS"}
    found = "Refractory disease or relapse after CR or MLFS"
    texts = texts_of(sheet_of(case, "cif_CIR"))
    assert found in texts
    assert f"MLFS without {found[0].lower()}{found[1:]}" in texts


def test_incidence_axis_ends_above_the_highest_curve(two_groups):
    sheet = sheet_of(two_groups, "cif_CIR")
    top = sheet.figure.axes[0].get_ylim()[1]
    highest = max(np.max(artist(sheet, f"event {g}").get_ydata()) for g in ("ND", "RR"))
    assert highest <= top <= 100

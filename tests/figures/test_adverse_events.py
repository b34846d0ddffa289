"""The adverse-event chart prints the commonest terms of the ARD."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.figures.cases import drawn, make_case, sheet_of, texts_of


def test_fifteen_commonest_terms_by_highest_percentage(two_groups):
    _, data = drawn(two_groups, "ae")
    highest = data[data["GRADE"] == "any"].groupby("TERM", sort=False)["PERCENT"].max()
    assert len(highest) == 15
    assert highest.is_monotonic_decreasing
    assert "Oedema limbs" not in highest.index, "the rarest of the seventeen"
    assert "total" not in highest.index


def test_bars_are_as_long_as_the_percentages(two_groups):
    sheet, data = drawn(two_groups, "ae")
    for grade in ("any", "g3"):
        rows = data[(data["GROUP"] == "ND") & (data["GRADE"] == grade)]
        bars = sheet.figure.findobj(lambda a, gid=f"{grade} ND": a.get_gid() == gid)
        assert [bar.get_width() for bar in bars] == pytest.approx(list(rows["PERCENT"]))


def test_two_groups_stand_back_to_back_on_equal_axes(two_groups):
    left, right = sheet_of(two_groups, "ae").figure.axes
    assert left.get_xlim() == right.get_xlim()[::-1]
    assert left.get_position().width == pytest.approx(right.get_position().width)
    assert left.get_position().x1 < right.get_position().x0


def test_three_groups_stand_side_by_side_on_equal_axes():
    axes = sheet_of(make_case({"A": 20, "B": 10, "C": 5}), "ae").figure.axes
    assert len(axes) == 3
    assert len({a.get_xlim() for a in axes}) == 1


def test_patients_are_printed_beside_the_bars(two_groups):
    sheet, data = drawn(two_groups, "ae")
    rows = data[data["GROUP"] == "RR"].set_index(["TERM", "GRADE"])["N"]
    texts = texts_of(sheet)
    for term in data["TERM"].unique():
        assert f"{rows[term, 'any']}/{rows[term, 'g3']}" in texts
    assert "Relapsed or refractory (n = 21)" in texts


def test_no_adverse_event_gives_one_plain_sentence(two_groups):
    ard = two_groups.ard[~two_groups.ard["ard_id"].str.startswith("ae.")]
    case = SimpleNamespace(**(vars(two_groups) | {"ard": ard}))
    sheet, data = drawn(case, "ae")
    assert data.empty
    assert "No adverse event was recorded." in texts_of(sheet)


def test_a_term_that_one_group_never_had_is_zero_there(two_groups):
    ard = two_groups.ard[~two_groups.ard["ard_id"].str.startswith("ae.RR.Nausea")]
    case = SimpleNamespace(**(vars(two_groups) | {"ard": ard}))
    assert "0/0" in texts_of(sheet_of(case, "ae"))
    assert "0/0" not in texts_of(sheet_of(two_groups, "ae"))

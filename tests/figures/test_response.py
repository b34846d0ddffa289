"""The response figure prints best responses and rates of the ARD, in the study's order."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.figures.cases import artist, drawn, sheet_of, texts_of


def value(case, ard_id: str) -> float:
    return float(case.ard.set_index("ard_id").loc[ard_id, "value"])


def test_segments_follow_one_another_best_first(two_groups):
    sheet = sheet_of(two_groups, "response")
    start = 0.0
    for category in ("CR", "CRi", "PR", "NR", "NE"):
        bar = artist(sheet, f"{category} ND")
        assert bar.get_x() == pytest.approx(start)
        assert bar.get_width() == pytest.approx(value(two_groups, f"bor.ND.{category}.percent"))
        start += bar.get_width()
    assert start == pytest.approx(100)


def test_one_category_has_one_colour_in_every_group(two_groups):
    sheet = sheet_of(two_groups, "response")
    colours = [artist(sheet, f"CR {group}").get_facecolor() for group in ("ND", "RR")]
    assert colours[0] == colours[1]


def test_rates_are_marked_at_their_percentage(two_groups):
    sheet, data = drawn(two_groups, "response")
    rows = data[(data["PANEL"] == "B") & (data["GROUP"] == "RR")]
    for parameter, row in zip(("ORR", "CRC", "MRDNEG"), rows.to_dict("records"), strict=True):
        mark = artist(sheet, f"rate {row['TERM']} RR")
        expected = value(two_groups, f"rate.{parameter}.RR.percent")
        assert list(mark.get_xdata()) == pytest.approx([expected])


def test_fractions_and_intervals_are_printed_as_in_the_ard(two_groups):
    ard = two_groups.ard.set_index("ard_id")["display"]
    texts = texts_of(sheet_of(two_groups, "response"))
    stem = "rate.ORR.ND"
    assert f"{ard[f'{stem}.n']}/{ard[f'{stem}.denominator']}" in texts
    limits = f"{ard[f'{stem}.lower']}–{ard[f'{stem}.upper']}"
    assert f"{ard[f'{stem}.percent']} ({limits})" in texts


def test_measures_name_the_categories_that_occur_and_the_denominator(two_groups):
    texts = texts_of(sheet_of(two_groups, "response"))
    assert "Overall response (CR, CRi, PR)" in texts
    assert "Composite complete remission (CR, CRi)" in texts
    assert "MRD negative, of patients in remission" in texts
    assert "Response rates in evaluable patients with 95% confidence intervals" in texts


def test_a_category_that_nobody_reached_is_not_in_the_legend(two_groups):
    ard = two_groups.ard.copy()
    ard.loc[ard["ard_id"].str.match(r"bor\..*\.PR\."), ["value", "display"]] = [0, "0"]
    case = SimpleNamespace(**(vars(two_groups) | {"ard": ard}))
    assert "PR" in texts_of(sheet_of(two_groups, "response"))
    assert "PR" not in texts_of(sheet_of(case, "response"))


def test_one_cohort_stands_in_the_measures_own_row(one_group):
    assert texts_of(sheet_of(one_group, "response")).count("All patients") == 1


def test_no_response_at_all_gives_one_plain_sentence(two_groups):
    ard = two_groups.ard[~two_groups.ard["ard_id"].str.match(r"(bor|rate)\.")]
    case = SimpleNamespace(**(vars(two_groups) | {"ard": ard}))
    sheet, data = drawn(case, "response")
    assert data.empty
    assert "No patient had a response assessment." in texts_of(sheet)


def test_a_rate_without_patients_is_said_and_not_marked(two_groups):
    ard = two_groups.ard.copy()
    of = ard["ard_id"].str.match(r"rate\.MRDNEG\.RR\.(percent|lower|upper)")
    ard.loc[of, "value"] = None
    ard.loc[of, "display"] = "not estimable"
    case = SimpleNamespace(**(vars(two_groups) | {"ard": ard}))
    sheet = sheet_of(case, "response")
    assert "not estimable" in texts_of(sheet)
    measure = "MRD negative, of patients in remission"
    assert not sheet.figure.findobj(lambda a: a.get_gid() == f"rate {measure} RR")

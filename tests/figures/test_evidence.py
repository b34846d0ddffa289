"""The forest of published rates: every row with setting, denominator and interval, or marked."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.figures.cases import artist, drawn, make_case, texts_of
from tests.shown_evidence import with_evidence
from venaza.pipeline.figures import planned


def evidence_case(**more):
    case = make_case({"ND": 29, "RR": 21})
    own = [
        {"ard_id": f"rate_{kind}.{parameter}.{group}.{name}", "value": value, "display": str(value)}
        for parameter in ("CRC", "ORR")
        for group, sizes in (("ND", {"all": 29, "evaluable": 28}), ("RR", {"all": 21}))
        for kind, n in sizes.items()
        for name, value in {"n": 15, "denominator": n, "percent": 52.1, "lower": 33.9,
                            "upper": 70.6}.items()
    ]  # fmt: skip
    case.ard = pd.concat([case.ard, pd.DataFrame(own)], ignore_index=True)
    case.study, case.ard, rows = with_evidence(case.study, case.ard, **more)
    case.tables.update(rows)
    return case


@pytest.fixture(scope="module")
def forest():
    return drawn(evidence_case(), "evidence")


def test_the_figure_is_planned_where_rates_are_shown():
    case = evidence_case()
    assert planned(case.study)[-1] == "evidence"
    without = case.study["evidence"]["shows"] | {"rates": False}
    case.study["evidence"]["shows"] = without
    assert "evidence" not in planned(case.study)


def test_every_rate_has_setting_endpoint_series_and_denominator(forest):
    _, data = forest
    drawn_rows = data[data["KIND"] != "heading"]
    assert len(drawn_rows) > 20
    assert drawn_rows[["SETTING", "ENDPOINT", "SERIES", "DENOMINATOR", "PRINTED"]].notna().all(None)
    assert set(data["SETTING"]) == {"Newly diagnosed", "Relapsed or refractory"}


def test_settings_and_endpoints_are_never_mixed(forest):
    _, data = forest
    headings = data[data["KIND"] == "heading"]
    assert not headings.duplicated(["SETTING", "ENDPOINT"]).any()
    blocks = (data["KIND"] == "heading").cumsum()
    for _, block in data.groupby(blocks):
        assert len(block[["SETTING", "ENDPOINT"]].drop_duplicates()) == 1
        assert block.iloc[1]["KIND"] == "own"


def test_the_numbers_are_those_of_the_ard(forest):
    sheet, data = forest
    arm = data[data["SERIES"] == "VIALE-A, venetoclax arm"].iloc[0]
    assert (arm["COUNT"], arm["PRINTED"]) == ("190/286", "66.4 (60.6–71.9)")
    assert "66.4 (60.6–71.9)" in texts_of(sheet)
    bai = data[(data["SERIES"] == "Bai 2025") & (data["ENDPOINT"] == "CR+CRi")].iloc[0]
    assert (bai["COUNT"], bai["DENOMINATOR"]) == ("19/28†", "evaluable")


def test_a_rate_without_certain_counts_is_open_and_marked(forest):
    sheet, data = forest
    uk = data[data["SERIES"] == "UK, 53 hospitals"].iloc[0]
    assert uk["COUNT"] == "–/587‡"
    assert uk["PRINTED"] == "67"
    stem = "rate Newly diagnosed CR+CRi"
    square = artist(sheet, f"{stem} UK, 53 hospitals not stated")
    assert square.get_markerfacecolor() == "white"
    assert artist(sheet, f"{stem} VIALE-A, venetoclax arm all treated").get_markerfacecolor() != (
        "white"
    )
    assert any("drawn without interval" in text for text in texts_of(sheet))


def test_squares_grow_with_the_patients(forest):
    sheet, _ = forest
    stem = "rate Newly diagnosed CR+CRi"
    sizes = [
        artist(sheet, f"{stem} {name}").get_markersize()
        for name in ("Bai 2025 evaluable", "VIALE-C, venetoclax arm all treated",
                     "VIALE-A, venetoclax arm all treated")
    ]  # fmt: skip
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_the_pooled_rate_is_a_diamond_with_its_prediction_interval(forest):
    sheet, data = forest
    pooled = data[data["KIND"] == "pooled"].iloc[0]
    assert pooled["SERIES"].startswith("Pooled, ")
    assert pooled["PREDICTION_LOWER"] < pooled["LOWER"] < pooled["PERCENT"] < pooled["UPPER"]
    stem = f"rate Newly diagnosed CR+CRi {pooled['SERIES']} all treated"
    assert artist(sheet, stem).get_xy()[:, 0].min() == pytest.approx(pooled["LOWER"])


def test_only_this_cohort_is_called_synthetic(forest):
    sheet, _ = forest
    assert [text for text in texts_of(sheet) if "ynthetic" in text] == [
        "This cohort: synthetic data"
    ]


def test_nothing_hangs_over_the_sheet(forest):
    sheet, _ = forest
    sheet.figure.canvas.draw()
    from matplotlib.text import Text

    box = sheet.figure.bbox
    for text in sheet.figure.findobj(Text):
        if text.get_text() and text.get_visible():
            extent = text.get_window_extent()
            assert extent.x0 >= -1, text.get_text()
            assert extent.x1 <= box.x1 + 1, text.get_text()
            assert extent.y0 >= -1, text.get_text()


def test_columns_do_not_run_into_each_other(forest):
    sheet, data = forest
    renderer = sheet.figure.canvas.get_renderer()
    from matplotlib.text import Text

    boxes = [
        t.get_window_extent(renderer).padded(-1)
        for t in sheet.figure.findobj(Text)
        if t.get_text() and t.get_visible()
    ]
    hits = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.overlaps(b)]
    assert hits == []


def test_a_study_with_no_rate_of_its_own_says_so():
    case = evidence_case()
    case.ard = case.ard[~case.ard["ard_id"].str.startswith("evidence.rate.")]
    sheet, data = drawn(case, "evidence")
    assert data.empty
    assert any("No published rate" in text for text in texts_of(sheet))

"""The cohort flow: arithmetic that stops the run, and boxes and arrows where they belong."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.figures.cases import artist, make_case, sheet_of, texts_of
from venaza.contracts.errors import StudyError
from venaza.pipeline.figures import flow

COLUMNS = ["BOX", "PARENT", "GROUP", "LABEL", "N", "EXCLUDED", "REASONS"]
GOOD = [
    ("raw", None, None, "Patient rows in the export", 54, None, None),
    ("patients", "raw", None, "Patients", 51, 3, "exact duplicate (n = 2); no number (n = 1)"),
    ("treated", "patients", None, "Treated patients", 50, 1, None),
    ("group:ND", "treated", "ND", "Newly diagnosed", 29, None, None),
    ("evaluable:ND", "group:ND", "ND", "Evaluable", 28, 1, "died early (n = 1)"),
    ("failed:ND", "group:ND", "ND", "Regimen failed", 19, None, None),
    ("group:RR", "treated", "RR", "Relapsed or refractory", 21, None, None),
    ("evaluable:RR", "group:RR", "RR", "Evaluable", 21, 0, None),
    ("failed:RR", "group:RR", "RR", "Regimen failed", 14, None, None),
]


def table(changes: dict[str, dict] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(GOOD, columns=COLUMNS)
    for box, cells in (changes or {}).items():
        for column, value in cells.items():
            frame.loc[frame["BOX"] == box, column] = value
    return frame.astype({"N": "Int64", "EXCLUDED": "Int64"})


def test_a_flow_that_adds_up_passes():
    flow.check_flow(flow.boxes_of(table()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"group:RR": {"N": 22}}, r"group:ND \(29\) \+ group:RR \(22\) is not treated \(50\)"),
        ({"treated": {"EXCLUDED": 2}}, r"patients \(51\) less 2 is not treated \(50\)"),
        ({"evaluable:ND": {"N": 27}}, r"group:ND \(29\) less 1 is not evaluable:ND \(27\)"),
        (
            {"patients": {"REASONS": "exact duplicate (n = 2); no number (n = 2)"}},
            "the reasons before patients count 4, but 3 leave",
        ),
        ({"failed:ND": {"N": 30}}, "failed:ND holds 30 of the 29 in group:ND"),
        ({"failed:ND": {"PARENT": "groupND"}}, "comes from groupND, which the flow does not have"),
        ({"raw": {"EXCLUDED": 1}}, "1 leave before raw, but it comes from no box"),
    ],
)
def test_a_flow_that_does_not_add_up_names_the_boxes(changes, message):
    with pytest.raises(StudyError, match=message) as stopped:
        flow.figure(table(changes), make_case({"ND": 1}).study)
    assert "counted once" in stopped.value.fix


def test_every_box_prints_its_label_and_number(two_groups):
    texts = " ".join(texts_of(sheet_of(two_groups, "flow")))
    for row in two_groups.tables["flow"].to_dict("records"):
        assert f"{row['LABEL']} (n = {row['N']})" in texts


def test_reasons_stand_in_side_boxes_with_a_capital(two_groups):
    texts = texts_of(sheet_of(two_groups, "flow"))
    unbroken = [text.replace("\u00a0", " ").strip() for text in texts]
    assert "Duplicate row of a patient (n = 2)" in unbroken
    assert any(text.startswith("No further therapy recorded") for text in unbroken)


def test_who_leaves_without_a_reason_is_still_counted():
    box = flow._worded(flow.boxes_of(table())[2], {})
    flow._fill_side(box, 60)
    assert box.side_text.replace("\u00a0", " ") == "Not included (n = 1)"


def test_nobody_left_gives_no_side_box():
    boxes = flow.boxes_of(table())
    flow._fill_side(boxes[7], 60)
    assert boxes[7].side_text == ""


def test_boxes_of_one_rank_stand_in_one_line_and_lanes_do_not_touch(two_groups):
    sheet = sheet_of(two_groups, "flow")
    for kind in ("group", "evaluable", "failed", "treated_after"):
        one, other = (artist(sheet, f"{kind}:{level}") for level in ("ND", "RR"))
        assert one.get_y() == other.get_y()
        assert one.get_height() == other.get_height()
        assert one.get_x() + one.get_width() < other.get_x()


def test_boxes_of_a_lane_follow_one_another_without_overlap(two_groups):
    sheet = sheet_of(two_groups, "flow")
    names = ["raw", "patients", "treated", "group:ND", "evaluable:ND", "failed:ND"]
    boxes = [artist(sheet, name) for name in names]
    for above, below in zip(boxes, boxes[1:], strict=False):
        assert above.get_y() + above.get_height() < below.get_y()


def test_arrows_are_straight(two_groups):
    from matplotlib.lines import Line2D

    sheet = sheet_of(two_groups, "flow")
    lines = [line for line in sheet.figure.findobj(Line2D) if len(line.get_xdata()) > 1]
    assert len(lines) > 10
    for line in lines:
        points = list(zip(line.get_xdata(), line.get_ydata(), strict=True))
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            assert x0 == x1 or y0 == y1


@pytest.mark.parametrize("sizes", [{"A": 7}, {"A": 5, "B": 0}, {"A": 3, "B": 4, "C": 5, "D": 0}])
def test_one_to_four_groups_fit_the_sheet(sizes):
    sheet = sheet_of(make_case(sizes), "flow")
    for level in sizes:
        box = artist(sheet, f"group:{level}")
        assert box.get_x() >= 0
        assert box.get_x() + box.get_width() <= sheet.width


def test_one_cohort_is_a_single_trunk(one_group):
    sheet = sheet_of(one_group, "flow")
    lefts = {artist(sheet, name).get_x() for name in ("raw", "treated", "evaluable", "failed")}
    assert len(lefts) == 1

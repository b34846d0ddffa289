"""The cohort flow: who entered, who left and why, checked for its arithmetic before it is drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.contracts.wording import capital
from venaza.pipeline.figures import style
from venaza.pipeline.figures.style import SMALL, TEXT, Sheet, text_height, text_width, wrap
from venaza.study.words import retold, say

GAP, PAD, SIDE_GAP = 7.0, 1.8, 2.2  # mm: between boxes, inside a box, around a side box
TRUNK, LANE_GAP, SIDE_WIDTH, EDGE = 76.0, 6.0, 48.0, 4.0
#: The sentences of a reason that say a day or what the groups differ in, as the flow has them.
_REASONS = (
    "{reason} (n = {n})",
    "died by day {day} without an evaluable assessment",
    "died after day {day} without an evaluable assessment",
    "{variable} not recorded",
    "{variable} not among the groups compared",
)
_REASON = re.compile(r"^(?P<reason>.*?)\s*\(n = (?P<n>\d+)\)$")


@dataclass
class Box:
    """One box of the flow with its text, its place in mm and what leaves on the way to it."""

    name: str
    parent: str
    group: str
    label: str
    n: int
    excluded: int | None
    reasons: list[str]
    line: str = ""  # label and number in one line
    count: str = ""  # the number alone
    text: str = ""
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0
    stem: float = 0.0  # where arrows enter and leave
    gap: float = 0.0  # the room above, which holds the side box
    side_text: str = ""


def boxes_of(flow: pd.DataFrame) -> list[Box]:
    """The rows of the flow table as boxes.

    Columns: BOX, PARENT, GROUP, LABEL, N, EXCLUDED, REASONS; REASONS holds ``reason (n = 3)``
    joined by semicolons.
    """

    def text(value: object) -> str:
        return "" if pd.isna(value) else str(value).strip()

    boxes = []
    for row in flow.to_dict("records"):
        reasons = [part.strip() for part in text(row["REASONS"]).split(";") if part.strip()]
        excluded = None if pd.isna(row["EXCLUDED"]) else int(row["EXCLUDED"])
        boxes.append(
            Box(
                text(row["BOX"]),
                text(row["PARENT"]),
                text(row["GROUP"]),
                text(row["LABEL"]),
                int(row["N"]),
                excluded,
                reasons,
            )
        )
    return boxes


def check_flow(boxes: list[Box]) -> None:
    """Raise ``StudyError`` where the flow does not add up, naming the boxes."""
    for parent in boxes:
        parts = [b for b in boxes if b.parent == parent.name and b.group and not parent.group]
        if parts and sum(part.n for part in parts) != parent.n:
            names = " + ".join(f"{part.name} ({part.n})" for part in parts)
            raise _wrong(f"{names} is not {parent.name} ({parent.n})")
    by_name = {box.name: box for box in boxes}
    for box in boxes:
        if box.parent and box.parent not in by_name:
            raise _wrong(f"box {box.name} comes from {box.parent}, which the flow does not have")
        if box.excluded is not None:
            _check_exclusion(box, by_name.get(box.parent))
        elif box.parent and box.n > by_name[box.parent].n:
            raise _wrong(f"{box.name} holds {box.n} of the {by_name[box.parent].n} in {box.parent}")


def _check_exclusion(box: Box, parent: Box | None) -> None:
    if parent is None:
        raise _wrong(f"{box.excluded} leave before {box.name}, but it comes from no box")
    if parent.n - box.excluded != box.n:
        raise _wrong(f"{parent.name} ({parent.n}) less {box.excluded} is not {box.name} ({box.n})")
    counts = [_REASON.match(reason) for reason in box.reasons]
    if counts and all(counts) and sum(int(match["n"]) for match in counts) != box.excluded:
        total = sum(int(match["n"]) for match in counts)
        raise _wrong(f"the reasons before {box.name} count {total}, but {box.excluded} leave")


def _wrong(what: str) -> StudyError:
    return StudyError(
        f"the cohort flow does not add up: {what}",
        fix="compare these boxes with flow.csv and adsl.csv of the endpoints: each patient who "
        "leaves a box must be counted once, with one reason",
    )


def figure(flow: pd.DataFrame, study: dict) -> tuple[Sheet, pd.DataFrame]:
    """The flow as boxes and straight arrows, side boxes for those who leave.

    Boxes without GROUP stand in the middle, one under the other; those of each group share a
    lane. Raises ``StudyError`` where the numbers do not add up. Returns the sheet and ``flow``.
    """
    boxes = boxes_of(flow)
    check_flow(boxes)
    boxes = [_worded(box, study) for box in boxes]
    lanes = list(dict.fromkeys(box.group for box in boxes if box.group))
    trunk = [box for box in boxes if not box.group]
    top = 5.0 if study["study"].get("synthetic") else 2.0
    bottom = _place_trunk(trunk, top)
    ends = [bottom]
    for i, lane in enumerate(lanes):
        members = [box for box in boxes if box.group == lane]
        _place_lane(members, i, len(lanes), boxes)
    if lanes:
        ends = _align_lanes(boxes, lanes, bottom + 2 * GAP)
    sheet = Sheet(style.DOUBLE, max(ends) + 2)
    for box in boxes:
        _draw_box(sheet, box)
    _draw_links(sheet, boxes)
    return sheet, flow


def _worded(box: Box, study: dict) -> Box:
    """The box in the language of the study; that of a group has the group's own name."""
    label = say(study, box.label)
    if box.name == f"group:{box.group}":
        label = (study.get("groups") or {"levels": {}})["levels"].get(box.group, box.label)
    none = [say(study, "Not included (n = {n})", n=box.excluded)] if box.excluded else []
    reasons = [retold(study, reason, *_REASONS) for reason in box.reasons] or none
    line = say(study, "{label} (n = {n})", label=label, n=box.n)
    count = say(study, "(n = {n})", n=box.n)
    return replace(box, label=label, line=line, count=count, reasons=reasons)


def _fill(box: Box, width: float) -> None:
    box.width = width
    inside = width - 2 * PAD
    fits = text_width(box.line, TEXT, bold=True) <= inside
    label = wrap(box.label, inside, TEXT, bold=True)
    box.text = box.line if fits else f"{label}\n{box.count}"
    box.height = text_height(box.text) + 2 * PAD


def _fill_side(box: Box, width: float) -> None:
    lines = [capital(reason) for reason in box.reasons]
    box.side_text = "\n".join(_hang(line, width - 2 * PAD) for line in lines)


def _hang(line: str, width: float) -> str:
    """``line`` broken to ``width``, its count kept whole and later lines set in."""
    kept = re.sub(r"([(（])n = ", "\\1n\u00a0=\u00a0", line)
    return wrap(kept, width, SMALL).replace("\n", "\n   ")


def _gap_above(box: Box) -> float:
    """The room between a box and the one above it, which holds its side box."""
    if not box.side_text:
        return GAP
    return max(GAP, text_height(box.side_text, SMALL) + 2 * PAD * 0.7 + 2 * SIDE_GAP)


def _place_trunk(trunk: list[Box], top: float) -> float:
    y = top
    for i, box in enumerate(trunk):
        _fill(box, TRUNK)
        _fill_side(box, style.DOUBLE / 2 - 10)
        box.gap = _gap_above(box) if i else 0.0
        y += box.gap
        box.left, box.top, box.stem = (style.DOUBLE - TRUNK) / 2, y, style.DOUBLE / 2
        y += box.height
    return y


def _place_lane(members: list[Box], i: int, count: int, boxes: list[Box]) -> None:
    width = min((style.DOUBLE - 2 * EDGE - LANE_GAP * (count - 1)) / count, 84.0)
    total = width * count + LANE_GAP * (count - 1)
    left = (style.DOUBLE - total) / 2 + i * (width + LANE_GAP)
    stem = left + min(width / 2, max(6.0, width - SIDE_WIDTH - 5))
    for box in members:
        _fill(box, width)
        box.left, box.stem = left, stem
        if box.parent in {other.name for other in boxes if other.group}:
            _fill_side(box, left + width - stem - 5)


def _align_lanes(boxes: list[Box], lanes: list[str], top: float) -> list[float]:
    """Boxes of the same rank stand at the same height in every lane; returns the bottoms."""
    columns = [[box for box in boxes if box.group == lane] for lane in lanes]
    y, ends = top, []
    for rank in range(max(len(column) for column in columns)):
        row = [column[rank] for column in columns if rank < len(column)]
        gap = max(_gap_above(box) for box in row) if rank else 0.0
        height = max(box.height for box in row)
        y += gap
        for box in row:
            box.top, box.height, box.gap = y, height, gap
        y += height
        ends.append(y)
    return ends


def _draw_box(sheet: Sheet, box: Box) -> None:
    sheet.box(box.left, box.top, box.width, box.height, gid=box.name)
    middle = box.left + box.width / 2
    sheet.text(
        middle,
        box.top + box.height / 2,
        box.text,
        bold=box.name.startswith("group:"),
        ha="center",
    )


def _draw_links(sheet: Sheet, boxes: list[Box]) -> None:
    by_name = {box.name: box for box in boxes}
    splits: dict[str, list[Box]] = {}
    for before, box in zip([None, *boxes], boxes, strict=False):
        if not box.parent:
            continue
        parent = by_name[box.parent]
        if box.group and not parent.group:
            splits.setdefault(parent.name, []).append(box)
            continue
        stem = parent.stem
        if parent is before:
            sheet.arrow((stem, parent.top + parent.height), (stem, box.top))
        else:
            stem = _draw_detour(sheet, parent, box)
        _draw_side_box(sheet, box, stem)
    for name, children in splits.items():
        _draw_split(sheet, by_name[name], children)


def _draw_detour(sheet: Sheet, parent: Box, box: Box) -> float:
    """Around the boxes between, at the left of the lane; returns where the line runs."""
    x = box.left - LANE_GAP / 2
    down, into = parent.top + parent.height / 2, box.top + box.height / 2
    sheet.line([parent.left, x, x], [down, down, into])
    sheet.arrow((x, into), (box.left, into))
    return x


def _draw_side_box(sheet: Sheet, box: Box, stem: float) -> None:
    if not box.side_text:
        return
    height = text_height(box.side_text, SMALL) + 2 * PAD * 0.7
    middle = box.top - box.gap / 2
    left = max(stem + 5, box.stem + 5)
    width = text_width(box.side_text, SMALL) + 2 * PAD
    sheet.arrow((stem, middle), (left, middle))
    sheet.box(left, middle - height / 2, width, height, edgecolor=style.GREY, linewidth=0.5)
    sheet.text(left + PAD, middle, box.side_text, SMALL)


def _draw_split(sheet: Sheet, parent: Box, children: list[Box]) -> None:
    bottom = parent.top + parent.height
    middle = (bottom + children[0].top) / 2
    sheet.line([parent.stem, parent.stem], [bottom, middle])
    centres = [child.left + child.width / 2 for child in children]
    stems = [parent.stem, *centres]
    sheet.line([min(stems), max(stems)], [middle, middle], solid_capstyle="projecting")
    for child, centre in zip(children, centres, strict=True):
        sheet.arrow((centre, middle), (centre, child.top))

"""REDCap's labelled export, made of the raw one by the data dictionary."""

from __future__ import annotations

import csv
import io
from collections import Counter

from tests.metamorphic.cohort import Cohort, Sheet

_OWN = {
    "redcap_event_name": "Event Name",
    "redcap_repeat_instrument": "Repeat Instrument",
    "redcap_repeat_instance": "Repeat Instance",
}


def fields(cohort: Cohort) -> dict[str, dict]:
    """Field -> its row of the data dictionary."""
    (text,) = cohort.beside.values()
    rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
    return {row["Variable / Field Name"]: row for row in rows}


def choices(row: dict) -> dict[str, str]:
    """Code -> label of a field."""
    if row["Field Type"] == "yesno":
        return {"1": "Yes", "0": "No"}
    parts = row["Choices, Calculations, OR Slider Labels"].split(" | ")
    return dict(part.split(", ", 1) for part in parts if ", " in part)


def told_apart(cohort: Cohort) -> dict[str, str]:
    """Field -> header with .1, .2, for fields that share their label; REDCap keeps their order."""
    known = fields(cohort)
    labels = [spec["Field Label"] for spec in known.values()]
    seen: Counter = Counter()
    apart = {}
    for name, spec in known.items():
        label = spec["Field Label"]
        if labels.count(label) > 1:
            seen[label] += 1
            apart[name] = f"{label}.{seen[label]}"
    return apart


def labelled(cohort: Cohort) -> None:
    """Labels in the place of codes, and in the place of fields as headers."""
    known, (sheet,) = fields(cohort), cohort.sheets.values()
    columns = []
    for header in sheet.headers:
        name, _, code = header.partition("___")
        cells = sheet.column(header)
        if code:
            option = choices(known[name])[code]
            title = f"{known[name]['Field Label']} (choice={option})"
            words = {"1": "Checked", "0": "Unchecked"}
        elif name in known:
            title, words = known[name]["Field Label"], choices(known[name])
            words = words if known[name]["Field Type"] != "text" else {}
        elif header.endswith("_complete"):
            title, words = "Complete?", {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
        else:
            title, words = _OWN[header], {}
        columns.append([title, *(words.get(cell, cell) for cell in cells)])
    _name_events(columns)
    made = [list(row) for row in zip(*columns, strict=True)]
    cohort.sheets = {title: Sheet(made) for title in cohort.sheets}
    name = cohort.file.replace("_DATA_", "_DATA_LABELS_")
    cohort.file = name


def _name_events(columns: list[list]) -> None:
    """Event and instrument as REDCap shows them: "Screening (Arm 1: VEN-AZA)", "Blood Count"."""
    for column in columns:
        if column[0] == "Event Name":
            column[1:] = [_event(cell) for cell in column[1:]]
        elif column[0] == "Repeat Instrument":
            column[1:] = [cell.replace("_", " ").title() for cell in column[1:]]


def _event(cell: str) -> str:
    event, _, arm = cell.rpartition("_arm_")
    return f"{event.replace('_', ' ').capitalize()} (Arm {arm}: VEN-AZA)"

"""The section on what has changed: counts, causes, headline numbers, alarms without patients."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.report.cohort import ard, study
from venaza.pipeline.report import source
from venaza.pipeline.report.text import part

COLUMNS = ["KIND", "USUBJID", "ITEM", "WORDS", "STATUS", "BEFORE", "AFTER", "CAUSE", "NOTE"]
TOLD = {"wish": "before", "export": "2023-06-30", "base": "x", "record": None, "states": [1, 2]}


def changes_told(found: pd.DataFrame | None, told: dict | None) -> str:
    """The section, of what moved and of what it is compared with."""
    inputs = source.Inputs(
        tables={"changes": found},
        ard=ard().frame(),
        study=study(),
        facts={"comparison": told},
        figures=[],
        figures_folder=Path(),
        printed=[],
        tables_folder=Path(),
        reference=Path(),
    )
    return part("changes", source.context_of(inputs))


def table(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS, dtype="string")


def number(key, before, after, cause="data", words=None, kind="headline") -> dict:
    said = {"KIND": "number", "ITEM": key, "STATUS": f"moved, {kind}", "WORDS": words}
    return said | {"BEFORE": before, "AFTER": after, "CAUSE": cause}


FOUND = table(
    {"KIND": "alarm", "USUBJID": "P-secret", "STATUS": "vanished patient"},
    {"KIND": "alarm", "USUBJID": "P-other", "STATUS": "vanished patient"},
    {"KIND": "patient", "USUBJID": "P-secret", "STATUS": "gone"},
    {"KIND": "patient", "USUBJID": "P-new", "STATUS": "added"},
    number("km.OS.ND.median", "11.93", "12.50", "code; data", "Overall survival: median"),
    number("km.OS.<b>.median", "1", None),
    number("other", "1", "2", kind="other"),
    {"KIND": "query", "STATUS": "closed"},
    {"KIND": "cell", "STATUS": "changed", "CAUSE": "data"},
)


def test_counts_causes_and_numbers_but_no_patient():
    text = changes_told(FOUND, TOLD)
    assert text.startswith("## Changes since the export of [2023-06-30]{.fact")
    for name in ("patients added", "queries closed", "by code; data"):
        assert f'data-fact="changes: {name}"' in text
    assert "by code and data" in text
    assert "Overall survival: median" in text
    assert ">11.93</span>" in text
    assert ">12.50</span>" in text
    assert "vanished patient ([2]{.fact" in text
    assert "P-" not in text
    assert "km.OS.<b>.median" not in text
    assert "km.OS.&lt;b&gt;.median" in text


@pytest.mark.parametrize(
    ("found", "told"),
    [(None, TOLD), (FOUND, None), (FOUND, {**TOLD, "export": None, "states": []})],
)
def test_nothing_to_compare_with_is_no_section(found, told):
    assert changes_told(found, told).strip() == ""


def test_where_nothing_moved_it_says_so():
    text = changes_told(table(), TOLD)
    assert "No number of the results moved." in text
    assert "Nothing changed that should not." in text


def test_where_only_a_record_is_left_cells_are_not_counted():
    text = changes_told(table(number("other", "1", "2", kind="other")), {**TOLD, "base": None})
    assert "None of them is a headline number." in text
    assert "patients" not in text
    assert "alarm" not in text.lower()


def test_the_record_of_the_same_export_is_called_so():
    assert changes_told(table(), {**TOLD, "wish": "kept"}).startswith(
        "## Changes since the record of [2023-06-30]"
    )

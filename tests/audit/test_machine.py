"""``why --json``: every raw cell it names is in the intake cells with that value."""

from __future__ import annotations

import json

import pytest

from tests.audit.test_walk import documented
from venaza.contracts.errors import StudyError
from venaza.pipeline.audit.results import export_of
from venaza.pipeline.audit.trace.printed import why_json


def test_cells_named_are_the_cells_of_the_export(results, study, tables):
    answer = json.loads(why_json(results, study, "km.OS.ND.median"))
    cells = tables["intake/cells"][["SRCFILE", "SRCSHEET", "SRCROW", "HEADER", "VALUE"]]
    known = set(cells.itertuples(index=False, name=None))
    names = ("SRCFILE", "SRCSHEET", "SRCROW", "SRCCOL", "RAW")
    told = [tuple(cell[n] for n in names) for row in answer["rows"] for cell in row["cells"]]
    filled = [cell for cell in told if cell[3] is not None]
    assert len(filled) == 2
    assert set(filled) <= known
    assert set(answer) == documented("why --json")
    assert answer["raw_files"][0]["SHA256"] == "ab" * 32
    assert answer["number"]["display"] == "3.33"
    assert answer["definition"].startswith("From index to death.")


def test_no_value_is_null(results, study):
    answer = json.loads(why_json(results, study, "km.OS.中_级.median"))
    assert answer["number"]["value"] is None


def test_unknown_number(results, study):
    with pytest.raises(StudyError, match="no number"):
        why_json(results, study, "km.OS.ND.medina")


def test_export_is_that_of_the_results(results):
    assert export_of(results) == "newest"
    (results / "settings").mkdir()
    (results / "settings/intake.json").write_text('{"settings": {"export": "2023-06-30"}}')
    assert export_of(results) == "2023-06-30"

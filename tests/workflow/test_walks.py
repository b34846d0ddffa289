"""Walking back through finished runs: from endpoints and numbers to the cells of the export."""

from __future__ import annotations

import pytest

from tests.audit.test_tried import held_against
from tests.workflow.conftest import STUDIES
from venaza.config import load_study
from venaza.contracts.files import read_table


@pytest.mark.parametrize("name", STUDIES)
def test_the_source_said_to_decide_is_that_of_every_endpoint(finished, name):
    folder = finished / "results" / name / "endpoints"
    tables = {path.stem: read_table(path) for path in folder.glob("*.parquet")}
    tried = held_against(tables, load_study(finished, name, "newest"))
    assert len(tried) > 2 * len(tables["adtte"])

"""What the tests of the statistics share: settings of a small study, and R's numbers."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from tests.statistics.made_up import STUDY

R_VALUES = Path(__file__).parents[1] / "reference" / "r_values.json"


@pytest.fixture(scope="session")
def r_values() -> dict:
    """R's own numbers, made by tests/reference/make_reference.R."""
    return json.loads(R_VALUES.read_text(encoding="utf-8"))


@pytest.fixture
def study() -> dict:
    """Settings of a small study of two groups, to be changed by the test."""
    return copy.deepcopy(STUDY)

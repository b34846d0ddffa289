"""The made-up studies that most tests of the figures share."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.figures.cases import make_case


@pytest.fixture(scope="session")
def two_groups() -> SimpleNamespace:
    """29 and 21 patients in two groups."""
    return make_case({"ND": 29, "RR": 21})


@pytest.fixture(scope="session")
def one_group() -> SimpleNamespace:
    """18 patients, no groups."""
    return make_case(18)

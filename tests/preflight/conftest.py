"""A project for each file of tests, in which these write study files and definitions anew."""

from __future__ import annotations

import pytest

from tests.copies import copied


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The configuration of the project with its data and references."""
    return copied(tmp_path_factory.mktemp("project"), "data", "report")

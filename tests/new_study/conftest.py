"""A project without exports, and the synthetic hospital's workbook beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.new_study.hospital import write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    """The configuration of the project, in a folder of its own."""
    for folder in ("config", "workflow/schemas"):
        shutil.copytree(ROOT / folder, tmp_path / "project" / folder)
    return tmp_path / "project"


@pytest.fixture(scope="session")
def hospital(tmp_path_factory):
    """The folder with the synthetic hospital's workbook."""
    return write(tmp_path_factory.mktemp("hospital")).parent


@pytest.fixture(autouse=True)
def key(tmp_path_factory, monkeypatch):
    """A key for pseudonyms, outside of every project."""
    path = tmp_path_factory.mktemp("key") / "secret"
    path.write_text("k" * 40)
    monkeypatch.setenv("VENAZA_KEY_FILE", str(path))

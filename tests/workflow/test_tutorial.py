"""The tutorial, and the pages on queries and the audit, print what their commands print."""

from __future__ import annotations

import shutil

import pytest

from tests.workflow.make_tutorial import PAGES, refreshed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_of_the_page_print_what_it_says(page, finished, tmp_path):
    project = tmp_path / "project"
    shutil.copytree(finished, project, symlinks=True)
    text = page.read_text(encoding="utf-8")
    assert refreshed(text, project) == text, "run: python -m tests.workflow.make_tutorial"

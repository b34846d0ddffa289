"""The tutorial prints what its commands print."""

from __future__ import annotations

import shutil

from tests.workflow.make_tutorial import PAGE, refreshed


def test_the_commands_of_the_tutorial_print_what_it_says(finished, tmp_path):
    project = tmp_path / "project"
    shutil.copytree(finished, project, symlinks=True)
    text = PAGE.read_text(encoding="utf-8")
    assert refreshed(text, project) == text, "run: python -m tests.workflow.make_tutorial"

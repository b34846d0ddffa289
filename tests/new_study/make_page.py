"""Runs the commands of docs/your-own-data.md and writes what they print into it.

python -m tests.new_study.make_page
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path

from tests.new_study.hospital import write
from tests.workflow.make_tutorial import refreshed
from tests.workflow.project import ROOT, copy_project

PAGE = ROOT / "docs/your-own-data.md"
RUN = "snakemake --cores 4 --config studies=ward"
#: The run of the page, by this Python.
SILENT = {RUN: f"{shlex.quote(sys.executable)} -m {RUN}"}


def page(folder: Path) -> str:
    """The page as its commands print it now, run in a project below ``folder``."""
    project = copy_project(folder / "project")
    write(project / "incoming")
    return refreshed(PAGE.read_text(encoding="utf-8"), project, SILENT)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        text = page(Path(made))
    PAGE.write_text(text, encoding="utf-8")

"""Runs the commands of the tutorial and of pages like it, and writes what they print into them.

python -m tests.workflow.make_tutorial
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.workflow.project import ROOT, copy_project

#: The pages whose commands are run in a project where the primary study has been made.
PAGES = [ROOT / "docs" / name for name in ("tutorial.md", "queries.md", "audit.md")]
_BLOCK = re.compile(r"```(sh|console)\n(.*?)```", re.DOTALL)
#: `make` stands for the whole line; what the page prints needs it as far as one report.
_MAKE = f"{sys.executable} -m snakemake --cores 2 results/aml_venaza/report/manuscript.html"


def refreshed(text: str, project: Path, silent: dict[str, str] | None = None) -> str:
    """The page with what its commands print when they are run in ``project``, one after another.

    Commands in ``console`` blocks are run and their output is put below them; of those in
    ``sh`` blocks only ``make`` is run, or what ``silent`` gives for the line of a block, and
    shows nothing.
    """
    silent = silent or {"make": _MAKE}

    def block(found: re.Match) -> str:
        kind, body = found.groups()
        if kind == "sh":
            if body.strip() in silent:
                _run(silent[body.strip()], project, quiet=True)
            return found.group()
        commands = [line[2:] for line in body.splitlines() if line.startswith("$ ")]
        shown = "".join(f"$ {command}\n{_run(command, project)}" for command in commands)
        return f"```console\n{shown}```"

    return _BLOCK.sub(block, text)


def _run(command: str, project: Path, quiet: bool = False) -> str:
    """What a command prints, as the page shows it; raises where it prints to stderr."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command,
        shell=True,
        cwd=project,
        env={**os.environ, "PATH": programs, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if quiet:
        assert done.returncode == 0, done.stdout + done.stderr
        return ""
    assert done.stderr == "", done.stderr
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join(lines).strip("\n") + "\n" if lines else ""


if __name__ == "__main__":
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            project = copy_project(Path(folder) / "project")
            _run(f"{_MAKE} results/aml_venaza/audit/index.html", project, quiet=True)
            text = refreshed(page.read_text(encoding="utf-8"), project)
        page.write_text(text, encoding="utf-8")

"""Renders a staged project: by Quarto where it is, else by the embedded renderer."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from venaza.contracts.files import whole
from venaza.pipeline.report import embedded
from venaza.pipeline.report.links import link_numbers

#: The file format -> what Quarto calls the format that makes it.
QUARTO_FORMATS = {"html": "html", "docx": "docx", "pdf": "typst"}


def render(source: Path, fmt: str, target: Path, quarto: str | None) -> str:
    """Write ``target`` whole or not at all; returns a line that says what rendered it.

    On the web page each number is a link to its row on the audit page.
    """
    if fmt not in QUARTO_FORMATS:
        raise ValueError(f"unknown format {fmt!r}: one of {', '.join(QUARTO_FORMATS)}")
    with whole(target) as part:
        if quarto:
            said = _by_quarto(source, fmt, part, quarto)
        else:
            said = embedded.render(source, fmt, part)
        if fmt == "html":
            linked = link_numbers(part.read_text(encoding="utf-8"))
            part.write_text(linked, encoding="utf-8", newline="\n")
    return said


def _by_quarto(source: Path, fmt: str, part: Path, quarto: str) -> str:
    """Run Quarto on a copy of the project, so that nothing appears beside the source."""
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        shutil.copytree(source, project)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(embedded.epoch(source))}
        run(
            [quarto, "render", "manuscript.qmd", "--to", QUARTO_FORMATS[fmt]],
            project,
            environment,
        )
        shutil.copyfile(project / f"manuscript.{fmt}", part)
    version = run([quarto, "--version"], source, dict(os.environ)).strip()
    return f"manuscript.{fmt}: rendered by Quarto {version}"


def run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Run a program in ``folder``; raises ``RuntimeError`` with what it said where it fails."""
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        name = Path(command[0]).name
        raise RuntimeError(f"{name} could not render the manuscript:\n{done.stderr.strip()}")
    return done.stdout

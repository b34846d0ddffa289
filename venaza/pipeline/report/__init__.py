"""Report: the manuscript, as a Quarto project of its own and rendered as HTML, Word and PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from venaza.pipeline.report.renderer import Renderer


def stage(
    folder: str | Path,
    *,
    tables: dict[str, pd.DataFrame],
    ard: pd.DataFrame,
    study: dict,
    facts: dict,
    figures: list[str],
    figures_folder: str | Path,
    printed: list[str],
    tables_folder: str | Path,
    project_folder: str | Path,
    reference: str | Path,
    style: str | Path | None = None,
) -> list[Path]:
    """Assemble the Quarto project of one study in ``folder``, replacing what lies there.

    ``project_folder`` is the true project (``report/``), ``reference`` the Word file whose styles
    the manuscript has, ``style`` the citation style (a CSL file; without it the house's own).
    ``figures`` and ``printed`` name the figures (``NAME.svg .pdf .png`` in ``figures_folder``) and
    the tables (``NAME.html`` in ``tables_folder``) to show. Of ``tables``, ``queries``,
    ``row_account``, ``corrections``, ``support``, ``adsl`` and ``adtte`` (of ``endpoints/``) and
    ``changes`` (``audit/changes``) are read; any may be absent. ``facts`` says what the
    manuscript was made from::

        {"export": "2023-11-30",
         "files": [{"file": "cohort.xlsx", "sha256": "..."}],
         "code": {"version": "0.1.0", "sha256": "..."},
         "configuration": {"sha256": "..."},
         "python": "3.11", "packages": {"pandas": "2.3.3"},
         "renderer": {"name": "embedded", "version": "..."},
         "comparison": {"wish": "before", "export": "2023-06-30", "base": ..., "states": [...]}}

    Returns the files written. Raises ``KeyError`` where the text asks for a number that the
    ARD does not have.
    """
    from venaza.pipeline.report.source import HOUSE_STYLE, Inputs, assemble
    from venaza.study.words import in_language

    inputs = Inputs(
        tables=tables,
        ard=ard,
        study=in_language(study),
        facts=facts,
        figures=figures,
        figures_folder=Path(figures_folder),
        printed=printed,
        tables_folder=Path(tables_folder),
        reference=Path(reference),
        style=Path(style or HOUSE_STYLE),
    )
    return assemble(Path(folder), inputs, Path(project_folder))


def render(
    source_folder: str | Path,
    fmt: str,
    target: str | Path,
    renderer: Renderer,
    document: str = "manuscript",
    words: dict[str, str] | None = None,
) -> str:
    """Render ``DOCUMENT.qmd`` of the staged project as ``html``, ``docx`` or ``pdf``.

    ``renderer`` is what ``venaza.pipeline.report.renderer.choose`` gave. The file ``target`` is
    written whole or not at all; ``words`` are the study's (English -> its language). Returns a line
    that says what rendered it. Raises ``RuntimeError`` with the renderer's own message where it
    fails or complains.
    """
    from venaza.pipeline.report.rendering import render as render_project

    return render_project(Path(source_folder), fmt, Path(target), renderer, document, words or {})

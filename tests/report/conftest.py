"""Tiny figures and tables, and the made-up study staged and rendered once for all tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import venaza.pipeline.report.source  # noqa: F401 - registers what the templates call
from tests.report.cohort import FACTS, ard, study
from venaza.pipeline.report import render, stage
from venaza.pipeline.report.renderer import choose
from venaza.pipeline.tables import build_all, planned

PROJECT = Path(__file__).parents[2] / "report"
EMBEDDED = choose("embedded", "")
FIGURES = ["flow", "km_OS", "km_EFS", "km_PFOS", "cif_CIR", "response", "swimmer", "ae"]
ADAE = pd.DataFrame({"AEDECOD": ["Anemia", "Nausea"], "AEBODSYS": ["Blood", "Gut"]})
QUERIES = pd.DataFrame(
    {
        "SEVERITY": ["error", "warning", "warning"],
        "RULE": ["after_death", "out_of_range", "out_of_range"],
        "ACTION": ["left out", "kept", "kept"],
    }
)
ACCOUNT = pd.DataFrame(
    {
        "TABLE": ["patients", "patients", "mrd"],
        "OUTCOME": ["used", "exact duplicate", "used"],
        "N": [20, 1, 7],
    }
)


@pytest.fixture(scope="session")
def figures(tmp_path_factory):
    """A folder with one tiny drawing under the name of each figure, in three formats."""
    import matplotlib
    from matplotlib.figure import Figure

    folder = tmp_path_factory.mktemp("figures")
    with matplotlib.rc_context({"svg.hashsalt": "test"}):
        drawing = Figure(figsize=(2, 1))
        drawing.add_axes((0, 0, 1, 1)).plot([0, 1], [1, 0])
        for suffix, metadata in ((".svg", {"Date": None}), (".png", None)):
            drawing.savefig(folder / f"flow{suffix}", metadata=metadata)
        drawing.savefig(folder / "flow.pdf", metadata={"CreationDate": None, "ModDate": None})
    for name in FIGURES[1:]:
        for suffix in (".svg", ".pdf", ".png"):
            (folder / f"{name}{suffix}").write_bytes((folder / f"flow{suffix}").read_bytes())
    return folder


@pytest.fixture(scope="session")
def staged(figures, tmp_path_factory):
    """Stages a study: ``staged(study, ard)`` gives the folder of the Quarto project."""

    def make(wanted: dict, numbers: pd.DataFrame, shown: list[str] | None = None, **given) -> Path:
        folder = tmp_path_factory.mktemp("report")
        build_all({"adae": ADAE}, numbers, wanted, folder / "tables")
        stage(
            folder / "source",
            tables=given.get("tables", {"queries": QUERIES, "row_account": ACCOUNT}),
            ard=numbers,
            study=wanted,
            facts=given.get("facts", FACTS),
            figures=FIGURES if shown is None else shown,
            figures_folder=figures,
            printed=planned(wanted),
            tables_folder=folder / "tables",
            project_folder=PROJECT,
            reference=given.get("reference", PROJECT / "reference.docx"),
            style=given.get("style"),
        )
        return folder / "source"

    return make


@pytest.fixture(scope="session")
def source(staged):
    """The made-up study, staged."""
    return staged(study(), ard().frame())


@pytest.fixture(scope="session")
def rendered(source, tmp_path_factory):
    """The made-up study rendered in each format by the embedded renderer."""
    folder = tmp_path_factory.mktemp("rendered")
    files = {fmt: folder / f"manuscript.{fmt}" for fmt in ("html", "docx", "pdf")}
    return {fmt: (file, render(source, fmt, file, EMBEDDED)) for fmt, file in files.items()}

"""The folder of each bridge, written whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.files import write_bytes, write_json, write_text
from venaza.pipeline.bridges import DATASETS
from venaza.pipeline.bridges.adam import cross, rows_of
from venaza.pipeline.bridges.define import changed_csv, definition, variables_csv


def write_xpt(
    tables: Mapping[str, pd.DataFrame],
    columns: Mapping[str, tuple[Column, ...]],
    study: dict,
    folder: Path,
) -> list[Path]:
    """SAS transport files of the analysis tables, with their definition and what was changed."""
    crossings = cross(tables, columns, study)
    day = date.fromisoformat(study["export"])
    paths = [write_bytes(made.to_bytes(day), folder / f"{made.name}.xpt") for made in crossings]
    variables = [row for made in crossings for row in made.defined]
    changed = rows_of(crossings)
    files = {f"{made.name}.xpt": made.rows for made in crossings}
    return [*paths, *write_definition(study, files, variables, changed, folder)]


def write_spss(
    tables: Mapping[str, pd.DataFrame],
    columns: Mapping[str, tuple[Column, ...]],
    ard: pd.DataFrame,
    study: dict,
    folder: Path,
) -> list[Path]:
    """SPSS files of the analysis tables, their definition, and syntax that repeats the survival.

    ``adtte.sav`` has the group and the covariates of the models beside each row.
    """
    from venaza.pipeline.bridges.sav import sheet, with_covariates, write_sav
    from venaza.pipeline.bridges.syntax import Facts, syntax

    wide = with_covariates(tables["adtte"], tables["adsl"], columns, study)
    files: dict[str, int] = {}
    variables: list[dict] = []
    changed: list[dict] = []
    for name in DATASETS:
        if name in tables and len(tables[name]):
            frame, own = wide if name == "adtte" else (tables[name], columns[name])
            told, held = write_sav(name, frame, own, study, folder / f"{name}.sav")
            variables, changed = variables + told, changed + held
            files[f"{name}.sav"] = len(frame)
    paths = [folder / file for file in files]
    if "adtte.sav" in files:
        numbers = sheet(*wide, study)[2]
        write_text(syntax(Facts(wide[0], ard, numbers, study)), folder / "survival.sps")
        paths.append(folder / "survival.sps")
    return [*paths, *write_definition(study, files, variables, changed, folder)]


def write_definition(
    study: dict,
    files: Mapping[str, int],
    variables: list[dict],
    changed: list[dict],
    folder: Path,
) -> list[Path]:
    """``define.json`` with everything; the variables, and what was changed, as CSV too."""
    write_json(definition(study, files, variables, changed), folder / "define.json")
    texts = {"variables.csv": variables_csv(variables), "changed.csv": changed_csv(changed)}
    for name, text in texts.items():
        write_text(text, folder / name)
    return [folder / name for name in ("define.json", *texts)]

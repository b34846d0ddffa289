"""Read the raw files of an export into the intake tables."""

from pathlib import Path

from venaza.contracts.files import write_table
from venaza.contracts.intake import CELLS, FILES
from venaza.contracts.job import job
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect

with job(snakemake) as work:
    cells, files = read_export(
        [Path(path) for path in work.told["raw"]],
        Path("data/raw", work.settings["id"], work.settings["export"]),
        work.settings,
    )
    cells, told = protect(cells, work.settings, Path())
    target = Path(snakemake.output.tables[0]).parent
    write_table(cells, CELLS, target / "cells.parquet")
    write_table(files, FILES, target / "files.parquet")
    work.log.append(f"{len(cells)} cells of {len(files)} file(s)")
    work.log += told
    for file in files.to_dict("records"):
        hidden = f"hidden sheet(s) read: {file['HIDDEN']}" if file["HIDDEN"] else None
        said = "; ".join(filter(None, [hidden, file["NOTES"]]))
        work.log += [f"{file['SRCFILE']}: {said}"] if said else []

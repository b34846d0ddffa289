"""Assemble the Quarto project of a study's manuscript."""

from pathlib import Path

import pandas as pd

from venaza.contracts.files import read_table
from venaza.contracts.job import job
from venaza.pipeline.report import stage
from venaza.pipeline.report.exhibits import with_content

with job(snakemake) as work:
    files = read_table(snakemake.input.files)[["SRCFILE", "SHA256"]]
    facts = {
        **work.told["facts"],
        "comparison": work.told["comparison"],
        "files": files.set_axis(["file", "sha256"], axis="columns").to_dict("records"),
    }
    named = ("support", "corrections", "changes", "adsl", "adtte")
    written = stage(
        snakemake.output.source,
        tables={
            "queries": pd.concat(map(read_table, snakemake.input.queries), ignore_index=True),
            "row_account": read_table(snakemake.input.account),
            **{name: read_table(getattr(snakemake.input, name)) for name in named},
        },
        ard=read_table(snakemake.input.ard),
        study=work.settings,
        facts=facts,
        figures=with_content(snakemake.input.figures),
        figures_folder=Path(snakemake.input.figures[0]).parent,
        printed=[Path(path).stem for path in snakemake.input.tables],
        tables_folder=Path(snakemake.input.tables[0]).parent,
        project_folder=Path("report"),
        reference=snakemake.input.reference,
        style=snakemake.input.csl,
    )
    work.log.append(f"{len(written)} files")

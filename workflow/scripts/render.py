"""Render the manuscript in one format, by Quarto where it is on the machine."""

import shutil

from venaza.contracts.job import job
from venaza.pipeline.report import render

with job(snakemake) as work:
    rendered_by = render(
        snakemake.input.source,
        snakemake.wildcards.format,
        snakemake.output.document,
        shutil.which("quarto"),
    )
    work.log.append(rendered_by)

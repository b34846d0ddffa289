"""Render the manuscript in one format."""

from venaza.job import job
from venaza.report import render

with job(snakemake) as log:
    rendered_by = render(
        snakemake.input.source,
        snakemake.wildcards.format,
        snakemake.output.document,
        snakemake.params.quarto,
    )
    log.append(rendered_by)

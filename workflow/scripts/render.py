"""Render the manuscript in one format, by the renderer that the run chose."""

from venaza.contracts.job import job
from venaza.pipeline.report import render
from venaza.pipeline.report.renderer import Renderer

with job(snakemake) as work:
    work.noted["renderer"] = work.told["facts"]["renderer"]
    rendered_by = render(
        snakemake.input.source,
        snakemake.wildcards.format,
        snakemake.output.document,
        Renderer(**work.noted["renderer"]),
    )
    work.log.append(rendered_by)

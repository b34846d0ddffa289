"""Render the documents of a report in one format, by the renderer that the run chose."""

from pathlib import Path

from venaza.contracts.job import job
from venaza.pipeline.report import render
from venaza.pipeline.report.renderer import Renderer

with job(snakemake) as work:
    work.noted["renderer"] = work.told["facts"]["renderer"]
    for target in map(Path, snakemake.output.documents):
        rendered_by = render(
            snakemake.input.source,
            target.suffix.removeprefix("."),
            target,
            Renderer(**work.noted["renderer"]),
            target.stem,
            work.settings["words"],
        )
        work.log.append(rendered_by)

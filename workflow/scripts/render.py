"""Render the documents of a report in one format, by the renderer that the run chose."""

from pathlib import Path

from venaza.contracts.job import job
from venaza.contracts.word_files import is_word, put
from venaza.pipeline.report import render
from venaza.pipeline.report.renderer import Renderer

with job(snakemake) as work:
    work.noted["renderer"] = work.told["facts"]["renderer"]
    for target in map(Path, snakemake.output.documents):
        word = is_word(target)
        fresh = target.with_name(f".{target.name}") if word else target
        rendered_by = render(
            snakemake.input.source,
            target.suffix.removeprefix("."),
            fresh,
            Renderer(**work.noted["renderer"]),
            target.stem,
            work.settings["words"],
        )
        work.log.append(rendered_by)
        if word:
            put(fresh, target, work.settings["export"])

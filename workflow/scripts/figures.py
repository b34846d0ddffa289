"""Draw the figures of one part of a study: curves, or all others."""

from pathlib import Path

from venaza.contracts.evidence import read_rows
from venaza.contracts.files import read_table, sweep
from venaza.contracts.job import job
from venaza.pipeline.figures import draw_all, part_of

with job(snakemake) as work:
    part = Path(snakemake.output.record).stem.removeprefix("figures_")
    tables = {Path(path).stem: read_table(path) for path in snakemake.input.tables}
    tables["evidence"] = [row for path in snakemake.input.evidence for row in read_rows(path)]
    drawn = draw_all(
        tables,
        read_table(snakemake.input.ard),
        read_table(snakemake.input.curves),
        work.settings,
        Path(snakemake.output.figures[0]).parent,
        part,
        work.log,
    )
    kept = {path.name for path in drawn}
    others = [p.name for p in drawn[0].parent.iterdir() if part_of(p.stem) != part]
    sweep(drawn[0].parent, [*kept, *others])
    work.log.extend(path.name for path in drawn)

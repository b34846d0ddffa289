"""Draw every figure of a study."""

from pathlib import Path

from venaza.contracts.evidence import read_rows
from venaza.contracts.files import read_table, sweep
from venaza.figures import draw_all
from venaza.job import job

with job(snakemake) as work:
    tables = {Path(path).stem: read_table(path) for path in snakemake.input.tables}
    tables["evidence"] = [row for path in snakemake.input.evidence for row in read_rows(path)]
    drawn = draw_all(
        tables,
        read_table(snakemake.input.ard),
        read_table(snakemake.input.curves),
        work.settings,
        Path(snakemake.output.figures[0]).parent,
    )
    sweep(drawn[0].parent, [path.name for path in drawn])
    work.log.extend(path.name for path in drawn)

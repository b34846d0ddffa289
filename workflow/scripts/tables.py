"""Write every table of a study as HTML and CSV."""

from pathlib import Path

from venaza.contracts.files import read_table, sweep
from venaza.job import job
from venaza.tables import build_all

with job(snakemake) as log:
    made = build_all(
        {"adae": read_table(snakemake.input.adae)},
        read_table(snakemake.input.ard),
        snakemake.params.settings,
        Path(snakemake.output.tables[0]).parent,
    )
    sweep(made[0].parent, [path.name for path in made])
    log.extend(path.name for path in made)

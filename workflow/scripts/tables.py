"""Write every table of a study as HTML and CSV."""

from pathlib import Path

from venaza.contracts.evidence import read_rows
from venaza.contracts.files import read_table, sweep
from venaza.contracts.job import job
from venaza.pipeline.tables import build_all

with job(snakemake) as work:
    published = {
        name: [row for path in snakemake.input.get(name, []) for row in read_rows(path)]
        for name in ("evidence", "trials")
    }
    made = build_all(
        {
            "adae": read_table(snakemake.input.adae),
            "support": read_table(snakemake.input.support),
            **published,
        },
        read_table(snakemake.input.ard),
        work.settings,
        Path(snakemake.output.tables[0]).parent,
    )
    sweep(made[0].parent, [path.name for path in made])
    work.log.extend(path.name for path in made)

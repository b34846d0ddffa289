"""Write the workbook of queries that the clinic fills in."""

from venaza.contracts.files import read_table, write_bytes
from venaza.contracts.job import job
from venaza.pipeline.queries.stage import workbook

with job(snakemake) as work:
    book, counts = workbook(
        [read_table(path) for path in snakemake.input.queries],
        read_table(snakemake.input.cells),
        work.settings,
        [read_table(path) for path in snakemake.input.before],
    )
    write_bytes(book, snakemake.output.book)
    work.log.append(", ".join(f"{n} {name}" for name, n in counts.items()))

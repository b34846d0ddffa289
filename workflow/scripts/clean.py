"""Clean the cells of an export into typed tables, a log and queries."""

from pathlib import Path

from venaza.contracts.files import read_table, write_table
from venaza.contracts.job import job
from venaza.pipeline.clean.build import clean, contract

with job(snakemake) as work:
    tables = clean(read_table(snakemake.input.cells, categories=True), work.settings)
    target = Path(snakemake.output.tables[0]).parent
    for name in list(tables):
        table = tables.pop(name)  # what is written is needed no more
        write_table(table, contract(name, work.settings), target / f"{name}.parquet")
        work.log.append(f"{name}: {len(table)} rows")

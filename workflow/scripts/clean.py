"""Clean the cells of an export into typed tables, a log and queries."""

from pathlib import Path

from venaza.clean.build import clean, contract
from venaza.contracts.files import read_table, write_table
from venaza.job import job

with job(snakemake) as log:
    tables = clean(read_table(snakemake.input.cells), snakemake.params.settings)
    target = Path(snakemake.output.tables[0]).parent
    for name, table in tables.items():
        write_table(table, contract(name, snakemake.params.settings), target / f"{name}.parquet")
        log.append(f"{name}: {len(table)} rows")

"""Derive the analysis tables from the clean tables."""

from pathlib import Path

from venaza.contracts.files import read_table, write_table
from venaza.contracts.job import job
from venaza.pipeline.endpoints.build import contract, derive
from venaza.pipeline.endpoints.groups import refuse_nobody

with job(snakemake) as work:
    clean = {Path(path).stem: read_table(path) for path in snakemake.input.tables}
    tables = derive(clean, work.settings)
    refuse_nobody(tables["adsl"], work.settings)
    target = Path(snakemake.output.tables[0]).parent
    for name, table in tables.items():
        write_table(table, contract(name, work.settings), target / f"{name}.parquet")
        work.log.append(f"{name}: {len(table)} rows")

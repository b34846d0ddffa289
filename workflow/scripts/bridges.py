"""Write the analysis tables for SAS or SPSS."""

from pathlib import Path

from venaza.contracts.files import read_table, table_columns
from venaza.contracts.job import job
from venaza.pipeline.bridges.write import write_spss, write_xpt

with job(snakemake) as work:
    paths = [Path(path) for path in snakemake.input.tables]
    tables = {path.stem: read_table(path) for path in paths}
    columns = {path.stem: table_columns(path) for path in paths}
    folder = Path(snakemake.output.folder)
    if snakemake.wildcards.bridge == "xpt":
        made = write_xpt(tables, columns, work.settings, folder)
    else:
        ard = read_table(snakemake.input.ard)
        made = write_spss(tables, columns, ard, work.settings, folder)
    work.log.extend(path.name for path in made)

"""Compute every number of the report from the analysis tables."""

from pathlib import Path

from venaza.contracts.evidence import read_rows
from venaza.contracts.files import read_table, read_text, write_table, write_text
from venaza.contracts.job import job
from venaza.contracts.results import TABLES
from venaza.pipeline.statistics import results
from venaza.pipeline.statistics.check_r import check_script

with job(snakemake) as work:
    tables = {Path(path).stem: read_table(path) for path in snakemake.input.tables}
    for path in snakemake.input.published:
        tables["published"] = read_text(path)
    tables["published_curves"] = {
        curve["id"]: tuple(read_text(curve[name]) for name in ("points", "at_risk"))
        for curve in work.settings["published_curves"]
    }
    tables["evidence"] = {path: read_rows(path) for path in snakemake.input.evidence}
    tables["trials"] = [row for path in snakemake.input.trials for row in read_rows(path)]
    found, target = results(tables, work.settings), Path(snakemake.output.tables[0]).parent
    for name, columns in TABLES.items():
        write_table(found[name], columns, target / f"{name}.parquet")
    write_text(check_script(work.settings), snakemake.output.check)
    ard = found["ard"]
    work.log.append(f"{len(ard)} numbers, {ard['value'].isna().sum()} of them not estimable")

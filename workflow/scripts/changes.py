"""Compare an export's results with those of the export before."""

from pathlib import Path

from venaza.audit.changes import COMBINED, combined, compare
from venaza.audit.changes_page import changes_page, no_changes
from venaza.contracts.files import read_table, write_table, write_text
from venaza.job import job

with job(snakemake) as work:
    study, earlier = work.settings, work.told["before"]
    after = {Path(path).stem: read_table(path) for path in snakemake.input.after}
    before = {Path(path).stem: read_table(path) for path in snakemake.input.before}
    found = compare(before, after, study) if earlier else None
    write_text(changes_page(found, study, earlier, study["export"]), snakemake.output.page)
    table = combined(found if earlier else no_changes())
    write_table(table, COMBINED, snakemake.output.table[0])
    work.log.append(f"{len(table)} changes since {earlier}" if earlier else "no earlier export")

"""Say what has changed since the export that the results are compared with."""

from pathlib import Path

from venaza.contracts.files import read_table, write_table, write_text
from venaza.contracts.job import job
from venaza.pipeline.compare.changes import COMBINED, combined, compare, no_changes
from venaza.pipeline.compare.changes_page import changes_page
from venaza.pipeline.compare.numbers import read_numbers


def tables(paths):
    return {"/".join(Path(path).with_suffix("").parts[-2:]): read_table(path) for path in paths}


with job(snakemake) as work:
    told, found = work.told["comparison"], no_changes()
    if told["states"]:
        numbers = [
            (state["causes"], read_numbers(path))
            for state, path in zip(told["states"], snakemake.input.steps, strict=True)
        ]
        before = tables(snakemake.input.before) or None
        after = tables(snakemake.input.after)
        found = compare(before, after, numbers, work.settings, told["earlier"])
    page = changes_page(found, work.settings, told)
    write_text(page, snakemake.output.page)
    table = combined(found)
    write_table(table, COMBINED, snakemake.output.table[0])
    work.log.append(f"{len(table)} changes since {told['export'] or 'no earlier export'}")
    work.log.append(f"{len(found['alarms'])} alarms")

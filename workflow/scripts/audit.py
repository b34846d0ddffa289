"""Write the audit page, the lineage and the manifest of a study."""

from pathlib import Path

from venaza.audit.datapackage import build_datapackage
from venaza.audit.files_section import first_lines
from venaza.audit.manifest import build_manifest, lineage_csv
from venaza.audit.page import audit_page
from venaza.audit.results import read_dictionaries, read_results
from venaza.contracts.files import sweep, write_json, write_text
from venaza.job import job

with job(snakemake) as work:
    root = Path(snakemake.output.page).parents[1]
    facts, before = work.told["facts"], work.told["before"]
    sweep(root / "audit/baseline", [before] if before else [])
    write_json(build_datapackage(root, facts), snakemake.output.package)
    manifest = build_manifest(root, None, facts)
    told = (work.settings, manifest, first_lines(root, manifest))
    page = audit_page(read_results(root), read_dictionaries(root), *told)
    write_text(page, snakemake.output.page)
    write_text(lineage_csv(manifest["files"]), snakemake.output.lineage)
    write_json(build_manifest(root, None, facts), snakemake.output.manifest)
    work.log.append(f"{len(manifest['files'])} files")

"""Write the start page, the audit page, the lineage and the manifest of a study."""

from pathlib import Path

from venaza.contracts.files import write_json, write_text
from venaza.contracts.job import job
from venaza.contracts.record import refuse_altered_results
from venaza.pipeline.audit.datapackage import build_datapackage
from venaza.pipeline.audit.manifest import build_manifest, lineage_csv
from venaza.pipeline.audit.page.documents import read_documents
from venaza.pipeline.audit.page.files_section import first_lines
from venaza.pipeline.audit.page.page import audit_page
from venaza.pipeline.audit.results import read_dictionaries, read_results
from venaza.pipeline.audit.start_page import start_page
from venaza.pipeline.audit.sweep import sweep_results

with job(snakemake) as work:
    root = Path(snakemake.output.page).parents[1]
    told = work.told["comparison"]
    facts = work.told["facts"] | {"comparison": {k: told[k] for k in ("wish", "export", "record")}}
    sweep_results(
        root,
        jobs=[path.stem for path in map(Path, snakemake.input.records) if path.parents[1] == root],
        runs={Path(state["ard"]).parts[-3] for state in told["states"]},
        documents=[Path(path).name for path in snakemake.input.documents],
        bridges=work.told["bridges"],
    )
    hashes = work.read | refuse_altered_results(root, work.read)
    write_json(build_datapackage(root, facts, hashes), snakemake.output.package)
    manifest = build_manifest(root, facts, work.read, hashes)
    about = (work.settings, manifest, first_lines(root, manifest))
    tables = read_results(root, categories=("intake", "clean", "endpoints"))
    documents = read_documents(map(Path, snakemake.input.documents))
    start = start_page(tables, work.settings, manifest, documents, snakemake.input.changes[1])
    page = audit_page(tables, read_dictionaries(root), *about, documents)
    write_text(start, snakemake.output.start)
    write_text(page, snakemake.output.page)
    write_text(lineage_csv(manifest["files"]), snakemake.output.lineage)
    write_json(build_manifest(root, facts, work.read, hashes), snakemake.output.manifest)
    work.log.append(f"{len(manifest['files'])} files")

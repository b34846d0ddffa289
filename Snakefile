# From raw leukaemia cohort exports to an auditable manuscript: snakemake --cores 4
from snakemake.utils import min_version

min_version("9.20")


configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/files.smk"
include: "workflow/rules/rerun.smk"
include: "workflow/rules/intake.smk"
include: "workflow/rules/clean.smk"
include: "workflow/rules/endpoints.smk"
include: "workflow/rules/queries.smk"
include: "workflow/rules/statistics.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/bridges.smk"
include: "workflow/rules/audit.smk"


localrules:
    all,


rule all:
    default_target: True
    input:
        [document for study in STUDIES for document in documents_of(study)],
        expand(
            "results/{run}/audit/{page}",
            run=STUDIES,
            page=["index.html", "changes.html"],
        ),
        expand("results/{run}/audit/manifest.json", run=STUDIES),
        [record for study in STUDIES for record in records_of(study)],
    message:
        "all is made"


onsuccess:
    say_the_end()


onerror:
    say_the_end(failed=True)

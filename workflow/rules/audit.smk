"""
Audit: hash and lineage of every file, what the last export changed, and the way to raw cells.

REQUIRED INPUTS: everything else in results/STUDY; results/STUDY/audit/baseline/DATE; data/kept/STUDY
OUTPUTS:         results/STUDY/audit/{manifest.json,lineage.csv,index.html,changes.html,changes.csv}
                 results/STUDY/index.html, datapackage.json
READS FROM THE STUDY FILE: all of it, for its hash and its words
"""


rule changes:
    input:
        settings="results/{study}/settings/changes.json",
        before=before,
        steps=steps,
        after=expand("results/{{study}}/{table}.parquet", table=COMPARED),
    output:
        page="results/{study}/audit/changes.html",
        table=multiext("results/{study}/audit/changes", ".parquet", ".csv"),
        record="results/{study}/records/changes.json",
    log:
        "results/{study}/logs/changes.log",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.study}: saying what has changed"
    script:
        "../scripts/changes.py"


rule audit:
    input:
        settings="results/{study}/settings/audit.json",
        results=lambda wildcards: whole_study(wildcards.study),
        documents=lambda wildcards: documents_of(wildcards.study),
        records=lambda wildcards: records_of(wildcards.study, but=["audit"]),
        changes=multiext("results/{study}/audit/changes", ".html", ".parquet"),
    output:
        start="results/{study}/index.html",
        page="results/{study}/audit/index.html",
        lineage="results/{study}/audit/lineage.csv",
        manifest="results/{study}/audit/manifest.json",
        package="results/{study}/datapackage.json",
        record="results/{study}/records/audit.json",
    log:
        "results/{study}/logs/audit.log",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.study}: writing the audit"
    script:
        "../scripts/audit.py"

"""
Report: its documents as a Quarto project of its own, then as HTML, Word and PDF.

REQUIRED INPUTS: results/STUDY/{figures,tables,statistics}, the queries, the account of rows,
                 endpoints/{support,adsl,adtte}, audit/changes; report/, the Word file of styles
OUTPUTS:         results/STUDY/report/source/, results/STUDY/report/{manuscript,supplement,...}.{html,docx,pdf}
READS FROM THE STUDY FILE: all that the text says of the study
"""


rule manuscript:
    input:
        settings="results/{study}/settings/report.json",
        project=sorted(p.as_posix() for p in Path("report").rglob("*") if p.is_file()),
        reference=lambda wildcards: RUNS[wildcards.study]["report"]["reference_docx"],
        csl=lambda wildcards: RUNS[wildcards.study]["journal"]["csl"],
        ard="results/{study}/statistics/ard.parquet",
        queries=expand(
            "results/{{study}}/{stage}/queries.parquet", stage=["clean", "endpoints"]
        ),
        account="results/{study}/clean/row_account.parquet",
        support="results/{study}/endpoints/support.parquet",
        adsl="results/{study}/endpoints/adsl.parquet",
        adtte="results/{study}/endpoints/adtte.parquet",
        corrections="results/{study}/clean/corrections.parquet",
        changes="results/{study}/audit/changes.parquet",
        files="results/{study}/intake/files.parquet",
        figures=lambda wildcards: figures_of(
            wildcards.study, ["svg", "pdf", "png", "csv"]
        ),
        tables=lambda wildcards: tables_of(wildcards.study, ["html"]),
    output:
        source=directory("results/{study}/report/source"),
        record="results/{study}/records/manuscript.json",
    log:
        "results/{study}/logs/manuscript.log",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.study}: writing the manuscript"
    script:
        "../scripts/manuscript.py"


# A rule for each format: not every document is rendered in each. Word files are there when the job
# begins, as somebody may have edited them.
for name, documents in RENDERED.items():

    rule:
        name:
            f"render_{name}"
        input:
            settings="results/{study}/settings/report.json",
            source="results/{study}/report/source",
        output:
            documents=[
                update(path) if name == "docx" else path
                for path in expand(
                    "results/{{study}}/report/{document}.{format}",
                    document=documents,
                    format=name,
                )
            ],
            record=f"results/{{study}}/records/render_{name}.json",
        log:
            f"results/{{study}}/logs/render_{name}.log",
        conda:
            "../envs/venaza.yaml"
        message:
            f"{{wildcards.study}}: rendering {name}"
        script:
            "../scripts/render.py"

"""
Queries: the workbook for the clinic, by patient, each with its cell and a place for the answer.

REQUIRED INPUTS: results/STUDY/{clean,endpoints}/queries, results/STUDY/intake/cells
OUTPUTS:         results/STUDY/queries/queries.xlsx
READS FROM THE STUDY FILE: study, checks
"""


rule queries:
    input:
        settings="results/{study}/settings/queries.json",
        queries=expand(
            "results/{{study}}/{stage}/queries.parquet", stage=["clean", "endpoints"]
        ),
        cells="results/{study}/intake/cells.parquet",
        before=queries_before,
    output:
        book="results/{study}/queries/queries.xlsx",
        record="results/{study}/records/queries.json",
    log:
        "results/{study}/logs/queries.log",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.study}: writing the queries for the clinic"
    script:
        "../scripts/queries.py"

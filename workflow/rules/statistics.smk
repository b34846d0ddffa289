"""
Statistics: the ARD, one row per number, and the curves that the figures draw.

REQUIRED INPUTS: results/RUN/endpoints/{adsl,adrs,adtte,adae,...}; the published figures and evidence, if any
OUTPUTS:         results/RUN/statistics/{ard,curves,selections,ard_selections}, and check.R, which recomputes them in R
READS FROM THE STUDY FILE: analysis, endpoints (labels), groups, timeline, published, published_curves, evidence
"""


rule statistics:
    input:
        settings="results/{run}/settings/statistics.json",
        tables=expand("results/{{run}}/endpoints/{table}.parquet", table=ANALYSED),
        published=published_figures,
        curves=digitised_curves,
        evidence=lambda wildcards: evidence_files(wildcards.run),
        trials=lambda wildcards: trial_files(wildcards.run),
    output:
        tables=parquet_and_csv("statistics", STATISTICS_TABLES),
        check="results/{run}/statistics/check.R",
        record="results/{run}/records/statistics.json",
    log:
        "results/{run}/logs/statistics.log",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.run}: computing statistics"
    script:
        "../scripts/statistics.py"

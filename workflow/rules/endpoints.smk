"""
Endpoints: ADSL, ADRS, ADTTE and ADAE, each value with the row that decided it.

REQUIRED INPUTS: results/RUN/clean/*
OUTPUTS:         results/RUN/endpoints/{adsl,adrs,adtte,adae}, trail, assessments, milestones, flow,
                 support, queries
READS FROM THE STUDY FILE: endpoints, milestones, response, mrd, groups
"""


rule endpoints:
    input:
        settings="results/{run}/settings/endpoints.json",
        tables=expand(
            "results/{{run}}/clean/{table}.parquet",
            table=[*CLEAN_TABLES, "row_account", "queries"],
        ),
    output:
        tables=parquet_and_csv("endpoints", ANALYSIS_TABLES),
        record="results/{run}/records/endpoints.json",
    log:
        "results/{run}/logs/endpoints.log",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.run}: deriving endpoints"
    script:
        "../scripts/endpoints.py"

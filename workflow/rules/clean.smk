"""
Cleaning: typed tables with CDISC names, the log of every change, the queries for the clinic.

REQUIRED INPUTS: results/RUN/intake/cells
OUTPUTS:         results/RUN/clean/{patients,cycles,responses,...}, origins, cleaning_log, queries, row_account, cell_account, quarantine
READS FROM THE STUDY FILE: tables, timeline, vocabulary
"""


rule clean:
    input:
        settings="results/{run}/settings/clean.json",
        cells="results/{run}/intake/cells.parquet",
    output:
        tables=parquet_and_csv("clean", CLEAN_OUTPUTS),
        record="results/{run}/records/clean.json",
    log:
        "results/{run}/logs/clean.log",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.run}: cleaning"
    script:
        "../scripts/clean.py"

"""
Intake: every cell of the export as text, with its file, sheet and row.

REQUIRED INPUTS: data/raw/STUDY/DATE/*
OUTPUTS:         results/RUN/intake/cells, files
The raw files and their hashes stand in the settings instead of among the inputs: Snakemake would
take a file from a clock that is ahead for a fault, and one with an old time for unchanged.

READS FROM THE STUDY FILE: tables (file, sheet, header_row, encoding, headers), limits
"""


rule intake:
    input:
        settings="results/{run}/settings/intake.json",
    output:
        tables=parquet_and_csv("intake", ["cells", "files"]),
        record="results/{run}/records/intake.json",
    log:
        "results/{run}/logs/intake.log",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.run}: reading the export"
    script:
        "../scripts/intake.py"

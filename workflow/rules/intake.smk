"""
Intake: every cell of the export as text, with its file, sheet and row.

REQUIRED INPUTS: data/raw/STUDY/DATE/*
OUTPUTS:         results/RUN/intake/cells, files
READS FROM THE STUDY FILE: tables (file, sheet, header_row, encoding, headers), limits
"""


rule intake:
    input:
        settings="results/{run}/settings/intake.json",
        raw=raw_files,
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

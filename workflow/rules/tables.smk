"""
Tables: baseline, response, survival, failure, regression, adverse events, comparison, definitions.

REQUIRED INPUTS: results/STUDY/endpoints/{adae,support}, results/STUDY/statistics/ard; the published evidence
OUTPUTS:         results/STUDY/tables/NAME.{html,csv} and tables.xlsx; which ones follows from the study file
READS FROM THE STUDY FILE: study, groups, endpoints, analysis, published, evidence, tables
"""

for name in STUDIES:

    rule:
        name:
            f"tables_{name}"
        input:
            settings=f"results/{name}/settings/tables.json",
            adae=f"results/{name}/endpoints/adae.parquet",
            support=f"results/{name}/endpoints/support.parquet",
            ard=f"results/{name}/statistics/ard.parquet",
            evidence=evidence_files(name),
            trials=trial_files(name),
        output:
            tables=tables_of(name, ["html", "csv"]),
            book=f"results/{name}/tables/tables.xlsx",
            record=f"results/{name}/records/tables.json",
        log:
            f"results/{name}/logs/tables.log",
        conda:
            "../envs/venaza.yaml"
        message:
            f"{name}: writing tables"
        script:
            "../scripts/tables.py"

"""
Figures: cohort flow, survival curves with risk tables, response, swimmer plot, adverse events.

REQUIRED INPUTS: results/RUN/endpoints/*, results/RUN/statistics/{ard,curves}; the published evidence
OUTPUTS:         results/RUN/figures/NAME.{svg,pdf,png}; which ones follows from the study file
READS FROM THE STUDY FILE: study, timeline, groups, endpoints (labels), analysis, tables, evidence
"""

for name in STUDIES:

    rule:
        name:
            f"figures_{name}"
        input:
            settings=f"results/{name}/settings/figures.json",
            tables=expand(f"results/{name}/endpoints/{{table}}.parquet", table=DRAWN),
            ard=f"results/{name}/statistics/ard.parquet",
            curves=f"results/{name}/statistics/curves.parquet",
            evidence=evidence_files(name),
        output:
            figures=figures_of(name, ["svg", "pdf", "png"]),
        log:
            f"results/{name}/logs/figures.log",
        conda:
            "../envs/venaza.yaml"
        message:
            f"{name}: drawing figures"
        script:
            "../scripts/figures.py"

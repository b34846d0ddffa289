"""
Figures: cohort flow, survival curves with risk tables, response, swimmer plot, adverse events.

They are drawn in two jobs, curves and all others, since drawing is what a run waits for.

REQUIRED INPUTS: results/RUN/endpoints/*, results/RUN/statistics/{ard,curves}; the published evidence
OUTPUTS:         results/RUN/figures/NAME.{svg,pdf,png,csv} (and tiff); which ones follows from the study file
READS FROM THE STUDY FILE: study, timeline, groups, endpoints (labels), analysis, tables, evidence,
                       report (tiff)
"""

for name in STUDIES:
    for part in figure_parts(name):

        rule:
            name:
                f"figures_{part}_{name}"
            input:
                settings=f"results/{name}/settings/figures.json",
                tables=expand(
                    f"results/{name}/endpoints/{{table}}.parquet", table=DRAWN
                ),
                ard=f"results/{name}/statistics/ard.parquet",
                curves=f"results/{name}/statistics/curves.parquet",
                evidence=evidence_files(name) if part == part_of("evidence") else [],
            output:
                figures=figures_of(name, figure_kinds(name), part),
                record=f"results/{name}/records/figures_{part}.json",
            log:
                f"results/{name}/logs/figures_{part}.log",
            conda:
                "../envs/venaza.yaml"
            message:
                f"{name}: drawing figures ({part})"
            script:
                "../scripts/figures.py"

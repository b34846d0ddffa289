"""
Bridges: the analysis tables for SAS and SPSS, made where the run asks for them.

REQUIRED INPUTS: results/STUDY/endpoints/{adsl,adrs,adtte,adae,adlb}, results/STUDY/statistics/ard
OUTPUTS:         results/STUDY/bridges/{xpt,spss}/: data sets, their definition, SPSS syntax
READS FROM THE CONFIG: bridges (in common.smk)
READS FROM THE STUDY FILE: endpoints, groups, levels, analysis
"""


rule bridge:
    input:
        settings="results/{study}/settings/bridges.json",
        tables=expand("results/{{study}}/endpoints/{table}.parquet", table=CROSSING),
        ard="results/{study}/statistics/ard.parquet",
    output:
        folder=directory("results/{study}/bridges/{bridge}"),
        record="results/{study}/records/bridge_{bridge}.json",
    log:
        "results/{study}/logs/bridge_{bridge}.log",
    wildcard_constraints:
        bridge="xpt|spss",
    conda:
        "../envs/venaza.yaml"
    message:
        "{wildcards.study}: writing the bridge to {wildcards.bridge}"
    script:
        "../scripts/bridges.py"

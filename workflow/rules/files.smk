"""
The files that each stage reads and makes.

READS FROM THE STUDY FILE: what decides which figures and tables there are, the published figures
"""

from venaza.contracts.clean import TABLES as CLEAN_TABLES
from venaza.figures import planned as planned_figures
from venaza.tables import planned as planned_tables

CLEAN_OUTPUTS = [
    *CLEAN_TABLES,
    *("cleaning_log", "queries", "corrections"),
    *("row_account", "cell_account", "quarantine"),
]
ANALYSIS_TABLES = [
    *("adsl", "adrs", "adtte", "adtte_excluded", "adae"),
    *("definitions", "assessments", "milestones", "flow", "queries"),
    *("adlb", "tls"),
]
ANALYSED = [
    *("adsl", "adrs", "adtte", "definitions", "adae", "milestones"),
    *("adlb", "tls"),
]
DRAWN = ["adsl", "milestones", "flow"]
COMPARED = [
    *(f"clean/{table}" for table in CLEAN_TABLES),
    "endpoints/adtte",
    "statistics/ard",
]


def raw_files(wildcards):
    """The raw files of a run's export."""
    study = RUNS[wildcards.run]
    paths = export_files(ROOT, study["id"], study["export"])
    paths += other_files(ROOT, study["id"], study["export"])
    return [path.relative_to(ROOT).as_posix() for path in paths]


def parquet_and_csv(folder, tables):
    """Both files of each table."""
    return expand(
        f"results/{{{{run}}}}/{folder}/{{table}}.{{kind}}",
        table=tables,
        kind=["parquet", "csv"],
    )


def published_figures(wildcards):
    published = RUNS[wildcards.run]["published"]
    return [published["file"]] if published else []


def evidence_files(run):
    """The tables of published outcomes that a study shows."""
    evidence = RUNS[run]["evidence"]
    return evidence["files"] if evidence else []


def trial_files(run):
    """The table of ongoing trials that a study shows."""
    evidence = RUNS[run]["evidence"]
    return [evidence["trials"]] if evidence and evidence["shows"]["trials"] else []


def figures_of(study, kinds):
    names = planned_figures(RUNS[study])
    return expand(
        "results/{study}/figures/{name}.{kind}", study=study, name=names, kind=kinds
    )


def tables_of(study, kinds):
    names = planned_tables(RUNS[study])
    return expand(
        "results/{study}/tables/{name}.{kind}", study=study, name=names, kind=kinds
    )


def baseline(wildcards):
    """The run of the export before this one; None where this is the first."""
    return next(
        (run for run in RUNS if run.startswith(f"{wildcards.study}/audit/")), None
    )


def before(wildcards):
    run = baseline(wildcards)
    return (
        expand("results/{run}/{table}.parquet", run=run, table=COMPARED) if run else []
    )


def queries_before(wildcards):
    run = baseline(wildcards)
    stages = ["clean", "endpoints"] if run else []
    return [f"results/{run}/{stage}/queries.parquet" for stage in stages]


def whole_study(study):
    """Every file that the study's run makes, but for the audit's own."""
    folders = {
        "intake": ["cells", "files"],
        "clean": CLEAN_OUTPUTS,
        "endpoints": ANALYSIS_TABLES,
        "statistics": ["ard", "curves"],
    }
    return [
        *(
            f"results/{study}/{folder}/{table}.parquet"
            for folder, tables in folders.items()
            for table in tables
        ),
        f"results/{study}/queries/queries.xlsx",
        *(f"results/{study}/report/manuscript.{format}" for format in FORMATS),
        *figures_of(study, ["svg", "pdf", "png"]),
        *tables_of(study, ["html", "csv"]),
    ]

"""
The files that each stage reads and makes.

READS FROM THE STUDY FILE: what decides which figures and tables there are, the published figures
"""

from venaza.contracts.clean import TABLES as CLEAN_TABLES
from venaza.pipeline.figures import part_of, planned as planned_figures
from venaza.pipeline.tables import planned as planned_tables

CLEAN_OUTPUTS = [
    *CLEAN_TABLES,
    *("origins", "cleaning_log", "queries", "corrections"),
    *("row_account", "cell_account", "quarantine"),
]
ANALYSIS_TABLES = [
    *("adsl", "adrs", "adtte", "adtte_excluded", "trail", "adae"),
    *("definitions", "assessments", "milestones", "flow", "queries"),
    *("adlb", "tls", "facts", "support"),
]
ANALYSED = [
    *("adsl", "adrs", "adtte", "definitions", "adae", "milestones"),
    *("adlb", "tls"),
]
STATISTICS_TABLES = ["ard", "curves", "selections", "ard_selections"]
CROSSING = ["adsl", "adrs", "adtte", "adae", "adlb"]
DRAWN = ["adsl", "milestones", "flow", "support"]
COMPARED = [
    "intake/cells",
    *(
        f"clean/{table}"
        for table in [*CLEAN_TABLES, "origins", "cleaning_log", "queries"]
    ),
    *(
        f"endpoints/{table}"
        for table in ["adsl", "adtte", "adrs", "adae", "adlb", "tls", "queries"]
    ),
    *(f"statistics/{table}" for table in ["selections", "ard_selections"]),
]


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


def digitised_curves(wildcards):
    curves = RUNS[wildcards.run]["published_curves"]
    return [curve[name] for curve in curves for name in ("points", "at_risk")]


def figure_parts(study):
    """The parts in which a study's figures are drawn, each by a job of its own."""
    return sorted(set(map(part_of, planned_figures(RUNS[study]))))


def figures_of(study, kinds, part=None):
    names = [
        n for n in planned_figures(RUNS[study]) if part is None or part_of(n) == part
    ]
    return expand(
        "results/{study}/figures/{name}.{kind}", study=study, name=names, kind=kinds
    )


def figure_kinds(study):
    """What each figure of a run is written as."""
    tiff = ["tiff"] if RUNS[study]["report"]["tiff"] else []
    return ["svg", "pdf", "png", "csv", *tiff]


def tables_of(study, kinds):
    names = planned_tables(RUNS[study])
    return expand(
        "results/{study}/tables/{name}.{kind}", study=study, name=names, kind=kinds
    )


def documents_of(study):
    """The documents of a report in the formats that are asked for."""
    return [
        f"results/{study}/report/{document}.{name}"
        for name in FORMATS
        for document in RENDERED[name]
    ]


def before(wildcards):
    """The tables that a study's results are compared with."""
    run = COMPARED_WITH[wildcards.study].base
    return expand("results/{run}/{table}.parquet", run=run or [], table=COMPARED)


def steps(wildcards):
    """The numbers of each step from the export compared with to this one."""
    return [state["ard"] for state in COMPARED_WITH[wildcards.study].states]


def queries_before(wildcards):
    run = COMPARED_WITH[wildcards.study].base
    stages = ["clean", "endpoints"] if run not in (None, wildcards.study) else []
    return [f"results/{run}/{stage}/queries.parquet" for stage in stages]


def whole_study(study):
    """Every file that the study's run makes, but for the documents and the audit's own."""
    folders = {
        "intake": ["cells", "files"],
        "clean": CLEAN_OUTPUTS,
        "endpoints": ANALYSIS_TABLES,
        "statistics": STATISTICS_TABLES,
    }
    return [
        *(
            f"results/{study}/{folder}/{table}.parquet"
            for folder, tables in folders.items()
            for table in tables
        ),
        f"results/{study}/queries/queries.xlsx",
        *figures_of(study, figure_kinds(study)),
        *tables_of(study, ["html", "csv"]),
        f"results/{study}/tables/tables.xlsx",
        *(f"results/{study}/bridges/{kind}" for kind in BRIDGES),
    ]

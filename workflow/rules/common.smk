"""
What all rules share: the studies of this run, their settings and the code of each stage.

A run is a study with one export. `results/STUDY/` holds the export that counts;
`results/STUDY/audit/baseline/DATE/` holds the export that it is compared with, taken as far as the
statistics, so that the audit can say what has moved; `DATE.kept` the same with the configuration
of a kept record, `DATE.corrections` this export without the corrections that came since.

READS FROM THE CONFIG: studies, export, baseline, formats, bridges; every study file named there.
"""

import os
from pathlib import Path

from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.basedir)
own_code_first = [str(ROOT), *filter(None, [os.getenv("PYTHONPATH")])]
os.environ.update(PYTHONPATH=os.pathsep.join(own_code_first))
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

try:
    from venaza.pipeline.audit.manifest import CODE, run_facts, tree_hash
    from venaza.pipeline.report.renderer import choose
    from venaza.preflight import (
        STAGES,
        check_headers,
        compare_with,
        export_files,
        load_run,
        load_study,
        other_files,
        stage_code,
        write_settings,
    )
    from venaza.contracts.documents import RENDERED
    from venaza.contracts.record import hashes_of
    from venaza.contracts.errors import StudyError
    from venaza.contracts.fault import told_as_fault
    from venaza.contracts.job import not_written
    from venaza.contracts.key_lines import lines_named
    from venaza.rerun.lock import lock
except ModuleNotFoundError as error:
    from venaza.contracts.fault import missing_package, without_package

    if not missing_package(error):
        raise
    raise WorkflowError(str(without_package(missing_package(error)))) from None


def load_runs(wish):
    """Every run of this call: each study, and those that it is compared with."""
    runs, compared = {}, {}
    for name in wish["studies"]:
        study = load_study(ROOT, name, wish["export"])
        if (
            workflow.is_main_process
        ):  # jobs read these rules too, and it is done by then
            check_headers(ROOT, study, PASSED)
        facts = run_facts(study, CODE_HASH)
        compared[name] = compare_with(ROOT, study, wish["baseline"], facts, PASSED)
        runs |= {name: study, **compared[name].runs}
    return runs, compared


def renderer_of(name):
    """What renders the report of a study."""
    with lines_named(ROOT):
        return choose(RUNS[name]["report"]["renderer"], f"config/studies/{name}.yaml")


NOTES = Path(".snakemake")
FAULT = Path("results/faults/snakemake.txt")
KEPT = NOTES / "venaza"  # what stages were told before
PASSED = KEPT / "headers"  # the exports that have what their study maps

try:
    # Jobs on a cluster read this file too; the lock belongs to the run that sent them.
    HELD = lock(NOTES) if workflow.is_main_process else None
    CODE_HASH = tree_hash(ROOT, CODE)
    RUN = load_run(ROOT, config)
    RUNS, COMPARED_WITH = load_runs(RUN)
    RENDERERS = (
        {name: renderer_of(name) for name in RUN["studies"]}
        if workflow.is_main_process
        else {}  # jobs are told
    )
except StudyError as error:
    raise WorkflowError(str(error)) from None
except Exception as error:
    known = not_written(error) if isinstance(error, OSError) else None
    raise WorkflowError(str(known or told_as_fault(error, FAULT))) from None

STUDIES = RUN["studies"]
FORMATS = RUN["formats"]
BRIDGES = RUN["bridges"]


wildcard_constraints:
    run="|".join(map(re.escape, sorted(RUNS, key=len, reverse=True))),
    study="|".join(map(re.escape, STUDIES)),


def raw_files(study):
    """The raw files of a study's export."""
    paths = export_files(ROOT, study["id"], study["export"])
    paths += other_files(ROOT, study["id"], study["export"])
    return [path.relative_to(ROOT).as_posix() for path in paths]


def write_all_settings():
    """Write what each stage is told, so that a job runs again when that has changed.

    It is done while the rules are read: each file is an input of its stage, and is left alone
    where nothing differs.
    """
    code = {stage: stage_code(ROOT, stage) for stage in STAGES}
    for run, study in RUNS.items():
        for stage in STAGES if run in STUDIES else STAGES[:4]:
            if stage == "bridges" and not BRIDGES:
                continue
            more = (
                {"facts": run_facts(study, CODE_HASH)}
                if stage in ("report", "audit")
                else {}
            )
            if run in STUDIES and stage in ("report", "changes", "audit"):
                more["comparison"] = COMPARED_WITH[run].told()
            if stage == "report":
                more["facts"]["renderer"] = RENDERERS[run].told()
            if stage == "intake":
                more["raw"] = hashes_of(raw_files(study))
            if stage == "audit":
                more["bridges"] = BRIDGES
            path = Path("results") / run / "settings" / f"{stage}.json"
            write_settings(path, study, stage, code[stage], KEPT, **more)


if workflow.is_main_process:  # a job on a cluster finds them written
    try:
        write_all_settings()
    except OSError as error:
        raise WorkflowError(str(not_written(error) or error)) from None

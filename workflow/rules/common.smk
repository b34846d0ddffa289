"""
What all rules share: the studies of this run, their settings and the code of each stage.

A run is a study with one export. `results/STUDY/` holds the export that counts;
`results/STUDY/audit/baseline/DATE/` holds the export before it, taken as far as the statistics,
so that the audit can say what has moved.

READS FROM THE CONFIG: studies, export, formats, bridges; every study file named there.
"""

import os
from pathlib import Path

from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.basedir)
own_code_first = [str(ROOT), *filter(None, [os.getenv("PYTHONPATH")])]
os.environ.update(PYTHONPATH=os.pathsep.join(own_code_first))
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from venaza.audit.manifest import CODE, run_facts, tree_hash
from venaza.config import (
    STAGES,
    check_headers,
    export_before,
    export_files,
    load_run,
    load_study,
    other_files,
    stage_code,
    write_settings,
)
from venaza.errors import StudyError
from venaza.lock import lock


def load_runs(wish):
    """Every run of this call: each study, and the export before it where there is one."""
    runs = {}
    for name in wish["studies"]:
        study = load_study(ROOT, name, wish["export"])
        if (
            workflow.is_main_process
        ):  # jobs read these rules too, and it is done by then
            check_headers(ROOT, study)
        runs[name] = study
        before = export_before(ROOT, name, study["export"])
        if before is not None:
            runs[f"{name}/audit/baseline/{before}"] = load_study(ROOT, name, before)
    return runs


try:
    # Jobs on a cluster read this file too; the lock belongs to the run that sent them.
    HELD = lock(Path(".snakemake")) if workflow.is_main_process else None
    RUN = load_run(ROOT, config)
    RUNS = load_runs(RUN)
except StudyError as error:
    raise WorkflowError(str(error)) from None

STUDIES = RUN["studies"]
FORMATS = RUN["formats"]
BRIDGES = RUN["bridges"]


wildcard_constraints:
    run="|".join(map(re.escape, sorted(RUNS, key=len, reverse=True))),
    study="|".join(map(re.escape, STUDIES)),


def write_all_settings():
    """Write what each stage is told, so that a job runs again when that has changed.

    It is done while the rules are read: each file is an input of its stage, and is left alone
    where nothing differs.
    """
    code = {stage: stage_code(ROOT, stage) for stage in STAGES}
    whole = tree_hash(ROOT, CODE)
    for run, study in RUNS.items():
        for stage in STAGES if run in STUDIES else STAGES[:4]:
            if stage == "bridges" and not BRIDGES:
                continue
            more = (
                {"facts": run_facts(study, whole)}
                if stage in ("report", "audit")
                else {}
            )
            if stage == "audit":
                more["before"] = export_before(ROOT, study["id"], study["export"])
                more["bridges"] = BRIDGES
            path = Path("results") / run / "settings" / f"{stage}.json"
            write_settings(path, study, stage, code[stage], **more)


write_all_settings()


def summary():
    """One line per study: where its report is."""
    lines = []
    for name in STUDIES:
        study = RUNS[name]["study"]
        label = " (synthetic data)" if study["synthetic"] else ""
        lines.append(f"{study['short']}{label}, export {RUNS[name]['export']}:")
        lines += [f"  report  results/{name}/report/manuscript.{f}" for f in FORMATS]
        lines.append(f"  queries results/{name}/queries/queries.xlsx")
        lines += [f"  bridge  results/{name}/bridges/{kind}/" for kind in BRIDGES]
        lines.append(f"  audit   results/{name}/audit/index.html")
    return "\n".join(lines)

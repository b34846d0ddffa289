"""
Rerun: what still stands when a run begins, and the summary when it ends.

REQUIRED INPUTS: the records of the run's jobs, results/RUN/records/JOB.json
OUTPUTS:         a summary on the screen
READS FROM THE STUDY FILE: nothing
"""

import atexit

from venaza.contracts.record import made_from
from venaza.rerun.state import look, no_future, record_of
from venaza.rerun.summary import Ran, Told, stopped, summary
from venaza.rerun.previous_settings import forget

# How the summary calls the runs that a study is compared with, by what follows their date.
EARLIER = {
    "": "the export of {}, to compare with",
    "kept": "the export of {} with the configuration that was kept",
    "corrections": "the export of {} without later corrections",
}


def jobs_of(run):
    """The jobs of a run by the names of their records, in the order of the run."""
    jobs = ["intake", "clean", "endpoints", "statistics"]
    if run in STUDIES:
        jobs += ["queries", *(f"figures_{part}" for part in figure_parts(run))]
        jobs += ["tables", "manuscript", *(f"render_{name}" for name in FORMATS)]
        jobs += [*(f"bridge_{name}" for name in BRIDGES), "changes", "audit"]
    return jobs


def records_of(study, but=()):
    """The records of a study and of those that it is compared with."""
    runs = [run for run in RUNS if run == study or run.startswith(f"{study}/")]
    return [
        record_of(run, job) for run in runs for job in jobs_of(run) if job not in but
    ]


def told(study):
    """What the summary says of a study."""
    about = RUNS[study]["study"]
    label = " (synthetic data)" if about["synthetic"] else ""
    heading = f"{about['short']}{label}, export {RUNS[study]['export']}"
    own, earlier = [record_of(study, job) for job in jobs_of(study)], {}
    for run in RUNS:
        if run.startswith(f"{study}/"):
            words = EARLIER[run.rpartition("/")[2][11:]].format(
                run.rpartition("/")[2][:10]
            )
            earlier[words] = [record_of(run, job) for job in jobs_of(run)]
    compared = COMPARED_WITH[study].export is not None
    renderer = RENDERERS[study]
    return Told(study, heading, FORMATS, own, earlier, compared, renderer.said)


def asked_for(job):
    """Whether a forced job was asked for; Snakemake forces those that were interrupted too."""
    wish = workflow.dag_settings
    named = {job.rule.name, *map(str, job.output)} & set(map(str, wish.forcerun))
    return wish.forceall or bool(named)


def jobs_done(finished):
    """Every job of this run that had something to do."""
    jobs = [
        job
        for job in workflow.dag.jobs
        if workflow.dag.needrun(job) and hasattr(job.output, "record")
    ]
    return [
        Ran(
            str(job.output.record),
            forced=workflow.dag.reason(job).forced and asked_for(job),
            interrupted=workflow.dag.reason(job).forced and not asked_for(job),
            finished=finished or workflow.dag.finished(job),
            failed=job in workflow.scheduler.failed,
            log=str(job.log[0]),
        )
        for job in jobs
    ]


def say_the_end(failed=False):
    """Print the summary of a run that ended, well or not."""
    studies, ran = list(map(told, STUDIES)), jobs_done(not failed)
    print(stopped(studies, ran) if failed else summary(studies, ran, PAST, KEPT))
    if not failed:
        paths = Path("results").rglob("records/*.json")
        forget(KEPT, [sha for p in paths for sha in made_from(p).values()])


def say_nothing_was_done():
    """The summary of a run that found nothing to do: Snakemake calls no hook then."""
    if workflow.scheduler is not None and not workflow.dryrun and not len(workflow.dag):
        say_the_end()


if workflow.is_main_process:
    forced = workflow.dag_settings is not None and workflow.dag_settings.forceall
    try:
        no_future(["results", "report", "data/reference", "data/kept"])
        PAST = look(
            [r for study in STUDIES for r in records_of(study)], refuse=not forced
        )
    except StudyError as error:
        raise WorkflowError(str(error)) from None
    except Exception as error:
        known = not_written(error) if isinstance(error, OSError) else None
        raise WorkflowError(str(known or told_as_fault(error, FAULT))) from None
    atexit.register(say_nothing_was_done)

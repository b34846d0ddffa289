"""A fault that nobody foresaw, in each stage of a run: what the user sees, and what is left."""

from __future__ import annotations

import shutil

import pytest

from tests.workflow.project import copy_project, snakemake

#: The job, the module in which its function is replaced, and what the message calls the stage; the
#: last job first, so that each case finds the jobs before it done.
CASES = (
    ("audit", "audit/page/page.py", "audit_page", "audit"),
    ("bridge_xpt", "bridges/write.py", "write_xpt", "bridges"),
    ("changes", "compare/changes_page.py", "changes_page", "compare"),
    ("render_html", "report/__init__.py", "render", "report"),
    ("manuscript", "report/__init__.py", "stage", "report"),
    ("tables", "tables/__init__.py", "build_all", "tables"),
    ("figures_others", "figures/__init__.py", "draw_all", "figures"),
    ("queries", "queries/stage.py", "workbook", "queries"),
    ("statistics", "statistics/__init__.py", "results", "statistics"),
    ("endpoints", "endpoints/build.py", "derive", "endpoints"),
    ("clean", "clean/build.py", "clean", "clean"),
    ("intake", "intake/cells.py", "read_export", "intake"),
)
FAULT = (
    '\n\ndef {name}(*_, **__):\n    table, patient = "adtte", "p7"\n    raise KeyError("planted")\n'
)


def run(project):
    return snakemake(project, "--config", "studies=bmt", "formats=html", "bridges=xpt")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    made = copy_project(tmp_path_factory.mktemp("faults") / "project")
    done = run(made)
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.mark.parametrize(("job", "module", "name", "stage"), CASES, ids=lambda part: part)
def test_a_fault_is_one_message_and_leaves_nothing_half_written(project, job, module, name, stage):
    path = project / "venaza/pipeline" / module
    code = path.read_text(encoding="utf-8")
    path.write_text(code + FAULT.format(name=name), encoding="utf-8")
    ended = run(project)
    path.write_text(code, encoding="utf-8")
    assert ended.returncode != 0
    who = "" if stage == "intake" else ", patient 'p7'"
    said = f"venaza met a fault of its own (KeyError) in the stage '{stage}', table 'adtte'{who}."
    jobs = 2 if stage == "figures" else 1  # curves and the others are drawn side by side
    for seen in (ended.stdout, ended.stderr):
        assert seen.count(said) == jobs
        assert seen.count("to do:") == jobs
        assert "Traceback (most recent call last)" not in seen
        assert "planted" not in seen
    kept = project / "results/bmt/logs" / f"{job}.traceback"
    assert f"The traceback is in {kept.relative_to(project)}" in ended.stdout
    assert 'raise KeyError("planted")' in kept.read_text(encoding="utf-8")
    records = project / "results/bmt/records"
    assert not (records / f"{job}.json").exists()
    assert not list((project / "results").rglob("*.tmp*"))


def test_it_goes_on_once_the_fault_is_mended(project):
    shutil.rmtree(project / "results/bmt/logs")
    ended = run(project)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (project / "results/bmt/report/manuscript.html").is_file()
    assert not list((project / "results").rglob("*.traceback"))

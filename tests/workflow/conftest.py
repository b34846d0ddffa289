"""One whole run of each shipped study, shared by the tests of this folder."""

from __future__ import annotations

import pytest

from tests.workflow.project import copy_project, snakemake

STUDIES = ("aml_venaza", "all_venaza", "bmt", "myeloid")


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project in which the shipped studies have been run."""
    project = copy_project(tmp_path_factory.mktemp("run") / "project")
    run = snakemake(project, "--config", f"studies={','.join(STUDIES)}")
    assert run.returncode == 0, run.stdout + run.stderr
    return project

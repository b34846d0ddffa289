"""The hash of a stage's code covers all that its scripts import and fill, near and far."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.workflow.project import ROOT
from venaza.preflight.stage_settings import STAGES, code_files, stage_code

#: A template, a style or a script of a page.
NAMED = re.compile(r'"([a-z_/]+\.(?:html\.j2|css|js))"')
SCRIPTS = {"report": ("manuscript", "render")}


def imported(path: Path) -> set[Path]:
    """The files of venaza that a file imports anywhere in it, and the templates that it names."""
    text = path.read_text(encoding="utf-8")
    found = {ROOT / "venaza" / name for name in NAMED.findall(text)}
    for node in ast.walk(ast.parse(text if path.suffix == ".py" else "")):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            inside = ROOT / name.replace(".", "/")
            if name.startswith("venaza."):
                found |= {inside.with_suffix(".py"), inside / "__init__.py"}
    return {file for file in found if file.is_file()}


@pytest.mark.parametrize("stage", STAGES)
def test_no_module_that_a_stage_runs_is_left_out(stage):
    left = [ROOT / f"workflow/scripts/{name}.py" for name in SCRIPTS.get(stage, (stage,))]
    reached = set()
    while left:
        path = left.pop()
        if path not in reached:
            reached.add(path)
            left += imported(path)
    outside = reached - set(code_files(ROOT, stage))
    assert sorted(path.relative_to(ROOT).as_posix() for path in outside) == []
    assert len(reached) > 5


def test_the_code_is_a_matter_of_content_not_of_time(tmp_path):
    for name in ("venaza/contracts/job.py", "workflow/scripts/clean.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1")
    before = stage_code(tmp_path, "clean")
    (tmp_path / "venaza/contracts/job.py").write_text("x = 1")
    assert stage_code(tmp_path, "clean") == before
    (tmp_path / "workflow/scripts/clean.py").write_text("x = 2")
    assert stage_code(tmp_path, "clean") != before


@pytest.mark.parametrize(
    ("changed", "stages"),
    [
        ("venaza/pipeline/compare/templates/changes.html.j2", {"changes"}),
        ("venaza/pipeline/report/templates/changes.html.j2", {"report"}),
        ("venaza/markup/templates/printed.html.j2", {"tables", "report", "audit", "changes"}),
        ("venaza/markup/page.css", {"tables", "report", "audit", "changes"}),
    ],
)
def test_a_changed_template_runs_again_what_fills_it(changed, stages):
    assert {stage for stage in STAGES if ROOT / changed in code_files(ROOT, stage)} == stages

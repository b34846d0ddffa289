"""The house keeps its order: imports point one way, and nothing belongs to a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: What all share, and what each floor may stand on.
SHARED = {"contracts", "study"}
FLOORS = {
    "contracts": set(),
    "markup": {"contracts"},
    "study": {"contracts"},
    "rerun": SHARED,
    "preflight": {*SHARED, "rerun", "pipeline"},
}
#: What a stage reads with beside what all share, and why.
READS_WITH = {
    "intake": {"pipeline.clean"},  # the privacy gate reads dates and rows as cleaning does
    "compare": {"pipeline.audit", "markup"},  # what moved a number is found by the way back
    **dict.fromkeys(("tables", "report", "audit"), {"markup"}),  # they write HTML
}
MODULES = sorted((ROOT / "venaza/pipeline").rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The packages of venaza that a module imports; of the pipeline, the stages."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in (name for name in names if name.startswith("venaza.")):
            depth = 3 if name.startswith("venaza.pipeline.") else 2
            found.add(".".join(name.split(".")[1:depth]))
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_stands_on_what_is_below_it_only(floor):
    allowed = {floor, *FLOORS[floor]}
    for path in sorted((ROOT / "venaza" / floor).rglob("*.py")):
        assert {name.split(".")[0] for name in imported(path)} <= allowed, path


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_stage_imports_itself_and_what_all_share_only(path):
    stage = path.relative_to(ROOT / "venaza/pipeline").parts[0]
    assert imported(path) <= {f"pipeline.{stage}", *SHARED, *READS_WITH.get(stage, ())}


@pytest.mark.parametrize(
    "path",
    [
        *MODULES,
        *sorted((ROOT / "workflow").rglob("*.py")),
        *sorted((ROOT / "workflow").rglob("*.smk")),
    ],
    ids=lambda p: p.relative_to(ROOT).as_posix(),
)
def test_every_file_says_what_it_is_for(path):
    assert path.read_text(encoding="utf-8").startswith('"""')


#: Modules that may have a tag of HTML in a text, and why.
TAGS_IN = {
    "pipeline/audit/page/documents.py": "looks for headings and exhibits in what was rendered",
    "pipeline/report/embedded.py": "looks for spans in what pandoc is given",
    "pipeline/report/links.py": "makes links of the spans that a renderer wrote, thousands a page",
}
TAG = re.compile(
    r"</?(?:a|article|b|br|body|code|col|colgroup|details|div|dd|dl|dt|em|figure|h[1-6]|head|i|img"
    r"|input|li|line|main|nav|ol|option|output|p|path|q|rect|script|section|select|small|span"
    r"|strong|style|summary|svg|table|tbody|td|text|tfoot|th|thead|tr|ul)(?:[\s>]|/>|$)"
)


def texts(path: Path) -> list[str]:
    """The texts of a module and the pieces of its f-strings, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [n.value for n in constants if isinstance(n.value, str) and id(n) not in said]


def test_html_is_written_by_templates():
    made = {
        path.relative_to(ROOT / "venaza").as_posix()
        for path in (ROOT / "venaza").rglob("*.py")
        if any(map(TAG.search, texts(path)))
    }
    assert made == set(TAGS_IN)
    marked = [p for p in (ROOT / "venaza").rglob("*.py") if "Markup(" in p.read_text("utf-8")]
    assert [p.relative_to(ROOT / "venaza").as_posix() for p in marked] == ["markup/__init__.py"]


@pytest.mark.parametrize("page", ["GLOSSARY.md", "docs/architecture.md"])
def test_a_path_that_a_page_names_is_there(page):
    named = re.findall(r"`((?:venaza|config|workflow|tests|docs)/[\w./-]+)`", _read(page))
    named = [path for path in named if "NAME" not in path and "STUDY" not in path]
    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_scripts_only_read_call_and_write():
    for path in sorted((ROOT / "workflow/scripts").glob("*.py")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 40, path.name


def test_no_code_knows_a_study():
    names = [p.stem for p in (ROOT / "config/studies").glob("*.yaml")]
    pattern = re.compile(rf"\b({'|'.join(names)})\b")
    code = [*MODULES, *(ROOT / "workflow").rglob("*.smk"), ROOT / "Snakefile"]
    assert [p.name for p in code if pattern.search(p.read_text(encoding="utf-8"))] == []


def test_nothing_belongs_to_a_machine():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    pattern = re.compile(rb"/(?:home|root|Users)/\w+|index-url")
    skip = {".png", ".xlsx", ".docx", ".pdf"}
    here = Path(__file__)
    found = [
        p.relative_to(ROOT).as_posix()
        for p in paths
        if p.is_file() and p.suffix not in skip and p != here and pattern.search(p.read_bytes())
    ]
    assert [name for name in found if name != "Makefile"] == []


def test_one_lowest_python_and_one_that_is_tried():
    """Project, make and README ask for the same Python; conda takes the one that is tried."""
    lowest = re.search(r'requires-python = ">=(3\.\d+)"', _read("pyproject.toml"))[1]
    major, minor = lowest.split(".")
    assert f"sys.version_info < ({major}, {minor})" in _read("Makefile")
    assert f"venaza needs Python {lowest} or newer" in _read("Makefile")
    assert f"With Python {lowest} or newer" in _read("README.md")
    tried = re.search(r"Python (3\.\d+) is what it\s+is tried on", _read("README.md"))[1]
    assert f"python {tried}.*" in _read("workflow/envs/venaza.yaml")


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")

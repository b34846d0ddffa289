"""A whole run on an export full of identifiers: none of them is in any file that it leaves."""

from __future__ import annotations

import os

import pytest

from tests.workflow.project import copy_project, snakemake

SECRETS = ("王小明", "13812345678", "li.lei@example.org", "H00", "secret street")
STUDY = """\
study:
  title: Planted identifiers
  short: Planted
  disease: acute myeloid leukaemia
  synthetic: true
  data: Ten made-up patients with made-up names.
  source: this test
timeline: {cutoff: none}
tables:
  patients:
    file: "*.csv"
    key: 住院号
    columns: {SEX: 性别, AGE: 年龄, INDEXDT: 首次用药日期, LSTALVDT: 末次随访日期, DTHDT: 死亡日期}
endpoints: {OS: standard}
analysis: {primary: OS, table1: [SEX, AGE]}
report: {}
"""
DECLARED = """\
privacy:
  shift_dates: {days: 90}
  columns: {住院号: hash, 姓名: drop, 地址: drop, 备注: scrub}
"""


def export() -> str:
    lines = ["住院号,姓名,性别,年龄,地址,备注,首次用药日期,末次随访日期,死亡日期"]
    for n in range(10):
        death = f"2021-{n + 3:02d}-17" if n % 2 else ""
        sex = "男" if n % 3 else "女"
        # An age that cannot be makes a query that quotes what was sent.
        age = 999 if n == 4 else 60 + n
        who = f"H00{n},王小明,{sex},{age},secret street {n},电话13812345678 li.lei@example.org"
        lines.append(f"{who},2021-01-{n + 10},2021-12-01,{death}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path):
    project = copy_project(tmp_path / "project")
    folder = project / "data/raw/planted/2022-01-01"
    folder.mkdir(parents=True)
    (folder / "export.csv").write_text(export(), encoding="utf-8")
    return project


def run(project, text):
    (project / "config/studies/planted.yaml").write_text(text, encoding="utf-8")
    key = project.parent / "planted.key"
    key.write_text("k" * 64)
    settings = {"VENAZA_KEY_FILE": os.fspath(key)}
    return snakemake(project, "--config", "studies=planted", "formats=html", environment=settings)


def leaks(project, finished) -> list[str]:
    """Every file of a run, and its console, that holds a secret."""
    texts = {"console": (finished.stdout + finished.stderr).encode()}
    for folder in ("results", ".snakemake"):
        texts |= {p: p.read_bytes() for p in (project / folder).rglob("*") if p.is_file()}
    return [str(p) for p, text in texts.items() if any(s.encode() in text for s in SECRETS)]


def test_nothing_identifying_is_in_any_result_log_or_message(project):
    finished = run(project, STUDY + DECLARED)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert (project / "results/planted/report/manuscript.html").exists()
    assert leaks(project, finished) == []


def test_an_undeclared_column_stops_the_run_and_leaves_nothing_of_itself(project):
    finished = run(project, STUDY)
    text = finished.stdout + finished.stderr
    assert finished.returncode != 0
    assert "may identify patients and are not declared" in text
    assert "姓名: looks like a name, by its header" in text
    assert "Traceback" not in text
    assert leaks(project, finished) == []

"""Whole ways of an export full of identifiers: none of them is in any file or line that they leave.

The ways are ``new-study``, ``check``, a run, a run that is refused, and names of files and sheets.
All persons, numbers and addresses are made up.
"""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook

from tests.privacy.test_detect import with_check_digit
from tests.workflow.project import copy_project, snakemake

SIMPLIFIED = (
    "王小明",
    "李志强",
    "陈国华",
    "刘秀英",
    "赵丽华",
    "孙建军",
    "周文静",
    "吴海燕",
    "徐晓东",
    "朱玉兰",
)
TRADITIONAL = (
    "張偉明",
    "陳志強",
    "黃國華",
    "趙麗華",
    "葉美鳳",
    "鄭雅婷",
    "蕭淑芬",
    "羅俊傑",
    "劉德祥",
    "許慧玲",
)
PINYIN = ("Zhang Wei", "LI Xiaofang", "Wang, Jianguo", "Chen Guohua", "Liu Yang",
          "Zhao Lihua", "Sun Jianjun", "Zhou Wenjing", "Wu Haiyan", "Xu Xiaodong")  # fmt: skip
WESTERN = ("John Smith", "Miller, Susan", "Peter Johnson", "Laura Garcia", "Hans Müller",
           "Mary Jones", "J. Anderson", "Carlos Lopez", "Anna Schmidt", "Paul Evans")  # fmt: skip
NOTED = ("郭淑珍", "何雪梅", "Harrison Whitlock")
LABELS = ("馬俊峰", "胡佳慧", "林宇航")
PHONES = (*(f"1381234567{n}" for n in range(10)), "0571-87236114", "+44 20 7946 0958")
CARDS = tuple(with_check_digit(f"1101011990030{7880 + n}") for n in range(10))
NUMBERS = tuple(f"ZY00471{n}" for n in range(10))
PLACED = ("Zhongshan street 47", "li.lei@example.org")
SECRETS = (
    *(*SIMPLIFIED, *TRADITIONAL, *PINYIN, *WESTERN, *NOTED, *LABELS),
    *(*PHONES, *CARDS, *NUMBERS, *PLACED),
)
HEADERS = ["住院號", "姓名", "顧客", "Contact", "Attending", "聯絡", "身分證", "性別", "年齡",
           "Street", "備註", "首次用藥日期", "末次隨訪日期", "生存狀態"]  # fmt: skip
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
    file: "*.xlsx"
    sheet: 患者
    header_row: 3
    key: 住院號
    columns: {SEX: 性別, AGE: 年齡, INDEXDT: 首次用藥日期, LSTALVDT: 末次隨訪日期}
endpoints: {OS: standard}
analysis: {primary: OS, table1: [SEX, AGE]}
report: {}
"""


def patients() -> list[list]:
    """Two lines above the headers, ten patients, a line below them."""
    rows = [[f"制表人：{NOTED[0]}", PHONES[0]], [SIMPLIFIED[0], PLACED[1]], HEADERS]
    for n in range(10):
        # An age that cannot be makes a query that quotes what was sent.
        age = 999 if n == 4 else 60 + n
        note = [f"聯絡人：{NOTED[1]} {PHONES[10]}", f"Contact: {NOTED[2]}, {PHONES[11]}"][n % 2]
        who = [
            NUMBERS[n],
            SIMPLIFIED[n],
            TRADITIONAL[n],
            PINYIN[n],
            WESTERN[n],
            PHONES[n],
            CARDS[n],
        ]
        course = [f"2021-01-{n + 10}", f"2021-12-{n + 10}", "死亡" if n % 3 == 0 else "存活"]
        rows.append([*who, "男女"[n % 2], age, f"{PLACED[0]}{n}", note, *course])
    return [*rows, ["備註：略", NOTED[0]]]


def workbook(path: Path, **more: list[list]) -> None:
    """The patients; a list of persons without headers; a sheet that no table takes; ``more``."""
    persons = [[n, TRADITIONAL[n], PINYIN[n], PHONES[n], "A"] for n in range(10)]
    others = [["編號", "醫師", "意見"], *([n, TRADITIONAL[n], "無"] for n in range(10))]
    book = Workbook()
    book.remove(book.active)
    for name, rows in {"患者": patients(), "名單": persons, "會診": others, **more}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def labelled(path: Path) -> None:
    """A file of SPSS whose value labels are names."""
    frame = pd.DataFrame({"number": NUMBERS[:6], "who": [1.0, 2, 3, 1, 2, 3]})
    labels = {"who": dict(enumerate(LABELS, start=1))}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels)


@pytest.fixture
def project(tmp_path):
    """A copy of the project, and an export beside it."""
    workbook(tmp_path / "export/登記.xlsx")
    labelled(tmp_path / "export/staff.sav")
    (tmp_path / "planted.key").write_text("k" * 64)
    return copy_project(tmp_path / "project")


def venaza(project, *arguments: str) -> subprocess.CompletedProcess:
    """A command of the project, as it is typed."""
    return subprocess.run(
        [sys.executable, "-m", "venaza", *arguments],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": "",
            "VENAZA_KEY_FILE": str(project.parent / "planted.key"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def run(project) -> subprocess.CompletedProcess:
    settings = {"VENAZA_KEY_FILE": str(project.parent / "planted.key")}
    return snakemake(project, "--config", "studies=planted", "formats=html", environment=settings)


def texts_of(path: Path) -> bytes:
    """What a file holds, unpacked where it is packed."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv().encode()
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return b"".join(package.read(name) for name in package.namelist())
    for packed in re.findall(rb"[A-Za-z0-9+/]{400,}={0,2}", data):
        try:
            data += zlib.decompress(base64.b64decode(packed), wbits=47)
        except (ValueError, zlib.error):
            continue
    return data


def leaks(project, *finished) -> list[str]:
    """Every file of the project but the raw ones, and every console, that holds a secret."""
    texts = {f"console {n}": (f.stdout + f.stderr).encode() for n, f in enumerate(finished)}
    for folder in ("results", ".snakemake", "config"):
        found = [p for p in (project / folder).rglob("*") if p.is_file()]
        texts |= {str(p.relative_to(project)): texts_of(p) for p in found}
    return [f"{p}: {s}" for p, text in texts.items() for s in SECRETS if s.encode() in text]


def test_what_new_study_proposes_runs_and_leaves_nothing_identifying(project):
    told = venaza(project, "new-study", "planted", "--from", "../export", "--copy", "2022-01-01")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "No header row is found in" in told.stdout
    path = project / "config/studies/planted.yaml"
    text = path.read_text(encoding="utf-8")
    for line in (
        "住院號: hash",
        "姓名: drop",
        "顧客: drop",
        "Contact: drop",
        "備註: drop",
        "who: drop",
    ):
        assert line in text
    path.write_text(
        text.replace("  columns:\n    住院號", "  shift_dates: {days: 90}\n  columns:\n    住院號")
        .replace("cutoff: export", "cutoff: none")
        .replace("備註: drop", "備註: scrub"),
        encoding="utf-8",
    )
    checked, finished = venaza(project, "check", "planted"), run(project)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert (project / "results/planted/report/manuscript.html").exists()
    cells = pd.read_parquet(project / "results/planted/intake/cells.parquet")
    assert (cells["SRCSHEET"] == "名單").sum() == 50
    assert leaks(project, told, checked, finished) == []


def test_an_undeclared_column_stops_check_and_run_and_leaves_nothing_of_itself(project):
    workbook(project / "data/raw/planted/2022-01-01/登記.xlsx")
    (project / "config/studies/planted.yaml").write_text(STUDY, encoding="utf-8")
    checked, finished = venaza(project, "check", "planted"), run(project)
    for said in (checked, finished):
        text = said.stdout + said.stderr
        assert said.returncode != 0
        assert "may identify patients and are not declared" in text
        assert "姓名: looks like a name, by its values" in text.replace(" (sheet 患者)", "")
        assert "Traceback" not in text
    assert leaks(project, checked, finished) == []


def test_a_patients_row_named_as_header_row_stops_and_is_not_shown(project):
    workbook(project / "data/raw/planted/2022-01-01/登記.xlsx")
    for row in (2, 5):
        text = STUDY.replace("header_row: 3", f"header_row: {row}")
        (project / "config/studies/planted.yaml").write_text(text, encoding="utf-8")
        checked = venaza(project, "check", "planted")
        assert checked.returncode != 0
        assert f"Row {row} cannot be a header row" in checked.stdout + checked.stderr
        assert leaks(project, checked) == []


@pytest.mark.parametrize("place", ["sheet", "file"])
def test_sheets_and_files_called_after_patients_stop_everything(project, place):
    name = TRADITIONAL[3] if place == "file" else "登記"
    more = {PHONES[3]: [["a"]]} if place == "sheet" else {}
    workbook(project / f"data/raw/planted/2022-01-01/{name}.xlsx", **more)
    workbook(project.parent / f"other/{name}.xlsx", **more)
    said = [venaza(project, "new-study", "fresh", "--from", "../other")]
    (project / "config/studies/planted.yaml").write_text(STUDY, encoding="utf-8")
    said += [venaza(project, "check", "planted"), run(project)]
    if place == "file":
        lacking = STUDY.replace('"*.xlsx"', "missing.xlsx")
        (project / "config/studies/planted.yaml").write_text(lacking, encoding="utf-8")
        said.append(venaza(project, "check", "planted"))
    for finished in said:
        assert finished.returncode != 0
        assert re.search(r"looks? like a ", finished.stdout + finished.stderr)
    assert leaks(project, *said) == []

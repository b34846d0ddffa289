"""The exports: the same bytes each time, the sheets of the study file, the planted defects."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import yaml

from venaza.commands.simulate.cohort import make_cohort, read_plan
from venaza.commands.simulate.command import write_shipped
from venaza.commands.simulate.cuts import export_of, exports_of
from venaza.commands.simulate.hospital import write_date
from venaza.commands.simulate.workbook import workbook, workbook_bytes

ROOT = Path(__file__).resolve().parents[2]
NAME = "aml_venaza"
COMMITTED = ROOT / "data/raw" / NAME
STUDY = yaml.safe_load((ROOT / f"config/studies/{NAME}.yaml").read_text(encoding="utf-8"))
PLAN = read_plan(ROOT, NAME)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated")
    return folder, write_shipped(ROOT, NAME, folder)


@pytest.fixture(scope="module")
def planted():
    """The defects of the early export and those of the final one."""
    cohort, found = make_cohort(PLAN, PLAN["seed"]), []
    for export in exports_of(PLAN):
        known, defects = export_of(cohort, export)
        found.append(defects + workbook(known, PLAN["seed"])[1])
    return found


@pytest.fixture(scope="module")
def sheets(written):
    """Sheet -> header and rows (header -> cell) of the final export."""
    book = openpyxl.load_workbook(written[1][1])
    found = {}
    for sheet in book:
        lines = list(sheet.iter_rows(values_only=True))
        head = 1 if sheet.title == "患者基本信息" else 0
        rows = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
        found[sheet.title] = (lines[head], rows)
    return found


def test_paths(written):
    folder, paths = written
    names = [path.relative_to(folder).as_posix() for path in paths]
    assert names == [
        "2023-06-30/VEN-AZA随访导出.xlsx",
        "2023-11-30/VEN-AZA随访导出.xlsx",
        "README.md",
    ]


def test_two_writes_have_the_same_bytes(written, tmp_path):
    for first, second in zip(written[1], write_shipped(ROOT, NAME, tmp_path), strict=True):
        assert first.read_bytes() == second.read_bytes()


def test_the_committed_files_are_what_the_seed_makes(written):
    folder, paths = written
    made = {path.relative_to(folder) for path in paths}
    there = {p.relative_to(COMMITTED) for p in COMMITTED.rglob("*") if p.is_file()}
    assert there == made
    for path in paths:
        committed = COMMITTED / path.relative_to(folder)
        assert committed.read_bytes() == path.read_bytes(), committed.name


def test_archive_holds_no_clock():
    data = workbook_bytes({"a": [["x"]]}, title="t", day=date(2023, 11, 30), header_rows={"a": 1})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2023-11-30"}


def test_bytes_do_not_hang_on_the_xml_library():
    code = (
        "import datetime, sys; from venaza.commands.simulate.workbook import workbook_bytes;"
        "lines = [['病案号', ' x ', 1.5, None, datetime.date(2021, 3, 5)]];"
        "data = workbook_bytes({'a': lines}, title='t', day=datetime.date(2023, 11, 30),"
        " header_rows={'a': 1}); sys.stdout.buffer.write(data)"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "OPENPYXL_LXML": lxml},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for lxml in ("True", "False")
    }
    assert len(made) == 1


def test_sheets_and_headers_match_the_study_file(sheets):
    mapped = {spec["sheet"]: spec for spec in STUDY["tables"].values()}
    assert set(sheets) == set(mapped)
    for name, spec in mapped.items():
        wanted = {spec["key"]}
        for how in spec["columns"].values():
            wanted |= {how} if isinstance(how, str) else {how["from"], how.get("unit_from")}
        assert wanted - {None} <= set(sheets[name][0]), name


def test_a_drawn_cohort_is_written_by_the_same_hand():
    data, planted = workbook(make_cohort(PLAN, 1, 30), 1)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {d.rule for d in planted} == {"duplicate_row", "row_without_patient"}
    ages = [line[2] for line in book["患者基本信息"].iter_rows(min_row=3, values_only=True)][:-1]
    assert all(re.fullmatch(r"\d\d岁?", str(age).strip()) for age in ages), ages
    levels = {line[4] for line in book["MRD"].iter_rows(min_row=2, values_only=True)}
    assert {"<0.01", "＜0.01"} & levels
    assert any(isinstance(level, float) for level in levels)


def test_title_says_that_the_data_are_synthetic(written):
    for path in written[1][:2]:
        sheet = openpyxl.load_workbook(path)["患者基本信息"]
        assert "合成数据 SYNTHETIC DATA" in sheet["A1"].value


def test_readme_says_what_the_data_are(written):
    text = written[1][2].read_text(encoding="utf-8")
    for phrase in ("SYNTHETIC", "No row describes a real person", "CC0 1.0"):
        assert phrase in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, date(2021, 3, 5)),
        (0.51, "2021-3-5"),
        (0.58, "2021/3/5"),
        (0.65, "2021.3.5"),
        (0.73, "2021年3月5日"),
        (0.8, "20210305"),
        (0.9, " 2021-03-05 "),
        (0.99, 44260),
    ],
)
def test_styles_of_a_date(share, expected):
    assert write_date(date(2021, 3, 5), share) == expected


def test_every_style_occurs(sheets):
    texts = [c for _, rows in sheets.values() for row in rows for c in row.values()]
    words = [c for c in texts if isinstance(c, str)]
    assert any(isinstance(c, datetime) for c in texts)
    for pattern in (
        r"\d{4}-\d{1,2}-\d{1,2}", r"\d{4}/\d{1,2}/\d{1,2}", r"\d{4}\.\d{1,2}\.\d{1,2}",
        r"\d{4}年\d{1,2}月\d{1,2}日", r"\d{4}年\d{1,2}月", r"\d{8}", r"\d+岁", r"[０-９．]+",
        r"C\d+", r"第\d+疗程", r"\d级", r"[ⅠⅡⅢⅣⅤ]级?", r"<0\.01", r"阴性|未检出", r"不详", r"未查",
        r"完全缓解", r"CRi", r"未缓解", r"部分缓解", r"复发", r"　.+", r".+ ", r"×10⁹/L", r"g/dL",
    ):  # fmt: skip
        assert any(re.fullmatch(pattern, word) for word in words), pattern


def test_no_date_has_two_readings(sheets):
    for _, rows in sheets.values():
        for row in rows:
            for header, cell in row.items():
                if header and header.endswith("日期") and isinstance(cell, str):
                    ambiguous = re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", cell.strip())
                    assert not ambiguous, cell


def test_each_planted_defect_is_in_its_sheet(sheets, planted):
    planted = planted[-1]
    assert {d.rule for d in planted} >= {
        "response_disagrees",
        "alive_with_death_date",
        "contact_after_death",
        "cycle_before_diagnosis",
        "contradicting_rows",
        "after_death",
        "after_cutoff",
        "duplicate_row",
        "unknown_patient",
        "unreadable_value",
        "wrong_unit",
    }

    def rows_of(rule):
        defect = next(d for d in planted if d.rule == rule)
        sheet = PLAN["sheets"][defect.table]["name"]
        return [r for r in sheets[sheet][1] if str(r["病案号"]).strip() == defect.patient]

    found = {rule: rows_of(rule) for rule in {d.rule for d in planted} - {"row_without_patient"}}
    assert any(str(r["PLT(×10^9/L)"]).strip() == "40" for r in found["response_disagrees"])
    alive = found["alive_with_death_date"][0]
    assert alive["生存状态"].strip() in ("存活", "alive")
    assert alive["死亡日期"] is not None
    assert len({str(r["HGB(g/L)"]) for r in found["contradicting_rows"]}) == 2
    assert any(r["结果"] == "溶血" for r in found["unreadable_value"])
    assert any(r["检测日期"] is None for r in found["row_without_key_value"])
    total = sheets["患者基本信息"][1][-1]
    assert (total["病案号"], total["性别"]) == (None, "合计：50例")


def test_exact_repeats_are_planted(sheets, planted):
    repeated = Counter(d.table for d in planted[-1] if d.rule == "duplicate_row")
    assert repeated == {name: len(shares) for name, shares in PLAN["workbook"]["repeated"].items()}
    for table, sheet in PLAN["sheets"].items():
        lines = [tuple(row.values()) for row in sheets[sheet["name"]][1]]
        assert len(lines) - len(set(lines)) == repeated[table], table


def test_early_export_has_only_defects_that_it_can_have(planted):
    early, final = planted
    assert "after_cutoff" not in {d.rule for d in early}
    assert {d.rule for d in early} < {d.rule for d in final}


def test_an_unchanged_row_is_written_alike_in_both_exports(written):
    def lines(path):
        sheet = openpyxl.load_workbook(path)["疗效评估"]
        return list(sheet.iter_rows(min_row=2, values_only=True))

    early, final = lines(written[1][0]), set(lines(written[1][1]))
    changed = [line for line in early if line not in final]
    assert len(changed) == 1  # the response that was re-graded

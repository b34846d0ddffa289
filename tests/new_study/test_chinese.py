"""Exports of Chinese hospitals (invented patients): proposed, edited, and right by hand."""

from __future__ import annotations

import difflib
import shutil

import pandas as pd
import pytest

from tests.clean.sheets import times
from tests.new_study.chinese import EXPORTS
from tests.new_study.export import Export, write
from venaza.commands.new_study.command import new_study
from venaza.commands.new_study.legend import codebook_of, legend_in
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect
from venaza.preflight import check_headers, export_files, load_study, settings

DATE = "2024-12-31"
#: As many lines of a study file may be edited by hand before the results are right.
MOST = 10


def proposed(project, tmp_path, export: Export) -> str:
    """What new-study prints of an export; its study file is in the project."""
    return new_study(project, export.name, write(export, tmp_path / "sent"), DATE)


def edited(project, export: Export) -> int:
    """Make the edits of an export; returns how many lines they add or change."""
    path = project / f"config/studies/{export.name}.yaml"
    before = text = path.read_text(encoding="utf-8")
    for old, new in export.edits:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    lines = difflib.ndiff(before.splitlines(), text.splitlines())
    return sum(line.startswith("+ ") for line in lines)


def results_of(project, name: str) -> dict:
    """Clean and analysis tables of a study of the project."""
    study = load_study(project, name)
    check_headers(project, study)
    folder = project / "data/raw" / name / DATE
    cells, _ = read_export(export_files(project, name, DATE), folder, settings(study, "intake"))
    cells, _ = protect(cells, settings(study, "intake"), project)
    made = clean(cells, settings(study, "clean"))
    results = derive(made, settings(study, "endpoints"))
    return {**results, **made, "asked": results["queries"]}


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: e.name)
def test_an_export_comes_to_its_right_results_within_ten_lines(project, tmp_path, export):
    proposed(project, tmp_path, export)
    assert edited(project, export) <= MOST
    results = results_of(project, export.name)
    name = names(results, export)
    for code, expected in export.times.items():
        assert {name[p]: found for p, found in times(results, code).items()} == expected, code
    adsl = results["adsl"].assign(USUBJID=results["adsl"]["USUBJID"].map(name)).set_index("USUBJID")
    assert {p: adsl.loc[p, "BOR"] for p in export.responses} == export.responses
    for patient, expected in export.cells.items():
        found = adsl.loc[patient, list(expected)]
        assert {n: _plain(v) for n, v in found.items()} == expected, patient


@pytest.mark.parametrize("export", [e for e in EXPORTS if e.baseline], ids=lambda e: e.name)
def test_results_of_other_specimens_are_no_baseline(project, tmp_path, export):
    proposed(project, tmp_path, export)
    edited(project, export)
    results = results_of(project, export.name)
    name, rows = names(results, export), results["adlb"].query("ABLFL == 'Y'")
    found: dict = {}
    for patient, test, value in zip(rows["USUBJID"], rows["PARAMCD"], rows["AVAL"], strict=True):
        found.setdefault(name[patient], {})[test] = value
    assert {p: {t: found[p][t] for t in tests} for p, tests in export.baseline.items()} == (
        export.baseline
    )


def names(results: dict, export: Export) -> dict[str, str]:
    """The patients of an export by what they are called in the results: itself, or a pseudonym.

    A key that identifies is hashed; the patients of OS stand in the export in their order.
    """
    rows = results["patients"].sort_values("SRCROW")["USUBJID"]
    return dict(zip(rows, sorted(export.times["OS"]), strict=True))


def _plain(value: object) -> object:
    if pd.isna(value):
        return None
    return value.date().isoformat() if hasattr(value, "date") else value


def test_a_codebook_a_note_and_a_header_of_two_rows_need_no_hand(project, tmp_path):
    export = next(e for e in EXPORTS if e.name == "cn_sheets")
    told = proposed(project, tmp_path, export)
    text = (project / "config/studies/cn_sheets.yaml").read_text(encoding="utf-8")
    assert "header_row: {诊断信息: [1, 2]}" in text
    assert "values: {WILD-TYPE: ['0'], MUTATED: ['1'], NOT TESTED: ['9']}" in text
    assert "Is 1 mutated" not in told
    assert "编码说明" not in told
    shutil.rmtree(tmp_path / "sent")
    asked = results_of(project, "cn_sheets")["queries"]
    assert "unknown_patient" not in set(asked["RULE"])


def test_a_note_below_the_patients_is_one_note_whatever_reads_the_sheet(project, tmp_path):
    """Though the number of the patient identifies and is hashed."""
    export = next(e for e in EXPORTS if e.name == "cn_registry")
    proposed(project, tmp_path, export)
    results = results_of(project, export.name)
    asked = results["queries"].query("RULE in ('summary_row', 'row_without_patient')")
    assert asked[["RULE", "SRCROW", "VALUE"]].values.tolist() == [["summary_row", 11, "备注:"]]
    assert len(results["patients"]) == 8
    rows = results["row_account"].query("OUTCOME == 'totals or notes'")
    assert set(rows["TABLE"]) == {"patients", "cycles", "responses", "mutations", "transplants"}


def test_limits_of_normal_are_asked_once_and_words_for_lost_are_no_gaps(project, tmp_path):
    told = proposed(project, tmp_path, next(e for e in EXPORTS if e.name == "cn_laboratory"))
    assert told.count("Are the limits in '参考范围' those of normal") == 1
    told = proposed(project, tmp_path / "b", next(e for e in EXPORTS if e.name == "cn_registry"))
    line = next(line for line in told.splitlines() if " SURVSTAT " in line)
    assert "0 of 8" in line  # 失访 is an answer


@pytest.mark.parametrize(
    ("text", "legend"),
    [
        ("性别(1=男,2=女)", {"1": "男", "2": "女"}),
        ("是否移植（1=是 0=否）", {"1": "是", "0": "否"}),
        ("sex (1: male; 2: female)", {"1": "male", "2": "female"}),
        ("男=1，女=2", {"1": "男", "2": "女"}),
        ("0=阴性 1=阳性 9=未测", {"0": "阴性", "1": "阳性", "9": "未测"}),
        ("WBC (×10^9/L)", {}),
        ("only 1=yes", {}),
        ("ratio 1:2", {}),
    ],
)
def test_a_legend_is_read_out_of_a_text(text, legend):
    assert legend_in(text) == legend


def test_a_sheet_of_codes_is_told_from_a_sheet_of_patients():
    cells = [[(text, "text") for text in row] for row in (["sex", "1", "male"], ["sex", "2", "f"])]
    assert codebook_of(cells) == {"sex": {"1": "male", "2": "f"}}
    assert codebook_of([[("P1", "text"), ("男", "text"), ("60", "number")]] * 3) == {}

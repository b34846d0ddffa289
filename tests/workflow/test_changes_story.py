"""The primary study's two exports: every number that moved is traced to cells of both workbooks."""

from __future__ import annotations

import datetime as dt
import unicodedata

import openpyxl
import pandas as pd
import pytest

from tests.workflow.make_changes import PAGE, STUDY, page
from tests.workflow.project import ROOT
from venaza.contracts.files import read_table

WHEN = ("BEFORE", "AFTER")


@pytest.fixture(scope="module")
def found(finished) -> dict[str, pd.DataFrame]:
    table = read_table(finished / f"results/{STUDY}/audit/changes.parquet")
    table = table.astype(object).where(table.notna(), None)
    return dict(list(table.groupby("KIND")))


@pytest.fixture(scope="module")
def workbooks() -> dict[str, dict[str, list[list[str]]]]:
    """The sheets of both workbooks as rows of text, read by openpyxl alone."""
    exports = sorted(p for p in (ROOT / "data/raw" / STUDY).iterdir() if p.is_dir())[-2:]
    books = {}
    for when, folder in zip(WHEN, exports, strict=True):
        (path,) = folder.glob("*.xlsx")
        book = openpyxl.load_workbook(path)
        books[when] = {
            sheet.title: [[text(cell.value) for cell in row] for row in sheet.iter_rows()]
            for sheet in book
        }
    return books


def text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d")
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def column(rows: list[list[str]], header: str) -> int:
    """The column of a header, which stands in one of the first two rows."""
    (at,) = {row.index(header) for row in rows[:2] if header in row}
    return at


def open_cell(workbooks: dict, line: dict, when: str) -> str:
    rows = workbooks[when][line[f"SRCSHEET_{when}"]]
    return rows[line[f"SRCROW_{when}"] - 1][column(rows, line[f"SRCCOL_{when}"])]


def test_every_changed_cell_is_as_said_in_both_workbooks(found, workbooks):
    cells = found["cell"][found["cell"]["STATUS"] == "changed"]
    assert len(cells) > 40
    for line in cells.to_dict("records"):
        there = [open_cell(workbooks, line, when) for when in WHEN]
        assert there == [line[f"RAW_{when}"] or "" for when in WHEN], line
        assert there[0] != there[1], line


def test_every_row_that_came_is_in_one_workbook_and_not_in_the_other(found, workbooks):
    lines = found["cell"][found["cell"]["STATUS"] != "changed"].to_dict("records")
    assert len(lines) > 60
    for line in lines:
        here, there = ("AFTER", "BEFORE") if line["STATUS"] == "row added" else WHEN
        rows = workbooks[here][line[f"SRCSHEET_{here}"]]
        row = rows[line[f"SRCROW_{here}"] - 1]
        said = dict(part.split(": ", 1) for part in line[f"RAW_{here}"].split("; "))
        assert said == {h: row[column(rows, h)] for h in said}, line
        assert line["USUBJID"] in unicodedata.normalize("NFKC", " ".join(row)), line
        assert row not in workbooks[there][line[f"SRCSHEET_{here}"]], line


def test_patients_that_came_or_went_are_in_one_workbook_only(found, workbooks):
    lines = found["patient"][found["patient"]["STATUS"] != "changed"].to_dict("records")
    assert [(line["USUBJID"], line["STATUS"]) for line in lines] == [
        *(("VA049", "gone"), ("VA050", "added"), ("VA051", "added")),
    ]
    for line in lines:
        here, there = ("AFTER", "BEFORE") if line["STATUS"] == "added" else WHEN
        sheet = line[f"SRCSHEET_{here}"]
        assert line["USUBJID"] in workbooks[here][sheet][line[f"SRCROW_{here}"] - 1]
        assert not any(line["USUBJID"] in row for row in workbooks[there][sheet])


def test_every_number_that_moved_has_a_cause_and_every_headline_its_cells(found):
    numbers, lines = found["number"], {}
    for kind in ("endpoint", "cell", "patient"):
        lines |= {line["REF"]: (kind, line) for line in found[kind].to_dict("records")}
    assert set(numbers["CAUSE"]) == {"data"}
    assert list(numbers.loc[numbers["NOTE"] == "no cause found", "ITEM"]) == []
    headline = numbers[numbers["STATUS"].str.endswith(", headline")]
    assert len(headline) > 40
    for number in headline.to_dict("records"):
        refs = number["REFS"].split()
        assert refs, number["ITEM"]
        for ref in refs:
            kind, line = lines[ref]
            if kind == "endpoint":
                assert line["REFS"], f"{line['USUBJID']} {line['ITEM']} moved by no cell"
                assert all(lines[r][0] == "cell" for r in line["REFS"].split())
                assert all(lines[r][1]["USUBJID"] == line["USUBJID"] for r in line["REFS"].split())


def test_a_survival_number_is_moved_by_its_own_endpoint(found):
    names = found["endpoint"].set_index("REF")["ITEM"]
    numbers = found["number"].set_index("ITEM")
    for code in ("OS", "EFS"):
        refs = numbers.loc[f"km.{code}.ND.median", "REFS"].split()
        assert {names[ref] for ref in refs if ref.startswith("endpoint")} == {code}


def test_the_deaths_between_the_exports_are_the_events_that_came(found, workbooks):
    """Independently of the audit: who has a death date in the later workbook and not before."""
    died = []
    for when in WHEN:
        rows = workbooks[when]["患者基本信息"]
        who, day = column(rows, "病案号"), column(rows, "死亡日期")
        died.append({row[who] for row in rows[2:] if any(c.isdigit() for c in row[day])})
    moved = found["endpoint"][found["endpoint"]["ITEM"] == "OS"]
    came = moved[moved["BEFORE"].str.contains("censored") & moved["AFTER"].str.contains("event")]
    both = set(found["patient"].loc[found["patient"]["STATUS"] != "changed", "USUBJID"])
    assert {name.strip() for name in died[1] - died[0]} - both == set(came["USUBJID"])


def test_the_page_tells_the_story_as_the_run_left_it(finished):
    assert PAGE.read_text(encoding="utf-8") == page(finished), (
        "run: python -m tests.workflow.make_changes"
    )

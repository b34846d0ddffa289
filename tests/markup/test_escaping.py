"""What the hospital or a study file wrote comes out of every page as text, never as markup."""

from __future__ import annotations

import copy
import csv
import io
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from tests.audit.conftest import CONTRACTS, made_results, made_tables, make, place, results, study  # noqa: F401  # noqa: F401
from tests.compare.test_changes import compare, export, number, patient
from tests.compare.test_changes_page import NOTHING, TOLD
from tests.quality.test_page import OK, STUDY, project  # noqa: F401
from tests.report import cohort
from tests.report.test_changes import changes_told
from venaza.commands.check import check
from venaza.markup.printed import to_csv, to_html
from venaza.pipeline.audit.manifest import build_manifest, run_facts
from venaza.pipeline.audit.page.page import audit_page
from venaza.pipeline.audit.results import read_dictionaries, read_results
from venaza.pipeline.compare.changes import no_changes
from venaza.pipeline.compare.changes_page import changes_page
from venaza.pipeline.tables.baseline import baseline
from venaza.pipeline.tables.evidence import trials
from venaza.pipeline.tables.numbers import Numbers

HOSTILE = "<hostile>&\"'"


class Read(HTMLParser):
    """The tags, the names and values of attributes, and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.values: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data):
        self.text += data


def read(html: str) -> Read:
    """The page, in whose markup nothing of ``HOSTILE`` stands."""
    page = Read(html)
    assert "hostile" not in page.tags
    assert {name for name in page.names if not re.fullmatch(r"[A-Za-z0-9-]+", name)} == set()
    return page


def test_the_audit_page(results, study):  # noqa: F811
    study["study"] |= {"short": HOSTILE, "source": HOSTILE}
    study["endpoints"]["OS"] |= {"label": HOSTILE, "sentence": HOSTILE, "source": HOSTILE}
    manifest = build_manifest(results, run_facts(study, "c0de"))
    manifest["raw"][0] |= {"file": HOSTILE, "format": HOSTILE}
    html = audit_page(read_results(results), read_dictionaries(results), study, manifest)
    page = read(html)
    assert page.text.count(HOSTILE) == 9  # title, h1; source; a definition's 3; raw file 2; list
    assert f"file-raw/{HOSTILE}" in page.values


def test_the_page_of_changes(study):  # noqa: F811
    raw = {"SRCFILE": HOSTILE, "SRCSHEET": HOSTILE, "SRCROW": 2}
    before = export([patient(HOSTILE, SEX="F"), patient("gone")], ard=[number("a.b", 1.0, "1")])
    after = export([patient(HOSTILE) | raw], ard=[number("a.b", 2.0, HOSTILE)])
    query = {"QUERYID": "q", "USUBJID": HOSTILE, "SEVERITY": "error", "RULE": "range", **raw}
    query |= {"TABLE": "patients", "COLUMN": "SEX", "VALUE": HOSTILE, "MESSAGE": HOSTILE}
    before["clean/queries"], after["clean/queries"] = (
        make("clean/queries", found) for found in ([], [query])
    )
    found = compare(before, after, study)
    cells = found["cells"]
    found["cells"] = cells.assign(SRCCOL_AFTER=HOSTILE, RAW_AFTER=HOSTILE, SRCFILE_AFTER=HOSTILE)
    study["study"]["short"] = HOSTILE
    record = {"export": "2022-12-31", "note": HOSTILE, "code": {"version": "1"}}
    html = changes_page(found, study, {**TOLD, "record": record, "notes": [HOSTILE]})
    page = read(html)
    assert len(found["cells"]) == 1
    assert page.text.count(HOSTILE) > 2 + 2 + 4 + 4  # title, h1; notes; a cell's; a query's
    assert any(value.startswith("index.html#patient-%3Chostile") for value in page.values)


def test_the_page_of_changes_without_any(study):  # noqa: F811
    study["study"]["short"] = HOSTILE
    html = changes_page(no_changes(), study, {**NOTHING, "notes": [HOSTILE]})
    assert read(html).text.count(HOSTILE) == 3  # title, h1, note


def test_the_page_of_data_quality(project):  # noqa: F811
    rows = [OK, (HOSTILE, *OK[1:]), ("p3", "男", HOSTILE, *OK[3:8], "9.5")]
    wished = STUDY.format(short="@@").replace("疗效", "@@").replace("Men", "@@")
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    wished = wished.replace('"@@"', quoted).replace("@@", quoted)
    (project / "config/studies/small.yaml").write_text(wished, encoding="utf-8")
    folder = project / "data/raw/small/2023-11-30"
    header = ["病案号", "性别", HOSTILE, "首次用药日期", "末次随访日期", "死亡日期", "生存状态"]
    out = io.StringIO()
    csv.writer(out).writerows([[*header, "确诊日期", "HGB"], *rows])
    (folder / "export.csv").write_text(out.getvalue(), encoding="utf-8")
    check(project, "small")
    html = (project / "results/small/check/data-quality.html").read_text(encoding="utf-8")
    page = read(html)
    assert page.text.count(HOSTILE) > 2 + 4 + 3  # title, h1; each list of groups; a query's
    assert HOSTILE in page.values  # the whole word, on hovering


@pytest.fixture
def printed():
    wanted = copy.deepcopy(cohort.study())
    wanted["groups"]["levels"]["ND"] = HOSTILE
    return baseline(Numbers(cohort.ard().frame()), wanted)


def test_a_printed_table(printed):
    assert read(to_html(printed)).text.count(HOSTILE) == 1
    assert HOSTILE in next(csv.reader(io.StringIO(to_csv(printed))))[2]


def test_addresses_and_facts_of_a_printed_table():
    row = dict.fromkeys(
        ("registry_number", "phase", "lineage", "ph", "setting", "population", "intervention"),
        HOSTILE,
    )
    row |= {"note": "", "status": HOSTILE, "recorded": "2024", "address": f"https://x/{HOSTILE}"}
    page = read(to_html(trials([row], {})))
    assert page.text.count(HOSTILE) == 7  # ph is no known word; the status stands in a note
    assert f"https://x/{HOSTILE}" in page.values
    assert page.values.count(HOSTILE) == 3


def test_the_changes_in_the_report():
    line = {"KIND": "number", "STATUS": "moved, headline", "CAUSE": "data", "BEFORE": HOSTILE}
    line |= {"ITEM": HOSTILE, "WORDS": HOSTILE, "AFTER": None}
    told = {"wish": "before", "export": "2023-06-30", "base": None, "states": [1, 2]}
    text = changes_told(pd.DataFrame([line], dtype="string"), told)
    html = text[text.index("<table>") : text.index("</table>")]
    page = read(html)
    assert page.text.count(HOSTILE) == 2
    assert HOSTILE in page.values

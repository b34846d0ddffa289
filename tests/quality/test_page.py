"""The data-quality page: whole, escaped, the same bytes each time, and right in its numbers."""

import re
from html.parser import HTMLParser

import pytest

from tests.axe import SCREENS, findings
from tests.clean.export import patients_csv
from tests.clean.test_build import OK, rows_with
from venaza.cli import main
from venaza.commands.check import check
from venaza.commands.quality.drawing import counted, nice_edges, percent

STUDY = """
study:
  title: A small study
  short: "{short}"
  disease: AML
  regimen: drug
  design: cohort
  synthetic: false
  data: invented
  source: the tests
  licence: CC0-1.0
timeline: {{dates: calendar, index: first dose, cutoff: none}}
tables:
  patients:
    file: "*.csv"
    key: 病案号
    columns:
      SEX: 性别
      INDEXDT: 首次用药日期
      LSTALVDT: 末次随访日期
      DTHDT: 死亡日期
      SURVSTAT: 生存状态
      DIAGDT: 确诊日期
      HGB: HGB
      NOTE: {{from: 疗效, label: Remark}}
groups: {{variable: SEX, label: Sex, name: sex, levels: {{M: Men, F: Women}}}}
privacy: {{columns: {{病案号: {{keep: invented}}}}}}
endpoints: {{OS: standard}}
analysis: {{primary: OS, table1: [HGB]}}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one small study, with the shipped configuration beside it."""
    import shutil

    from tests.clean.export import ROOT

    for name in ("config", "workflow"):
        ignore = shutil.ignore_patterns("studies", "corrections")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    write(tmp_path, "Small", ROWS)
    monkeypatch.setattr("venaza.cli.ROOT", tmp_path)
    return tmp_path


ROWS = [
    OK,
    rows_with(id="p2", sex="女", hgb=""),
    rows_with(id="p3", hgb="9.5", resp="=<script>alert(1)</script>"),
    rows_with(id="p4", sex="女", diag="2020年11月"),
]


def write(root, short, rows):
    (root / "config/studies").mkdir(exist_ok=True)
    (root / "config/studies/small.yaml").write_text(STUDY.format(short=short), encoding="utf-8")
    folder = root / "data/raw/small/2023-11-30"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "export.csv").write_text(patients_csv(rows), encoding="utf-8")


def page(root) -> str:
    text, _ = check(root, "small")
    path = root / "results/small/check/data-quality.html"
    assert "Data quality: results/small/check/data-quality.html" in text
    return path.read_text(encoding="utf-8")


class Tags(HTMLParser):
    """Every tag must be closed by its own."""

    void = {"meta", "link", "br", "input", "rect", "line", "col"}

    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.void:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_beside_itself(project):
    text = page(project)
    tags = Tags(text)
    assert tags.open == []
    links = [a.get("href") or a.get("src") for _, a in tags.seen if "href" in a or "src" in a]
    assert all(link.startswith("#") for link in links)
    assert "url(" not in text
    ids = [a["id"] for _, a in tags.seen if "id" in a]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)


def test_axe_finds_nothing_grave_and_nothing_scrolls_sideways(project, opened):
    page(project)
    for screen in SCREENS:
        shown = opened(project / "results/small/check/data-quality.html", wait=False, **screen)
        shown.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert findings(shown) == []
        assert shown.evaluate("document.documentElement.scrollWidth") == screen["viewport"]["width"]


def test_equal_input_gives_equal_bytes(project):
    assert page(project) == page(project)


def test_what_was_sent_is_escaped(project):
    write(project, "Small <b>", ROWS)
    text = page(project)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "Small &lt;b&gt;" in text


def test_a_cell_of_a_whole_page_is_cut(project):
    write(project, "Small", [*ROWS, rows_with(id="p5", resp="x" * 5000)])
    assert "x" * 301 not in page(project)


def cell_after(text: str, start: str) -> str:
    return re.sub(r"<[^>]+>", " ", text[text.index(start) :][:900])


def test_missing_values_are_counted_by_group(project):
    text = page(project)
    missing = text[text.index('id="missing"') :]
    words = " ".join(cell_after(missing, "Haemoglobin").split())
    # p3's impossible value was emptied; p2 has none: one of two men, one of two women.
    assert words.startswith("Haemoglobin HGB 1 (50%) 1 (50%)")


def test_a_query_is_shown_with_its_raw_cell(project):
    text = page(project)
    assert "export.csv I4" in text
    assert "HGB 9.5 lies outside" in text


def test_the_endpoint_is_covered_by_group(project):
    words = " ".join(cell_after(page(project), '<th scope="rowgroup"').split())
    assert "Men 2 of 2 0 0 2" in words
    assert "Women 2 of 2 0 0 2" in words


def test_an_imputed_date_and_a_cleaned_word_are_told(project):
    text = page(project)
    assert "1 in part" in text
    assert "女 → F <small>×2</small>" in text


def test_no_report_is_written_when_none_is_wished(project):
    text, _ = check(project, "small", report=False)
    assert "data-quality" not in text
    assert not (project / "results").exists()


def test_what_stops_a_run_is_one_message_and_no_page(project, capsys):
    write(project, "Small", [rows_with(sex="?")])
    assert main(["check", "small"]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("venaza: ")
    assert "Traceback" not in captured.err
    assert not (project / "results/small/check").exists()


def test_corrections_are_shown_and_those_that_do_not_fit_stop_the_check(project, capsys):
    folder = project / "config/corrections"
    folder.mkdir()
    head = "patient,table,row,column,old,new,reason,who,date\n"
    line = "p3,patients,,HGB,9.5,95,unit <g/dL>,Dr Li,2023-12-01\n"
    (folder / "small.csv").write_text(head + line, encoding="utf-8")
    text = page(project)
    assert "unit &lt;g/dL&gt;" in text
    assert "lies outside" not in text
    (folder / "small.csv").write_text(head + line.replace("9.5,", "9.6,"), encoding="utf-8")
    assert main(["check", "small"]) == 1
    assert "old is '9.6', the export has '9.5'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("low", "high", "whole"), [(0, 0, True), (3, 3, False), (0, 5, True), (0.9, 46.6, False)]
)
def test_a_histogram_holds_every_value(low, high, whole):
    edges = nice_edges(low, high, whole)
    assert len(edges) <= 23
    assert edges == sorted(edges)
    values = [low, (low + high) / 2, high]
    assert sum(counted(values, edges)) == 3
    assert edges[0] <= low
    assert edges[-1] >= high


def test_a_share_that_is_not_nothing_is_never_printed_as_nothing():
    assert [percent(*pair) for pair in ((0, 9), (1, 999), (998, 999), (9, 9), (0, 0))] == [
        *("0%", "<1%", ">99%", "100%", "–")
    ]

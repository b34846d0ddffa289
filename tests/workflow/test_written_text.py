"""Any text of a study file reaches the report and its figures as it is written."""

from __future__ import annotations

import html
import re

import pytest
import yaml

from tests.new_study.raw_files import rows_of, texts
from tests.new_study.twelve import ASSESSED, BY_ID
from tests.workflow.project import copy_project, snakemake

#: Signs of Markdown, HTML, TeX, Typst, YAML and Quarto, alone and as they would take effect.
SIGNS = r"""@ $5 $x$ <b> *s* | _u_ ^p^ #h [l](u) {c} {{< var x >}} \n `k` ~t~ "q" 'r' & &amp; --"""
LEVEL = 'one @ <a> "b"'


def study() -> dict:
    """A study file in which every text that may be the user's own has the signs."""
    tables = {
        "patients": {
            "file": "patients.csv",
            "key": "id",
            "columns": {
                **{"SEX": "sex", "AGE": "age", "INDEXDT": "start", "LSTALVDT": "last"},
                "DTHDT": "death",
                "COH": {
                    "from": "state",
                    "label": f"Cohort {SIGNS}",
                    "values": {LEVEL: ["ND"], "RR": ["RR"]},
                },
                "SITE": {"from": "site", "label": f"Site {SIGNS}", "values": {"here": ["1"]}},
            },
        },
        "responses": {
            "file": "responses.csv",
            "key": "id",
            "columns": {"RSDT": "date", "CYCLE": "cycle", "RSINV": "response"},
        },
    }
    own = {
        "like": "EFS.documented",
        "label": f"Endpoint {SIGNS}",
        "short": f"short {SIGNS}",
    }
    words = ("title", "short", "disease", "regimen", "source")
    return {
        "study": {
            **{word: f"{word.capitalize()} {SIGNS}" for word in words},
            **{"data": "Invented patients.", "synthetic": True},
        },
        "report": {"authors": [f"Author {SIGNS}"], "keywords": [f"Keyword {SIGNS}"]},
        "timeline": {"index": f"first dose {SIGNS}"},
        "privacy": {"columns": {"id": {"keep": "invented"}}},
        "tables": tables,
        "groups": {
            "variable": "COH",
            "treatment": True,
            "name": "cohort",
            "label": f"Group {SIGNS}",
            "levels": {LEVEL: f"First {SIGNS}", "RR": f"Second {SIGNS}"},
        },
        "endpoints": {
            **{"OS": "standard", "EFS": "documented", "OWN": own, "RFS": "eln2022"},
            **{"CIR": "from_remission", "PFOS": "from_failure"},
        },
        "analysis": {
            **{"primary": "OS", "table1": ["AGE", "SEX", "SITE"]},
            **{"least_patients": 2, "least_events": 2, "landmark_days": [60]},
            "cox": {"OS": ["GROUP", "AGE", "SEX"]},
            "subgroups": {"OS": ["SEX"]},
        },
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    project = copy_project(tmp_path_factory.mktemp("signs") / "project")
    export = project / "data/raw/signs/2024-12-31"
    export.mkdir(parents=True)
    patients = {
        **{"id": lambda p: p.id, "sex": lambda p: p.sex, "age": lambda p: p.age},
        **{"state": lambda p: p.state, "site": lambda p: 1, "start": lambda p: p.start},
        **{"last": lambda p: p.on(p.last), "death": lambda p: p.on(p.death)},
    }
    seen = [["id", "date", "cycle", "response"]]
    seen += [[p, BY_ID[p].on(d), c, w] for p, d, c, w in ASSESSED]
    texts(patients=rows_of(patients), responses=seen)(export)
    text = yaml.safe_dump(study(), allow_unicode=True, sort_keys=False, width=10**6)
    (project / "config/studies/signs.yaml").write_text(text, encoding="utf-8")
    run = snakemake(project, "--config", "studies=signs")
    assert run.returncode == 0, run.stdout + run.stderr
    return project / "results/signs"


def page(text: str) -> str:
    """The text of a web page, without its marks."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def told(results, form: str) -> str:
    """The text of the manuscript, white space apart."""
    path = results / f"report/manuscript.{form}"
    if form == "html":
        text = page(path.read_text(encoding="utf-8"))
    elif form == "docx":
        from docx import Document

        document = Document(path)
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        text = "\n".join([*(p.text for p in document.paragraphs), *cells])
    else:
        from pypdf import PdfReader

        text = "\n".join(part.extract_text() for part in PdfReader(path).pages)
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
def test_the_manuscript_prints_every_sign(results, form):
    text, signs = told(results, form), re.sub(r"\s+", "", SIGNS)
    expected = ["Title", "Disease", "Regimen", "first", "second", "group", "firstdose", "endpoint"]
    expected += ["Author"] if form == "html" else []
    for word in expected:
        assert word + signs in text, (form, word)
    if form != "pdf":  # whose figures are text as well, wrapped
        starts = [m.end() for m in re.finditer(re.escape("@$5$x$"), text)]
        at = len("@$5$x$")
        others = [text[s - at - 20 : s + 60] for s in starts if not text.startswith(signs, s - at)]
        assert len(starts) > 50
        assert others == []


def test_the_title_stands_in_the_files_themselves(results):
    text = (results / "report/manuscript.html").read_text(encoding="utf-8")
    assert html.unescape(re.search(r"<title>(.*?)</title>", text)[1]) == f"Title {SIGNS}"
    keywords = re.search(r'<meta name="keywords" content="([^"]*)"', text)[1]
    assert " ".join(html.unescape(keywords).split()) == f"Keyword {SIGNS}".replace(
        '"q"', "\N{LEFT DOUBLE QUOTATION MARK}q\N{RIGHT DOUBLE QUOTATION MARK}"
    )
    pictures = [html.unescape(alt) for alt in re.findall(r'alt="([^"]*)"', text)]
    assert any(SIGNS in alt for alt in pictures)


def test_no_page_takes_a_sign_for_a_mark(results):
    pages = sorted(results.rglob("*.html"))
    assert len(pages) > 3
    for path in pages:
        assert "<b> *s*" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("name", ["km_OS", "cif_CIR", "flow", "response", "forest_OS"])
def test_a_figure_draws_every_sign(results, name):
    """matplotlib draws text as outlines and writes what it drew beside them."""
    text = (results / f"figures/{name}.svg").read_text(encoding="utf-8")
    drawn = "".join(html.unescape(said) for said in re.findall(r"<!--(.*?)-->", text, re.S))
    drawn = re.sub(r"\s+", "", drawn).replace("- -", "--")
    assert "First" + re.sub(r"\s+", "", SIGNS) in drawn

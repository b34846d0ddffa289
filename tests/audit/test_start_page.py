"""The start page: what there is, in what state, and every link leading to a file."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from tests.audit.test_pages import Outline
from tests.axe import SCREENS, findings
from venaza.contracts.files import write_table
from venaza.pipeline.audit.manifest import build_manifest, run_facts
from venaza.pipeline.audit.page.documents import read_documents
from venaza.pipeline.audit.start_page import start_page
from venaza.pipeline.compare.changes import COMBINED, combined, no_changes

NUMBER = '<a class="ard" id="ard-{0}" data-ard="{0}" href="#">1</a>'
PAPER = (
    "<h1 class='title'>T</h1><h1>Abstract</h1><p>" + NUMBER.format("a.b") + "</p>"
    '<h2>Survival <em>of all</em></h2><p><a class="ard" id="ard-a.b/2" data-ard="a.b" href="#">1'
    '</a></p><figure id="fig-km-os"><img alt=""><figcaption><strong>Figure\u00a01.</strong> '
    "<strong>Overall survival &amp; more.</strong> Bands.</figcaption></figure><p>"
    + NUMBER.format("c")
    + '</p><div id="tbl-baseline" class="table-float"><figure><figcaption><strong>Table\u00a0S2.'
    "</strong> <strong>Patients.</strong></figcaption><table><td>"
    + NUMBER.format("x &lt; 2")
    + "</td></table></figure></div><p>"
    + NUMBER.format("d")
    + "</p>"
)


def alarms(number: int):
    kinds = ["alarm"] * number + ["cell"]
    return combined(no_changes()).reindex(range(len(kinds))).assign(KIND=kinds)


@pytest.fixture
def made(results, study, tables, tmp_path):
    """Makes the page of the made-up study where it belongs; ``changes`` are its lines."""
    study |= {"report": {"authors": [{"name": "Li <Wei>", "affiliation": "H"}, "B. Two"]}}

    def write(changes=None, compared: str | None = "2022-12-31", supplement=False):
        files = ["report/manuscript.html", "report/manuscript.docx"]
        files += ["report/supplement.html"] if supplement else []
        others = ["figures/km_OS.svg", "figures/km_OS.csv", "figures/odd_one.svg"]
        others += ["tables/baseline.csv", "tables/baseline.html", "statistics/check.R"]
        others += ["tables/tables.xlsx"] if supplement else []
        others += ["bridges/xpt/adsl.xpt", "queries/queries.xlsx", "audit/index.html"]
        others += ["audit/changes.html", "audit/manifest.json", "audit/lineage.csv"]
        for file in (*files, *others, "datapackage.json"):
            path = results / file
            path.parent.mkdir(parents=True, exist_ok=True)
            svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
            path.write_text(svg if file.endswith(".svg") else PAPER, encoding="utf-8")
        path = results / "audit/changes.parquet"
        write_table(combined(no_changes()) if changes is None else changes, COMBINED, path)
        facts = run_facts(study, "c0de" * 16) | {"comparison": {"export": compared}}
        documents = read_documents(results / file for file in files)
        html = start_page(tables, study, build_manifest(results, facts), documents, path)
        (results / "index.html").write_text(html, encoding="utf-8")
        return html

    return write


def test_each_place_of_a_number_and_each_exhibit_are_found(tmp_path):
    for name in ("manuscript.html", "manuscript.pdf", "supplement.docx"):
        (tmp_path / name).write_text(PAPER, encoding="utf-8")
    paths = [tmp_path / name for name in ("manuscript.html", "manuscript.pdf", "supplement.docx")]
    paper, supplement = read_documents(paths)
    assert (paper.name, paper.formats) == ("manuscript", ["html", "pdf"])
    assert paper.exhibits == {
        "fig-km-os": ("Figure 1", "Overall survival & more"),
        "tbl-baseline": ("Table S2", "Patients"),
    }
    assert paper.places == {
        "a.b": ["Abstract", "Survival of all"],
        "c": ["Survival of all"],
        "x < 2": ["Table S2"],
        "d": ["Survival of all"],
    }
    assert (supplement.formats, supplement.places, supplement.exhibits) == (["docx"], {}, {})


def test_every_link_leads_to_a_file_or_a_part_of_the_page(made, results):
    outline = Outline(made(supplement=True))
    assert len(outline.links) > 60
    for link in outline.links:
        file, _, part = link.partition("#")
        assert not file or (results / unquote(file)).is_file(), link
        assert file or part in outline.ids, link
    wanted = ("report/manuscript.html#fig-km-os", "audit/index.html#queries", "tables/tables.xlsx")
    assert set(wanted) <= set(outline.links)
    assert not any(link.endswith("baseline.html") for link in outline.links)
    assert outline.loaded == ["figures/km_OS.svg", "figures/odd_one.svg"]


def test_it_says_what_the_study_is_and_how_to_cite_it(made):
    text = " ".join(" ".join(Outline(made()).text).split())
    for part in (
        "Synthetic data.",
        "Demo <AML>. Export of 2023-06-30, data cut-off 2023-06-30.",
        "Li <Wei>, B. Two. A demonstration. Export of 2023-06-30.",
        "c0de" * 16,
        "Figure 1 . Overall survival & more",
        "Not in the report . odd one",
    ):
        assert part in text, part


def test_a_workbook_is_offered_where_there_is_one(made):
    assert "tables.xlsx" not in made()
    assert made(supplement=True).count("tables/tables.xlsx") == 1


def test_authors_who_are_not_named_are_asked_for(made, study):
    study["report"] = {"authors": []}
    assert "[Authors to be named: report.authors]" in made()


def test_queries_and_alarms_are_counted(made):
    text = " ".join(" ".join(Outline(made(alarms(2))).text).split())
    for part in ("4 patients", "2 numbers", "1 open queries errors", "0 open queries notes"):
        assert part in text, part
    assert "2 alarms since the earlier export" in text
    assert "1 alarm" in " ".join(" ".join(Outline(made(alarms(1))).text).split())
    assert made(alarms(1)).count('<li class="bad">') == 2
    assert made().count('<li class="bad">') == made().count('<li class="unsure">') == 1


def test_without_an_earlier_export_there_are_no_alarms(made):
    text = " ".join(Outline(made(compared=None)).text)
    assert "There is no earlier export to compare with." in text
    assert "alarms" not in text


def test_definitions_that_the_data_cannot_support_are_named(made, tables):
    row = {"PARAMCD": "EFS", "SUPPORT": "N", "REASON": "no relapse is dated"}
    import pandas as pd

    from venaza.contracts.analysis import SUPPORT
    from venaza.contracts.files import conform

    assert "cannot support" not in made()
    tables["endpoints/support"] = conform(pd.DataFrame([row]), SUPPORT)
    assert "These data cannot support EFS" in made()


def test_the_same_results_give_the_same_page(made):
    assert made() == made()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing_grave(made, results, opened, screen):
    made(alarms(2), supplement=True)
    page = opened(results / "index.html", wait=False, **screen)
    for part in page.locator("details > summary").all():
        part.click()
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == screen["viewport"]["width"]
    shown = page.locator(".figures img").first.evaluate("one => one.naturalWidth")
    assert shown == 9

"""The web page's ways: ids to come back to, regions that scroll, tab stops, axe-core."""

from __future__ import annotations

import re

import pytest

from tests.axe import SCREENS, findings
from venaza.pipeline.report.links import link_files, link_numbers

PLAIN = (
    "<html><body class='x'><p>A <a href='#ref'>1</a>, "
    '<span class="ard" data-ard="km.OS.A &amp; B.n">5</span> of '
    '<span class="ard" data-ard="n">7</span>, '
    '<span class="ard" data-ard="n">7</span></p>\n'
    "<figure><figcaption><strong>Table\u00a0S2.</strong> Of 3 kinds.</figcaption>"
    '<table><tr><td><span class="ard" data-ard="n">7</span></td></tr></table></figure>'
    "</body></html>"
)


@pytest.fixture(scope="module")
def path(rendered):
    return rendered["html"][0]


def test_each_place_of_a_number_has_an_id_of_its_own():
    html = link_numbers(PLAIN)
    assert re.findall(r'id="(ard[^"]*)"', html) == [
        "ard-km.OS.A~&amp;~B.n",
        *("ard-n", "ard-n/2", "ard-n/3"),
    ]
    assert 'href="../audit/index.html#ard-km.OS.A~%26~B.n"' in html
    assert html.count('href="../audit/index.html#ard-n"') == 3


def test_a_table_scrolls_in_a_region_called_as_its_caption_calls_it():
    html = link_numbers(PLAIN)
    assert '<div class="wide" tabindex="0" role="region" aria-label="Table S2"><table>' in html
    assert "</table></div></figure>" in html


def test_the_text_is_main_once_and_the_ways_stand_above_it():
    html = link_numbers(PLAIN)
    assert html.index('<nav class="ways"') < html.index("<main>") < html.index("<p>A ")
    assert html.index("</main>") < html.index("<script>") < html.index("</body>")
    own = PLAIN.replace("<p>", "<main><p>").replace("</body>", "</main></body>")
    assert link_numbers(own).count("<main") == 1


def test_the_ways_lead_to_the_documents_beside():
    ways = link_numbers(PLAIN, ["supplement", "record"]).partition("</nav>")[0]
    assert '<a href="supplement.html">Supplement</a>' in ways
    assert '<a href="record.html">Record</a>' in ways
    assert "manuscript.html" not in ways


def test_the_files_of_an_exhibit_are_linked_in_its_own_caption():
    figure = '<figure id="fig-a"><img><figcaption>Figure 1. A.</figcaption></figure>'
    table = '<div id="tbl-b"><figure><figcaption>Table 1. B.</figcaption><table></table></figure>'
    other = '<div id="tbl-rows"><figure><figcaption>Table R1. Rows.</figcaption></figure>'
    files = {"fig-a": ["figures/a.csv", "figures/a.svg"], "tbl-b": ["tables/b.csv"]}
    linked = link_files(figure + table + other, files)
    assert ' A. <span class="files"><a href="../figures/a.csv">CSV</a>' in linked
    assert ' B. <span class="files"><a href="../tables/b.csv">CSV</a></span></figcaption>' in linked
    assert linked.count("<a ") == 3
    assert link_files(other, files) == other
    assert link_files(figure, {}) == figure


def test_every_id_of_the_page_is_unique(path):
    found = re.findall(r'\sid="([^"]+)"', path.read_text(encoding="utf-8"))
    assert len(found) > 200
    assert len(found) == len(set(found))


def stops(page) -> int:
    """Numbers that the Tab key stops at."""
    return page.locator('a.ard[tabindex="0"]').count()


def test_the_tab_key_stops_once_in_each_paragraph_or_table(path, opened):
    page = opened(path, wait=False)
    blocks = page.locator("table, :is(p, li, figcaption):not(table *)").filter(
        has=page.locator("a.ard")
    )
    before = stops(page)
    assert before == blocks.count() < page.locator("a.ard").count() / 4
    first, second = (page.locator("main p a.ard").nth(n) for n in (0, 1))
    first.focus()
    page.keyboard.press("ArrowRight")
    assert second.evaluate("one => one === document.activeElement")
    assert second.get_attribute("tabindex") == "0"
    assert first.get_attribute("tabindex") == "-1"
    assert stops(page) == before
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert first.evaluate("one => one === document.activeElement")
    page.keyboard.press("Tab")
    assert not second.evaluate("one => one === document.activeElement")


def test_without_script_every_number_is_a_tab_stop(path, opened):
    page = opened(path, wait=False, java_script_enabled=False)
    assert page.locator("a.ard[tabindex]").count() == 0


@pytest.mark.parametrize(
    "screen", SCREENS, ids=lambda s: f"{s['viewport']['width']}-{s['color_scheme']}"
)
def test_axe_finds_nothing_grave_and_nothing_scrolls_sideways(path, opened, screen):
    page = opened(path, wait=False, **screen)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == screen["viewport"]["width"]


def test_axe_finds_what_is_wrong(path, tmp_path, opened):
    wrong = tmp_path / "wrong.html"
    bad = "<style>main p { color: #ccc; background: #fff; }</style></head>"
    wrong.write_text(path.read_text(encoding="utf-8").replace("</head>", bad), encoding="utf-8")
    assert any("color-contrast" in one for one in findings(opened(wrong, wait=False)))

"""The audit page in a browser: search, landing, keys, phone, paper, hostile text, no script."""

from __future__ import annotations

import io
import random
import shutil
import subprocess

import pandas as pd
import pypdf
import pytest

from tests.audit.conftest import PATIENTS, make, stand_on, times_of
from tests.axe import SCREENS, findings
from tests.browser import go, settled
from venaza import markup
from venaza.contracts.wording import shown
from venaza.pipeline.audit.manifest import build_manifest, run_facts
from venaza.pipeline.audit.page.compressed_tables import packed_table
from venaza.pipeline.audit.page.documents import Document
from venaza.pipeline.audit.page.files_section import first_lines
from venaza.pipeline.audit.page.page import audit_page
from venaza.pipeline.audit.results import read_dictionaries, read_results
from venaza.pipeline.audit.trace.number_rows import rows_of_number

VIEWS = ("run", "flow", "patients", "numbers", "queries", "files")
HOSTILE = "</script><script>document.title='owned'</script><!-- <b>x</b>"


def written(root, study, path, tables=None, documents=()):
    manifest = build_manifest(root, run_facts(study, "c0de"))
    lines = first_lines(root, manifest)
    tables = tables or read_results(root)
    html = audit_page(tables, read_dictionaries(root), study, manifest, lines, documents)
    path.write_text(html, encoding="utf-8")
    return path


def with_flow(tables):
    """The made tables with a cohort flow, an assessment and a row of ADRS."""
    flow = [
        {"BOX": "raw", "LABEL": "Rows", "N": 5},
        {"BOX": "patients", "PARENT": "raw", "LABEL": "Patients", "N": 4, "EXCLUDED": 1,
         "REASONS": "exact duplicate (n = 1)"},
        {"BOX": "treated", "PARENT": "patients", "LABEL": "Treated", "N": 4, "EXCLUDED": 0},
        {"BOX": "group:ND", "PARENT": "treated", "GROUP": "ND", "LABEL": "New", "N": 2},
        {"BOX": "group:RR", "PARENT": "treated", "GROUP": "RR", "LABEL": "Old", "N": 2},
    ]  # fmt: skip
    return {**tables, "endpoints/flow": pd.DataFrame(flow)}


@pytest.fixture(scope="module")
def made(made_results, made_tables, tmp_path_factory):
    """The page of the made-up study, written once."""
    from tests.audit.conftest import study as of_study

    study = of_study.__wrapped__()
    path = tmp_path_factory.mktemp("page") / "audit/index.html"
    path.parent.mkdir()
    places = {"km.OS.ND.median": ["Abstract", "Table 2"]}
    paper = Document("manuscript", ["html", "pdf"], {}, places)
    return written(made_results, study, path, with_flow(made_tables), [paper, Document("x")])


def rows(page, view: str) -> list[str]:
    return page.locator(f"#{view}-view .list > .wide > table > tbody > tr[id]").evaluate_all(
        "rows => rows.filter(row => row.checkVisibility()).map(row => row.id)"
    )


def test_every_address_lands_on_what_it_names(made, opened, made_tables):
    page = opened(made)
    targets = [markup.anchor("patient", name) for name in PATIENTS]
    targets += [markup.anchor("ard", key) for key in made_tables["statistics/ard"]["ard_id"]]
    targets += ["file-clean/patients.parquet", "stage-clean", "flow-group:ND"]
    for target in targets:
        go(page, target)
        landed = page.locator(".landed")
        assert landed.get_attribute("id") == target
        assert landed.is_visible()
    assert page.locator("#absent").is_hidden()


@pytest.mark.parametrize("name", PATIENTS)
def test_a_link_opens_the_patient_whatever_the_name(made, opened, name):
    link = markup.address("patient", name)
    page = opened(made)
    page.evaluate("(to) => { location.hash = to; }", link[1:])
    settled(page)
    assert page.locator("tr.open").get_attribute("id") == markup.anchor("patient", name)
    assert page.locator("tr.unfolded h3").inner_text().startswith(name)


def test_an_address_of_another_export_says_so(made, opened):
    page = opened(made, "ard-no.such.number")
    assert 'There is no "ard-no.such.number"' in page.locator("#absent").inner_text()
    go(page, "numbers")
    assert page.locator("#absent").is_hidden()


def test_search_and_choice_leave_the_rows_that_fit(made, opened):
    page = opened(made, "numbers")
    page.get_by_role("searchbox").fill("MEDIAN km")
    assert len(rows(page, "numbers")) == 2
    page.get_by_label("Group").select_option("Old")
    assert rows(page, "numbers") == ["ard-km.OS.中_级.median"]
    assert page.locator("#numbers-view output").first.inner_text() == "1 of 2"
    page.get_by_role("searchbox").fill("nothing like it")
    assert rows(page, "numbers") == []


def test_landing_on_a_row_that_the_search_hides_gives_up_the_search(made, opened):
    page = opened(made, "numbers")
    page.get_by_role("searchbox").fill("nothing like it")
    go(page, "ard-km.OS.ND.median")
    assert page.locator(".landed").get_attribute("id") == "ard-km.OS.ND.median"


def test_a_patient_shows_endpoints_with_the_raw_cell_that_decided(made, opened):
    page = opened(made, markup.anchor("patient", "P 1"))
    detail = page.locator("tr.unfolded").first
    text = detail.inner_text()
    assert "event: Death" in text
    assert "From index to death. Patients alive were censored." in text
    assert "死亡日期: 2023.4.11" in text
    assert "2023-04-11" in text
    assert "the first event from time zero on" in text
    tried = detail.locator("details", has_text="in the order tried").first
    tried.locator("summary").first.click()
    sources = tried.locator("table").first.inner_text()
    assert "the first event from time zero on" in sources
    assert sources.index("Index date") < sources.index("Death") < sources.index("not needed")
    assert detail.get_by_role("img").get_attribute("aria-label").startswith("Time line of P 1")
    detail.locator("table a", has_text="病人 B2").first.click()
    settled(page)
    cell = page.locator("td.landed")
    assert cell.locator(".text").inner_text() == "2023.4.11"
    assert "decides OS, PFOS" in cell.inner_text()
    assert "decided" in cell.get_attribute("class")


def test_a_censored_patient_and_one_without_a_row_say_why(made, opened):
    page = opened(made, markup.anchor("patient", "P<2>"))
    text = page.locator("tr.unfolded").first.inner_text()
    assert "censored: Last date known alive" in text
    assert "no event: the time is censored here" in text
    assert "no failure" in text
    assert "Odd." in text


def test_a_box_of_the_flow_shows_its_patients(made, opened):
    page = opened(made, "flow")
    page.locator("a.box", has_text="Old").click()
    settled(page)
    shown = page.locator("#flow-panel tbody th").all_inner_texts()
    assert shown == ["P&4/%20", "患者-3"]
    page.locator("#flow-panel a", has_text="患者-3").click()
    settled(page)
    assert page.locator("tr.open").get_attribute("id") == "patient-患者-3"


def test_a_number_leads_back_to_each_place_where_it_is_printed(made, opened):
    page = opened(made, "ard-km.OS.ND.median")
    said = page.locator("tr.unfolded dl").first
    places = said.locator("dd", has_text="Abstract").locator("a")
    assert places.all_inner_texts() == ["Abstract", "Table 2"]
    ends = [place.get_attribute("href") for place in places.all()]
    assert ends == [f"../report/manuscript.html#ard-km.OS.ND.median{n}" for n in ("", "%2F2")]
    assert page.locator("nav.ways a").all_inner_texts() == ["All results", "Manuscript", "Changes"]
    go(page, "ard-km.OS.中_级.median")
    assert "nowhere in the report" in page.locator("tr.unfolded dl").first.inner_text()


def test_a_number_names_its_columns_and_files_and_its_id_can_be_copied(made, opened):
    page = opened(made, "ard-km.OS.ND.median")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    detail = page.locator("tr.unfolded").first
    heads = " ".join(detail.locator(".list th[scope=col]").all_inner_texts())
    assert "0 event, 1 censored, 2 competing event" in heads
    assert " (ITTFL), status = ND: 2 patients" in detail.locator("dl").first.inner_text()
    detail.get_by_role("link", name=".csv").first.click()
    settled(page)
    assert page.locator("tr.landed").get_attribute("id") == "file-statistics/ard.csv"
    go(page, "ard-km.OS.ND.median")
    page.get_by_role("button", name="Copy its id").click()
    page.locator("tr.unfolded .copy output", has_text="copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "km.OS.ND.median"


def test_the_time_lines_have_a_legend_of_the_marks_that_are_drawn(made, opened):
    page = opened(made, "patients")
    key = page.locator("#patients-view > .key li").all_inner_texts()
    assert [words.strip() for words in key] == ["Death"]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing_grave_in_any_view(made, opened, screen):
    page = opened(made, **screen)
    for target in (*VIEWS, "patient-P~1", "ard-km.OS.ND.median", "file-clean/patients.parquet"):
        go(page, target)
        assert findings(page) == [], target


def test_the_page_reads_a_column_of_any_length_as_it_was_packed(made, opened):
    frame = pd.DataFrame({"X": pd.array([*range(60_000), None, 7], dtype="Int64")})
    page = opened(made, "run")
    rows = [0, 1, 0xD800 - 0x5F, 0xD800 - 0x5E, 0xD800 - 0x5D, 59_999, 60_000, 60_001]
    found = page.evaluate(
        """([packed, rows]) => {
          const table = new Table(packed);
          return [rows.map((row) => table.get("X", row)), table.by("X").get(7)];
        }""",
        [packed_table(frame), rows],
    )
    assert found == [[*rows[:6], None, 7], [7, 60_001]]


def test_a_file_shows_dictionary_lineage_and_first_rows(made, opened):
    page = opened(made, "files")
    page.locator("#files ~ * a, .stage a", has_text="endpoints/adtte.parquet").click()
    settled(page)
    text = page.locator(".stage tr.unfolded").inner_text()
    parts = ["Data dictionary", "ADY - STARTDY", "SHA-256", "Made from", "clean/patients.parquet"]
    parts += ["Made into", "statistics: 8 files", "First rows", "Last date known alive"]
    for part in parts:
        assert part in text, part
    page.locator(".lineage a", has_text="statistics: 8 files").click()
    settled(page)
    assert page.evaluate("location.hash") == "#stage-statistics"


def test_queries_and_corrections_are_listed_and_lead_to_the_cell(made, opened):
    page = opened(made, "queries")
    view = page.locator("#queries-view")
    text = view.inner_text()
    for part in ("<i>1</i>", "nobody", "chart", "Dr <Li>", "2023-12-05", "applied", "vocabulary"):
        assert part in text, part
    assert view.get_by_role("link", name="nobody").count() == 0
    view.locator("table", has_text="Dr <Li>").get_by_role("link", name="病人").first.click()
    settled(page)
    assert page.locator("tr.open").get_attribute("id") == "patient-P~1"


def test_a_study_without_queries_says_so(results, study, tables, tmp_path, opened):
    for name in ("clean/queries", "endpoints/queries"):
        tables[name] = tables[name].iloc[:0]
    page = opened(written(results, study, tmp_path / "index.html", tables), "queries")
    assert page.locator("#queries-view > p").first.inner_text() == "There are none."


def test_rows_behind_a_number_are_those_of_why(made, opened, made_tables):
    page = opened(made)
    compare_behind(page, made_tables, range(len(made_tables["statistics/ard"])))


def compare_behind(page, tables, places) -> None:
    """The page picks the rows that ``behind`` picks, cell by cell."""
    numbers = tables["statistics/ard"].to_dict("records")
    script = """async (i) => {
      const found = await behind(i);
      return [found.selection.columns,
              found.rows.map((row) => found.selection.columns.map((c) => valueOf(found, row, c)))];
    }"""
    for i in places:
        columns, got = page.evaluate(script, i)
        frame = rows_of_number(numbers[i]["ard_id"], tables).frame
        pointers = {"SRCDOM", "SRCVAR", "SRCSEQ", "AESEQ"}
        assert set(columns) == set(frame) - pointers, numbers[i]["ard_id"]
        wanted = frame[columns].itertuples(index=False)
        assert [[plain(v) for v in row] for row in got] == [
            [plain(v) for v in row] for row in wanted
        ], numbers[i]["ard_id"]


def plain(value: object) -> object:
    text = shown(value)
    try:
        return float(text)
    except ValueError:
        return text


def test_the_whole_page_by_keyboard(made, opened):
    page = opened(made)
    focus = "document.activeElement"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focus}.textContent") == "To the content"
    ways = page.locator("nav.ways a").count()
    for _ in range(ways + 4):
        page.keyboard.press("Tab")
    assert page.evaluate(f"{focus}.textContent") == "Numbers"
    assert page.evaluate(f"getComputedStyle({focus}).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(f"{focus}.textContent") == "km.OS.ND.median"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(f"{focus}.textContent") == "km.OS.中_级.median"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    settled(page)
    assert page.evaluate(f"{focus}.getAttribute('aria-expanded')") == "true"
    assert page.locator("tr.unfolded").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("tr.unfolded").count() == 0
    assert page.evaluate(f"{focus}.textContent") == "km.OS.ND.median"
    page.get_by_role("searchbox").fill("zzz")
    page.keyboard.press("Escape")
    assert len(rows(page, "numbers")) == 2


def test_on_a_phone_nothing_scrolls_sideways(made, opened):
    page = opened(made, viewport={"width": 390, "height": 844})
    for target in (*VIEWS, "patient-P~1", "ard-km.OS.ND.median", "file-clean/patients.parquet"):
        go(page, target)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, target


def test_on_paper_stands_what_is_shown_and_no_controls(made, opened):
    page = opened(made, markup.anchor("patient", "P 1"))
    text = printed(page)
    parts = ["Synthetic data", "P<2>", "2023.4.11", "event: Death", "Endpoints"]
    for part in [*parts, "疗效"] if chinese_font() else parts:
        assert part in text, part
    assert "Search" not in text
    assert "Cohort flow" not in text


def chinese_font() -> bool:
    """Whether the machine can set Chinese: without a font a PDF holds boxes, not characters."""
    program = shutil.which("fc-list")
    return bool(program and subprocess.check_output([program, ":lang=zh"]).strip())


def printed(page) -> str:
    reader = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    return "\n".join(leaf.extract_text() for leaf in reader.pages)


def test_without_script_the_run_and_the_files_are_there(made, opened):
    page = opened(made, wait=False, java_script_enabled=False)
    text = page.locator("body").inner_text()
    assert "the script of this page" in text
    assert "Synthetic data." in text
    assert "clean/patients.parquet" in text
    assert "Overall survival" in text


def test_synthetic_data_is_called_so_on_every_view(made, opened):
    page = opened(made)
    for view in VIEWS:
        go(page, view)
        assert page.get_by_role("note").first.is_visible()
        assert page.locator("main > section:not([hidden])").count() == 1
        assert page.locator("nav a[aria-current=page]").get_attribute("href") == f"#{view}"


def test_hostile_text_stays_text(results, study, tables, tmp_path, opened):
    cells = tables["intake/cells"].copy()
    cells.loc[cells["SRCROW"] == 3, "VALUE"] = HOSTILE
    query = tables["clean/queries"].assign(MESSAGE=HOSTILE, SRCSHEET=HOSTILE)
    tables |= {"intake/cells": cells, "clean/queries": query}
    adsl = tables["endpoints/adsl"].copy()
    adsl.loc[0, "PFTRT"] = HOSTILE
    tables["endpoints/adsl"] = adsl
    path = written(results, study, tmp_path / "index.html", tables)
    assert HOSTILE not in path.read_text(encoding="utf-8")
    page = opened(path, markup.anchor("patient", "P<2>"))
    assert HOSTILE in page.locator("tr.unfolded").first.inner_text()
    go(page, "queries")
    assert HOSTILE in page.locator("#queries-view").inner_text()
    assert "owned" not in page.title()
    assert page.locator("main b").count() == 0


def test_many_rows_come_in_pages_and_each_is_found(results, study, tables, tmp_path, opened):
    ard = tables["statistics/ard"].iloc[[0]]
    names = [f"n.{k}" for k in range(1, 1001)]
    random.Random(3).shuffle(names)
    tables["statistics/ard"] = make(
        "statistics/ard", [{**ard.to_dict("records")[0], "ard_id": name} for name in names]
    )
    tables |= stand_on(dict.fromkeys(names, times_of("ND")))
    page = opened(written(results, study, tmp_path / "index.html", tables), "numbers")
    assert len(rows(page, "numbers")) == 100
    go(page, f"ard-{names[777]}")
    assert page.locator(".landed").get_attribute("id") == f"ard-{names[777]}"
    assert "701–800 of 1,000" in page.locator("#numbers-view > .list > .pager").inner_text()
    page.get_by_role("button", name="Next page").first.click()
    assert rows(page, "numbers")[0] == f"ard-{names[800]}"

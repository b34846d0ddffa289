"""The audit page and the page of changes: whole, safe, the same each time, alive in a browser."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from tests.audit.conftest import make
from venaza.contracts.wording import natural
from venaza.pipeline.audit.manifest import build_manifest, run_facts
from venaza.pipeline.audit.page import compressed_tables as packing
from venaza.pipeline.audit.page.page import audit_page
from venaza.pipeline.audit.results import read_dictionaries, read_results

VOID = {"meta", "input", "br", "link", "img", "wbr"}


class Outline(HTMLParser):
    """Collects ids, links and text, and fails on an element that is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        self.loaded += [
            v for k, v in attrs if k in ("src", "srcset") or (tag, k) == ("link", "href")
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["script"], ["style"]):
            self.text.append(data)


@pytest.fixture
def page(results, study) -> str:
    manifest = build_manifest(results, run_facts(study, "c0de"))
    return audit_page(read_results(results), read_dictionaries(results), study, manifest)


def test_the_page_is_well_formed_and_needs_nothing_beside_itself(page):
    outline = Outline(page)
    assert outline.loaded == []
    assert not re.search(r"url\(|@import|https?://", page)
    assert len(outline.ids) == len(set(outline.ids))
    assert not any(re.search(r"\s", name) for name in outline.ids)


def test_every_file_has_its_own_id(page, results):
    ids = set(Outline(page).ids)
    for path in results.rglob("*.parquet"):
        assert f"file-{path.relative_to(results).as_posix()}" in ids


def test_every_link_within_the_page_leads_somewhere(page):
    outline = Outline(page)
    targets = [link[1:] for link in outline.links if link.startswith("#")]
    assert len(targets) > 5
    assert set(targets) <= {quote(name, safe="~.-_/") for name in outline.ids} | {
        quote(name, safe="~.-_") for name in outline.ids
    }


def test_what_the_hospital_wrote_is_text_and_never_markup(page):
    assert "<i>1</i>" not in page
    assert "P<2>" not in page
    assert "Demo <AML>" in " ".join(Outline(page).text)


def test_packed_data_can_end_no_element_and_is_the_same_each_time():
    hostile = {"</script>": ["<!--", "]]>", "\u2028", "é 患者"]}
    text = packing.packed(hostile)
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", text)
    assert json.loads(gzip.decompress(base64.b64decode(text))) == hostile
    assert text == packing.packed(hostile)


def test_a_packed_table_keeps_every_value_and_what_is_missing():
    frame = make("clean/responses", [
        {"USUBJID": "P 1", "SEQ": 1, "RSDT": "2023-01-02", "MBLAST": 0.1 + 0.2, "RSINV": "CR"},
        {"USUBJID": "P 1", "SEQ": 2, "MBLAST": 5.0},
    ])  # fmt: skip
    made = packing.packed_table(frame)
    assert made["n"] == 2
    assert made["c"]["USUBJID"] == [["P 1"], "^^"]
    assert made["c"]["SEQ"] == [[1, 2], "^_"]
    assert made["c"]["RSDT"] == [["2023-01-02"], "^]"]
    assert made["c"]["MBLAST"] == [[0.3, 5], "^_"]
    assert made["c"]["RSINV"] == [["CR"], "^]"]


def test_synthetic_data_is_called_so_and_real_data_is_not(page, results, study):
    assert "Synthetic data." in page
    study["study"]["synthetic"] = False
    manifest = build_manifest(results, run_facts(study, "c0de"))
    real = audit_page(read_results(results), read_dictionaries(results), study, manifest)
    assert "Synthetic data." not in real


def test_the_same_results_give_the_same_page_whatever_the_page_before(page, results, study):
    (results / "audit").mkdir()
    for name in ("index.html", "lineage.csv", "manifest.json"):
        (results / "audit" / name).write_text("older,\n")
    manifest = build_manifest(results, run_facts(study, "c0de"))
    again = audit_page(read_results(results), read_dictionaries(results), study, manifest)
    assert again == page


def test_patients_sort_as_people_count():
    assert sorted(["P10", "P2", "1", "x", "P2a"], key=natural) == ["1", "P2", "P2a", "P10", "x"]

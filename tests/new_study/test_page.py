"""From a raw folder never seen before to a first report: the page does what it says."""

from __future__ import annotations

import difflib
import re

from tests.new_study.make_page import PAGE, page


def test_the_page_prints_what_its_commands_print_up_to_the_report(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    now = page(tmp_path)
    changed = "\n".join(difflib.unified_diff(text.splitlines(), now.splitlines(), lineterm=""))
    assert now == text, f"run: python -m tests.new_study.make_page\n{changed}"
    results = tmp_path / "project/results/ward"
    manuscript = (results / "report/manuscript.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" in manuscript.upper()
    assert (results / "queries/queries.xlsx").is_file()


def test_the_page_edits_at_most_ten_lines(tmp_path):
    edited = re.findall(r"^> ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert 1 <= len(edited) <= 10

"""The page on agreement with R says what the code does."""

from __future__ import annotations

import re

from tests.reference.make_validation import ROOT, page


def test_the_validation_page_is_fresh_and_every_number_is_r_s():
    text = page()
    committed = (ROOT / "docs/validation.md").read_text(encoding="utf-8")
    assert committed == text, "run: python -m tests.reference.make_validation"
    assert "| differs" not in text
    sections = [int(n) for n in re.findall(r"^(\d+) numbers, \d+ equal to R's", text, re.MULTILINE)]
    whole = sum(sections)
    assert f"{whole:,} numbers are compared here, {whole:,} are equal." in text
    assert text.index("numbers are compared here") < text.index("## Where we differ")

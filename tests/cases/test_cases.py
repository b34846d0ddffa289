"""Every small export gives the values and events that were worked out by hand."""

from __future__ import annotations

import pytest

from tests.cases.case import cases
from tests.cases.make_docs import PAGE, ROOT, page
from tests.cases.run import differences

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{c.file}: {c.title}" for c in CASES])
def test_the_case_gives_the_right_values(case):
    assert case.expected or case.stops, "a case without a result shows nothing"
    assert differences(case) == []


def test_the_page_is_fresh():
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), (
        "run: python -m tests.cases.make_docs"
    )

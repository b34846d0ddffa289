"""What tests of several folders share: one browser, and examples that stay the same.

A suite that draws new examples at each run passes today and fails tomorrow. So the examples are
fixed; `python -m pytest --hypothesis-profile search` looks for new ones.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.browser import CHROMIUM, Opener

settings.register_profile("fixed", derandomize=True, database=None)
settings.register_profile("search", derandomize=False)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def browser():
    """The machine's Chromium, started once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright")
    with playwright.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser):
    """Opens pages from disk; at the end none may have complained or asked for anything else."""
    opener = Opener(browser)
    yield opener
    opener.close()
    assert opener.complaints == []
    assert [url for url in opener.requests if not url.startswith("file:")] == []

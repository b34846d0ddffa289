"""Draws docs/images/audit.png: a patient on the audit page of a finished run.

    python -m tests.audit.make_picture results/aml_venaza

Needs Playwright and Chromium.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser import CHROMIUM, Opener

PICTURE = Path("docs/images/audit.png")
PATIENT = "patient-VA001"


def main(results: Path) -> None:
    """Open the page at the patient, and take what a reader sees of it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opener = Opener(browser)
        size = {"width": 1280, "height": 1000}
        page = opener(results / "audit/index.html", PATIENT, viewport=size)
        page.screenshot(path=PICTURE)
        opener.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

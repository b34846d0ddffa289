"""A page in headless Chromium, as a reader uses it: addresses, clicks, keys."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
_SETTLED = """() => {
  let name = location.hash.slice(1);
  try { name = decodeURIComponent(name); } catch { }
  return document.body.dataset.ready === (name || "run");
}"""


class Opener:
    """Opens pages and keeps what they complained about and what they asked for."""

    def __init__(self, browser) -> None:
        self._browser, self._contexts = browser, []
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def __call__(self, path: Path, target: str = "", *, wait: bool = True, **options):
        context = self._browser.new_context(**options)
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(error.message))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(path.resolve().as_uri())
        if wait:
            settled(page)
        if target:
            go(page, target)
        return page

    def _said(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def settled(page) -> None:
    """Wait until the page shows what its address names."""
    end = time.monotonic() + 20
    while not page.evaluate(_SETTLED):
        assert time.monotonic() < end, f"nothing came of {page.url}"
        page.wait_for_timeout(10)


def go(page, target: str) -> None:
    """Go to an id of the page, as a link does."""
    page.evaluate("(to) => { location.hash = encodeURIComponent(to); }", target)
    settled(page)

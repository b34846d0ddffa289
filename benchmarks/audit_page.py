"""Measure the audit page: time to build it, its size, to open it, to search, to open a patient.

    python -m venaza simulate --like aml_venaza --patients 5000 --seed 7 --to data/raw/sim5000
    snakemake --cores 2 --config studies=sim5000
    python benchmarks/audit_page.py --study sim5000

Needs a finished run, Playwright and Chromium.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from venaza.pipeline.audit.manifest import build_manifest
from venaza.pipeline.audit.page.files_section import first_lines
from venaza.pipeline.audit.page.page import audit_page
from venaza.pipeline.audit.results import read_dictionaries, read_results

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
READY = "body[data-ready='{}']"


def timed(page: Page, what: str, action, ready: str) -> None:
    """Print how long it takes from ``action`` until the page says that it shows ``ready``."""
    start = time.perf_counter()
    action()
    page.locator(ready).wait_for(state="attached", timeout=60_000)
    print(f"{what:<34}{time.perf_counter() - start:8.2f} s")


def opened(path: Path, patient: str) -> None:
    """Open the page in Chromium and measure what a reader does."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        url = path.as_uri()
        timed(page, "open the page", lambda: page.goto(url), READY.format("run"))
        for view in ("patients", "numbers", "queries", "files"):
            click = page.locator(f"nav a[href='#{view}']").click
            timed(page, f"first look at {view}", click, READY.format(view))
        go = page.evaluate
        target = f"patient-{patient}"
        jump = "(to) => { location.hash = to; }"
        timed(page, "open a patient", lambda: go(jump, target), READY.format(target))
        number = "ard-" + go("core.tables.ard.text('ard_id', core.tables.ard.n - 1)")
        timed(page, "open the last number", lambda: go(jump, number), READY.format(number))
        for view in ("patients", "numbers"):
            page.locator(f"nav a[href='#{view}']").click()
            page.locator(READY.format(view)).wait_for(state="attached")
            searched = go(
                """(view) => {
                  const field = document.querySelector(`#${view}-view input[type=search]`);
                  const times = [];
                  for (const word of ["d", "death", "death 1", "", "relapse"]) {
                    const start = performance.now();
                    field.value = word;
                    field.dispatchEvent(new Event("input"));
                    document.body.offsetHeight;
                    times.push(performance.now() - start);
                  }
                  return Math.max(...times);
                }""",
                view,
            )
            print(f"{'slowest search among ' + view:<34}{searched / 1000:8.2f} s")
        browser.close()


def main() -> None:
    """Build the page of the study and open it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", default="aml_venaza")
    parser.add_argument("--keep", type=Path, help="write the page here and leave it")
    given = parser.parse_args()
    root = Path("results") / given.study
    told = json.loads((root / "settings/audit.json").read_text(encoding="utf-8"))
    dictionaries = read_dictionaries(root)
    manifest = build_manifest(root, told["facts"])
    start = time.process_time()
    tables = read_results(root, categories=("intake", "clean", "endpoints"))
    lines = first_lines(root, manifest)
    html = audit_page(tables, dictionaries, told["settings"], manifest, lines)
    took = time.process_time() - start
    patients = tables["endpoints/adsl"]["USUBJID"]
    print(f"{'patients':<34}{len(patients):8,}")
    print(f"{'build the page, CPU time':<34}{took:8.2f} s")
    print(f"{'its size':<34}{len(html.encode()) / 1e6:8.2f} MB")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'memory at most':<34}{memory / 1024:8.0f} MB")
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep.resolve() if given.keep else Path(folder) / "index.html"
        path.write_text(html, encoding="utf-8")
        opened(path, patients.iloc[len(patients) // 2])


if __name__ == "__main__":
    main()

"""Writes docs/validation.md: every survival number of the shipped studies beside R's.

python -m tests.reference.make_validation
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from tests.reference.r_dynamic_numbers import DYNAMIC_METHODS, r_dynamic_numbers
from tests.reference.r_numbers import METHODS, r_numbers
from venaza.clean.build import clean
from venaza.config import export_files, load_study, settings
from venaza.endpoints.build import derive
from venaza.intake.cells import read_export
from venaza.statistics import analyse

ROOT = Path(__file__).parents[2]
STUDIES = ("aml_venaza", "bmt", "myeloid")
HEAD = """\
# Agreement with R

Every survival number of the shipped studies, from the raw export through the whole pipeline,
beside the value of R {R} (`survival` {survival}, `cmprsk` {cmprsk}). This page is made by

    python -m tests.reference.make_validation

from `tests/reference/r_values.json` and `r_dynamic.json`, which `Rscript` makes of
`make_reference.R` and `make_dynamic.R` beside them; a test fails when it is stale. Times are in
months of the study, probabilities in percent. The difference is relative; `-` stands for a value
that neither has (not reached, not estimable).

Beside these, `tests/statistics/` holds the same methods against R on edge cases: ties, all or none
censored, one patient, a group without events, events on day 0, a median interval at exactly 0.5,
small Cox models, exact proportions, Fisher's test, quantiles.

## Where we differ from R, and why

- **`bmt`, disease-free survival.** The data set gives patient 38 a disease-free time of 332 days
  without a relapse, and a death on day 350. R's `Surv(t2, d3)` takes day 332; the definition
  (relapse or death) gives day 350. No number of this page hangs on it.
- **A curve that stays at exactly 50% to its end.** The median is the left end, as R's `print`
  of a `survfit` gives; `quantile` would average with the last follow-up.
- **A change on the last day** (remission or transplant on the day of death) counts half a day
  earlier, in R's rows too; `survdiff` knows no entry times, so Mantel–Byar is held against the
  score test of `coxph(..., ties = "exact")`, which is the same statistic.
- **Aalen–Johansen limits** use the variance of `cmprsk` on the log-log scale.
"""


def results(name: str) -> tuple[pd.DataFrame, dict]:
    """The ARD of a study, through every stage, and the study."""
    study = load_study(ROOT, name)
    paths = export_files(ROOT, name, study["export"])
    folder = ROOT / "data/raw" / name / study["export"]
    cells, _ = read_export(paths, folder, settings(study, "intake"))
    tables = derive(clean(cells, settings(study, "clean")), settings(study, "endpoints"))
    study_part = {**settings(study, "statistics"), "published": None}
    return analyse(tables, study_part)[0].set_index("ard_id"), study


def page() -> str:
    """The text of docs/validation.md."""
    values = json.loads((ROOT / "tests/reference/r_values.json").read_text(encoding="utf-8"))
    parts = [HEAD.format(**values["versions"])]
    for name in STUDIES:
        ard, study = results(name)
        lines = []
        month = study["timeline"]["days_per_month"]
        for key, reference in [
            *r_numbers(values[name], month),
            *r_dynamic_numbers(name, month),
        ]:
            lines.append(_line(key, reference, ard.loc[key, "value"]))
        worst = sum("differs" in line for line in lines)
        parts.append(
            f"\n## {name}\n\n{len(lines)} numbers, {len(lines) - worst} equal to R's.\n\n"
            "| number | method | R | ours | difference |\n|---|---|---:|---:|---:|\n"
            + "\n".join(lines)
        )
    return "\n".join(parts) + "\n"


def _line(key: str, reference: float | None, ours) -> str:
    method = {**METHODS, **DYNAMIC_METHODS}[key.split(".")[0]]
    if reference is None or pd.isna(ours):
        same = reference is None and pd.isna(ours)
        shown = ("-", "-", "none" if same else "differs")
    else:
        gap = abs(ours - reference) / max(abs(reference), 1e-12)
        gap = 0.0 if ours == reference else gap
        word = "< 1e-6" if gap < 1e-6 else f"differs, {gap:.1e}"
        shown = (f"{reference:.7g}", f"{ours:.7g}", word)
    return f"| `{key}` | {method} | {' | '.join(shown)} |"


if __name__ == "__main__":
    (ROOT / "docs/validation.md").write_text(page(), encoding="utf-8")

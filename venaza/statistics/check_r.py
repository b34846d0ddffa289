"""The script with which a reviewer recomputes a run's survival numbers in R."""

from __future__ import annotations

import json
from pathlib import Path

from venaza.contracts.results import slug

HEAD = """\
# Recomputes the survival numbers of this run with R and compares them with ard.csv.
#
#   Rscript check.R
#
# Reads ard.csv beside it and adsl, adtte and milestones in ../endpoints/. What it does not
# recompute it lists. The last line counts the numbers that agree and those that differ by more
# than 1e-6 of R's value; with one of these the exit status is 1.

# From the study file.
days_per_month <- {month}
confidence <- {confidence}
changes <- c({changes})

"""


def check_script(study: dict) -> str:
    """The text of ``check.R`` for a study: its month and confidence level, then ``check.R``.

    What is computed for each row of the ARD stands in ``venaza/statistics/check.R``, and is the
    same for every study: Kaplan-Meier, reverse Kaplan-Meier, log-rank (stratified too), Cox models
    and their proportional hazards, restricted means, landmarks and changes during follow-up,
    cumulative incidence and Gray's test, numbers at risk, follow-up and counts of events. A model
    with Firth's penalty is left out: no package that comes with R fits one.
    """
    head = HEAD.format(
        month=repr(float(study["timeline"]["days_per_month"])),
        confidence=repr(float(study["analysis"]["confidence"])),
        changes=", ".join(
            f"{json.dumps(f'{endpoint}.{slug(code)}')} = {json.dumps(source)}"
            for endpoint, sources in study["analysis"].get("time_dependent", {}).items()
            for code, source in sources.items()
        ),
    )
    return head + Path(__file__).with_name("check.R").read_text(encoding="utf-8")

"""The script with which a reviewer recomputes a run's numbers in R."""

from __future__ import annotations

import json
from pathlib import Path

from venaza.contracts.results import slug

#: The parts of the script, one after the other.
PARTS = ("check.R", "check_counts.R", "check_compare.R")

HEAD = """\
# Recomputes the statistics of this run with R and compares them with ard.csv.
#
#   Rscript check.R            # all of them
#   Rscript check.R ARD_ID     # one: what is asked of R, and the patients behind it
#
# Reads ard.csv beside it and adsl, adtte, adrs and milestones in ../endpoints/ as the run has
# derived them: it does NOT check how endpoints, responses and groups were derived from the export.
# What it does not recompute it lists, and it goes on where R stops. The last line counts the
# numbers that agree and those that differ by more than 1e-6 of R's value; with one of these the
# exit status is 1.

# From the study file.
days_per_month <- {month}
confidence <- {confidence}
changes <- c({changes})

"""


def check_script(study: dict) -> str:
    """The text of ``check.R`` for a study: its month and confidence level, then ``check.R``.

    What is computed for each row of the ARD stands in ``PARTS`` beside this module, and is the same
    for every study: Kaplan-Meier, reverse Kaplan-Meier, log-rank (stratified too), Cox models
    (within strata and subgroups too) and their proportional hazards, restricted means, landmarks
    and changes during follow-up, cumulative incidence, Gray's test and Fine-Gray models, numbers
    at risk, follow-up and counts of events; rates with their intervals, Fisher's test, and tests
    of values and categories between groups. A model with Firth's penalty is left out: no package
    that comes with R fits one.
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
    here = Path(__file__).parent
    return head + "\n".join((here / name).read_text(encoding="utf-8") for name in PARTS)

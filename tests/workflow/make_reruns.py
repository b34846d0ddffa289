"""Writes into docs/reruns.md which stages run again for which change.

python -m tests.workflow.make_reruns
"""

from __future__ import annotations

import re

from tests.workflow.project import ROOT
from tests.workflow.reruns import CHANGES, STAGES

PAGE = ROOT / "docs/reruns.md"
_TABLE = re.compile(r"(<!-- made: which stages -->\n).*?(<!-- end -->)", re.DOTALL)


def refreshed(text: str) -> str:
    """The page with the table of the changes that ``test_reruns`` tries in dry runs."""
    lines = [["changed", *STAGES], ["---", *[":-:"] * len(STAGES)]]
    for change in CHANGES:
        marks = ["●" if stage in change.stages else "" for stage in STAGES]
        lines.append([change.words, *marks])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return _TABLE.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text)


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

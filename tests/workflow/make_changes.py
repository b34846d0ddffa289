"""Writes docs/changes.md: what changed between the two exports of the primary study, and why.

python -m tests.workflow.make_changes            (after a run of the primary study)
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.workflow.project import ROOT
from venaza.contracts.files import read_table

STUDY = "aml_venaza"
PAGE = ROOT / "docs/changes.md"
_HEAD = """\
# The story of two exports

**Synthetic data: no row describes a real person.** The primary study has two exports, of {before}
and of {after}. This page says what changed between them: which numbers of the manuscript moved, by
which patients, and by which cells of the workbooks. It is written by

    python -m tests.workflow.make_changes

from `results/{study}/audit/changes.parquet`, as the run leaves it; `audit/changes.html` shows the
same with search and links. A test opens every cell named here in both workbooks
(`tests/workflow/test_changes_story.py`). How changes are found and attributed:
[audit.md](audit.md#what-has-changed).
"""


def page(project: Path) -> str:
    """The text of the page, from the results in ``project``."""
    found = read_table(project / f"results/{STUDY}/audit/changes.parquet")
    found = found.astype(object).where(found.notna(), "")
    parts = {kind: found[found["KIND"] == kind] for kind in found["KIND"].unique()}
    dates = sorted(p.name for p in (project / "data/raw" / STUDY).iterdir() if p.is_dir())
    head = _HEAD.format(before=dates[-2], after=dates[-1], study=STUDY)
    text = [head, _short(parts), _alarms(parts["alarm"]), _numbers(parts), _queries(parts["query"])]
    return "\n".join([*text, *_patients(parts)])


def _short(parts: dict[str, pd.DataFrame]) -> str:
    counts = parts["patient"]["STATUS"].value_counts()
    asked = parts["query"]["STATUS"].value_counts()
    numbers = parts["number"]
    causes = numbers["CAUSE"].value_counts()
    lines = [
        ("patients", ", ".join(f"{counts[s]} {s}" for s in ("added", "gone", "changed"))),
        ("cells and rows", f"{len(parts['cell'])} changed"),
        ("queries", f"{asked['closed']} closed, {asked['opened']} opened"),
        ("endpoints and responses", f"{len(parts['endpoint'])} moved"),
        (
            "numbers",
            f"{len(numbers)} moved; by " + ", ".join(f"{c} {n}" for c, n in causes.items()),
        ),
        ("of these without a cause", f"{(numbers['NOTE'] == 'no cause found').sum()}"),
        ("alarms", f"{len(parts['alarm'])}"),
    ]
    return "## In short\n" + _table(["what", "how many"], lines)


def _alarms(alarms: pd.DataFrame) -> str:
    rows = [
        (f"**{r['STATUS']}**", r["USUBJID"], f"`{r['ITEM']}`", r["BEFORE"], r["AFTER"], r["NOTE"])
        for r in alarms.to_dict("records")
    ]
    headers = ["alarm", "patient", "column", "before", "now", "why it matters, what to do, where"]
    return "## Alarms\n" + _table(headers, rows)


def _numbers(parts: dict[str, pd.DataFrame]) -> str:
    numbers = parts["number"]
    headline = numbers[numbers["STATUS"].str.endswith(", headline")]
    rows = []
    for r in headline.to_dict("records"):
        name = f"{r['WORDS']} (`{r['ITEM']}`)"
        rows.append((name, r["BEFORE"], r["AFTER"], r["CAUSE"], _who(r["REFS"], parts)))
    text = (
        "## Every headline number that moved\n\n"
        "The patients are those whose data moved the number; what changed in each stands below.\n"
    )
    return text + _table(["number", "before", "now", "by", "patients"], rows)


def _who(refs: str, parts: dict[str, pd.DataFrame]) -> str:
    names = dict(zip(parts["endpoint"]["REF"], parts["endpoint"]["USUBJID"], strict=True))
    names |= dict(zip(parts["cell"]["REF"], parts["cell"]["USUBJID"], strict=True))
    found = [names.get(ref, ref.removeprefix("patient-")) for ref in refs.split()]
    return ", ".join(f"[{n}](#patient-{n.lower()})" for n in dict.fromkeys(found))


def _queries(queries: pd.DataFrame) -> str:
    rows = [(r["STATUS"], r["USUBJID"], r["NOTE"], r["CAUSE"]) for r in queries.to_dict("records")]
    return "## Queries closed and opened\n" + _table(["what", "patient", "asked", "by"], rows)


def _patients(parts: dict[str, pd.DataFrame]) -> list[str]:
    text = [
        "## Patient by patient: the cells\n\nEach line is a cell: sheet, row and header in both "
        "workbooks, and what stood and stands there. Endpoints are given by their primary "
        "definition; `audit/changes.csv` has the others.\n"
    ]
    for r in parts["patient"].to_dict("records"):
        name = r["USUBJID"]
        text.append(f"### Patient {name}\n")
        if r["STATUS"] != "changed":
            when, words = ("AFTER", "new") if r["STATUS"] == "added" else ("BEFORE", "gone")
            text.append(f"The patient is {words}: {_place(r, when)}.\n")
            continue
        cells = parts["cell"][parts["cell"]["USUBJID"] == name].to_dict("records")
        rows = [
            (c["REF"].removeprefix("cell-"), _place(c, "BEFORE"), _place(c, "AFTER"), _said(c))
            for c in cells
        ]
        text.append(_table(["cell", "before", "now", "what changed"], rows))
        moved = parts["endpoint"][parts["endpoint"]["USUBJID"] == name]
        rows = [
            (f"`{e['ITEM']}`", e["BEFORE"] or "none", e["AFTER"] or "none", _cells(e["REFS"]))
            for e in moved.to_dict("records")
            if "." not in e["ITEM"]
        ]
        if rows:
            text.append(_table(["endpoint", "before", "now", "moved by cell"], rows))
    return text


def _cells(refs: str) -> str:
    return ", ".join(ref.removeprefix("cell-") for ref in refs.split())


def _place(row: dict, when: str) -> str:
    if not row[f"SRCFILE_{when}"]:
        return ""
    header = f" {row[f'SRCCOL_{when}']}" if row.get(f"SRCCOL_{when}") else ""
    return f"{row[f'SRCSHEET_{when}']}!{row[f'SRCROW_{when}']}{header}"


def _said(cell: dict) -> str:
    if cell["STATUS"] != "changed":
        raw = cell["RAW_AFTER"] or cell["RAW_BEFORE"]
        return f"{cell['STATUS']} of `{cell['ITEM']}`: {raw}"
    was, now = (f"“{cell[f'RAW_{w}']}”" if cell[f"RAW_{w}"] else "empty" for w in _WHEN)
    return f"`{cell['ITEM']}`: {was} → {now}"


_WHEN = ("BEFORE", "AFTER")


def _table(headers: list[str], rows: list[tuple]) -> str:
    lines = ["", _line(headers), "|" + "---|" * len(headers), *map(_line, rows), ""]
    return "\n".join(lines)


def _line(values) -> str:
    cells = (str(value).replace("|", "\\|").replace("\n", " ").strip() for value in values)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(ROOT), encoding="utf-8")
    print(PAGE)

"""``python -m venaza check-published``: its options, and what it prints."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from venaza.commands.published import answers
from venaza.commands.published.findings import NOT_REPRODUCED, REPRODUCED, check
from venaza.commands.published.statements import has_known_form, read_statements
from venaza.contracts.errors import StudyError

FOLDER = "data/reference"


def run(options: argparse.Namespace, root: Path) -> None:
    """Answer the one question asked, or check files; prints text or JSON."""
    _fitting(options)
    if options.percent:
        text, found = answers.percentage(options.percent, options.n)
    elif options.months:
        text, found = answers.months(options.months)
    elif options.compare:
        text, found = answers.comparison(*options.compare, options.p)
    elif options.parts:
        text, found = answers.parts(options.parts, options.total, options.n)
    else:
        text, found = files(options.file, root)
    if options.json:
        text = json.dumps(found, ensure_ascii=False, indent=1, default=float)
    sys.stdout.write(text.rstrip("\n") + "\n")


#: Options that belong to a question, and whether it needs them.
_WITH = {"percent": {"n": True}, "compare": {"p": False}, "parts": {"total": True, "n": False}}


def _fitting(options: argparse.Namespace) -> None:
    asked = next((name for name in _WITH if getattr(options, name)), None)
    belongs = _WITH.get(asked, {})
    for name in ("n", "p", "total"):
        given = getattr(options, name) is not None
        if belongs.get(name) and not given:
            raise StudyError(f"--{asked} needs --{name}.", fix=f"Add --{name}.")
        if given and name not in belongs:
            owners = " or ".join(f"--{owner}" for owner in _WITH if name in _WITH[owner])
            raise StudyError(f"--{name} says nothing here.", fix=f"Use it with {owners}.")
    if options.n is not None and options.n < 1:
        raise StudyError("--n must be at least 1.", fix="Give it in patients.", value=options.n)


def files(path: Path | None, root: Path) -> tuple[str, dict]:
    """Check one file, or every CSV file of ``data/reference`` that has a known form."""
    paths = [path] if path else sorted((root / FOLDER).glob("*.csv"))
    blocks, found = [], {}
    for one in paths:
        if path is None and not has_known_form(one):
            blocks.append(f"{one.name}\n  not checked: no columns that are known here\n")
            continue
        findings = check(read_statements(one))
        found[one.name] = [finding.as_dict() for finding in findings]
        blocks.append(_block(one.name, findings))
    return "\n".join(blocks), found


def _block(name: str, findings: list) -> str:
    lines, study = [name], None
    for f in findings:
        if f.study != study:
            lines.append(f"  {f.study}")
            study = f.study
        what = f"{f.group} {f.measure}: {f.stated}"
        lines.append(f"    {f.verdict}: {what}\n      {f.text}")
    count = {v: sum(f.verdict == v for f in findings) for v in (REPRODUCED, NOT_REPRODUCED)}
    lines.append(
        f"  {count[REPRODUCED]} statements reproduced, "
        f"{count[NOT_REPRODUCED]} {NOT_REPRODUCED}, {len(findings)} findings in all"
    )
    return "\n".join(lines) + "\n"

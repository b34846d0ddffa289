"""Writes docs/checks.md: every check with its message, why it matters and what it touches.

python -m tests.clean.make_checks_docs
"""

from __future__ import annotations

from pathlib import Path

from venaza.study.checks import load_checks
from venaza.study.documents import read_yaml

ROOT = Path(__file__).parents[2]
PAGE = Path("docs/checks.md")
_HEAD = """\
# Checks

What the pipeline asks the clinic about: {n} checks. Each is a query with the cell it is about; no
check corrects a value. This page is made by

    python -m tests.clean.make_checks_docs

from `config/checks.yaml`. Each check has a case worked by hand that raises it, and a close one that
does not (`tests/clean/cases/`).

**error**: a result may be wrong. **warning**: look at it. **note**: worth knowing. A study file
changes a severity or switches a check off, and moves a limit or a range:

```yaml
checks:
  long_untreated: warning
  never_assessed: "off"
  limits: {{age: [16, 110]}}
  ranges: {{patients: {{HGB: [20, 240]}}}}
```

A check marked * says that a cell or a row is left out: it can be regraded, not switched off. In the
messages {{names}} stand for what the row or the limits say.
"""
_ORDER = """\
## Order of dates

A date completed from a month or a year takes the day nearest to the declared one that the
patient's other dates allow. An earlier line goes before a later one. Where what always holds
leaves no day of the period, this is asked (`completed_date_without_day`), and the date takes the
day that the other gives it, so that no event is lost; if that lies more than
`completed_beyond_days` from the period, its nearest day, but none before the index date. None is
later than the export that lies in its period. Where the data cut-off lies in it, and nothing says
on which side the date lies, it is taken as not after it and asked about
(`completed_date_across_cutoff`).
"""
_RAISED = {
    "reading": "Raised while cells become values.",
    "endpoints": "Raised once endpoints are derived.",
}


def page(root: Path) -> str:
    """The text of docs/checks.md."""
    declared = read_yaml(root / "config/checks.yaml", "config/checks.yaml")
    checks = load_checks(root, {}, "config/checks.yaml")
    parts = [_HEAD.format(n=len(checks["rules"]))]
    for subject in declared["subjects"].values():
        parts.append(f"## {subject['title']}\n")
        parts.append("| check | severity | message | why it matters | touches | meanwhile |")
        parts.append("|---|---|---|---|---|---|")
        parts += [_line(check, rule) for check, rule in subject["checks"].items()]
        parts.append("")
    ranges = _ranges(declared["ranges"], declared["own_number"])
    ends = _limits(declared["limits"]), ranges, _order(declared["order"])
    return "\n".join([*parts, *ends])


def _line(check: str, rule: dict) -> str:
    name = f"**{rule['title']}** `{check}`{'*' if rule.get('always') else ''}"
    why = rule["why"]
    if rule.get("raised") == "endpoints":
        why += " " + _RAISED["endpoints"]
    if "unless" in rule:
        why += f" Not asked where the study file has `{rule['unless']}`."
    message = rule["message"].replace(":g}", "}")
    cells = [name, rule["severity"], message, why, ", ".join(rule["touches"]), rule["action"]]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _order(order: list[dict]) -> str:
    lines = [_ORDER, "| date | is not after | | holds |", "|---|---|---|---|"]
    for rule in order:
        sides = [_side(rule, end) for end in ("first", "then")]
        beside = [
            "in one record" if "same_row" in rule else "",
            f"by `{rule['number']}`" if "number" in rule else "",
            f"{rule['days']} day between" if "days" in rule else "",
        ]
        holds = "always" if rule.get("firm") else "where the period allows"
        lines.append("| " + " | ".join([*sides, ", ".join(filter(None, beside)), holds]) + " |")
    return "\n".join(lines) + "\n"


def _side(rule: dict, end: str) -> str:
    words = rule.get(f"{end}_is")
    return f"`{rule[end]}`" + (f" ({', '.join(words)})" if words else "")


def _limits(limits: dict) -> str:
    lines = ["## Limits\n", "| limit | value |", "|---|---|"]
    for name, value in limits.items():
        if isinstance(value, dict):
            value = "; ".join(f"{k}: {_list(v)}" for k, v in value.items())
        lines.append(f"| `{name}` | {_list(value)} |")
    return "\n".join(lines) + "\n"


def _ranges(ranges: dict, own: list) -> str:
    lines = ["## Ranges\n", "A number outside is left empty until the clinic has answered.\n"]
    lines += [f"A column of the study's own that has none is held to {own[0]:,} to {own[1]:,}.\n"]
    lines += ["| table | column or test | from | to |", "|---|---|---|---|"]
    for table, columns in ranges.items():
        lines += [f"| {table} | {name} | {low} | {high} |" for name, (low, high) in columns.items()]
    return "\n".join(lines) + "\n"


def _list(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(ROOT), encoding="utf-8")

"""Writes docs/endpoints.md and its drawings: every definition with its worked patients.

python -m tests.spec.make_docs
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from tests.spec.courses import courses
from tests.spec.draw import WIDTH, draw
from tests.spec.spec import ROOT, Case, cases
from venaza.contracts.wording import small
from venaza.study.documents import read_yaml

PAGE, DRAWINGS = Path("docs/endpoints.md"), Path("docs/images/endpoints")
_HEAD = """\
# Endpoints, with patients worked by hand

Every definition of `config/endpoints.yaml`, what it says in words, where it comes from, and
patients worked by hand: rows of the export in, rows of the result out. This page is made by

    python -m tests.spec.make_docs

from `config/endpoints.yaml` and `tests/spec/*.md`. The test suite runs each patient through the
pipeline and fails when a result differs, or when this page or a drawing is stale. A study file
picks a definition by name and may change it ([configuration.md](configuration.md));
[why-these-endpoints.md](why-these-endpoints.md) says why definitions differ and what follows.

**How to read a drawing.** A patient's rows stand on the grey line, in days from the index date:
● an assessment, ▲ a next therapy, ◆ a transplant, □ an MRD sample, ✕ death, ○ last contact. The bar
beneath is the resulting time: it begins at the small upright line and ends with an event
(orange ●), a competing event (green ■) or censoring (▷). A dotted part counts as time but not as
risk: the patient was not yet under observation.
"""
_ENGINE = {
    "INDEX": ("Index date", "the patient's index date (day 0)"),
    "LAST_ALIVE": (
        "Last date known alive",
        "the latest dated record of any clean table, up to death",
    ),
    "ASSESSED": (
        "Assessment",
        "every response assessment other than NE, after the index date and up to death",
    ),
    "LAST_ASSESSMENT": (
        "Last assessment",
        "the latest response assessment after the index date, up to death",
    ),
    "FAILURE": ("Failure of the regimen", "the first of {failure}"),
}
_SHOWN = (
    *(
        "short",
        "start",
        "entry",
        "events",
        "competing",
        "landmark",
        "censor_at",
        "censors",
        "censor_sentence",
    ),
    "source",
)
_NAMES = {
    **{
        "short": "In tables",
        "start": "Start",
        "entry": "At risk from",
        "events": "Events",
        "competing": "Competing events",
    },
    **{
        "censor_at": "Ends as censored at",
        "censors": "Otherwise censored at",
        "censor_sentence": "Censoring",
        "source": "Source",
    },
}


#: Keys of a milestone that read better in other words.
_KEYS = {
    "min": "at least",
    "also": "whatever the numbers",
    "until": "within the window of the",
    "written_late": "or written down shortly after it",
    "needs": "shown by data that have",
    "unless_before": "unless before",
}


def pages() -> dict[Path, str]:
    """Every file of the page, by its path from the root, with its text."""
    library = read_yaml(ROOT / "config/endpoints.yaml", "config/endpoints.yaml")
    every = cases()
    files = {DRAWINGS / f"{slug(case)}.svg": draw(case.name, courses(case)) for case in every}
    return {PAGE: _page(library, every), **files}


def slug(case: Case) -> str:
    """The name of a case's drawing: its file and the first words of its title."""
    words = re.findall(r"[a-z0-9]+", case.name.lower())[:7]
    return f"{case.file}-{'-'.join(words)}".replace("_", "-")


def _page(library: dict, every: list[Case]) -> str:
    shown: set[str] = set()
    parts = []
    for code, variants in library["definitions"].items():
        parts.append(f"## {code}: {small(next(iter(variants.values()))['label'])}")
        for name, definition in variants.items():
            parts += _definition(code, name, definition, library)
            own = [c for c in every if _shows(c, code, name)]
            parts += _worked(own, shown)
    rest: dict[str, list[Case]] = {}
    for case in every:
        if slug(case) not in shown:
            rest.setdefault(case.subject, []).append(case)
    if rest:
        parts.append("## What endpoints are made of")
        for subject, own in rest.items():
            parts.append(f"### {subject}")
            parts += _worked(own, shown)
    parts += ["## Milestones", *_milestones(library)]
    return "\n\n".join([_HEAD + "\n" + _contents(parts), *parts]) + "\n"


def _contents(parts: list[str]) -> str:
    """A list of the headings with links, as GitHub makes their anchors."""
    lines = []
    for part in parts:
        found = re.match(r"(###?) (.+)$", part)
        if found:
            anchor = re.sub(r"[^\w\- ]", "", found[2].lower()).replace(" ", "-")
            lines.append(f"{'  ' * (len(found[1]) - 2)}- [{found[2]}](#{anchor})")
    return "\n".join(lines)


def _shows(case: Case, code: str, name: str) -> bool:
    """Whether a case shows times by a definition, as the endpoint's own or beside it."""
    codes = [code] if case.endpoints.get(code) == name else []
    codes += [f"{code}.{name}"] if f"{code}.{name}" in case.beside else []
    return any(
        f"{table} {shown}" in case.expected for table in ("adtte", "excluded") for shown in codes
    )


def _definition(code: str, name: str, definition: dict, library: dict) -> list[str]:
    """The heading, the sentence and the table of a definition."""
    label, sentence = definition["label"], definition["sentence"].strip()
    rows = []
    for key in [*_SHOWN, *(k for k in definition if k not in (*_SHOWN, "label", "sentence"))]:
        if key in definition:
            words = _words(definition[key], library)
            rows.append(f"| {_NAMES.get(key, key.replace('_', ' ').capitalize())} | {words} |")
    return [
        f"### {code} {name}",
        f"**{label}**: {sentence}.",
        "| | |\n|---|---|\n" + "\n".join(rows),
    ]


def _words(value: object, library: dict) -> str:
    if isinstance(value, list):
        return ", then ".join(_words(item, library) for item in value)
    if isinstance(value, dict):
        return "; ".join(
            f"{key.replace('_', ' ')}: {_words(item, library)}" for key, item in value.items()
        )
    known = {**library["milestones"], **_ENGINE}
    if value in known:
        spec = known[value]
        name = spec["description"] if isinstance(spec, dict) else spec[0]
        return f"{name} (`{value}`)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("|", "\\|").strip()


def _worked(own: list[Case], shown: set[str]) -> list[str]:
    """Each case: heading, drawing, expected rows, given rows; one already shown is linked."""
    parts = []
    for case in own:
        picture = f"images/endpoints/{slug(case)}.svg"
        if slug(case) in shown:
            parts.append(f"*{case.name}*: [drawn above]({picture}).")
            continue
        shown.add(slug(case))
        parts.append(f"#### {case.name}")
        names = ", ".join(row["USUBJID"] for row in case.given["patients"])
        alternative = escape(f"Time lines of the patients {names}")
        parts.append(f'<img src="{picture}" width="{WIDTH}" alt="{alternative}">')
        parts += _tables(case.expected)
        parts.append("<details><summary>The rows given</summary>")
        parts += [*_tables(case.given), "</details>"]
    return parts


def _tables(tables: dict[str, list[dict]]) -> list[str]:
    parts = []
    for name, rows in tables.items():
        headers = list(rows[0]) if rows else ["USUBJID"]
        lines = [f"| {' | '.join(headers)} |", f"|{'---|' * len(headers)}"]
        lines += [f"| {' | '.join(row.values())} |" for row in rows]
        parts += [f"`{name}`", "\n".join(lines)]
    return parts


def _milestones(library: dict) -> list[str]:
    """The table of milestones: the dated facts that definitions speak of."""
    text = (
        "The dated facts that definitions speak of. A study file may add some, or put one in the "
        "place of another. The regimen's window ends with the first of "
        "`response.until` (next therapy, transplant) and death, on its day inclusive."
    )
    rows = []
    failure = ", ".join(f"`{name}`" for name in library["failure"]["milestones"])
    for name, (label, words) in _ENGINE.items():
        rows.append(f"| `{name}` | {label} | {words.format(failure=failure)} |")
    for name, spec in library["milestones"].items():
        rules = [f"{_KEYS.get(k, k)}: {_rule(v)}" for k, v in spec.items() if k != "description"]
        rows.append(f"| `{name}` | {spec['description']} | {'; '.join(rules)} |")
    return [
        text,
        "| milestone | in words | how it is looked up |\n|---|---|---|\n" + "\n".join(rows),
    ]


def _rule(value: object) -> str:
    if value == {}:
        return "any row with that date"
    if isinstance(value, dict):
        return ", ".join(f"`{key}` {_rule(item)}" for key, item in value.items())
    if isinstance(value, list):
        return " or ".join(str(item) for item in value)
    return "yes" if value is True else str(value)


def write(root: Path) -> None:
    """Write the page and its drawings, and remove drawings of cases that are no more."""
    files = pages()
    (root / DRAWINGS).mkdir(parents=True, exist_ok=True)
    for path in (root / DRAWINGS).glob("*.svg"):
        if path.relative_to(root) not in files:
            path.unlink()
    for path, text in files.items():
        (root / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(ROOT)

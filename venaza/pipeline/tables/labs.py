"""Laboratory safety: worst grades beside those at baseline, shifts, tumour lysis syndrome."""

from __future__ import annotations

from venaza.markup.printed import Column, Row, Section, Table, words
from venaza.pipeline.tables.groups import columns_of
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group, groups_and_all
from venaza.study.words import narrowed, say

_PARTS = {
    "any": "Any grade",
    "g3": "Grade 3 or worse",
    "g4": "Grade 4",
    "g3_baseline": "Grade 3 or worse at baseline",
    "g3_new": "Newly grade 3 or worse",
}


def labs(numbers: Numbers, study: dict) -> Table:
    """A section for each graded test, then one for tumour lysis syndrome."""
    shown = groups_and_all(study)
    sections = [
        _test(test, spec["label"], shown, numbers, study)
        for test, spec in study["lab_grades"]["tests"].items()
    ]
    sections.append(_tumour_lysis(shown, numbers, study))
    return Table(
        stub=say(study, "Laboratory value"),
        columns=columns_of(shown, numbers, "SAF"),
        sections=[section for section in sections if section.rows],
        notes=[_grades_note(study), _tls_note(study)],
        label_width=0.34,
    )


def _test(test: str, label: str, shown: list[Group], numbers: Numbers, study: dict) -> Section:
    rows = []
    for part, name in _PARTS.items():
        stems = [f"lab.{group.slug}.{test}.{part}" for group in shown]
        if any(f"{stem}.n" in numbers for stem in stems):
            rows.append(Row(say(study, name), tuple(numbers.rate(stem) for stem in stems), 1))
    return Section(label, rows)


def _tumour_lysis(shown: list[Group], numbers: Numbers, study: dict) -> Section:
    rows = []
    for name, rule in study["tls"]["definitions"].items():
        for key, kind in ((name, "laboratory"), (f"{name}_clinical", "clinical")):
            stems = [f"tls.{group.slug}.{key}" for group in shown]
            if not any(f"{stem}.n" in numbers for stem in stems):
                continue
            cells = tuple(numbers.rate(stem) for stem in stems)
            rows.append(Row(narrowed(study, rule["label"], say(study, kind)), cells, 1))
            if any(f"{stem}.by_change" in numbers for stem in stems):
                change = tuple(numbers.cell("{}", f"{stem}.by_change") for stem in stems)
                text, percent = "By a change of {by:g}% from baseline alone", rule["change_percent"]
                rows.append(Row(say(study, text, by=percent), change, 2))
            if any(numbers.value(f"{stem}.not_assessable") for stem in stems):
                left = tuple(numbers.cell("{}", f"{stem}.not_assessable") for stem in stems)
                rows.append(Row(say(study, "Not assessable"), left, 2))
    first = next(iter(study["tls"]["definitions"]))
    stems = [f"tls.{group.slug}.{first}" for group in shown]
    if rows and any(f"{stem}.recorded" in numbers for stem in stems):
        held = tuple(numbers.cell("{}", f"{stem}.recorded") for stem in stems)
        rows.append(Row(say(study, "Recorded as an adverse event"), held, 1))
    return Section(say(study, "Tumour lysis syndrome"), rows)


def _grades_note(study: dict) -> str:
    return say(
        study,
        "Values are patients of those assessed (%): the worst grade ({version}) after the index "
        "date, within the treatment-emergent period; at baseline, of those with a value up to the "
        "index date; newly, of those who were not of grade 3 or worse at baseline. Grade 4 "
        "anaemia is not made from a value. In leukaemia a fall of the white cells is also the aim "
        "of the treatment.",
        version=study["lab_grades"]["version"],
    )


def _tls_note(study: dict) -> str:
    rules = study["tls"]["definitions"].values()
    sources = say(study, "; ").join(rule["source"] for rule in rules)
    return say(
        study,
        "Tumour lysis syndrome, of the patients with enough values to tell; the clinical syndrome "
        "needs the laboratory one. Sources: {sources}.",
        sources=sources,
    )


def labs_shift(numbers: Numbers, study: dict) -> Table:
    """All patients: rows are grades at baseline, columns worst grades after the index date."""
    steps = ["0", "1", "2", "3", "4", "missing"]
    sections = []
    for test, spec in study["lab_grades"]["tests"].items():
        rows = []
        for before in steps:
            ids = [f"shift.all.{test}.b{before}.w{after}.n" for after in steps]
            if any(numbers.value(i) for i in ids):
                rows.append(
                    Row(_grade(before, study), tuple(numbers.cell("{}", i) for i in ids), 1)
                )
        sections.append(Section(spec["label"], rows))
    above = words(say(study, "Worst grade after the index date"))
    return Table(
        stub=say(study, "Grade at baseline"),
        columns=[Column(above, _grade(step, study)) for step in steps],
        sections=[section for section in sections if section.rows],
        notes=[
            say(
                study,
                "Values are numbers of patients, all groups together. Grade 0 is within the "
                "laboratory's limits.",
            )
        ],
        label_width=0.28,
    )


def _grade(grade: str, study: dict) -> str:
    if grade == "missing":
        return say(study, "Not recorded")
    return say(study, "Grade {grade}", grade=grade)

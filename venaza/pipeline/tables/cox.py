"""Cox models: one section per endpoint, one row per covariate or level, one at a time and together.

Where the study has them, the multivariable model and the test of proportional hazards stand in
further columns of the same rows.
"""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.contracts.wording import small
from venaza.markup.printed import BLANK, Cell, Column, Row, Section, Table, words
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.design import has_arms
from venaza.study.labels import interval_name, level, per, variable

#: Put behind what was estimated with Firth's penalty.
MARK = "†"
FIRTH = (
    f"{MARK} Estimated with Firth's penalty and profile-likelihood limits, because the events are "
    "few or the covariates separate them."
)
TESTED = "PH, P value of the score test of proportional hazards."


def cox(numbers: Numbers, study: dict) -> Table:
    """Patients and events of each model, hazard ratio with interval, P, and the tests of PH."""
    analysis = study["analysis"]
    together = analysis.get("multivariable") or {}
    tested = bool(numbers.matching(r"zph\..*\.p_value"))
    sections = []
    for code in dict.fromkeys([*analysis["cox"], *together]):
        names = dict.fromkeys([*analysis["cox"].get(code, ()), *together.get(code, ())])
        rows = [
            row
            for n in names
            for row in _covariate(code, n, numbers, study, tested, bool(together))
        ]
        if f"coxm.{code}.n" in numbers:
            rows.append(_whole(code, numbers, tested))
        if rows:
            sections.append(Section(study["endpoints"][code]["label"], rows))
    return Table(
        stub="Covariate",
        columns=_columns(study, tested, bool(together)),
        sections=sections,
        notes=_notes(sections, numbers, study, tested, bool(together)),
        label_width=0.26 if together else 0.42,
    )


def _columns(study: dict, tested: bool, together: bool) -> list[Column]:
    ratio = f"{'HR' if together else 'Hazard ratio'} ({interval_name(study)})"
    one = {"Patients": 1.0, "Events": 1.0, ratio: 2.6, "P": 0.9}
    one |= {"PH": 0.9} if tested else {}
    if not together:
        return [Column(words(text), "", share) for text, share in one.items()]
    both = {ratio: 2.6, "P": 0.9, **({"PH": 0.9} if tested else {})}
    return [
        *(Column(words("One covariate at a time"), text, share) for text, share in one.items()),
        *(Column(words("Multivariable"), text, share) for text, share in both.items()),
    ]


def _notes(
    sections: list[Section], numbers: Numbers, study: dict, tested: bool, together: bool
) -> list[str]:
    first = "Each row or set of levels is a model of its own (univariable)."
    if together:
        first = (
            "One covariate at a time: each row or set of levels is a model of its own. "
            "Multivariable: the covariates shown stand in one model."
        )
    notes = [
        f"{first} CI, confidence interval.{' HR, hazard ratio.' if together else ''}"
        f"{' ' + TESTED if tested else ''} P values are not adjusted for multiple testing, and "
        f"exploratory{_but_of_arms(study)}."
    ]
    for code in study["analysis"].get("multivariable") or {}:
        if reason := _refused(code, numbers):
            label = study["endpoints"][code]["label"]
            notes.append(f"{label}, multivariable: no model ({reason}).")
    printed = (cell.text for s in sections for row in s.rows for cell in row.cells)
    return [*notes, FIRTH] if any(MARK in text for text in printed) else notes


def _but_of_arms(study: dict) -> str:
    """The one hazard ratio that is none of an exploration: the primary one of a trial's arms."""
    primary = study["analysis"]["primary"]
    if not has_arms(study) or "GROUP" not in study["analysis"]["cox"].get(primary, ()):
        return ""
    label, arms = small(study["endpoints"][primary]["label"]), small(str(study["groups"]["label"]))
    return f" but for {label} by {arms} alone"


def _refused(code: str, numbers: Numbers) -> str:
    """Why an endpoint has no multivariable model; empty where it has one."""
    found = [i for _, i in numbers.matching(rf"coxm\.{code}\..+\.hazard_ratio")]
    if any(numbers.value(ard_id) is not None for ard_id in found) or not found:
        return ""
    return numbers.field(found[0], "reason")


def _covariate(
    code: str, name: str, numbers: Numbers, study: dict, tested: bool, together: bool
) -> list[Row]:
    stems = [f"{kind}.{code}.{slug(name)}" for kind in ("cox", "coxm")]
    stems = stems if together else stems[:1]
    label, unit = variable(name, study)
    size = tuple(numbers.cell("{}", f"{stems[0]}.{part}") for part in ("n", "events"))
    if not any(f"{stem}.n" in numbers for stem in stems[:1]):
        size = (words(""), words(""))
    tests = [_test(stem, numbers) if tested else () for stem in stems]
    if any(f"{stem}.hazard_ratio" in numbers for stem in stems):
        ids = [f"{stem}.hazard_ratio" for stem in stems if f"{stem}.hazard_ratio" in numbers]
        rise = per(numbers.field(ids[0], "method"), unit)
        parts = [(*_ratio(s, numbers), *t) for s, t in zip(stems, tests, strict=True)]
        return [Row(f"{label}, {rise}", (*size, *(cell for part in parts for cell in part)), 1)]
    found = {m[1]: i for s in stems for m, i in numbers.matching(rf"{s}\.([^.]+)\.hazard_ratio")}
    if not found:
        return []
    reference = numbers.field(next(iter(found.values())), "method").rpartition("reference ")[2]
    against = f" (reference: {small(level(name, reference, study))})"
    empty = (words(""), words(""))
    heads = [cell for test in tests for cell in (*empty, *test)]
    rows = [Row(label + against, (*size, *heads), 1)]
    for key, ard_id in found.items():
        text = level(name, numbers.field(ard_id, "term") or key, study)
        cells = [
            cell
            for stem, test in zip(stems, tests, strict=True)
            for cell in (*_ratio(f"{stem}.{key}", numbers), *(words("") for _ in test))
        ]
        rows.append(Row(text, (*_sizes(code, name, key, numbers), *cells), 2))
    return rows


def _sizes(code: str, name: str, key: str, numbers: Numbers) -> tuple[Cell, Cell]:
    """Patients and events of a level of a univariable model."""
    stem = f"coxn.{code}.{slug(name)}.{key}"
    if f"{stem}.n" not in numbers:
        return words(""), words("")
    return numbers.cell("{}", f"{stem}.n"), numbers.cell("{}", f"{stem}.events")


def _ratio(stem: str, numbers: Numbers) -> tuple[Cell, Cell]:
    """The hazard ratio with its interval, and P; nothing where the model lacks the covariate."""
    if f"{stem}.hazard_ratio" not in numbers:
        return words(""), words("")
    estimate = numbers.estimate(stem, "hazard_ratio")
    if (
        "Firth" in numbers.field(f"{stem}.hazard_ratio", "method")
        and numbers.value(f"{stem}.hazard_ratio") is not None
    ):
        estimate = estimate + words(f"\u00a0{MARK}")
    p = f"{stem}.p_value"
    known = p in numbers and numbers.value(f"{stem}.hazard_ratio") is not None
    return estimate, numbers.cell("{}", p) if known else words(BLANK)


def _test(stem: str, numbers: Numbers) -> tuple[Cell]:
    kind, _, rest = stem.partition(".")
    ard_id = f"{'zphm' if kind == 'coxm' else 'zph'}.{rest}.p_value"
    if ard_id not in numbers:
        return (words(""),)
    return (numbers.cell("{}", ard_id) if numbers.value(ard_id) is not None else words(BLANK),)


def _whole(code: str, numbers: Numbers, tested: bool) -> Row:
    """The multivariable model as a whole: its patients and events, its test of PH."""
    size = numbers.cell("{} patients, {} events", f"coxm.{code}.n", f"coxm.{code}.events")
    blank = [words("")] * (5 if tested else 4)
    whole = _test(f"coxm.{code}.GLOBAL", numbers) if tested else ()
    return Row("Multivariable model", (*blank, size.spanning(2), *whole), 1)

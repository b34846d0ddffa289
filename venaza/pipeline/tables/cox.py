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
from venaza.study.words import in_a_row, narrowed, retold, say

#: Put behind what was estimated with Firth's penalty.
MARK = "†"
FIRTH = (
    "{mark} Estimated with Firth's penalty and profile-likelihood limits, because the events are "
    "few or the covariates separate them."
)
#: Why there is no multivariable model (venaza/pipeline/statistics).
REASONS = (
    "{events} events for {parameters} parameters, fewer than {limit} per parameter",
    "{events} events for 1 parameter, fewer than {limit} per parameter",
    "no patient with {level} was at risk when an event happened",
    "no patient with {level}",
    "fewer than {number} events",
    "too few to compare: {sides}",
    "{side}; {others}",
    "{side} {n} patients, {d} events",
    "{side} {n} patients, {d} event",
    "{side} {n} patient, {d} events",
    "{side} {n} patient, {d} event",
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
            rows.append(_whole(code, numbers, tested, study))
        if rows:
            sections.append(Section(study["endpoints"][code]["label"], rows))
    return Table(
        stub=say(study, "Covariate"),
        columns=_columns(study, tested, bool(together)),
        sections=sections,
        notes=_notes(sections, numbers, study, tested, bool(together)),
        label_width=0.26 if together else 0.42,
    )


def _columns(study: dict, tested: bool, together: bool) -> list[Column]:
    ratio = "HR ({ci})" if together else "Hazard ratio ({ci})"
    ratio = say(study, ratio, ci=interval_name(study))
    one = {say(study, "Patients"): 1.0, say(study, "Events"): 1.0, ratio: 2.6, "P": 0.9}
    one |= {"PH": 0.9} if tested else {}
    if not together:
        return [Column(words(text), "", share) for text, share in one.items()]
    both = {ratio: 2.6, "P": 0.9, **({"PH": 0.9} if tested else {})}
    heads = {"One covariate at a time": one, "Multivariable": both}
    return [
        Column(words(say(study, head)), text, share)
        for head, columns in heads.items()
        for text, share in columns.items()
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
    hr = "CI, confidence interval. HR, hazard ratio." if together else "CI, confidence interval."
    notes = [in_a_row(study, first, hr, TESTED * tested, _exploratory(study))]
    for code in study["analysis"].get("multivariable") or {}:
        if reason := _refused(code, numbers):
            label = study["endpoints"][code]["label"]
            text = "{label}, multivariable: no model ({why})."
            notes.append(say(study, text, label=label, why=retold(study, reason, *REASONS)))
    printed = (cell.text for s in sections for row in s.rows for cell in row.cells)
    return (
        [*notes, say(study, FIRTH, mark=MARK)] if any(MARK in text for text in printed) else notes
    )


def _exploratory(study: dict) -> str:
    """What the P values are worth; the primary one of a trial's arms is none of an exploration."""
    primary, text = study["analysis"]["primary"], "P values are not adjusted for multiple testing"
    if not has_arms(study) or "GROUP" not in study["analysis"]["cox"].get(primary, ()):
        return say(study, f"{text}, and exploratory.")
    label, arms = small(study["endpoints"][primary]["label"]), small(str(study["groups"]["label"]))
    text += ", and exploratory but for {label} by {arms} alone."
    return say(study, text, label=label, arms=arms)


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
        rise = per(numbers.field(ids[0], "method"), unit, study)
        parts = [(*_ratio(s, numbers), *t) for s, t in zip(stems, tests, strict=True)]
        cells = (*size, *(cell for part in parts for cell in part))
        return [Row(narrowed(study, label, rise), cells, 1)]
    found = {m[1]: i for s in stems for m, i in numbers.matching(rf"{s}\.([^.]+)\.hazard_ratio")}
    if not found:
        return []
    reference = numbers.field(next(iter(found.values())), "method").rpartition("reference ")[2]
    text, of = "{label} (reference: {of})", small(level(name, reference, study))
    against = say(study, text, label=label, of=of)
    empty = (words(""), words(""))
    heads = [cell for test in tests for cell in (*empty, *test)]
    rows = [Row(against, (*size, *heads), 1)]
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


def _whole(code: str, numbers: Numbers, tested: bool, study: dict) -> Row:
    """The multivariable model as a whole: its patients and events, its test of PH."""
    size = numbers.cell("{} patients, {} events", f"coxm.{code}.n", f"coxm.{code}.events")
    blank = [words("")] * (5 if tested else 4)
    whole = _test(f"coxm.{code}.GLOBAL", numbers) if tested else ()
    return Row(say(study, "Multivariable model"), (*blank, size.spanning(2), *whole), 1)

"""Rows of the survival table that compare groups beyond the log-rank test."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.contracts.wording import small
from venaza.markup.printed import Row
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group
from venaza.study.labels import interval_name, level, per, variable
from venaza.study.words import narrowed, say


def gray_rows(code: str, width: int, numbers: Numbers, competing: str, study: dict) -> list[Row]:
    """Gray's test of the event and of the competing event, by the name of this."""
    names = {
        "event": say(study, "Gray's test, incidence"),
        "competing": say(study, "Gray's test, {competing}", competing=small(competing)),
    }
    return [
        Row(label, (numbers.chi_square(f"gray.{code}.{kind}").spanning(width),), 1)
        for kind, label in names.items()
        if f"gray.{code}.{kind}.p_value" in numbers
    ]


def stratified_rows(code: str, width: int, numbers: Numbers, study: dict) -> list[Row]:
    """The log-rank test within strata."""
    stem = f"logrank_stratified.{code}"
    if f"{stem}.p_value" not in numbers:
        return []
    label = say(study, "Log-rank test stratified by {strata}", strata=_strata(code, study))
    cell = numbers.chi_square(stem) + numbers.cell(" ({} patients)", f"{stem}.n")
    return [Row(label, (cell.spanning(width),), 1)]


def _strata(code: str, study: dict) -> str:
    names = study["analysis"].get("strata", {}).get(code, [])
    return say(study, " and ").join(small(variable(name, study)[0]) for name in names)


def ratio_rows(code: str, width: int, numbers: Numbers, study: dict) -> list[Row]:
    """Hazard ratios within strata, and those of the subdistribution, each with P."""
    stratified = "Hazard ratio, Cox model stratified by {strata}"
    kinds = {
        "coxs": say(study, stratified, strata=_strata(code, study)),
        "finegray": say(study, "Subdistribution hazard ratio (Fine–Gray)"),
    }
    rows = []
    for kind, what in kinds.items():
        for match, ard_id in numbers.matching(rf"{kind}\.{code}\.([^.]+)\.(.+\.)?hazard_ratio"):
            stem = ard_id.removesuffix(".hazard_ratio")
            compared = _compared(match[1], ard_id, numbers, study)
            label = say(
                study, "{what}: {of} ({ci})", what=what, of=compared, ci=interval_name(study)
            )
            cell = numbers.with_p(numbers.estimate(stem, "hazard_ratio"), stem)
            rows.append(Row(label, (cell.spanning(width),), 1))
    return rows


def _compared(key: str, ard_id: str, numbers: Numbers, study: dict) -> str:
    """``relapsed against newly diagnosed``; ``age, per 10 years``."""
    asked = [n for names in study["analysis"].get("fine_gray", {}).values() for n in names]
    name = next((n for n in asked if slug(n) == key), key)
    label, unit = variable(name, study)
    method, term = numbers.field(ard_id, "method"), numbers.field(ard_id, "term")
    if "; reference " not in method:
        return narrowed(study, small(label), per(method, unit, study))
    reference = level(name, method.rpartition("reference ")[2], study)
    names = {"one": small(level(name, term, study)), "other": small(reference)}
    both = say(study, "{one} against {other}", **names)
    return both if name == "GROUP" else narrowed(study, small(label), both)


def rmst_rows(code: str, shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    """The restricted mean of each group and, of two groups, its difference."""
    months = study["analysis"].get("rmst_months", {}).get(code)
    stems = [f"rmst.{code}.{g.slug}" for g in shown]
    if months is None or not any(f"{stem}.estimate" in numbers for stem in stems):
        return []
    ci = interval_name(study)
    label = say(study, "Restricted mean to {m:g} months, months ({ci})", m=months, ci=ci)
    rows = [Row(label, tuple(numbers.estimate(stem, "estimate") for stem in stems), 1)]
    stem = f"rmst.{code}.difference"
    if f"{stem}.estimate" in numbers:
        cell = numbers.with_p(numbers.estimate(stem, "estimate"), stem)
        label = say(study, "Difference of restricted means ({ci})", ci=ci)
        rows.append(Row(label, (cell.spanning(len(shown)),), 1))
    return rows

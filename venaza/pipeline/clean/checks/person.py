"""Checks of the patient at baseline: age, sex, disease status and what was given before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venaza.contracts.text import tidy
from venaza.pipeline.clean.checks.course import Course, Finding, Settings, of_patient

#: The sex chromosomes of a clone (46,XX or 45,X,-Y), up to the next change.
_SEX = re.compile(r"^\d{2}(?:[~-]\d{2})?,([XY]{1,4})(,[+-][XY])?(?=[,\[/]|$)")


@of_patient
def age_outside_study(course: Course, settings: Settings) -> Iterator[Finding]:
    """Age outside ``limits > age``."""
    low, high = settings.limits["age"]
    age = course.own.get("AGE")
    if age is not None and not low <= age <= high:
        yield course.ask("AGE", value=age, low=low, high=high)


@of_patient
def sex_against_karyotype(course: Course, settings: Settings) -> Iterator[Finding]:
    """A Y chromosome in a woman, or two X and no Y in a man; chimaeric karyotypes are not read."""
    text = re.sub(r"\s", "", tidy(course.own.get("KARYO") or "")).upper()
    found = None if "//" in text else _SEX.match(text)
    if not found:
        return
    chromosomes = found[1] + (found[2] or "")
    sex, male = course.own.get("SEX"), "Y" in chromosomes
    if (sex == "F" and male) or (sex == "M" and not male and found[1].startswith("XX")):
        yield course.ask("KARYO", sex=sex, chromosomes=chromosomes)


@of_patient
def newly_diagnosed_with_prior_lines(course: Course, settings: Settings) -> Iterator[Finding]:
    """ND with one prior line or more, other than a hypomethylating agent before AML."""
    lines = course.own.get("PRIORLN") or 0
    allowed = 1 if course.own.get("PRIORHMA") == "Y" else 0
    if course.own.get("DISSTAT") == "ND" and lines > allowed:
        yield course.ask("PRIORLN", lines=lines)


@of_patient
def relapsed_without_prior_lines(course: Course, settings: Settings) -> Iterator[Finding]:
    """RR with a number of prior lines of 0."""
    if course.own.get("DISSTAT") == "RR" and course.own.get("PRIORLN") == 0:
        yield course.ask("PRIORLN")


@of_patient
def relapsed_at_diagnosis(course: Course, settings: Settings) -> Iterator[Finding]:
    """RR with the diagnosis fewer days before the first dose than a first line takes."""
    day = course.day("DIAG")
    if course.own.get("DISSTAT") != "RR" or day is None:
        return
    if 0 <= -day < settings.limits["pretreated_days"]:
        yield course.ask("DIAGDT", days=-day)


@of_patient
def de_novo_after_hma(course: Course, settings: Settings) -> Iterator[Finding]:
    """ND, de novo, with a prior hypomethylating agent."""
    own = course.own
    if (own.get("DISSTAT"), own.get("DISTYPE"), own.get("PRIORHMA")) == ("ND", "de novo", "Y"):
        yield course.ask("PRIORHMA")

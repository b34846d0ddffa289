"""Checks of genes and karyotype."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venaza.contracts.text import tidy
from venaza.pipeline.clean.checks.course import Course, Finding, Settings, of_cohort, of_patient

_TESTED = ("MUTATED", "WILD-TYPE")
#: Lesions that are favourable in whatever company: core-binding factor and PML::RARA.
_FAVOURABLE = re.compile(r"t\(8;21\)|inv\(16\)|t\(16;16\)|t\(15;17\)", re.IGNORECASE)


@of_patient
def fraction_without_mutation(course: Course, settings: Settings) -> Iterator[Finding]:
    """A variant fraction of a gene that is wild-type or not tested."""
    for row in course.rows("mutations"):
        result = row.get("GERES")
        if result in ("WILD-TYPE", "NOT TESTED") and (row.get("VAF") or 0) > 0:
            yield Finding("mutations", row, "VAF", result=result)


@of_patient
def mutated_with_zero_fraction(course: Course, settings: Settings) -> Iterator[Finding]:
    """A mutated gene with a fraction of 0."""
    for row in course.rows("mutations"):
        if row.get("GERES") == "MUTATED" and row.get("VAF") == 0:
            yield Finding("mutations", row, "VAF", gene=row["GENE"])


@of_patient
def gene_contradicts(course: Course, settings: Settings) -> Iterator[Finding]:
    """A gene that is mutated in one row and wild-type in another."""
    seen: dict[str, str] = {}
    for row in course.rows("mutations"):
        if row.get("GERES") in _TESTED:
            first = seen.setdefault(row["GENE"], row["GERES"])
            if first != row["GERES"]:
                yield Finding("mutations", row, "GERES", gene=row["GENE"])


@of_cohort
def flt3_itd_not_tested(patients: list[Course], settings: Settings) -> Iterator[Finding]:
    """Other genes tested, FLT3-ITD not, in a study in which somebody was tested for it."""
    tested = [
        (course, {r["GENE"] for r in course.rows("mutations") if r.get("GERES") in _TESTED})
        for course in patients
    ]
    if not any("FLT3-ITD" in genes for _, genes in tested):
        return
    for course, genes in tested:
        if genes and "FLT3-ITD" not in genes:
            row = course.rows("mutations")[0]
            yield Finding("mutations", row, "GENE", n=len(genes))


@of_patient
def complex_karyotype_favourable(course: Course, settings: Settings) -> Iterator[Finding]:
    """Favourable risk with as many changes in a clone as make a karyotype complex."""
    text = re.sub(r"\s", "", tidy(course.own.get("KARYO") or ""))
    if course.own.get("RISK") != "favourable" or "//" in text or _FAVOURABLE.search(text):
        return
    changes = max(len(clone.split(",")) - 2 for clone in text.split("/"))
    if changes >= settings.limits["complex_changes"]:
        yield course.ask("KARYO", n=changes)

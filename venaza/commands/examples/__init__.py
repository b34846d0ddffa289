"""Worked patients: small tables of rows given and rows expected, run through the pipeline."""

from venaza.commands.examples.compare import Difference, differences
from venaza.commands.examples.study import examples_of, study_for
from venaza.commands.examples.worked import Example, clean_tables, read_tables, sort_tables

__all__ = [
    "Difference", "Example", "clean_tables", "differences", "examples_of", "read_tables",
    "sort_tables", "study_for",
]  # fmt: skip

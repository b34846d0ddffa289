"""A cell with a value label: the code that was stored, and what the file says that it means."""

from __future__ import annotations

from dataclasses import replace

from venaza.contracts.coded_values import code_of, codes
from venaza.contracts.columns import Column
from venaza.contracts.text import folded, tidy
from venaza.pipeline.clean.cell import Reading, read_cell
from venaza.pipeline.clean.date_rules import Stored


def read_value(
    text: str,
    label: str,
    column: Column,
    how: dict,
    study: dict,
    unit: str | None,
    stored: Stored = Stored(),  # noqa: B008 - frozen
) -> Reading:
    """Read a cell by its value label where it has one, else as it stands.

    The label says what a code means, so it comes before the code; but a word that the study file
    itself maps comes before the label, and a code counts where only it can be read.
    """
    if label == "" or folded(label) == folded(text):
        return read_cell(text, column, how, study, unit, stored)
    if column.dtype == "string" and code_of(tidy(text), how.get("values", {})) is not None:
        return read_cell(text, column, how, study, unit, stored)
    by_label = read_cell(label, column, how, study, unit)
    if by_label.value is not None:
        return replace(by_label, rule="value label")
    if not by_label.problem:
        return by_label
    if column.dtype == "number":
        problem = f"a code whose label '{label}' cannot be read ({by_label.problem})"
        return replace(by_label, problem=problem)
    known = codes(column.name, how, study) if column.dtype == "string" else None
    if known is not None and code_of(tidy(text), known) is None:
        return by_label
    return read_cell(text, column, how, study, unit, stored)

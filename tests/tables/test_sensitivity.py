"""The table of definitions side by side: the one in use first, then what each other changes."""

from __future__ import annotations

from tests.report.cohort import Ard, study
from tests.tables.test_tables import rows
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.sensitivity import sensitivity


def made() -> tuple[Ard, dict]:
    chosen = study()
    chosen["endpoints"]["EFS"] |= {"short": "documented failure"}
    chosen["alternatives"] = {
        "EFS.day0": {**chosen["endpoints"]["EFS"], "short": "failure at day 0", "of": "EFS"}
    }
    numbers = Ard()
    for group in chosen["groups"]["levels"]:
        numbers.add(f"n.ITT.{group}", 20)
        for code, median in (("EFS", 9.87), ("EFS.day0", 0.0)):
            for name, value in (("n", 20), ("events", 15), ("median", median)):
                numbers.add(f"km.{code}.{group}.{name}", value)
            for name in ("median_lower", "median_upper"):
                numbers.add(f"km.{code}.{group}.{name}", median + 1)
        for name, value in (("any", 3), ("status", 1), ("time", 2), ("reason", 0)):
            numbers.add(f"definition.EFS.day0.{group}.{name}.n", value)
    return numbers, chosen


def test_each_definition_has_its_section_and_its_changes():
    numbers, chosen = made()
    printed = rows(sensitivity(Numbers(numbers.frame()), chosen))
    own, other = "EFS, documented failure (used here)", "EFS, failure at day 0"
    assert printed[f"{own} | Events/patients"] == ["15/20"] * 2
    assert f"{own} | Changed (status, time, reason)" not in printed
    assert printed[f"{other} | Changed (status, time, reason)"] == ["3 (1, 2, 0)"] * 2
    medians = [cells for label, cells in printed.items() if "Median" in label]
    assert medians[0] != medians[1]

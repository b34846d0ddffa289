"""Facts worked by hand, as ``derive_facts`` would have found them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from venaza.pipeline.endpoints.fact import COLUMNS, Facts


class Fact(NamedTuple):
    """A dated fact of a milestone, and the row and column that state it."""

    day: int
    domain: str
    variable: str
    seq: int
    name: str
    description: str


class PassedOver(NamedTuple):
    """A fact of a patient that does not count, and why."""

    patient: str
    fact: Fact
    when: str
    what: str


def facts_of(
    found: dict[str, dict[str, list[Fact]]],
    passed: Iterable[PassedOver] = (),
    patients: Iterable[str] = (),
) -> Facts:
    """``Facts`` of each milestone's by patient, in the order of use, and of those passed over."""
    known = [patient for own in found.values() for patient in own]
    facts = Facts(dict.fromkeys([*patients, *known]))
    for name, own in found.items():
        rows = [(patient, *fact, None, None) for patient, of in own.items() for fact in of]
        facts.add(name, _table(rows, facts))
    left = [(item.patient, *item.fact, item.when, item.what) for item in passed]
    facts.pass_over(_table(left, facts))
    return facts


def _table(rows: list[tuple], facts: Facts) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.assign(PATIENT=facts.patients.get_indexer(frame["PATIENT"]))

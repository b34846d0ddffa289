"""FACTS: every dated row that fits a milestone, in the order of use, or why it does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import FACTS
from venaza.contracts.files import conform
from venaza.endpoints.fact import Fact, Facts, PassedOver, described

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    *("USUBJID", "MILESTONE", "DESCRIPTION", "NTH", "ADY"),
    *("SRCDOM", "SRCVAR", "SRCSEQ", "REASON"),
)


def facts_table(
    facts: dict[str, Facts], passed_over: list[PassedOver], study: dict
) -> pd.DataFrame:
    """The facts of ``derive_facts`` and the rows that it passed over (``FACTS``, without dates).

    Rows that count have ``NTH`` 1, 2, ... by patient and milestone; the others have ``REASON``:
    ``after death``, ``before index date``, ``without a known cycle``.
    """
    import pandas as pd

    rows = [
        _row(patient, name, nth, fact, None)
        for name, patients in facts.items()
        for patient, found in patients.items()
        for nth, fact in enumerate(found, start=1)
    ]
    rows += [
        _row(p.patient, p.fact.name, None, p.fact, f"{p.when} {described(p.what, study)}")
        for p in passed_over
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).assign(STUDYID=study["id"])
    order = ["USUBJID", "MILESTONE", "NTH", "ADY", "SRCDOM", "SRCSEQ"]
    return conform(frame.sort_values(order, kind="stable"), FACTS)


def _row(patient: str, name: str, nth: int | None, fact: Fact, reason: str | None) -> tuple:
    said = fact.description
    return patient, name, said, nth, fact.day, fact.domain, fact.variable, fact.seq, reason

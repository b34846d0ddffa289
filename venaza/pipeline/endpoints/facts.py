"""FACTS: every dated row that fits a milestone, in the order of use, or why it does not count."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.analysis import FACTS, MILESTONES
from venaza.contracts.files import conform
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.needs import described


def facts_table(facts: Facts, study: dict) -> pd.DataFrame:
    """The facts and the rows passed over (``FACTS``, without dates).

    Rows that count have ``NTH`` 1, 2, ... by patient and milestone; the others have ``REASON``:
    ``after death``, ``before index date``, ``without a known cycle``.
    """
    left = facts.passed_over
    counted = _counted(facts, study)
    passed = _said(left, facts.column("NAME", left), facts, study)
    frame = pd.concat([counted, passed.assign(REASON=reasons(facts, left, study))])
    order = ["USUBJID", "MILESTONE", "NTH", "ADY", "SRCDOM", "SRCSEQ"]
    return conform(frame.sort_values(order, kind="stable"), FACTS)


def milestones_table(facts: Facts, study: dict) -> pd.DataFrame:
    """The first fact of each milestone and patient (``MILESTONES``, without dates)."""
    frame = _counted(facts, study)
    frame = frame[frame["NTH"] == 1].drop(columns="NTH")
    return conform(frame.sort_values(["USUBJID", "ADY", "MILESTONE"], kind="stable"), MILESTONES)


def _counted(facts: Facts, study: dict) -> pd.DataFrame:
    """All facts, milestone by milestone, with their number in the order of use."""
    names = [*facts]
    rows = [facts.rows(name) for name in names]
    milestone = np.repeat(np.array(names, dtype=object), [len(own) for own in rows])
    frame = _said(np.concatenate(rows), milestone, facts, study)
    return frame.assign(NTH=frame.groupby(["MILESTONE", "USUBJID"], sort=False).cumcount() + 1)


def _said(rows: np.ndarray, milestone: np.ndarray, facts: Facts, study: dict) -> pd.DataFrame:
    """What both tables say of a row."""
    said = {name: facts.column(name, rows) for name in _SAID}
    about = {"STUDYID": study["id"], "USUBJID": facts.patients.take(facts.of(rows))}
    return pd.DataFrame({**about, "MILESTONE": milestone, **said})


_SAID = ("DESCRIPTION", "ADY", "SRCDOM", "SRCVAR", "SRCSEQ")


def reasons(facts: Facts, rows: np.ndarray, study: dict) -> np.ndarray:
    """Why rows that do not count do not: ``after death``."""
    what = facts.column("WHAT", rows)
    words = {name: described(name, study) for name in set(what)}
    pairs = zip(facts.column("WHEN", rows), what, strict=True)
    return np.array([f"{when} {words[name]}" for when, name in pairs], dtype=object)

"""The dated exports of a cohort: what was known on the day, and what was still wrong in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from venaza.commands.simulate.cohort import Cohort
from venaza.commands.simulate.columns import stream
from venaza.commands.simulate.defects import Defect, plant
from venaza.commands.simulate.fates import KNOWN
from venaza.commands.simulate.outline import until_end
from venaza.contracts.clean import ROW_DATE

#: A day that is not known yet, and the column that cannot be known without it.
_WITH = {"EXENDT": "VENDAYS", "KNOWN": "CMRESP", "STOPDT": "STOPREAS", "DTHDT": "DTHCAUS"}


def exports_of(plan: dict) -> list[dict]:
    """The plan's ``exports`` in their order; without any the one of its cut-off."""
    return plan.get("exports", [{"cutoff": plan["cutoff"]}])


def export_of(cohort: Cohort, export: dict) -> tuple[Cohort, list[Defect]]:
    """The cohort as an export of the plan has it, and the defects planted in it.

    ``wrong`` of the export is what the hospital corrected later, ``twice`` the number of a
    second registration that it removed later.
    """
    known = cut(cohort, export["cutoff"], cohort.plan["seed"])
    known, _ = plant(known, export.get("wrong", []))
    for number, how in export.get("twice", {}).items():
        known = register_again(known, number, how)
    return plant(known, cohort.plan.get("defects", []))


def cut(cohort: Cohort, cutoff: str, seed: int) -> Cohort:
    """The cohort as it was known at ``cutoff``: later patients, rows and days are not there yet.

    A patient who died later was alive when last seen, some days before, or on the last day that
    any row names.
    """
    if cutoff == cohort.plan["cutoff"]:
        return cohort
    length = (date.fromisoformat(cutoff) - date.fromisoformat(cohort.plan["first_day"])).days
    last = length - cohort.outline["INDEX"].to_numpy()
    here = np.flatnonzero(last >= 0)
    place = np.cumsum(last >= 0) - 1
    tables = {}
    for name, frame in cohort.tables.items():
        rows = frame[np.isin(frame["PATIENT"], here)]
        rows = _known(rows, ROW_DATE.get(name), last[rows["PATIENT"].to_numpy()])
        tables[name] = rows.assign(PATIENT=place[rows["PATIENT"]]).reset_index(drop=True)
    outline, numbers = cohort.outline.iloc[here].reset_index(drop=True), cohort.numbers[here]
    end, last = outline["END"].to_numpy().copy(), last[here]
    named = _last_days(tables, len(end))
    for i in np.flatnonzero(end > last):
        unseen = int(stream(seed, KNOWN, digits(numbers[i])).integers(2, 24))
        end[i] = max(named[i], last[i] - unseen, 0)
    outline = until_end(outline.assign(END=end, DEAD=outline["DEAD"] & (outline["END"] <= last)))
    people = tables["patients"]
    alive = people["SURVSTAT"].where(outline["DEAD"] | (people["SURVSTAT"] != "DEAD"), "ALIVE")
    tables["patients"] = people.assign(LSTALVDT=end, SURVSTAT=alive)
    plan = {**cohort.plan, "cutoff": cutoff}
    return replace(cohort, plan=plan, outline=outline, tables=tables, numbers=numbers)


def _known(rows: pd.DataFrame, day: str | None, last: np.ndarray) -> pd.DataFrame:
    """The rows whose ``day`` had come by ``last``, without the other days that had not."""
    if day is not None:
        come = rows[day].astype(float).to_numpy() <= last
        rows, last = rows[come], last[come]
    rows = rows.copy()
    for name in [name for name in rows if name.endswith("DT") or name in _WITH]:
        later = rows[name].astype(float).to_numpy() > last
        rows.loc[later, [name, *({_WITH.get(name)} & {*rows})]] = None
    return rows


def _last_days(tables: dict[str, pd.DataFrame], n: int) -> np.ndarray:
    """The last day that any row of each patient names."""
    found = np.full(n, -np.inf)
    for rows in (tables[name] for name in ROW_DATE if name in tables):
        for days in (rows[name].astype(float) for name in rows if name.endswith("DT")):
            known = days.notna()
            np.maximum.at(found, rows.loc[known, "PATIENT"].to_numpy(), days[known].to_numpy())
    return found


def register_again(cohort: Cohort, number: str, how: dict) -> Cohort:
    """The cohort with a second registration of ``patient`` as ``number``.

    It has the baseline, and of the ``tables`` the rows up to day ``until``.
    """
    patient = list(cohort.numbers).index(how["patient"])
    tables = dict(cohort.tables)
    for name in ("patients", *how["tables"]):
        rows = tables[name][tables[name]["PATIENT"] == patient]
        if name != "patients":
            rows = rows[rows[ROW_DATE[name]].astype(float) <= how["until"]]
        tables[name] = pd.concat([tables[name], rows.assign(PATIENT=cohort.n)], ignore_index=True)
    outline = pd.concat([cohort.outline, cohort.outline.iloc[[patient]]], ignore_index=True)
    numbers = np.array([*cohort.numbers, number], dtype=object)
    return replace(cohort, outline=outline, tables=tables, numbers=numbers)


def digits(number: str) -> int:
    """The digits of a patient's number, as a word of a random stream."""
    return int("".join(c for c in number if c.isdigit()))

"""A cohort made by a plan: outlines drawn or placed, the tables' rows, numbers and dates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from venaza.commands.simulate.columns import stream
from venaza.commands.simulate.outline import SCHEDULE, drawn, placed
from venaza.commands.simulate.patients import follow, outline_of, tables_of
from venaza.commands.simulate.records import records
from venaza.commands.simulate.schedule import schedule_of
from venaza.contracts.errors import StudyError


@dataclass
class Cohort:
    """``tables`` have PATIENT, the place in ``numbers`` (what each patient is called)."""

    plan: dict
    outline: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    numbers: np.ndarray

    @property
    def n(self) -> int:
        """How many patients there are."""
        return len(self.outline)

    def rows(self, table: str, first: int, last: int) -> pd.DataFrame:
        """The rows of a table that belong to the patients from ``first`` up to ``last``."""
        frame = self.tables[table]
        place = frame["PATIENT"].to_numpy()
        return frame.iloc[slice(*np.searchsorted(place, [first, last]))].reset_index(drop=True)

    def baseline(self, column: str) -> np.ndarray:
        """A column of the patients, in their order."""
        return self.tables["patients"][column].to_numpy(object)

    def dates(self, rows: pd.DataFrame) -> dict[str, np.ndarray]:
        """The day columns of ``rows`` as ISO dates; empty text for what did not happen."""
        first = np.datetime64(self.plan["first_day"], "D")
        index = self.outline["INDEX"].to_numpy()[rows["PATIENT"].to_numpy()]
        found = {}
        for name in (name for name in rows if name.endswith("DT")):
            days = rows[name].astype(float).to_numpy()
            known = ~np.isnan(days)
            whole = np.where(known, index + np.nan_to_num(days), 0).astype("timedelta64[D]")
            found[name] = np.where(known, (first + whole).astype(str), "").astype(object)
        return found


def read_plan(root: Path, name: str) -> dict:
    """The plan ``config/simulate/NAME.yaml``. Raises ``StudyError`` where there is none."""
    from venaza.study.documents import read_yaml

    known = sorted(path.stem for path in (root / "config/simulate").glob("*.yaml"))
    if name not in known:
        raise StudyError(
            f"There is no plan to simulate a cohort like '{name}'.",
            fix=f"Plans in config/simulate/: {', '.join(known)}.",
            value=name,
        )
    return read_yaml(root / f"config/simulate/{name}.yaml", f"config/simulate/{name}.yaml")


def make_cohort(plan: dict, seed: int, n: int | None = None) -> Cohort:
    """``n`` patients drawn by the plan, or without ``n`` those that it places itself."""
    if n is None and "course" in plan:
        return _followed(plan, seed)
    number = len(plan["patients"]) if n is None else n
    schedule = schedule_of(plan, number, stream(seed, SCHEDULE))
    if n is None:
        plan = {**plan, "placed": True}
        outline = placed(plan, seed, schedule)
    else:
        outline = drawn(plan, n, seed, schedule)
    tables = records(plan, outline, schedule, seed)
    patients = tables["patients"]
    genes = tables["genes"]
    tables["patients"] = patients.join(genes)
    tables["genes"] = genes.assign(PATIENT=np.arange(number))
    names = [plan["number"].format(i) for i in range(1, number + 1)]
    return Cohort(plan, outline, tables, np.array(names, dtype=object))


def _followed(plan: dict, seed: int) -> Cohort:
    """The plan's own patients, followed one by one by its ``course``."""
    patients, called = follow(plan, seed), plan["numbers"]
    usual, other = called["usual"], called.get("other", {})
    names = [other.get(str(p.number), usual.format(p.number)) for p in patients]
    return Cohort(plan, outline_of(patients), tables_of(patients), np.array(names, dtype=object))

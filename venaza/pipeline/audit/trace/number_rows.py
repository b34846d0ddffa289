"""The rows behind a number: those of its selection, by patient, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from venaza.contracts.results import slug
from venaza.contracts.selections import Selection, by_number, members_of, read, rows_of, takes
from venaza.contracts.truth import is_true
from venaza.contracts.wording import natural, shown

_TITLES = {"adsl": "Patients", "ard": "Numbers of this study"}


@dataclass(frozen=True)
class NumberRows:
    """The rows behind a number, its selection, and the patients whose rows could be among them."""

    selection: Selection
    frame: pd.DataFrame
    members: list[str]

    @property
    def title(self) -> str:
        """What the rows are."""
        if self.selection.references:
            return "Published numbers"
        return _TITLES.get(self.selection.table, "Analysis rows")

    @property
    def account(self) -> str:
        """How many rows there are, and of how many patients."""
        if self.selection.table == "ard":
            return _counted(len(self.frame), "number")
        patients = self.frame["USUBJID"].nunique()
        account = f"{_counted(len(self.frame), 'row')} of {_counted(patients, 'patient')}"
        return account + (f" among {len(self.members)}" if patients < len(self.members) else "")

    @property
    def tables(self) -> list[str]:
        """The tables that the rows come from, their own first."""
        if self.selection.table == "ard":
            return ["statistics/ard"]
        return list(dict.fromkeys([f"endpoints/{self.selection.table}", "endpoints/adsl"]))


def rows_of_number(ard_id: str, tables: dict[str, pd.DataFrame]) -> NumberRows:
    """The rows that a number of the ARD was computed from; ``tables`` as ``read_results``."""
    selection = by_number(tables)[ard_id]
    frame = rows_of(selection, tables)
    if selection.table == "ard":
        return NumberRows(selection, frame.reset_index(drop=True), [])
    members = sorted(members_of(selection, tables)["USUBJID"], key=natural)
    order = sorted(range(len(frame)), key=lambda i: (natural(frame["USUBJID"].iloc[i]), i))
    return NumberRows(selection, frame.iloc[order].reset_index(drop=True), members)


def numbers_of_patient(patient: str, tables: dict[str, pd.DataFrame], study: dict) -> list[str]:
    """The ids of the numbers of which a row of the patient is behind, in the order of the ARD.

    Of a count these are the patients counted, of anything else all that it was computed from.
    A published number counts whom the number counts that it is held against.
    """
    own = {
        name: frame[is_true(frame["USUBJID"] == patient)]
        for name, frame in tables.items()
        if name.startswith("endpoints/") and "USUBJID" in frame
    }
    taking = {
        number
        for number, selection in read(tables["statistics/selections"]).items()
        if selection.table != "ard" and takes(selection, own)
    }
    which = tables["statistics/ard_selections"]
    found = set(which.loc[which["SELECTION"].isin(taking), "ard_id"])
    ard = tables["statistics/ard"].to_dict("records")
    published = [number for number in ard if number["analysis"] == "published"]
    found |= {n["ard_id"] for n in published if held_against(n, study) in found}
    return [number["ard_id"] for number in ard if number["ard_id"] in found]


def held_against(number: dict, study: dict) -> str:
    """The id of the number of ours that a published number is held against; may be empty."""
    template = study["published"]["numbers"].get(number["endpoint"], "")
    return template.format(group=group_key(number))


def group_key(number: dict) -> str:
    """The part of a number's id that names its group."""
    group = shown(number["group"])
    return slug(group) if group else "all"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"

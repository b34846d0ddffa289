"""The rows that a number was computed from, as data: a selection of an analysis table."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from venaza.contracts.columns import Column
from venaza.contracts.truth import is_true

if TYPE_CHECKING:
    import pandas as pd

SELECTIONS = (
    Column("SELECTION", "integer", "Number of the selection, 1 first"),
    Column("TABLE", "string", "Analysis table, or ard for numbers of the ARD"),
    Column("MEMBERS", "string", "Conditions on ADSL as JSON: whose rows count"),
    Column("CONDITION", "string", "Conditions on the rows of the table as JSON"),
    Column("OTHERWISE", "string", "Conditions as JSON for who has no row by CONDITION"),
    Column("EVERY", "string", "Y where each member has a line even without a row"),
    Column("CHANGE", "string", "Milestone or ADSL column whose day is CHANGEDY"),
    Column("COLUMNS", "string", "What of a row is taken, as JSON; what it lacks is of ADSL"),
    Column("REFERENCES", "string", "Reference files that the number was read from, as JSON"),
)
ARD_SELECTIONS = (
    Column("ard_id", "string", "Number"),
    Column("SELECTION", "integer", "Its rows, in selections"),
)
#: What of a row points at the clean record that it came from.
POINTERS = {
    **dict.fromkeys(("adtte", "adrs", "adlb", "tls"), ("SRCDOM", "SRCVAR", "SRCSEQ")),
    "adae": ("AESEQ",),
}
#: A column (``A|B`` is B where A is empty), an operator of ``_fits`` and a value.
Condition = tuple[str, str, object]


@dataclass(frozen=True)
class Selection:
    """Rows of ``table`` by ``where``, of the patients of ADSL by ``members``.

    ``every`` member has a line, even without a row; ``otherwise`` counts for who has no row by
    ``where``. The column ``CHANGEDY`` is the day of ``change``, a milestone or a column of ADSL.
    ``references`` are the files that a published number was read from.
    """

    table: str
    columns: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    members: tuple[Condition, ...] = ()
    otherwise: tuple[Condition, ...] = ()
    every: bool = False
    change: str | None = None
    references: tuple[str, ...] = ()

    def among(self, members: tuple[Condition, ...]) -> Selection:
        """The same of these patients only; numbers of the ARD have no patients."""
        if self.table == "ard":
            return self
        return replace(self, members=tuple(dict.fromkeys((*members, *self.members))))

    def asked(self, column: str) -> object:
        """The value, or the values, that the rows have in ``column``; None without a condition."""
        found = (v for name, how, v in self.where if name == column and how in ("=", "in"))
        return next(found, None)

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table of patients (with what the conditions name) that are taken."""
        return frame[fits(frame, (*self.members, *self.where))]


def distinct(selections: list[Selection]) -> tuple[list[Selection], list[int]]:
    """The distinct ones in their order, and the number of each, 1 first."""
    places: dict[Selection, int] = {}
    numbers = [places.setdefault(selection, len(places) + 1) for selection in selections]
    return list(places), numbers


def tabled(found: list[Selection]) -> pd.DataFrame:
    """Selections as rows of ``SELECTIONS``."""
    import pandas as pd

    rows = [
        {
            "SELECTION": n,
            "TABLE": one.table,
            "MEMBERS": _json(one.members),
            "CONDITION": _json(one.where),
            "OTHERWISE": _json(one.otherwise) if one.otherwise else None,
            "EVERY": "Y" if one.every else None,
            "CHANGE": one.change,
            "COLUMNS": _json(one.columns),
            "REFERENCES": _json(one.references) if one.references else None,
        }
        for n, one in enumerate(found, 1)
    ]
    return pd.DataFrame(rows, columns=[column.name for column in SELECTIONS])


def read(table: pd.DataFrame) -> dict[int, Selection]:
    """The selections of a table ``SELECTIONS`` by their number."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return {
        int(row["SELECTION"]): Selection(
            row["TABLE"],
            _read(row["COLUMNS"]),
            _read(row["CONDITION"]),
            _read(row["MEMBERS"]),
            _read(row["OTHERWISE"]),
            row["EVERY"] == "Y",
            row["CHANGE"],
            _read(row["REFERENCES"]),
        )
        for row in rows
    }


def by_number(tables: dict[str, pd.DataFrame]) -> dict[str, Selection]:
    """The selection of each number by its id."""
    chosen = read(tables["statistics/selections"])
    which = tables["statistics/ard_selections"]
    return {
        key: chosen[number] for key, number in zip(which["ard_id"], which["SELECTION"], strict=True)
    }


def _json(value: tuple) -> str:
    return json.dumps(value, ensure_ascii=False)


def _read(text: str | None) -> tuple:
    return _frozen(json.loads(text)) if text else ()


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def rows_of(selection: Selection, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows with the columns that the selection names, and what points at their source.

    ``tables`` are by stage and name (``endpoints/adsl``); rows come in the order of ADSL.
    """
    if selection.table == "ard":
        ard = tables["statistics/ard"]
        return ard.loc[fits(ard, selection.where), list(selection.columns)]
    members = members_of(selection, tables)
    if selection.table == "adsl":
        return members.loc[fits(members, selection.where), list(selection.columns)]
    held = tables[f"endpoints/{selection.table}"]
    wanted = [*selection.columns, *POINTERS[selection.table]]
    if selection.change:
        members = members.assign(CHANGEDY=days_of(selection.change, members, tables))
    taken = fits(held, selection.where)
    if selection.otherwise:
        others = ~held["USUBJID"].isin(held.loc[taken, "USUBJID"])
        taken |= others & fits(held, selection.otherwise)
    own = held.loc[taken, ["USUBJID", *(c for c in wanted if c in held and c != "USUBJID")]]
    kept = ["USUBJID", *(c for c in wanted if c not in held)]
    how = "left" if selection.every else "inner"
    return members[kept].merge(own, on="USUBJID", how=how)[wanted]


def takes(selection: Selection, tables: dict[str, pd.DataFrame]) -> bool:
    """Whether there is any row."""
    members = members_of(selection, tables)
    if selection.table == "adsl":
        return bool(fits(members, selection.where).any())
    held = tables[f"endpoints/{selection.table}"]
    held = held[held["USUBJID"].isin(members["USUBJID"])]
    kinds = [selection.where, *([selection.otherwise] if selection.otherwise else [])]
    own = any(fits(held, conditions).any() for conditions in kinds)
    return bool(len(members)) and (selection.every or own)


def members_of(selection: Selection, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The patients of ADSL whose rows count."""
    adsl = tables["endpoints/adsl"]
    return adsl[fits(adsl, selection.members)]


def days_of(change: str, members: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """The day of a change from index of each of the patients."""
    if change in members:
        return members[change].astype("Float64")
    facts = tables["endpoints/milestones"]
    facts = facts[facts["MILESTONE"] == change]
    days = dict(zip(facts["USUBJID"], facts["ADY"], strict=True))
    return members["USUBJID"].map(days).astype("Float64")


def fits(frame: pd.DataFrame, conditions: tuple[Condition, ...]) -> pd.Series:
    """Which rows hold all the conditions; nothing is known of an empty value but that it is."""
    import pandas as pd

    found = pd.Series(True, index=frame.index)
    for column, operator, wanted in conditions:
        first, *others = column.split("|")
        values = frame[first]
        for name in others:
            values = values.fillna(frame[name])
        found &= _fits(values, operator, wanted)
    return found


def _fits(values: pd.Series, operator: str, wanted: object) -> pd.Series:
    if operator == "none":
        return values.isna()
    if operator == "some":
        return values.notna()
    if operator in ("=", "or none"):
        same = is_true(values == _alike(values, wanted))
        return same if operator == "=" else same | values.isna()
    if operator == "in":
        return is_true(values.isin(list(wanted)))
    if operator == "starts":
        return is_true(values.str.startswith(wanted))
    if operator == "starts not":
        return ~is_true(values.str.startswith(wanted))
    if operator == "lists":
        listed = ", " + values.str.replace(r"^.*?: |\)$", "", regex=True) + ", "
        return is_true(listed.str.contains(f", {wanted}, ", regex=False))
    return is_true(values <= wanted if operator == "<=" else values >= wanted)


def _alike(values: pd.Series, wanted: object) -> object:
    """The value as the column has it: a level of a number column is written as text."""
    from pandas.api.types import is_numeric_dtype

    return float(wanted) if is_numeric_dtype(values) else str(wanted)

"""What a column is: its name, type, label, unit and how it came about."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: Types a column may have. ``date`` is a calendar day; flags are ``string`` with Y or N.
DTYPES = ("string", "integer", "number", "date")

PANDAS_DTYPE = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "date": "datetime64[ns]",
}


@dataclass(frozen=True)
class Column:
    """One column of a table that the pipeline writes.

    ``derivation`` says in a sentence how the value is made; it is written into the
    Parquet file beside the label and the unit, so that a file explains itself.
    """

    name: str
    dtype: str
    label: str
    unit: str = ""
    derivation: str = ""

    def __post_init__(self) -> None:
        if self.dtype not in DTYPES:
            raise ValueError(f"{self.name}: dtype {self.dtype!r} is not one of {DTYPES}")

    def derived(self, derivation: str) -> Column:
        """The same column with another account of how it is made."""
        return replace(self, derivation=derivation)


def study_columns(study: dict) -> dict[str, Column]:
    """The columns of ``patients`` that a study file adds, by name."""
    own = study["columns"]
    return {c["name"]: Column(c["name"], c["type"], c["label"], c["unit"]) for c in own}


def date_columns(stem: str, label: str) -> tuple[Column, Column, Column]:
    """A date as the clean tables keep it: the day, days from index, imputation flag.

    ``XDT`` is empty in a study that gives study days only; ``XDY`` counts days from the
    index date (index = 0, before it negative); ``XDTF`` is CDISC's imputation flag
    (``D`` day imputed, ``M`` month and day imputed, ``Y`` all of it: a response dated by its cycle;
    empty where the date was complete).
    """
    return (
        Column(f"{stem}DT", "date", label),
        Column(f"{stem}DY", "integer", f"{label}, days from index", "days", f"{stem}DT - INDEXDT"),
        Column(f"{stem}DTF", "string", f"{label}, imputation flag"),
    )


def names(columns: tuple[Column, ...]) -> list[str]:
    """The names of the columns, in order."""
    return [column.name for column in columns]

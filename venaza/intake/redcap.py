"""REDCap's value labels: what the data dictionary says that a code means, beside each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.codes import code_key
from venaza.contracts.headers import header_key

if TYPE_CHECKING:
    import pandas as pd


def add_labels(cells: pd.DataFrame, redcap: dict | None) -> pd.DataFrame:
    """``cells`` with the labels of codes in the sheets that hold the dictionary's records.

    Such a sheet has the column of the record's number, the first field of the dictionary. A label
    that the file itself gave stays.
    """
    if not redcap or not redcap["fields"] or cells.empty:
        return cells
    names = {header_key(name): name for name in redcap["fields"]}
    names |= {header_key(header): name for header, name in redcap["headers"].items()}
    record = next(iter(redcap["fields"]))
    field = cells["HEADER"].map(lambda h: names.get(header_key(h)) if isinstance(h, str) else None)
    sheet = cells["SRCFILE"] + "\n" + cells["SRCSHEET"]
    own = sheet.isin(set(sheet[field == record]))
    choices = {
        name: {code_key(code): shown for code, shown in spec["choices"].items()}
        for name, spec in redcap["fields"].items()
    }
    labels = [
        choices.get(name, {}).get(code_key(value), label)
        if ours and isinstance(value, str)
        else label
        for name, value, label, ours in zip(field, cells["VALUE"], cells["LABEL"], own, strict=True)
    ]
    kept = [
        old if isinstance(old, str) else new
        for old, new in zip(cells["LABEL"], labels, strict=True)
    ]
    return cells.assign(LABEL=kept)

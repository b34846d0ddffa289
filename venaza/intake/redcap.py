"""REDCap's value labels: what the data dictionary says that a code means, beside each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    labels = [
        redcap["fields"].get(name, {}).get("choices", {}).get(value, label) if ours else label
        for name, value, label, ours in zip(field, cells["VALUE"], cells["LABEL"], own, strict=True)
    ]
    kept = [
        old if isinstance(old, str) else new
        for old, new in zip(cells["LABEL"], labels, strict=True)
    ]
    return cells.assign(LABEL=kept)

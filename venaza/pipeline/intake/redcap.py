"""REDCap's value labels: what the data dictionary says that a code means, beside each cell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.codes import code_key
from venaza.contracts.headers import header_key
from venaza.pipeline.intake.categories import numbered, of_codes


def add_labels(cells: pd.DataFrame, redcap: dict | None) -> pd.DataFrame:
    """``cells`` with the labels of codes in the sheets that hold the dictionary's records.

    Such a sheet has the column of the record's number, the first field of the dictionary. A label
    that the file itself gave stays.
    """
    if not redcap or not redcap["fields"] or cells.empty:
        return cells
    names = {header_key(name): name for name in redcap["fields"]}
    names |= {header_key(header): name for header, name in redcap["headers"].items()}
    choices = {
        name: {code_key(code): shown for code, shown in spec["choices"].items()}
        for name, spec in redcap["fields"].items()
    }
    asked = ["SRCFILE", "SRCSHEET", "HEADER", "VALUE", "LABEL"]
    number, first = numbered(cells, asked)
    lines = cells[asked].iloc[first].astype("object")
    lines["FIELD"] = [
        names.get(header_key(h)) if isinstance(h, str) else None for h in lines["HEADER"]
    ]
    record = next(iter(redcap["fields"]))
    sheets = list(zip(lines["SRCFILE"], lines["SRCSHEET"], strict=True))
    own = {sheet for sheet, field in zip(sheets, lines["FIELD"], strict=True) if field == record}
    labels: dict[str, int] = {}
    codes = []
    columns = zip(lines["FIELD"], lines["VALUE"], lines["LABEL"], sheets, strict=True)
    for field, value, label, sheet in columns:
        if not isinstance(label, str):
            known = sheet in own and isinstance(value, str)
            label = choices.get(field, {}).get(code_key(value)) if known else None
        codes.append(-1 if label is None else labels.setdefault(label, len(labels)))
    made = of_codes(np.array(codes, dtype=np.int32)[number], list(labels))
    return cells.assign(LABEL=made)

"""What a folder of data sets holds: data sets, variables, codes and what was changed, as data.

It says what a Define-XML would say first, and is none: no OIDs, no origins, no controlled
terminology by its C-codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from venaza.contracts.files import csv_text
from venaza.pipeline.bridges import DATASETS

_VARIABLES = (
    "dataset",
    "variable",
    "label",
    "type",
    "length",
    "format",
    "unit",
    "derivation",
    "column",
    "codes",
)
_CHANGED = ("dataset", "variable", "what", "original", "written", "rows")


def definition(
    study: dict, files: Mapping[str, int], variables: list[dict], changed: list[dict]
) -> dict:
    """The definition of the files: ``files`` is file name -> rows, ``variables`` their columns."""
    return {
        "standard": "ADaM names, labels and structure as far as the study has them; no Define-XML",
        "study": study["id"],
        "export": study["export"],
        "datasets": [
            {
                "name": file.split(".")[0].upper(),
                "label": DATASETS[file.split(".")[0]],
                "file": file,
                "rows": rows,
                "source": f"endpoints/{file.split('.')[0]}.parquet",
            }
            for file, rows in files.items()
        ],
        "variables": variables,
        "changed": changed,
    }


def variables_csv(variables: Iterable[dict]) -> str:
    """One line per variable; codes as ``value=label`` joined by semicolons."""
    rows = [
        {**row, "codes": "; ".join(f"{c['value']}={c['label']}" for c in row["codes"])}
        for row in variables
    ]
    return _csv(_VARIABLES, rows)


def changed_csv(changed: Iterable[dict]) -> str:
    """One line per name, label, code, text or number that is not as in the results."""
    return _csv(_CHANGED, changed)


def _csv(header: tuple[str, ...], rows: Iterable[dict]) -> str:
    return csv_text([header, *([str(row[name]) for name in header] for row in rows)])

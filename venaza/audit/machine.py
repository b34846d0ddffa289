"""``why`` as JSON: one number with its analysis rows, their raw cells and the files' hashes."""

from __future__ import annotations

import json
from pathlib import Path

from venaza.audit.behind import rows_behind
from venaza.audit.markup import shown
from venaza.audit.patients import definition
from venaza.audit.results import number_of, of_stage, read_results
from venaza.audit.sources import ADDED, with_sources


def why_json(results: Path, study: dict, ard_id: str) -> str:
    """One number as JSON: keys sorted, UTF-8, null for what is missing.

    ``results`` is ``results/STUDY``. Raises ``StudyError`` for a number that is not there.
    """
    tables = read_results(results)
    number = number_of(tables, ard_id)
    behind = rows_behind(number, tables, study)
    frame = behind.frame
    if "SRCDOM" in frame:
        frame = with_sources(frame, of_stage(tables, "clean"), tables["intake/cells"], study)
    endpoint = study["endpoints"].get(shown(number["endpoint"]))
    answer = {
        "study": study["id"],
        "export": str(study["export"]),
        "number": _plain(number),
        "definition": definition(endpoint) if endpoint else None,
        "rows": [_row(row) for row in frame.to_dict("records")],
        "raw_files": []
        if behind.references
        else [_plain(row) for row in tables["intake/files"].to_dict("records")],
    }
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)


def _row(row: dict) -> dict:
    plain = _plain({str(k): v for k, v in row.items() if k not in ADDED})
    return plain | {"cell": _plain({k: row.get(k) for k in ADDED}) if "RAW" in row else None}


def _plain(row: dict) -> dict:
    import pandas as pd

    return {k: None if pd.isna(v) else _value(v) for k, v in row.items()}


def _value(value: object) -> object:
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, (int, float, str)) else shown(value)

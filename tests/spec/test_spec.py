"""Every hand-worked patient of this folder comes out of the pipeline as expected."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.spec.spec import cases, clean_tables, study_of
from venaza.endpoints.build import derive

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{c.file}: {c.title}" for c in CASES])
def test_hand_worked_patients(case):
    study = study_of(case)
    made = derive(clean_tables(case, study), study)
    assert case.expected, "a case without expected rows shows nothing"
    for name, rows in case.expected.items():
        table, _, code = name.partition(" ")
        frame = made["adtte_excluded" if table == "excluded" else table]
        if code:
            frame = frame[frame["PARAMCD"] == code]
            assert sorted(frame["USUBJID"]) == sorted(row["USUBJID"] for row in rows), name
        for row in rows:
            keys = [k for k in ("USUBJID", "ADY") if k in row and (k == "USUBJID" or not code)]
            match = frame
            for key in keys:
                match = match[match[key].astype("string") == row[key]]
            assert len(match) == 1, f"{name}: {row}"
            got = {column: _text(match.iloc[0][column]) for column in row}
            assert got == row, name


def _text(value) -> str:
    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_every_definition_of_the_library_has_a_case():
    import yaml

    from tests.spec.spec import ROOT

    library = yaml.safe_load((ROOT / "config/endpoints.yaml").read_text(encoding="utf-8"))
    wanted = {(code, name) for code, names in library["definitions"].items() for name in names}
    shown = {pair for case in CASES for pair in case.endpoints.items()}
    assert wanted <= shown

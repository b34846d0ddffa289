"""Every hand-worked patient of this folder comes out of the pipeline as expected."""

from __future__ import annotations

import pytest
import yaml

from tests.spec.spec import ROOT, cases, study_of
from venaza.commands.examples import differences

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{c.file}: {c.name}" for c in CASES])
def test_hand_worked_patients(case):
    assert case.expected, "a case without expected rows shows nothing"
    assert [str(found) for found in differences(case, study_of(case))] == []


def test_every_definition_of_the_library_has_a_case():
    library = yaml.safe_load((ROOT / "config/endpoints.yaml").read_text(encoding="utf-8"))
    wanted = {(code, name) for code, names in library["definitions"].items() for name in names}
    shown = {pair for case in CASES for pair in case.endpoints.items()}
    assert wanted <= shown

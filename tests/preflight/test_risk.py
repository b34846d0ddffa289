"""Risk groups in a study file: what is refused, and with which words."""

from __future__ import annotations

import pytest
import yaml

from tests.copies import copied
from venaza.contracts.errors import StudyError
from venaza.preflight import load_study


@pytest.fixture
def loaded(tmp_path):
    """Loads the public study with a section ``risk``."""
    copied(tmp_path, "data/raw/bmt")

    def load(risk: dict | None) -> dict:
        path = tmp_path / "config/studies/bmt.yaml"
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if risk is not None:
            document["risk"] = risk
        path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        return load_study(tmp_path, "bmt")

    return load


def test_without_the_section_no_table_is_read(loaded):
    study = loaded(None)
    assert (study["risk"], study["risk_tables"]) == (None, {})


def test_every_scheme_and_the_karyotypes_are_read(loaded):
    tables = loaded({"scheme": "eln2022"})["risk_tables"]
    assert list(tables["schemes"]) == ["eln2022", "eln2024_less_intensive", "four_gene"]
    assert "t(8;21)" in tables["karyotype"]["lesions"]


def test_derived_groups_are_variables_with_their_levels_in_order(loaded):
    levels = loaded({"scheme": "eln2024_less_intensive"})["levels"]
    assert levels["RISKDRV"] == levels["RISK2024"] == ["favourable", "intermediate", "adverse"]
    assert levels["SIG4"][0] == "higher benefit"


@pytest.mark.parametrize(
    ("risk", "words"),
    [
        ({"scheme": "eln2010"}, "'eln2010' is not allowed here"),
        ({"compare_with": "RISK"}, "The key 'scheme' is missing"),
        ({"scheme": "eln2022", "compare_with": "RISK"}, "'RISK' is not a column of this study"),
        ({"scheme": "eln2022", "panels": {}}, "Unknown key 'panels'"),
    ],
)
def test_what_cannot_be_is_refused(loaded, risk, words):
    with pytest.raises(StudyError, match=words):
        loaded(risk)

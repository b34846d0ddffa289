"""A published number leads to its row and its table, not to patients of this study."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from tests.audit.conftest import CONTRACTS, stand_on
from tests.shown_evidence import ROOT, TRIALS, with_evidence
from venaza.contracts.files import conform, read_table, write_table
from venaza.contracts.record import file_hash
from venaza.contracts.results import ARD
from venaza.pipeline.audit.trace.printed import why, why_json

COHORTS = "data/reference/reference_cohorts.csv"


@pytest.fixture
def shown(results, study):
    """The made-up results with the numbers of the evidence, and the reference tables."""
    path = results / "statistics/ard.parquet"
    own = read_table(path)
    rates = pd.DataFrame({"ard_id": ["rate_all.CRC.ND.percent", "km.OS.ND.median"]})
    both = pd.concat([own, conform(rates, ARD)], ignore_index=True)
    wanted, numbers, rows = with_evidence(study, both, settings={"ND": "ND"})
    write_table(numbers.drop_duplicates("ard_id"), ARD, path)
    for name, table in stand_on(rows["selections"]).items():
        write_table(table, CONTRACTS[name], results / f"{name}.parquet")
    target = results.parents[1] / "data/reference"
    shutil.copytree(ROOT / "data/reference", target, dirs_exist_ok=True)
    return results, wanted


def test_why_names_row_source_and_file(shown):
    text = why(*shown, "evidence.rate.ND.viale_a_ven_cr_cri.percent")
    flat = " ".join(text.split())
    assert f"{COHORTS}, row viale_a_ven_cr_cri: DiNardo et al." in flat
    assert "counts as published" in flat
    assert "Published numbers: 5 numbers" in text
    assert "evidence.rate.ND.viale_a_ven_cr_cri.denominator  286" in text
    assert file_hash(ROOT / COHORTS) in text
    assert "clean/patients" not in text
    assert "data/raw" not in text


def test_a_pooled_rate_leads_to_what_was_pooled(shown):
    text = why(*shown, "evidence.pool.ND.CR_CRi.venetoclax.all.percent")
    assert "Published numbers: 9 numbers" in text
    assert "viale_a_ctl" not in text, "azacitidine alone is another regimen"
    for series, count in (("viale_a_ven", 190), ("viale_c_ven", 69), ("mayo", 247)):
        assert f"evidence.rate.ND.{series}_cr_cri.n" in text
        assert f" {count} " in text
    assert "uk_nhs" not in text


def test_counts_of_trials_lead_to_their_table(shown):
    assert file_hash(ROOT / TRIALS) in why(*shown, "evidence.n.trials")


def test_the_json_names_no_raw_file(shown):
    answer = json.loads(why_json(*shown, "evidence.other.ND.uk_nhs_os.median"))
    assert answer["number"]["display"] == "13.6"
    assert answer["raw_files"] == []
    assert [row["ard_id"].rpartition(".")[2] for row in answer["rows"]] == [
        *("median", "lower", "upper")
    ]

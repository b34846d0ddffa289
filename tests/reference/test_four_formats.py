"""The same cohort in four formats: the same clean tables and the same analysis results."""

from __future__ import annotations

import functools
from pathlib import Path

import pandas as pd
import pytest

from tests.reference import four_formats
from venaza.contracts.clean import TABLES
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.privacy.protect import protect
from venaza.pipeline.statistics import analyse
from venaza.preflight import check_headers, export_files, load_study, settings

ROOT = Path(__file__).parents[2]
STUDIES = ("myeloid", "bmt")
FORMATS = {
    "chinese": four_formats.chinese,
    "redcap": four_formats.redcap,
    "redcap_labelled": functools.partial(four_formats.redcap, labelled=True),
    "spss": four_formats.spss,
    "wide": four_formats.wide,
}


def run(root: Path, name: str) -> dict[str, pd.DataFrame]:
    """Every stage up to the statistics, in memory."""
    study = load_study(root, name)
    check_headers(root, study)
    folder = root / "data/raw" / name / study["export"]
    paths = export_files(root, name, study["export"])
    cells, _ = read_export(paths, folder, settings(study, "intake"))
    cells, _ = protect(cells, settings(study, "intake"), root)
    cleaned = clean(cells, settings(study, "clean"))
    derived = derive(cleaned, settings(study, "endpoints"))
    ard, curves = analyse(derived, {**settings(study, "statistics"), "published": None})
    return {**cleaned, "cells": cells, "ard": ard, "curves": curves, "adtte": derived["adtte"]}


@functools.cache
def shipped(name: str) -> dict[str, pd.DataFrame]:
    return run(ROOT, name)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The run of a study in a format; each is made once."""

    @functools.cache
    def made(form: str, name: str) -> dict[str, pd.DataFrame]:
        return run(FORMATS[form](tmp_path_factory.mktemp(f"{form}_{name}"), name), name)

    return made


def without_places(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=[c for c in table.columns if c.startswith("SRC")])


def asked(tables: dict[str, pd.DataFrame]) -> list[tuple[str, str]]:
    """Rule and patient of each query that is more than a note."""
    grave = tables["queries"][tables["queries"]["SEVERITY"] != "note"]
    return sorted(zip(grave["RULE"], grave["USUBJID"].fillna(""), strict=True))


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("form", FORMATS)
def test_the_clean_tables_are_the_same(form, name, found):
    tables = found(form, name)
    for table in TABLES:
        sent = without_places(shipped(name)[table])
        pd.testing.assert_frame_equal(without_places(tables[table]), sent, obj=table)
    assert len(shipped(name)["responses"]) > 40


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_analysis_result_is_the_same(form, name, found):
    tables = found(form, name)
    assert len(shipped(name)["ard"]) > 800
    for table in ("ard", "curves", "adtte"):
        pd.testing.assert_frame_equal(tables[table], shipped(name)[table], obj=table)


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_cell_of_every_format_is_accounted_for(form, name, found):
    tables = found(form, name)
    account = tables["cell_account"]
    assert account["N"].sum() == len(tables["cells"])
    used = account.loc[account["OUTCOME"] == "used", "N"].sum()
    reasons = set(account["OUTCOME"]) - {"used"}
    assert used > len(tables["cells"]) / 3
    assert not any("asked of the clinic" in reason for reason in reasons)
    assert asked(tables) == asked(shipped(name))


def test_the_codes_of_redcap_are_logged_with_their_labels(found):
    log = found("redcap", "myeloid")["cleaning_log"]
    sex = log[log["COLUMN"] == "SEX"]
    assert set(zip(sex["RAW"], sex["CLEAN"], sex["RULE"], strict=True)) == {
        ("1", "F", "value label"),
        ("2", "M", "value label"),
    }


def test_what_spss_declares_as_missing_is_accounted_for_as_that(found):
    account = found("spss", "myeloid")["cell_account"]
    transplants = account[account["SRCCOL"] == "tx_day"].set_index("OUTCOME")["N"]
    assert transplants["used"] == 364
    assert transplants["declared missing by the file"] == 646 - 364


def test_what_redcap_adds_itself_is_accounted_for_as_that(found):
    account = found("redcap", "bmt")["cell_account"].groupby("OUTCOME")["N"].sum()
    assert account["data dictionary"] > 80
    assert account["REDCap's form status"] > 137 * 2
    assert account["column not mapped"] == 137  # no transplant in this cohort
    assert account["taken out before anything was written"] == 137
    values = set(found("redcap", "bmt")["cells"]["VALUE"])
    assert "1" in values
    assert "H1" not in values

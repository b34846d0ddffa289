"""From an analysis row to the raw cell that decided it."""

import pandas as pd
import pytest

from tests.audit.conftest import FILE
from venaza.audit.results import of_stage
from venaza.audit.sources import place_text, with_sources


@pytest.fixture
def locate(tables, study):
    clean, cells = of_stage(tables, "clean"), tables["intake/cells"]

    def one(**row):
        frame = pd.DataFrame([{"USUBJID": "P 1", "SRCSEQ": 1, "ADY": None, **row}])
        found = with_sources(frame, clean, cells, study).iloc[0]
        return tuple(
            None if pd.isna(found[c]) else found[c] for c in ("SRCSHEET", "SRCROW", "SRCCOL", "RAW")
        )

    return one


def test_the_cell_under_the_mapped_header_white_space_aside(locate):
    assert locate(SRCDOM="patients", SRCVAR="DTHDT") == ("病人", 2, "死亡日期", "2023.4.11")


def test_a_constant_has_a_row_but_no_cell(locate):
    assert locate(SRCDOM="patients", SRCVAR="INDEXDT") == ("病人", 2, None, None)


@pytest.mark.parametrize(("seq", "day", "header"), [(1, 20, "crtime"), (2, 40, "rltime")])
def test_two_records_of_one_row_are_told_apart_by_the_day(locate, seq, day, header):
    found = locate(SRCDOM="responses", SRCVAR="RSDT", SRCSEQ=seq, ADY=day)
    assert found == ("疗效", 9, header, str(day))


def test_two_records_that_cannot_be_told_apart_name_no_cell(locate):
    assert locate(SRCDOM="responses", SRCVAR="RSDT", ADY=999) == ("疗效", 9, None, None)


def test_a_source_that_is_not_there_stays_empty(locate):
    assert locate(SRCDOM="labs", SRCVAR="LBDT", SRCSEQ=5) == (None, None, None, None)
    assert locate(SRCDOM=None, SRCVAR=None, SRCSEQ=None) == (None, None, None, None)


def test_every_endpoint_row_leads_to_a_raw_row(tables, study):
    clean, cells = of_stage(tables, "clean"), tables["intake/cells"]
    found = with_sources(tables["endpoints/adtte"], clean, cells, study)
    assert len(found) == len(tables["endpoints/adtte"])
    assert (found["SRCFILE"] == FILE).all()
    assert found["RAW"].notna().all()


def test_a_place_is_said_as_far_as_it_is_known():
    assert place_text("a.csv", "", 3) == "a.csv · row 3"
    assert place_text(None, "化验", pd.NA) == "化验"

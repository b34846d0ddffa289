"""Files made to hurt: each is refused with one message, in bounded memory and time."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook

from tests.intake.made import ods, ods_row, patched
from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.cells import read_export
from venaza.pipeline.intake.guard import guarded
from venaza.pipeline.intake.limits import Limits, limits_of
from venaza.pipeline.intake.package import damaged
from venaza.pipeline.intake.read import open_file

ROOT = Path(__file__).parents[2]
SHEET = "xl/worksheets/sheet1.xml"


def refused(path, limits=None) -> str:
    """The message with which a file is refused, quickly."""
    start = time.monotonic()
    with pytest.raises(StudyError) as caught:
        open_file(path, None, limits)
    assert time.monotonic() - start < 20
    assert caught.value.place["file"] == path.name
    return str(caught.value)


def book(path):
    made = Workbook()
    made.active.append(["a", "b"])
    made.active.append(["c", 1.5])
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("XFD1048576", "reaches too far"),
        ("ZZZZZ2", "too many columns"),
        ("BDWGO2", "too many columns (1,000,001; the limit is 16,384)"),
        ("A999999999", "reaches too far"),
    ],
)
def test_a_cell_far_outside(tmp_path, place, said):
    path = book(tmp_path / "a.xlsx")
    patched(path, SHEET, lambda d: d.replace(b'r="A2"', f'r="{place}"'.encode()))
    text = refused(path)
    assert said in text
    assert "raise the limit in the study file (limits > " in text


def test_an_opendocument_sheet_that_repeats_without_end(tmp_path):
    more = ' table:number-rows-repeated="99999999"'
    body = f'<table:table table:name="S">{ods_row("x", more=more)}</table:table>'
    assert "reaches too far" in refused(ods(tmp_path / "a.ods", body))


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [ENTITIES, OUTSIDE], ids=["bomb", "outside"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_in_a_workbook(tmp_path, declared, part):
    path = book(tmp_path / "a.xlsx")
    patched(path, part, lambda d: declared + d[d.find(b"<", 0 if d[1] != 63 else 5) :])
    assert "declares XML entities" in refused(path)


def test_entities_in_an_opendocument_sheet(tmp_path):
    path = ods(tmp_path / "a.ods", f'<table:table table:name="S">{ods_row("x")}</table:table>')
    patched(path, "content.xml", lambda d: ENTITIES + d.partition(b"?>")[2])
    assert "declares XML entities" in refused(path)


def test_an_entity_that_is_not_declared(tmp_path):
    path = book(tmp_path / "a.xlsx")
    patched(path, SHEET, lambda d: d.replace(b">1.5<", b">&b;<"))
    assert "damaged" in refused(path)


def test_a_workbook_that_is_a_zip_bomb(tmp_path):
    path = book(tmp_path / "a.xlsx")
    patched(path, "docProps/core.xml", lambda d: d + b" " * 60_000_000)
    assert "like a zip bomb" in refused(path)


def test_a_giant_cell_of_a_workbook(tmp_path):
    path = book(tmp_path / "a.xlsx")
    patched(path, SHEET, lambda d: d.replace(b"<t>a</t>", b"<t>" + b"a" * 2_000_000 + b"</t>"))
    assert "A cell is too long" in refused(path)


def test_a_giant_cell_of_an_old_workbook(tmp_path):
    old = xlwt.Workbook()
    old.add_sheet("s").write(1, 0, "a" * 200)
    old.save(str(tmp_path / "a.xls"))
    text = refused(tmp_path / "a.xls", Limits(cell_characters=100))
    assert "A cell is too long (200; the limit is 100)" in text
    assert "row:    2" in text


def test_a_giant_cell_of_a_text(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"id\n" + b"x" * 20_000_000 + b"\n")
    text = refused(tmp_path / "a.csv")
    assert "A cell is too long" in text
    assert "row:    2" in text


def test_a_quotation_mark_that_swallows_the_file(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'id,x\n7,"\n' + b"8,y\n" * 500_000)
    assert "may be opened and never closed" in refused(tmp_path / "a.csv")


def test_a_text_of_a_million_columns(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x," * 1_000_000 + b"\n")
    assert "too many columns (1,000,001; the limit is 16,384)" in refused(tmp_path / "a.csv")


def test_a_text_of_too_many_cells(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"1,2\n" * 1000)
    assert "too many cells" in refused(tmp_path / "a.csv", Limits(cells=100))


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "a.csv").open("wb") as stream:
        stream.truncate(3_000_000_000)
    assert "too large (3,000 MB; the limit is 500 MB)" in refused(tmp_path / "a.csv")


def test_a_reader_that_takes_too_much_memory_is_stopped():
    with pytest.raises(StudyError, match="too much memory") as caught:
        guarded(lambda: b"x" * 3_000_000_000, Limits(memory_mb=500), "a.xls")
    assert "limits > memory_mb" in str(caught.value)


_BOUND = """
import resource, sys
from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.guard import _used, guarded
from venaza.pipeline.intake.limits import Limits
hard = _used() + 300_000_000
resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
assert guarded(lambda: "read", Limits(), "a.xls") == "read"
try:
    guarded(lambda: b"x" * 1_000_000_000, Limits(), "a.xls")
except StudyError as error:
    print(error)
try:
    guarded(lambda: 1 / 0, Limits(memory_mb=100), "a.xls")
except StudyError as error:
    print(error)
"""


def test_under_the_limits_of_a_batch_system_files_are_read_and_the_limit_is_named():
    run = subprocess.run(
        [sys.executable, "-c", _BOUND], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "takes more memory than this machine allows (" in run.stdout
    assert "ulimit -v" in run.stdout
    assert "reading it broke off (ZeroDivisionError: division by zero)" in run.stdout


def test_a_reader_that_never_ends_is_stopped():
    def endless():
        while True:
            pass

    with pytest.raises(StudyError, match="takes too long"):
        guarded(endless, Limits(seconds=1), "a.xls")


def test_a_reader_that_sleeps_is_stopped():
    with pytest.raises(StudyError, match="takes too long"):
        guarded(lambda: time.sleep(60), Limits(seconds=1), "a.xls")


def test_a_reader_that_breaks_down_takes_nobody_along():
    with pytest.raises(StudyError, match="damaged: reading it broke off"):
        guarded(lambda: os._exit(139), Limits(), "a.dta")


def test_a_page_that_parses_forever_is_stopped(tmp_path):
    page = "<table><tr><td>" + "<![" * 2_000_000
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    with contextlib.suppress(StudyError):
        open_file(tmp_path / "a.xls", None, Limits(seconds=2))


def test_all_cells_of_an_export_are_counted_together(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("1,2\n" * 50, encoding="utf-8")
    paths = sorted(tmp_path.glob("*.csv"))
    study = {"tables": {}, "limits": {"cells": 150}}
    with pytest.raises(StudyError, match="too many cells") as caught:
        read_export(paths, tmp_path, study)
    assert caught.value.place["file"] == "b.csv"


def test_a_message_shows_the_head_of_a_long_value_and_no_control_characters():
    error = StudyError("Bad\x1b[2J.\nSecond line.", fix="-", value="a\x1b[31m\nb" + "x" * 5000)
    assert str(error).split("\n")[:2] == ["Bad [2J.", "Second line."]
    assert "a [31m b" in str(error)
    assert "... (5,008 characters)" in str(error)
    assert len(str(error)) < 500


def test_a_reader_that_gives_up_says_both_reasons():
    with pytest.raises(StudyError, match="damaged, or reading it takes too much memory"):
        guarded(os.abort, Limits(), "a.xls")


def test_what_a_reader_says_comes_through():
    def refuse():
        raise StudyError("No.", fix="Yes.", file="a.xls", row=3)

    with pytest.raises(StudyError) as caught:
        guarded(refuse, Limits(), "a.xls")
    assert (caught.value.what, caught.value.place["row"]) == ("No.", 3)


def test_a_study_file_raises_a_limit():
    assert limits_of({"limits": {"columns": 20_000}}) == Limits(columns=20_000)
    assert limits_of({}) == Limits()


def test_a_damaged_file_is_told_without_the_number_of_the_system():
    error = damaged("a.xlsx", OSError(22, "Invalid argument"))
    assert "This file is damaged and cannot be read (Invalid argument)." in str(error)

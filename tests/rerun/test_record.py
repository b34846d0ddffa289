"""What a job records, what it refuses to start from, and what its end looks like when it fails."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from venaza.contracts.errors import StudyError
from venaza.contracts.job import job, not_written
from venaza.contracts.record import (
    file_hash,
    read_record,
    refuse_altered_inputs,
    refuse_altered_results,
    write_record,
)

RUN = "results/s"


class Outputs(list):
    """Outputs as a script gets them: a list, with the record by name."""

    record = f"{RUN}/records/clean.json"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("settings", "intake", "clean", "records", "logs"):
        (tmp_path / RUN / name).mkdir(parents=True)
    (tmp_path / RUN / "settings/clean.json").write_text('{"settings": {}}')
    cells = tmp_path / RUN / "intake/cells.parquet"
    cells.write_bytes(b"cells")
    write_record(
        Path(RUN, "records/intake.json"), {}, {f"{RUN}/intake/cells.parquet": file_hash(cells)}
    )
    return tmp_path


class Inputs(list):
    settings = f"{RUN}/settings/clean.json"


def script():
    return SimpleNamespace(
        input=Inputs([Inputs.settings, f"{RUN}/intake/cells.parquet"]),
        output=Outputs([f"{RUN}/clean/patients.csv", Outputs.record]),
        log=[f"{RUN}/logs/clean.log"],
    )


def test_a_job_records_what_it_read_and_wrote():
    with job(script()) as work:
        Path(RUN, "clean/patients.csv").write_text("x")
        work.log.append("one row")
        work.noted["renderer"] = {"name": "quarto"}
    record = read_record(Path(Outputs.record))
    assert record["renderer"] == {"name": "quarto"}
    assert set(record["made_from"]) == set(script().input)
    assert set(record["made"]) == {f"{RUN}/clean/patients.csv", f"{RUN}/logs/clean.log"}
    assert record["made"][f"{RUN}/clean/patients.csv"] == file_hash(Path(RUN, "clean/patients.csv"))


def log() -> str:
    return Path(RUN, "logs/clean.log").read_text(encoding="utf-8")


def test_a_job_does_not_start_from_what_was_edited():
    Path(RUN, "intake/cells.parquet").write_bytes(b"CELLS")
    with pytest.raises(SystemExit), job(script()):
        raise AssertionError("the body must not run")
    assert "This file of the results is not what the run wrote" in log()
    assert f"{RUN}/intake/cells.parquet" in log()
    assert not Path(Outputs.record).exists()


def test_a_job_does_not_start_from_what_no_job_made():
    Path(RUN, "records/intake.json").write_text("{}")
    with pytest.raises(StudyError, match="not what the run wrote"):
        refuse_altered_inputs([f"{RUN}/intake/cells.parquet"], {f"{RUN}/intake/cells.parquet": ""})


def test_an_input_that_changes_while_it_is_read_ends_the_job():
    with pytest.raises(SystemExit), job(script()):
        Path(RUN, "intake/cells.parquet").write_bytes(b"other cells")
    assert "A file changed while the run was reading it." in log()
    assert f"{RUN}/intake/cells.parquet" in log()
    assert not Path(Outputs.record).exists()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "There is no room left for the results on the disk."),
        (errno.EDQUOT, "There is no room left for the results on the disk."),
        (errno.EROFS, "The results cannot be written: the folder is read-only"),
        (errno.EACCES, "The results cannot be written: the folder is read-only"),
    ],
)
def test_where_the_system_refuses_to_write_the_job_says_so(number, words):
    with pytest.raises(SystemExit), job(script()):
        raise OSError(number, os.strerror(number), f"{RUN}/clean/patients.csv")
    assert words in log()
    assert f"{RUN}/clean/patients.csv" in log()


def test_another_error_of_the_system_stays_what_it_is():
    assert not_written(OSError(errno.ENOENT, "gone")) is None
    with pytest.raises(SystemExit) as caught, job(script()):
        raise FileNotFoundError(errno.ENOENT, "gone", "x")
    assert caught.value.code == 1
    assert "venaza met a fault of its own (FileNotFoundError)" in log()


def test_every_file_of_a_run_and_of_the_exports_before_is_looked_at(folder):
    earlier = Path(RUN, "audit/baseline/2020-01-01")
    (earlier / "clean").mkdir(parents=True)
    (earlier / "records").mkdir()
    table = earlier / "clean/patients.csv"
    table.write_text("x")
    write_record(earlier / "records/clean.json", {}, {table.as_posix(): file_hash(table)})
    found = refuse_altered_results(Path(RUN))
    assert len(found) == 2
    assert found[table.as_posix()] == file_hash(table)
    table.write_text("y")
    with pytest.raises(StudyError, match="not what the run wrote") as refused:
        refuse_altered_results(Path(RUN))
    assert refused.value.place["file"] == table.as_posix()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"job": "clean", "made": 1, "made_from": {}}'])
def test_a_record_that_cannot_be_read_is_none(folder, text):
    path = folder / "records.json"
    path.write_text(text)
    assert read_record(path) is None
    path.write_text(json.dumps({"job": "x", "made": {}, "made_from": {}}))
    assert read_record(path)["job"] == "x"

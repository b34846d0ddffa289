"""The last resort, tried with planted faults: one message, a traceback in a file, no success."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.clean.export import patients_csv, study
from venaza import cli
from venaza.commands import check
from venaza.contracts.fault import missing_package, told_as_fault
from venaza.contracts.job import job

ROOT = Path(__file__).parents[1]


@pytest.fixture
def planted(monkeypatch):
    """A fault in the reading of each value of one clean column."""
    from venaza.pipeline.clean import record

    read = record.read_value

    def broken(text, label, column, *more):
        if column.name == "HGB":
            raise KeyError("planted")
        return read(text, label, column, *more)

    monkeypatch.setattr(record, "read_value", broken)


def met(planted, tmp_path) -> Exception:
    from venaza.pipeline.clean.build import clean
    from venaza.pipeline.intake.cells import read_export

    made = study()
    row = ("p7", "男", "CR", "2021-01-01", "2021-06-01", "", "存活", "2020-12-20", "95")
    (tmp_path / "export.csv").write_text(patients_csv([row]), encoding="utf-8")
    cells, _ = read_export([tmp_path / "export.csv"], tmp_path, made)
    with pytest.raises(KeyError) as caught:
        clean(cells, made)
    return caught.value


def test_stage_table_and_patient_are_named_and_the_traceback_is_kept(planted, tmp_path):
    kept = tmp_path / "logs/clean.traceback"
    text = str(told_as_fault(met(planted, tmp_path), kept))
    assert (
        "a fault of its own (KeyError) in the stage 'clean', table 'patients', patient 'p7'."
        in text
    )
    assert kept.name in text
    assert "Traceback (most recent call last)" not in text
    told = kept.read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in told
    assert "KeyError: 'planted'" in told
    assert str(ROOT) not in told


def test_where_no_file_can_be_written_the_traceback_goes_to_the_screen(planted, tmp_path, capsys):
    (tmp_path / "logs").write_text("a file, no folder")
    text = str(told_as_fault(met(planted, tmp_path), tmp_path / "logs/x"))
    assert "The traceback is above" in text
    assert "KeyError: 'planted'" in capsys.readouterr().err


def test_before_the_privacy_gate_no_patient_is_named(tmp_path):
    code = compile("def f(table, patient):\n    raise ValueError(1)\n",
                   str(ROOT / "venaza/pipeline/intake/made.py"), "exec")  # fmt: skip
    names: dict = {}
    exec(code, names)
    with pytest.raises(ValueError, match="1") as caught:
        names["f"]("patients", "310115198001011234")
    text = str(told_as_fault(caught.value, tmp_path / "x"))
    assert "in the stage 'intake', table 'patients'." in text
    assert "310115" not in text


def test_a_command_that_meets_a_fault_fails_with_one_message(monkeypatch, tmp_path, capsys):
    def broken(*_):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(cli, "ROOT", tmp_path)
    monkeypatch.setattr(check, "run", broken)
    assert cli.main(["check", "bmt"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("venaza: venaza met a fault of its own (ZeroDivisionError)")
    assert "Traceback" not in said.err
    assert "planted" in (tmp_path / "results/faults/check.txt").read_text(encoding="utf-8")


def test_a_command_on_a_full_disk_says_so(monkeypatch, tmp_path, capsys):
    def full(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "x"))

    monkeypatch.setattr(check, "run", full)
    assert cli.main(["check", "bmt"]) == 1
    assert "There is no room left for the results on the disk." in capsys.readouterr().err


def test_what_stops_a_command_from_outside_is_no_fault(monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "run", stopped)
    with pytest.raises(KeyboardInterrupt):
        cli.main(["check", "bmt"])


def test_a_job_that_meets_a_fault_fails_with_one_message(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.json").write_text('{"settings": {}}')
    (tmp_path / "logs").mkdir()
    inputs = type("Inputs", (list,), {"settings": "settings.json"})(["settings.json"])
    outputs = type("Outputs", (list,), {"record": "record.json"})(["record.json"])
    script = SimpleNamespace(input=inputs, output=outputs, log=["logs/clean.log"])
    with pytest.raises(SystemExit) as caught, job(script):
        raise RuntimeError("planted")
    assert caught.value.code == 1
    said = (tmp_path / "logs/clean.log").read_text(encoding="utf-8")
    assert said.startswith("venaza met a fault of its own (RuntimeError)")
    assert "logs/clean.traceback" in said
    assert "planted" not in said
    assert "planted" in (tmp_path / "logs/clean.traceback").read_text(encoding="utf-8")
    assert not (tmp_path / "record.json").exists()


def test_the_exit_code_of_a_fault_is_that_of_a_failure():
    code = (
        "import sys; from venaza import cli; from venaza.commands import check\n"
        "check.run = lambda options, root: 1 / 0\n"
        "sys.exit(cli.main(['check', 'bmt']))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                         check=False)  # fmt: skip
    assert run.returncode == 1
    assert "a fault of its own (ZeroDivisionError)" in run.stderr
    assert "Traceback" not in run.stderr
    (ROOT / "results/faults/check.txt").unlink()


def _outside(command: list[str], **more) -> str:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **more)
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr
    return run.stdout + run.stderr


@pytest.mark.parametrize("wish", ["check bmt", "new-study x --from data/raw/bmt", "verify bmt"])
def test_a_python_outside_the_environment_is_told_to_activate_it(wish):
    """-S leaves out the installed packages, as the system's own Python lacks them."""
    said = _outside([sys.executable, "-S", "-m", "venaza", *wish.split()])
    assert re.search(r"This Python has no package '[a-z]+'", said)
    assert "Run: . .venv/bin/activate" in said
    assert "make setup" in said


def test_a_snakemake_outside_the_environment_is_told_to_activate_it(tmp_path):
    absent = "raise ModuleNotFoundError(\"No module named 'opencc'\", name='opencc')"
    (tmp_path / "opencc.py").write_text(absent)
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--config", "studies=bmt"]
    said = _outside(command, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert "This Python has no package 'opencc'" in said
    assert "Run: . .venv/bin/activate" in said


def test_a_module_of_venaza_that_is_missing_is_a_fault_and_no_matter_of_the_environment():
    assert missing_package(ModuleNotFoundError("x", name="venaza.nowhere")) == ""
    assert missing_package(ModuleNotFoundError("x", name="yaml.nodes")) == "yaml"
    assert missing_package(KeyError("yaml")) == ""

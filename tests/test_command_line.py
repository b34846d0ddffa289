"""The command line: each command has its function; a reader that goes away is no error."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from venaza import cli

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_gone_is_no_error(unbuffered):
    command = [sys.executable, "-m", "venaza", "check-published", "--percent", "67.9", "--n", "28"]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    run = subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)
    run.stdout.close()
    said = run.stderr.read()
    run.stderr.close()
    assert (run.wait(), said) == (0, b"")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_is_carried_out_by_a_function(name):
    module, function = cli.COMMANDS[name].carried_out_by.split(":")
    carried_out_by = getattr(import_module(f"venaza.commands.{module}"), function)
    assert list(inspect.signature(carried_out_by).parameters) == ["options", "root"]
    assert carried_out_by.__doc__


@pytest.mark.parametrize("two", [["--percent", "67.9", "--file", "a.csv"], []])
def test_of_options_that_exclude_each_other_one_alone_is_taken(two, capsys):
    command = ["check-published", *two, "--n", "28"]
    if two:
        with pytest.raises(SystemExit):
            cli.main(command)
        assert "not allowed with argument" in capsys.readouterr().err
    else:
        assert cli.main(command) == 1  # --n belongs to --percent or --parts

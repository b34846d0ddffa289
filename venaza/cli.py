"""`python -m venaza`: every command beside snakemake, its options, and what carries it out."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from venaza import __version__
from venaza.contracts.errors import StudyError

ROOT = Path(__file__).parents[1]


class Option:
    """An option or an argument: what ``argparse.add_argument`` takes."""

    def __init__(self, *names: str, **how: object) -> None:
        self.names, self.how = names, how


@dataclass(frozen=True)
class Command:
    """A command: the function in ``venaza.commands`` that carries it out, and its options.

    Of a tuple of options one alone may be given.
    """

    carried_out_by: str
    purpose: str
    options: tuple[Option | tuple[Option, ...], ...]
    more: str = ""


def _switch(name: str, purpose: str) -> Option:
    return Option(name, action="store_true", help=purpose)


_STUDY = Option("study")
_AS_JSON = _switch("--json", "for machines (docs/audit.md)")

#: Every command, in the order in which a study meets them.
COMMANDS = {
    "new-study": Command(
        "new_study.command:run",
        "a first study file for an unknown export",
        (
            Option("name", help="of the study: small letters, digits and _"),
            Option("--from", dest="source", type=Path, required=True, metavar="PATH"),
            Option(
                "--copy",
                metavar="DATE",
                help="copy the export to data/raw/NAME/DATE/ (the day on which the hospital made "
                "it)",
            ),
            _switch("--force", "replace the study file that is there"),
        ),
    ),
    "check": Command(
        "check:run",
        "try a study file: export, cleaning, examples",
        (
            Option("studies", nargs="+", metavar="study"),
            Option("--export", default="newest", help="the folder's date; default: newest"),
            _switch("--no-report", "print only; write no data-quality report"),
        ),
    ),
    "answers": Command(
        "answers:run",
        "a filled-in queries.xlsx becomes lines of the corrections file",
        (
            _STUDY,
            Option("workbook", type=Path, metavar="FILE.xlsx"),
            _switch("--write", "add the lines to the file"),
        ),
    ),
    "trace": Command(
        "trace:run_trace",
        "one patient, raw cells to endpoints and numbers",
        (_STUDY, Option("patient"), _AS_JSON),
    ),
    "why": Command(
        "trace:run_why",
        "one number: value, method, raw cells, files",
        (_STUDY, Option("ard_id"), _AS_JSON),
    ),
    "seen": Command(
        "seen:run",
        "you have read your texts with the numbers as they are now",
        (_STUDY,),
    ),
    "keep": Command(
        "keep:run",
        "keep a record of the finished results, to compare later ones with",
        (
            _STUDY,
            Option("--note", default="", help="what it was kept for: 'as submitted'"),
            _switch("--replace", "replace the record of the export"),
        ),
    ),
    "verify": Command(
        "verify:run",
        "whether the results are as the run made them",
        (
            _STUDY,
            Option("--export", default="newest", help="the export wanted; default: newest"),
            _switch("--json", "print the verdict as JSON"),
        ),
    ),
    "crate": Command(
        "crate.command:run",
        "a finished run as an RO-Crate, to hand on or keep",
        (
            _STUDY,
            Option("--to", type=Path, required=True, help="a new folder, or a file .zip"),
            _switch("--patients", "with the tables that have a row per patient"),
            _switch("--raw", "with the raw files of the export"),
        ),
    ),
    "check-published": Command(
        "published.command:run",
        "what published numbers can have been made from",
        (
            (
                Option("--percent", metavar="P", help="a percentage as printed; with --n"),
                Option("--months", nargs="+", metavar="M", help="times in months of one study"),
                Option("--compare", nargs=2, metavar="K/N", help="two counts; p-value with --p"),
                Option("--parts", nargs="+", metavar="X", help="numbers that add up to --total"),
                Option("--file", type=Path, help="a file of published figures"),
            ),
            Option("--n", type=int, help="number of patients of --percent or --parts"),
            Option("--p", help="the p-value printed for --compare, such as 0.02 or <0.001"),
            Option("--total", metavar="X", help="the total printed for --parts"),
            _switch("--json", "everything found, as JSON"),
        ),
        "Without options: every file of data/reference/.",
    ),
    "simulate": Command(
        "simulate.command:run",
        "write synthetic exports (docs/simulate.md)",
        (
            Option("--study", help="a shipped synthetic study; default: the primary one"),
            Option("--like", metavar="PLAN", help="a new cohort by config/simulate/PLAN.yaml"),
            Option("--patients", type=int, metavar="N", help="default: 100"),
            Option("--seed", type=int, help="default: the plan's"),
            Option("--to", type=Path, metavar="FOLDER", help="the study's folder, data/raw/NAME"),
            Option(
                "--median-os",
                metavar="GROUP=MONTHS,..",
                help="median overall survival by group, for instance ND=12,RR=8; one number for "
                "one group",
            ),
            _switch("--force", "replace a cohort that this command wrote before"),
        ),
    ),
    "make-key": Command(
        "keys:run_make_key", "a secret key for pseudonyms and date shifts", (_STUDY,)
    ),
    "pseudonym": Command(
        "keys:run_pseudonym", "the pseudonym of a patient's number", (_STUDY, Option("number"))
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code. An error is one message, never a traceback.

    What nobody foresaw is a message too (``venaza.contracts.fault``), and never success.
    """
    options = _parser().parse_args(arguments)
    try:
        # A command loads what it needs and nothing else: pandas alone takes half a second.
        module, function = COMMANDS[options.command].carried_out_by.split(":")
        code = getattr(import_module(f"venaza.commands.{module}"), function)(options, ROOT) or 0
        sys.stdout.flush()
        return code
    except StudyError as error:
        print(f"venaza: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader (head, less) has gone: what is left to say goes nowhere, without complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - the last resort
        from venaza.contracts.fault import told_as_fault
        from venaza.contracts.job import not_written

        known = not_written(error) if isinstance(error, OSError) else None
        kept = ROOT / f"results/faults/{options.command}.txt"
        print(f"venaza: {known or told_as_fault(error, kept)}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m venaza",
        description="Beside snakemake: new-study, check, answers, trace, why and more.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.purpose, description=command.more or None)
        for option in command.options:
            alone = own.add_mutually_exclusive_group() if isinstance(option, tuple) else own
            for one in option if isinstance(option, tuple) else (option,):
                alone.add_argument(*one.names, **one.how)
    return parser

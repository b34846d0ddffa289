"""`python -m venaza`: every command beside snakemake, its options, and what carries it out."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from venaza import __version__
from venaza.contracts.errors import StudyError

ROOT = Path(__file__).parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code. An error is one message, never a traceback.

    What nobody foresaw is a message too (``venaza.contracts.fault``), and never success.
    """
    options = _parser().parse_args(arguments)
    try:
        # A command loads what it needs and nothing else: pandas alone takes half a second.
        module, function = options.carried_out_by.split(":")
        code = getattr(import_module(module), function)(options, ROOT) or 0
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
    """Every command with its options, in the order in which a study meets them."""
    parser = argparse.ArgumentParser(
        prog="python -m venaza",
        description="Beside snakemake: new-study, check, answers, trace, why and more.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    for add in (
        _new_study,
        _check,
        _answers,
        _trace,
        _why,
        _keep,
        _verify,
        _crate,
        _check_published,
        _simulate,
        _make_key,
        _pseudonym,
    ):
        add(commands)
    return parser


def _command(
    commands: argparse._SubParsersAction, name: str, carried_out_by: str, purpose: str, **more: str
) -> argparse.ArgumentParser:
    """The parser of a command that ``carried_out_by`` (``module:function``) carries out."""
    parser = commands.add_parser(name, help=purpose, **more)
    parser.set_defaults(carried_out_by=carried_out_by)
    return parser


def _new_study(commands: argparse._SubParsersAction) -> None:
    new = _command(
        commands,
        "new-study",
        "venaza.commands.new_study.command:run",
        "a first study file for an unknown export",
    )
    new.add_argument("name", help="of the study: small letters, digits and _")
    new.add_argument("--from", dest="source", type=Path, required=True, metavar="PATH")
    new.add_argument(
        "--copy",
        metavar="DATE",
        help="copy the export to data/raw/NAME/DATE/ (the day on which the hospital made it)",
    )
    new.add_argument("--force", action="store_true", help="replace the study file that is there")


def _check(commands: argparse._SubParsersAction) -> None:
    check = _command(
        commands,
        "check",
        "venaza.commands.check:run",
        "try a study file: export, cleaning, examples",
    )
    check.add_argument("studies", nargs="+", metavar="study")
    check.add_argument("--export", default="newest", help="the folder's date; default: newest")
    check.add_argument(
        "--no-report", action="store_true", help="print only; write no data-quality report"
    )


def _answers(commands: argparse._SubParsersAction) -> None:
    answers = _command(
        commands,
        "answers",
        "venaza.commands.answers:run",
        "a filled-in queries.xlsx becomes lines of the corrections file",
    )
    answers.add_argument("study")
    answers.add_argument("workbook", type=Path, metavar="FILE.xlsx")
    answers.add_argument("--write", action="store_true", help="add the lines to the file")


def _trace(commands: argparse._SubParsersAction) -> None:
    trace = _command(
        commands,
        "trace",
        "venaza.commands.trace:run_trace",
        "one patient, raw cells to endpoints and numbers",
    )
    trace.add_argument("study")
    trace.add_argument("patient")
    trace.add_argument("--json", action="store_true", help="for machines (docs/audit.md)")


def _why(commands: argparse._SubParsersAction) -> None:
    why = _command(
        commands,
        "why",
        "venaza.commands.trace:run_why",
        "one number: value, method, raw cells, files",
    )
    why.add_argument("study")
    why.add_argument("ard_id")
    why.add_argument("--json", action="store_true", help="for machines (docs/audit.md)")


def _keep(commands: argparse._SubParsersAction) -> None:
    keep = _command(
        commands,
        "keep",
        "venaza.commands.keep:run",
        "keep a record of the finished results, to compare later ones with",
    )
    keep.add_argument("study")
    keep.add_argument("--note", default="", help="what it was kept for: 'as submitted'")
    keep.add_argument("--replace", action="store_true", help="replace the record of the export")


def _verify(commands: argparse._SubParsersAction) -> None:
    verify = _command(
        commands,
        "verify",
        "venaza.commands.verify:run",
        "whether the results are as the run made them",
    )
    verify.add_argument("study")
    verify.add_argument("--export", default="newest", help="the export wanted; default: newest")
    verify.add_argument("--json", action="store_true", help="print the verdict as JSON")


def _crate(commands: argparse._SubParsersAction) -> None:
    crate = _command(
        commands,
        "crate",
        "venaza.commands.crate.command:run",
        "a finished run as an RO-Crate, to hand on or keep",
    )
    crate.add_argument("study")
    crate.add_argument("--to", type=Path, required=True, help="a new folder, or a file .zip")
    crate.add_argument(
        "--patients", action="store_true", help="with the tables that have a row per patient"
    )
    crate.add_argument("--raw", action="store_true", help="with the raw files of the export")


def _check_published(commands: argparse._SubParsersAction) -> None:
    published = _command(
        commands,
        "check-published",
        "venaza.commands.published.command:run",
        "what published numbers can have been made from",
        description="Without options: every file of data/reference/.",
    )
    ask = published.add_mutually_exclusive_group()
    ask.add_argument("--percent", metavar="P", help="a percentage as printed; with --n")
    ask.add_argument("--months", nargs="+", metavar="M", help="times in months of one study")
    ask.add_argument("--compare", nargs=2, metavar="K/N", help="two counts; p-value with --p")
    ask.add_argument("--parts", nargs="+", metavar="X", help="numbers that add up to --total")
    ask.add_argument("--file", type=Path, help="a file of published figures")
    published.add_argument("--n", type=int, help="number of patients of --percent or --parts")
    published.add_argument("--p", help="the p-value printed for --compare, such as 0.02 or <0.001")
    published.add_argument("--total", metavar="X", help="the total printed for --parts")
    published.add_argument("--json", action="store_true", help="everything found, as JSON")


def _simulate(commands: argparse._SubParsersAction) -> None:
    simulate = _command(
        commands,
        "simulate",
        "venaza.commands.simulate.command:run",
        "write synthetic exports (docs/simulate.md)",
    )
    simulate.add_argument("--study", help="a shipped synthetic study; default: the primary one")
    simulate.add_argument(
        "--like", metavar="PLAN", help="a new cohort by config/simulate/PLAN.yaml"
    )
    simulate.add_argument("--patients", type=int, metavar="N", help="default: 100")
    simulate.add_argument("--seed", type=int, help="default: the plan's")
    simulate.add_argument(
        "--to", type=Path, metavar="FOLDER", help="the study's folder, data/raw/NAME"
    )
    simulate.add_argument(
        "--median-os",
        metavar="GROUP=MONTHS,..",
        help="median overall survival by group, for instance ND=12,RR=8; one number for one group",
    )
    simulate.add_argument(
        "--force", action="store_true", help="replace a cohort that this command wrote before"
    )


def _make_key(commands: argparse._SubParsersAction) -> None:
    make_key = _command(
        commands,
        "make-key",
        "venaza.commands.keys:run_make_key",
        "a secret key for pseudonyms and date shifts",
    )
    make_key.add_argument("study")


def _pseudonym(commands: argparse._SubParsersAction) -> None:
    alias = _command(
        commands,
        "pseudonym",
        "venaza.commands.keys:run_pseudonym",
        "the pseudonym of a patient's number",
    )
    alias.add_argument("study")
    alias.add_argument("number")

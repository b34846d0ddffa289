"""The commands beside snakemake: check, new-study, answers, simulate, trace, why and more."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from venaza import __version__
from venaza.answers import add_command as add_answers
from venaza.crate.command import add_command as add_crate
from venaza.errors import StudyError
from venaza.kept import add_command as add_keep
from venaza.newstudy.command import add_command as add_new_study
from venaza.published.command import add_command as add_check_published
from venaza.simulate.like import add_command as add_simulate
from venaza.verify import add_command as add_verify

ROOT = Path(__file__).parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code. An error is one message, never a traceback.

    What nobody foresaw is a message too (``venaza.fault``), and never success.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        code = options.run(options) or 0
        sys.stdout.flush()
        return code
    except StudyError as error:
        print(f"venaza: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader (head, less) has gone: what is left to say goes nowhere, without complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - the last resort
        from venaza.fault import told_as_fault
        from venaza.job import not_written

        known = not_written(error) if isinstance(error, OSError) else None
        kept = ROOT / f"results/faults/{options.command}.txt"
        print(f"venaza: {known or told_as_fault(error, kept)}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m venaza", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="try a study file: export, cleaning, examples")
    check.add_argument("studies", nargs="+", metavar="study")
    check.add_argument("--export", default="newest", help="the folder's date; default: newest")
    check.add_argument(
        "--no-report", action="store_true", help="print only; write no data-quality report"
    )
    check.set_defaults(run=_check)
    trace = commands.add_parser("trace", help="one patient, raw cells to endpoints and numbers")
    trace.add_argument("study")
    trace.add_argument("patient")
    trace.add_argument("--json", action="store_true", help="for machines (docs/audit.md)")
    trace.set_defaults(run=_trace)
    why = commands.add_parser("why", help="one number: value, method, raw cells, files")
    why.add_argument("study")
    why.add_argument("ard_id")
    why.add_argument("--json", action="store_true", help="for machines (docs/audit.md)")
    why.set_defaults(run=_why)
    make_key = commands.add_parser("make-key", help="a secret key for pseudonyms and date shifts")
    make_key.add_argument("study")
    make_key.set_defaults(run=_make_key)
    alias = commands.add_parser("pseudonym", help="the pseudonym of a patient's number")
    alias.add_argument("study")
    alias.add_argument("number")
    alias.set_defaults(run=_pseudonym)
    add_answers(commands, ROOT)
    add_check_published(commands, ROOT)
    add_keep(commands, ROOT)
    add_new_study(commands, ROOT)
    add_simulate(commands, ROOT)
    add_verify(commands, ROOT)
    add_crate(commands, ROOT)
    return parser


def _check(options: argparse.Namespace) -> int:
    from venaza.check import check

    passed = True
    for name in options.studies:
        text, good = check(ROOT, name, options.export, not options.no_report)
        print(text)
        passed &= good
    return 0 if passed else 1


def _trace(options: argparse.Namespace) -> None:
    from venaza.audit.walk import trace, trace_json

    results, study = _results(options.study)
    print((trace_json if options.json else trace)(results, study, options.patient))


def _why(options: argparse.Namespace) -> None:
    from venaza.audit.walk import why, why_json

    results, study = _results(options.study)
    print((why_json if options.json else why)(results, study, options.ard_id))


def _make_key(options: argparse.Namespace) -> None:
    from venaza.privacy.key import make_key

    print(make_key(options.study))


def _pseudonym(options: argparse.Namespace) -> None:
    from venaza.contracts.headers import number_key
    from venaza.privacy.key import pseudonym, read_key

    print(pseudonym(read_key(options.study, ROOT), number_key(options.number)))


def _results(name: str) -> tuple[Path, dict]:
    from venaza.audit.results import export_of
    from venaza.config import load_run, load_study

    load_run(ROOT, {"studies": name, "export": "newest", "formats": "html"})
    results = ROOT / "results" / name
    if not (results / "statistics/ard.parquet").exists():
        raise StudyError(
            f"The study '{name}' has no results yet.",
            fix=f"Run: snakemake --cores 4 --config studies={name}",
        )
    return results, load_study(ROOT, name, export_of(results))

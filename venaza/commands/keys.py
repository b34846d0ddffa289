"""`python -m venaza make-key` and `pseudonym`: a secret key, and what it makes of a number."""

from __future__ import annotations

import argparse
from pathlib import Path

from venaza.contracts.headers import number_key
from venaza.pipeline.intake.privacy.key import make_key, pseudonym, read_key


def run_make_key(options: argparse.Namespace, root: Path) -> None:
    """Make a key and print where it lies."""
    print(make_key(options.study))


def run_pseudonym(options: argparse.Namespace, root: Path) -> None:
    """Print the pseudonym of a patient's number."""
    print(pseudonym(read_key(options.study, root), number_key(options.number)))

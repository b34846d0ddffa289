"""What every script under workflow/scripts/ runs inside: a log, and one clear error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from venaza.contracts.files import write_text
from venaza.errors import StudyError


@contextmanager
def job(snakemake) -> Iterator[list[str]]:
    """Give the script a list of lines for its log; a ``StudyError`` ends it without a traceback.

    The log holds nothing that differs between two equal runs: no clock, no host, no user.
    """
    lines: list[str] = []
    try:
        yield lines
    except StudyError as error:
        write_text(f"{error}\n", snakemake.log[0])
        sys.exit(1)
    write_text("".join(f"{line}\n" for line in lines), snakemake.log[0])

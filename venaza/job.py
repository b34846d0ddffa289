"""What every script under workflow/scripts/ runs inside: its settings, a log, one clear error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from venaza.contracts.files import write_text
from venaza.errors import StudyError


@dataclass
class Job:
    """What a script was told (``told``, its ``settings`` part) and the lines of its log."""

    told: dict
    log: list[str] = field(default_factory=list)

    @property
    def settings(self) -> dict:
        """The stage's part of the study."""
        return self.told["settings"]


@contextmanager
def job(snakemake) -> Iterator[Job]:
    """Give the script its settings and a log; a ``StudyError`` ends it without a traceback.

    The log holds nothing that differs between two equal runs: no clock, no host, no user.
    """
    work = Job(json.loads(Path(snakemake.input.settings).read_text(encoding="utf-8")))
    try:
        yield work
    except StudyError as error:
        write_text(f"{error}\n", snakemake.log[0])
        sys.exit(1)
    write_text("".join(f"{line}\n" for line in work.log), snakemake.log[0])

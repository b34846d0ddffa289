"""One run at a time: a lock that the system itself lets go of when a run is killed."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from venaza.contracts.errors import StudyError


def lock(folder: Path) -> IO:
    """Take the lock of a working folder and return the open file that holds it.

    Snakemake's own lock outlives a killed run and must be removed by hand; this one does not.
    Raises ``StudyError`` where another run holds it.
    """
    folder.mkdir(exist_ok=True)
    held = open(folder / "venaza.rerun.lock", "w", encoding="utf-8")  # noqa: SIM115 - held open
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise StudyError(
            "Another run is at work in this folder.",
            fix="Wait until it has ended, then run again: it goes on from what is finished.",
        ) from None
    return held

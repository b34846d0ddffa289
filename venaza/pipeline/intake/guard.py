"""Foreign code read behind a wall: in a process of its own, with bounded memory and time."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from collections.abc import Callable
from typing import Any

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.limits import MEGABYTE, Limits, refuse

#: Times the processor time that a reader may take on the clock, on a machine that is busy.
_PATIENCE = 5


def guarded(work: Callable, limits: Limits, shown: str) -> Any:
    """What ``work()`` returns, computed in a child process where the system can fork.

    A library that ends the process, takes too much memory or never comes back becomes one
    ``StudyError`` on the file ``shown``. The caller has imported what ``work`` needs.
    """
    if "fork" not in multiprocessing.get_all_start_methods() or sys.platform == "darwin":
        return work()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(work, theirs, limits), daemon=False)
    child.start()
    theirs.close()
    outcome, value = "late", None
    try:
        if ours.poll(_PATIENCE * limits.seconds):
            outcome, value = ours.recv()
    except (EOFError, OSError):
        outcome = "broken"
    finally:
        if outcome == "late":
            child.kill()
        ours.close()
        child.join()
    if outcome == "done":
        return value
    if isinstance(value, StudyError):
        raise value
    raise _refused(outcome, str(value or ""), child.exitcode, limits, shown)


def _refused(outcome: str, said: str, code: int | None, limits: Limits, shown: str) -> StudyError:
    if code == -24 or outcome == "late":  # SIGXCPU: the processor time is used up
        what = "Reading this file takes too long"
        return refuse(limits, "seconds", f"more than {limits.seconds} s", what, shown)
    memory = outcome == "memory" or "memory" in said or "capacity overflow" in said
    less = _allowed(limits)
    if less is not None and (memory or outcome == "broken"):
        return StudyError(
            f"Reading this file takes more memory than this machine allows ({less:,} MB).",
            fix="Raise the limit (ulimit -v, or the memory that the batch job asks for); if the "
            "file is not large, it may be damaged.",
            file=shown,
        )
    if memory:
        what = "Reading this file takes too much memory; a cell may stand far outside"
        found = f"more than {limits.memory_mb:,} MB"
        return refuse(limits, "memory_mb", found, what, shown)
    if code == -6:  # SIGABRT: a native library gave up, mostly for want of memory
        what = "This file is damaged, or reading it takes too much memory"
        return refuse(limits, "memory_mb", "the reader gave up", what, shown)
    return StudyError(
        f"This file is damaged: reading it broke off ({said or 'the reader ended'}).",
        fix="Ask for the export again.",
        file=shown,
    )


def _child(work: Callable, pipe, limits: Limits) -> None:
    try:
        _bound(limits)
        answer = ("done", work())
    except StudyError as error:
        answer = ("refused", error)
    except MemoryError:
        answer = ("memory", None)
    except BaseException as error:  # noqa: BLE001 - a panic of a native library is no Exception
        answer = ("failed", f"{type(error).__name__}: {error}"[:300])
    with contextlib.suppress(OSError):
        pipe.send(answer)
    pipe.close()


def _bound(limits: Limits) -> None:
    import faulthandler
    import os
    import resource

    # A native library writes its last words to the terminal: the message says what matters.
    faulthandler.disable()
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = _used()
    limit = used + limits.memory_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (_within(limit, before[1]), before[1]))
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (_within(limits.seconds, hard), hard))


def _within(limit: int, hard: int) -> int:
    """``limit``, but no more than the hard limit that a batch system or ``ulimit`` has set."""
    import resource

    return limit if hard == resource.RLIM_INFINITY else min(limit, hard)


def _allowed(limits: Limits) -> int | None:
    """Memory that is left in MB, where the machine allows less than ``limits`` does."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    left = (hard - _used()) // MEGABYTE
    return left if hard != resource.RLIM_INFINITY and left < limits.memory_mb else None


def _used() -> int:
    """Address space that this process has already, in bytes."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:
            return int(stream.read().split()[0]) * 4096
    except OSError:
        return 0

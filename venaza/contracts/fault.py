"""The last resort: a fault of venaza's own in one message, with its traceback kept in a file."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from venaza.contracts.errors import StudyError

#: The package; stages and commands are folders two floors down in it.
_HOME = Path(__file__).parents[1]
#: Stages that see numbers of patients as they were sent: their messages name no patient.
_BEFORE_THE_GATE = ("intake", "preflight", "study", "new_study")


def told_as_fault(error: Exception, kept: Path) -> StudyError:
    """The message for an exception that nobody foresaw; its traceback goes to the file ``kept``.

    It names what venaza was at: the stage, the clean table and the patient, as far as the functions
    that were running knew them. Where the file cannot be written the traceback goes to the screen.
    A package that this Python lacks is no fault of venaza's: the message says how to get it.
    """
    missing = missing_package(error)
    if missing:
        return without_package(missing)
    frames = list(_own_frames(error))
    stage = _stage(frames)
    at = [f"the stage '{stage}'" if stage else "", _named("table", frames)]
    at.append("" if stage in _BEFORE_THE_GATE else _patient(frames))
    where = ", ".join(filter(None, at)) or "a command"
    text = "".join(traceback.format_exception(error)).replace(f"{_HOME.parent}{os.sep}", "")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text, encoding="utf-8")
        shown = f"in {_short(kept)}"
    except OSError:
        sys.stderr.write(text)
        shown = "above"
    return StudyError(
        f"venaza met a fault of its own ({type(error).__name__}) in {where}.",
        fix=f"Nothing wrong was written. The traceback is {shown}: report it with what you did; it "
        "may quote cells, so look for patients' data before you send it.",
    )


def without_package(name: str) -> StudyError:
    """The message for a package that is not installed: the environment was not activated."""
    return StudyError(
        f"This Python has no package '{name}': it is not the environment of venaza.",
        fix="Run: . .venv/bin/activate   (where there is no folder .venv yet, run 'make setup' "
        "before it.) Then run the command again.",
        file=sys.executable,
    )


def missing_package(error: Exception) -> str:
    """The package that was not found, unless it is one of venaza's own modules; else empty."""
    name = (isinstance(error, ModuleNotFoundError) and error.name) or ""
    top = name.partition(".")[0]
    return "" if top == _HOME.name else top


def _short(path: Path) -> str:
    try:
        return path.relative_to(_HOME.parent).as_posix()
    except ValueError:
        return path.as_posix()


def _own_frames(error: BaseException) -> Iterator[FrameType]:
    """The frames of venaza's own functions, the innermost first."""
    found = []
    step = error.__traceback__
    while step is not None:
        if Path(step.tb_frame.f_code.co_filename).is_relative_to(_HOME):
            found.append(step.tb_frame)
        step = step.tb_next
    return reversed(found)


def _stage(frames: list[FrameType]) -> str:
    """The first stage on the way out; the audit, by which commands read results, only alone."""
    found = [Path(frame.f_code.co_filename).relative_to(_HOME).parts for frame in frames]
    rooms = [parts[1:] if parts[0] in ("pipeline", "commands") else parts for parts in found]
    stages = [parts[0] for parts in rooms if len(parts) > 1 and parts[0] != "contracts"]
    return next((stage for stage in stages if stage != "audit"), (stages or [""])[0])


def _named(what: str, frames: list[FrameType]) -> str:
    """``table 'responses'``, where a function had a text of this name."""
    for frame in frames:
        value = frame.f_locals.get(what)
        if isinstance(value, str) and value:
            return f"{what} '{value}'"
    return ""


def _patient(frames: list[FrameType]) -> str:
    """The patient, by a name of his own or by the row that a function was at."""
    for frame in frames:
        row = frame.f_locals.get("row")
        known = row.get("USUBJID") if isinstance(row, dict) else getattr(row, "patient", None)
        for value in (frame.f_locals.get("patient"), known):
            if isinstance(value, str) and value:
                return f"patient '{value}'"
    return ""

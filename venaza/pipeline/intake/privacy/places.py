"""Names of files and sheets, which stand beside every value: none may be a patient's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from venaza.contracts.errors import StudyError
from venaza.pipeline.intake.privacy.detect import a, kind_of_cell, kind_of_values
from venaza.pipeline.intake.privacy.names import Names

_PARTS = re.compile(r"[\s_.,;()（）\[\]+-]+|\d+")


def refuse_places(file: str, sheets: Iterable[str], names: Names) -> None:
    """Raise ``StudyError`` where a file or its sheets are called after patients.

    The message holds neither name.
    """
    for part in PurePath(file).parts:
        kind = _kind(PurePath(part).stem, names)
        if kind:
            raise StudyError(
                f"The name of a file of the export looks like {a(kind)}.",
                fix="Ask for it under a name that says nothing of a patient: the name stands "
                "beside each value in logs and queries.",
            )
    called = [sheet for sheet in sheets if sheet]
    kind = kind_of_values(called, names) or next(
        filter(None, (_kind(s, names) for s in called)), None
    )
    if kind:
        raise StudyError(
            f"The names of the sheets of this workbook look like {a(kind)}.",
            fix="Ask for it with other names of the sheets, for example the patients' study "
            "numbers: they stand beside every value in logs and queries.",
            file=file,
        )


def _kind(text: str, names: Names) -> str | None:
    """What the name of a file or a sheet gives away, as a whole or in one of its parts."""
    han = [part for part in _PARTS.split(text) if part and not part.isascii()]
    return next(filter(None, (kind_of_cell(part, names) for part in (text, *han))), None)

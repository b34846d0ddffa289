"""Whether a row is a patient's, so that it is never taken for headers nor printed as such."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from venaza.contracts.errors import StudyError
from venaza.contracts.text import tidy
from venaza.pipeline.clean.date_rules import DateRules
from venaza.pipeline.clean.dates import read_date
from venaza.pipeline.intake.privacy.detect import a, kind_of_cell
from venaza.pipeline.intake.privacy.names import LIKE, Names

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
#: Seven digits or more, as telephone and hospital numbers have, but no span of years.
_LONG = re.compile(r"(?!(?:19|20)\d\d ?- ?(?:19|20)\d\d$)(?:\d[ -]?){6,}\d")
_COMPACT_DAY = re.compile(r"(?:19|20)\d{6}")
#: Three numbers as dates have them, in whatever order, era and length of the year.
_THREE = re.compile(
    r"\d{1,4}\s*([-/.])\s*\d{1,2}\s*\1\s*\d{1,4}|\D{0,4}\d{1,4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号號])?"
)
_RULES = DateRules(partial={"missing_day": 15, "missing_month": "refuse"})
Cells = Iterable[tuple[str, str]]


def patient_in(row: Cells, names: Names, known: Callable[[str], bool] | None = None) -> str | None:
    """What shows that a row is a patient's and no headers; None where nothing does.

    That is a date, an address, a name, or a number as long as a telephone's. A text that is only
    like a name counts beside a plain number; one that is ``known`` as a header never does.
    """
    cells = [(tidy(text), kind) for text, kind in row if text.strip()]
    for text, kind in cells:
        if kind == "date" or is_date(text):
            return "date"
        if _LONG.fullmatch(text):
            return "long number"
        found = kind_of_cell(text, names)
        if found and not (known and known(text)):
            return found
    if any(_NUMBER.fullmatch(text) for text, _ in cells):
        like = [text for text, _ in cells if names.judge(text) >= LIKE]
        if any(not (known and known(text)) for text in like):
            return "name"
    return None


def is_date(text: str) -> bool:
    """Whether a tidy text is a date; a plain number is one only as YYYYMMDD."""
    if _NUMBER.fullmatch(text) and not _COMPACT_DAY.fullmatch(text):
        return False
    return bool(_THREE.fullmatch(text)) or read_date(text, _RULES).day is not None


def refuse_patients(rows: list, numbers: list[int], names: Names, known, **place: str) -> None:
    """Raise ``StudyError`` where a header row is a patient's: it names the row, not its cells."""
    for number in numbers:
        kind = patient_in(rows[number - 1], names, known) if number <= len(rows) else None
        if kind:
            raise StudyError(
                f"Row {number} cannot be a header row: it holds {a(kind)}, as patients' rows do.",
                fix="Say in which row the headers stand (tables > ... > header_row). Where there "
                "are none, ask for the export with its headers.",
                row=number,
                **{key: value for key, value in place.items() if value},
            )

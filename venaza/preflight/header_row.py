"""The header row of a sheet: the row best known as headers, and never one that is a patient's."""

from __future__ import annotations

from venaza.contracts.errors import StudyError
from venaza.contracts.headers import header_key
from venaza.pipeline.intake.privacy.names import Names
from venaza.pipeline.intake.privacy.rows import patient_in
from venaza.pipeline.intake.read import header_of
from venaza.pipeline.intake.sheet import Sheet
from venaza.study.synonyms import Synonyms

#: Header rows are looked for among the first rows of a sheet.
_TITLE_ROWS = 10
#: A line above the headers (title, date of the export) has fewer cells than this.
_LINE = 3


def find_header_row(rows: list, table: str | None, synonyms: Synonyms, names: Names) -> int | None:
    """The row, of the first ten, whose cells are best known as headers.

    Where none is known at all it is the first with as many cells as the widest of them. A row that
    holds a date, a long number, an address or a name is never it, nor is one below such a row of
    several cells; None where no row is left.
    """
    tables = [table] if table else list(synonyms.document["columns"])

    def known(text: str) -> bool:
        return any(_is_known(text, t, synonyms) for t in tables)

    found: list[tuple[int, int, int]] = []
    for number in range(1, min(len(rows), _TITLE_ROWS) + 1):
        cells = [text for text in header_of(rows, number) if text.strip()]
        if patient_in(rows[number - 1], names, known):
            if len(cells) >= _LINE:
                break
        elif cells:
            most = max(sum(_is_known(c, t, synonyms) for c in cells) for t in tables)
            found.append((most, len(cells), number))
    if not found:
        return None
    best = max(most for most, _, _ in found)
    if best:
        return next(number for most, _, number in found if most == best)
    widest = max(width for _, width, _ in found)
    first = found[0]
    return first[2] if first[1] > 1 else next(n for _, width, n in found if width == widest)


def rows_of_headers(sheet: Sheet, row: int, names: Names) -> list[int]:
    """The rows that make a sheet's headers: ``row``, with the one above or below it where these two
    are merged as one header is, over some columns or over both rows.

    A title, merged over all columns, is no header. A text file cannot say what was merged.
    """
    for first in (row - 1, row):
        if first < 1 or first >= len(sheet.rows) or patient_in(sheet.rows[first], names):
            continue
        width = len([text for text in header_of(sheet.rows, first + 1) if text.strip()])
        spans = [m for m in sheet.merged or () if m[0] == first - 1]
        both = [m for m in spans if m[2] == first and m[1] == m[3]]
        over = [m for m in spans if m[2] == first - 1 and m[1] < m[3] < m[1] + max(width, 2)]
        if (both and over) or len(over) > 1:
            return [first, first + 1]
    return [row]


def row_with(headers: list[str], rows: list) -> int | None:
    """The row, of the first ten, that holds most of ``headers``; None where none has the half."""
    wanted = {header_key(header) for header in headers}
    held = {
        number: len(wanted & {header_key(text) for text in header_of(rows, number)})
        for number in range(1, min(len(rows), _TITLE_ROWS) + 1)
    }
    best = max(held, key=held.get, default=None)
    return best if best is not None and 2 * held[best] >= len(wanted) > 0 else None


def is_header(text: str, synonyms: Synonyms) -> bool:
    """Whether any table knows a text as one of its headers."""
    return any(_is_known(text, table, synonyms) for table in synonyms.document["columns"])


def _is_known(text: str, table: str, synonyms: Synonyms) -> bool:
    return synonyms.is_key(text) or synonyms.means(text, table) is not None


def no_header_row(file: str, sheet: str, where: str) -> StudyError:
    """The error where no row can be the headers; ``where`` says where header_row is given."""
    return StudyError(
        "No header row is found in this sheet: its first rows hold dates, long numbers or names, "
        "as rows of patients do.",
        fix=f"Where the headers stand further down, name their row ({where} > header_row); where "
        "there are none, ask for the export with its headers.",
        file=file,
        sheet=sheet or None,
    )

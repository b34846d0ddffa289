"""A table of several sheets joined by the patient's number: which sheet a column is read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.clean.text import tidy
from venaza.contracts.headers import header_key, is_joined, is_part

if TYPE_CHECKING:
    from venaza.clean.journal import Place
    from venaza.clean.rows import RawRow


class Parts:
    """The headers that each sheet of a joined table has cells under; a plain table has no parts."""

    def __init__(self, rows: list[RawRow], spec: dict) -> None:
        self.headers: dict[tuple[str, str], set[str]] = {}
        for row in rows if is_joined(spec) else ():
            found = self.headers.setdefault((row.place.file, row.place.sheet), set())
            found.update(key for key in row.cells if key not in row.borrowed)
        self.everywhere = set().union(*self.headers.values())

    def reads(self, place: Place, how: dict) -> bool:
        """Whether a column is read from the sheet of a row: where its header, or condition, is."""
        if not self.headers:
            return True
        if "sheet" in how and not is_part(how["sheet"], place.file, place.sheet):
            return False
        here = self.headers.get((place.file, place.sheet), set())
        own = header_key(how["from"]) if "from" in how else None
        if own in self.everywhere:
            return own in here
        asked = {header_key(header) for header in how.get("when", {})} & self.everywhere
        return not asked or bool(asked & here)


def borrow_conditions(rows: list[RawRow], spec: dict) -> None:
    """Give rows the cells of conditions that stand on another sheet of a joined table; in place.

    A death may stand on one sheet and its date on another. The cell is lent where the patient has
    one row with it; where he has several that differ, nobody knows, and the condition is asked.
    """
    if not is_joined(spec):
        return
    wanted = {
        header_key(header)
        for record in spec["records"]
        for how in record["columns"].values()
        for use in ("when", "otherwise")
        for header in how.get(use, {})
    }
    parts = Parts(rows, spec)
    for key in wanted:
        lenders: dict[str, list[RawRow]] = {}
        for row in rows:
            if tidy(row.cells.get(key, "")):
                lenders.setdefault(row.patient, []).append(row)
        for row in rows:
            if key in parts.headers[(row.place.file, row.place.sheet)]:
                continue
            found = lenders.get(row.patient, [])
            if len({tidy(lender.cells[key]) for lender in found}) == 1:
                row.take(key, found[0])
                row.borrowed.add(key)

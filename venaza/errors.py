"""The one error that a user meets: what is wrong, where, and what to do."""

from __future__ import annotations


class StudyError(Exception):
    """A problem in a study file or an export that stops the run.

    ``what`` says what is wrong, ``fix`` what to do; the place is given by any of
    ``file``, ``sheet``, ``row``, ``column`` and ``value``.
    """

    def __init__(
        self,
        what: str,
        *,
        fix: str,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        self.what, self.fix = what, fix
        self.place = {
            "file": file,
            "sheet": sheet,
            "row": row,
            "column": column,
            "value": value,
        }
        super().__init__(str(self))

    def __reduce__(self):
        place = {k: v for k, v in self.place.items() if v is not None}
        return (_rebuild, (self.what, self.fix, place))

    def __str__(self) -> str:
        lines = ["\n".join(map(_printable, self.what.split("\n")))]
        for name, value in self.place.items():
            if value is not None and value != "":
                text = str(value)
                more = f" ... ({len(text):,} characters)" if len(text) > _SHOWN else ""
                lines.append(f"  {name + ':':<8}{_printable(text[:_SHOWN])}{more}")
        lines.append(f"  {'to do:':<8}{self.fix}")
        return "\n".join(lines)


#: Characters of a value that are shown.
_SHOWN = 300


def _printable(text: str) -> str:
    """``text`` without what would move the cursor or colour the terminal: a cell is not trusted."""
    return "".join(c if c.isprintable() else " " for c in text)


def _rebuild(what: str, fix: str, place: dict) -> StudyError:
    return StudyError(what, fix=fix, **place)

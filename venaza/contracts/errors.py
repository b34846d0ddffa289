"""The one error that a user meets: what is wrong, where, and what to do."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """A key of a configuration file, by its path, and the value in it that is wrong."""

    file: str
    path: str
    value: object = None


class StudyError(Exception):
    """A problem in a study file or an export that stops the run.

    ``what`` says what is wrong, ``fix`` what to do; the place is ``at`` a key of a configuration
    file, or any of ``file``, ``sheet``, ``row``, ``column`` and ``value``. In the message of a
    configuration file the column is called key and the row line.
    """

    def __init__(
        self,
        what: str,
        *,
        fix: str,
        at: Key | None = None,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        self.what, self.fix = what, fix
        if at is not None:
            file, column, value = at
        place = {"file": file, "sheet": sheet, "row": row, "column": column, "value": value}
        self.place = place
        super().__init__(str(self))

    def __reduce__(self):
        place = {k: v for k, v in self.place.items() if v is not None}
        return (_rebuild, (self.what, self.fix, place))

    def __str__(self) -> str:
        lines = ["\n".join(_printable(shown(line, _LINE)) for line in self.what.split("\n"))]
        yaml = str(self.place["file"] or "").endswith(".yaml")
        for name, value in self.place.items():
            if value is not None and value != "":
                called = _IN_YAML.get(name, name) if yaml else name
                lines.append(f"  {called + ':':<8}{_printable(shown(str(value)))}")
        lines.append(f"  {'to do:':<8}{_printable(shown(self.fix, _FIX))}")
        return "\n".join(lines)


#: Characters of a value, of a line of what is wrong, and of what to do, that are shown.
_SHOWN, _LINE, _FIX = 300, 1000, 3000
_IN_YAML = {"row": "line", "column": "key"}


#: Characters of a cell's text that a message quotes within a sentence.
QUOTED = 60


def shown(text: str, most: int = _SHOWN) -> str:
    """``text``, cut where it is longer than a message may be, with its length."""
    return text if len(text) <= most else f"{text[:most]} ... ({len(text):,} characters)"


def _printable(text: str) -> str:
    """``text`` without what would move the cursor or colour the terminal: a cell is not trusted."""
    return "".join(c if c.isprintable() else " " for c in text)


def _rebuild(what: str, fix: str, place: dict) -> StudyError:
    return StudyError(what, fix=fix, **place)

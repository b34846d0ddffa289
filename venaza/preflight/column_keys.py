"""Keys of a mapped column that nothing would read: refused, so that none is ignored in silence."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.contracts.clean import TABLES
from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import mapped_columns
from venaza.pipeline.clean.times import UNITS, time_unit

#: The keys that each kind of column is read by. ``days`` are dates of a study of study days.
_EVERY = {"from", "constant", "when", "otherwise", "sheet"}
_READ = {
    "string": {"values", "vocabulary", "part"},
    "integer": {"values"},
    "number": {"values", "unit", "unit_from", "decimal", "range", "below"},
    "date": {"date_order", "date_origin", "calendar", "unit", "part"},
    "days": {"unit", "unit_from", "decimal"},
}
#: What the study's own columns have beside those of their kind; venaza's columns have theirs.
_OWN = {"label", "type", "unit"}
#: Keys that a single column is not read by, though its kind is.
_NOT = {"MRDVAL": {"range", "below"}, "MRDLOD": {"range", "below"}, "AETERM": {"vocabulary"}}
#: Keys that a single column is read by beside those of its kind.
_ALSO = {"LBSTRESN": {"range_from"}}
_KINDS = {
    "string": "a column of words",
    "integer": "a column of whole numbers",
    "number": "a column of numbers",
    "date": "a date",
    "days": "a time in study days",
}
#: Units of a bare number that counts from ``date_origin``.
_COUNTED = ("days", "seconds", "milliseconds")
#: Keys of ``timeline`` that only calendar dates are read by.
_CALENDAR = ("date_order", "date_origin", "calendar")


def check_keys(study: dict, shown: str) -> None:
    """Raise ``StudyError`` for a key of a column, or of the timeline, that nothing would read.

    ``study`` has its tables in the long form (records of mappings) and its own columns.
    """
    days = study["timeline"]["dates"] == "study_days"
    if days:
        _check_timeline(study, shown)
    for table, name, how, kind, own in _columns(study, days):
        place = f"tables > {table} > columns > {name}"
        read = _EVERY | _READ[kind] | (_OWN if own else set()) | _ALSO.get(name, set())
        unread = [key for key in how if key not in read - _NOT.get(name, set())]
        if unread and "parse" not in how:
            raise StudyError(
                f"The key '{unread[0]}' says nothing of {name}, which is {_KINDS[kind]}.",
                fix=f"Take it out. {_where(unread[0])}",
                at=Key(shown, f"{place} > {unread[0]}"),
            )
        if "part" in how:
            _check_part(how["part"], kind, study, shown, f"{place} > part")
        if kind in ("date", "days") and "unit" in how:
            _check_unit(how, kind, shown, place)


def _check_part(part: str, kind: str, study: dict, shown: str, place: str) -> None:
    if (part == "words") != (kind == "string"):
        raise StudyError(
            f"The part '{part}' of a cell is no {'word' if kind == 'string' else 'date'}.",
            fix="A date is read from the part date, start or end, a column of words from words.",
            at=Key(shown, place, part),
        )
    if (study.get("privacy") or {}).get("shift_dates"):
        raise StudyError(
            "Dates beside words cannot be shifted: the words would be lost.",
            fix="Ask for an export with the date in a column of its own, or leave shift_dates out.",
            at=Key(shown, place),
        )


def _columns(study: dict, days: bool) -> Iterator[tuple[str, str, dict, str, bool]]:
    """Table, name, mapping and kind of each mapped column, and whether it is the study's own."""
    own = {column["name"]: column["type"] for column in study["columns"]}
    for table, spec in study["tables"].items():
        types = {column.name: column.dtype for column in TABLES[table]}
        for name, how in mapped_columns(spec):
            kind = types.get(name) or own.get(name, "string")
            kind = "days" if kind == "date" and days else kind
            yield table, name, how, kind, name not in types


def _where(key: str) -> str:
    """What a key is for."""
    kinds = [_KINDS[kind] for kind, keys in _READ.items() if key in keys]
    kinds += ["a column of the study's own"] if key in _OWN else []
    kinds += [name for name, keys in _ALSO.items() if key in keys]
    return f"It belongs to {' or '.join(kinds)}." if kinds else ""


def _check_timeline(study: dict, shown: str) -> None:
    for key in _CALENDAR:
        if key in study["timeline"]:
            raise StudyError(
                f"The key '{key}' says nothing of an export without calendar dates.",
                fix="Take it out, or set timeline > dates: calendar.",
                at=Key(shown, f"timeline > {key}"),
            )
    for table, spec in study["tables"].items():
        if "date_system" in spec:
            raise StudyError(
                "The key 'date_system' says nothing of an export without calendar dates.",
                fix="Take it out, or set timeline > dates: calendar.",
                at=Key(shown, f"tables > {table} > date_system"),
            )


def _check_unit(how: dict, kind: str, shown: str, place: str) -> None:
    unit = how["unit"]
    if kind == "days":
        if time_unit(unit) is None:
            raise StudyError(
                f"'{unit}' is no unit of time.",
                fix=f"Write one of {', '.join(UNITS)}.",
                at=Key(shown, f"{place} > unit", unit),
            )
    elif unit not in _COUNTED or "date_origin" not in how:
        raise StudyError(
            f"A calendar date has no unit, but this one has '{unit}'.",
            fix="Take it out. Where the export gives times from the index date, set timeline > "
            "dates: study_days; where bare numbers count from a day, give date_origin beside "
            f"unit: {', '.join(_COUNTED)}.",
            at=Key(shown, f"{place} > unit", unit),
        )

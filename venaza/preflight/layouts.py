"""Layouts that a study file declares in short, written out: repeated columns, checkboxes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import is_joined, listed, mapped_columns
from venaza.preflight.redcap import checkbox_header
from venaza.study.names import did_you_mean

#: How a box is written: by REDCap as codes, as labels, and by programs that make them logical.
_TICKED, _UNTICKED = ("1", "Checked", "TRUE"), ("0", "Unchecked", "FALSE")
_NUMBER = re.compile(r"\{n(?::0(\d))?\}")


def plain_records(table: str, spec: dict, redcap: dict | None, shown: str) -> dict:
    """The table's spec with each ``repeat`` and each ``checkbox`` written out as plain records.

    A repeat ``[1, 6]`` becomes six records with 1 to 6 for ``{n}`` (``{n:02}``: 01 to 06), a
    checkbox one record for each of its choices. ``where`` gets lists of text.
    """
    spec = dict(spec)
    if "where" in spec:
        spec["where"] = {header: words_of(wanted) for header, wanted in spec["where"].items()}
    if "records" not in spec:
        return spec
    place, written = f"tables > {table} > records", []
    for record in spec["records"]:
        if "repeat" in record:
            written += _repeated(record, shown, place)
        elif "checkbox" in record:
            written += _ticked(record, redcap, shown, place)
        elif "parse" in record:
            how = {key: value for key, value in record.items() if key not in ("columns", "sheet")}
            kept = {"sheet": record["sheet"]} if "sheet" in record else {}
            written.append({**kept, "columns": {"GENE": how, **record.get("columns", {})}})
        else:
            written.append(record)
    return {**spec, "records": written}


def words_of(wanted: object) -> list[str]:
    """The words of a condition as a list of text, however the study file writes them."""
    words = wanted if isinstance(wanted, list) else [wanted]
    return [str(word).lower() if isinstance(word, bool) else str(word) for word in words]


def _repeated(record: dict, shown: str, place: str) -> list[dict]:
    first, last = record["repeat"]
    if first > last:
        raise StudyError(
            f"The repeat [{first}, {last}] counts downwards.",
            fix="Give the first number, then the last.",
            at=Key(shown, place),
        )
    found = [False]

    def numbered(text: str, number: int) -> str:
        def fill(match: re.Match) -> str:
            found[0] = True
            return str(number).zfill(int(match[1] or 0))

        return _NUMBER.sub(fill, text)

    kept = {key: value for key, value in record.items() if key not in ("repeat", "columns")}
    made = [
        {**kept, "columns": _each_text(record["columns"], lambda text, n=number: numbered(text, n))}
        for number in range(first, last + 1)
    ]
    if not found[0]:
        raise StudyError(
            "A record that repeats names the same columns each time.",
            fix="Write {n} where the headers have the number, for instance response_date_{n}.",
            at=Key(shown, place),
        )
    return made


def _each_text(value: object, change: Callable[[str], str]) -> object:
    """``value`` with every text in it changed, the keys of its conditions included."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(item, change) for item in value]
    if isinstance(value, dict):
        return {change(key): _each_text(item, change) for key, item in value.items()}
    return value


def _ticked(record: dict, redcap: dict | None, shown: str, place: str) -> list[dict]:
    """One record for each box that is ticked, and for each that is not where that is declared."""
    field, column = record["checkbox"], record["column"]
    known = (redcap or {}).get("fields", {}).get(field, {})
    choices = record.get("choices") or known.get("choices")
    if not choices:
        boxes = (redcap or {}).get("fields", {}).items()
        hint = did_you_mean(field, [name for name, spec in boxes if spec["type"] == "checkbox"])
        raise StudyError(
            f"The choices of the checkbox '{field}' are not known.",
            fix=f"{hint}Give the data dictionary (redcap > dictionary), or choices: "
            "{code: word} here.",
            at=Key(shown, place, field),
        )
    made = []
    for code, word in choices.items():
        header = checkbox_header(field, str(code))
        states = [(_TICKED, "columns")]
        states += [(_UNTICKED, "unticked")] if "unticked" in record else []
        for words, part in states:
            tick = {"when": {header: list(words)}}
            columns = {column: {"from": header, "constant": word, **tick}}
            for name, how in record.get(part, {}).items():
                long = {"from": how} if isinstance(how, str) else dict(how)
                columns[name] = {**long, "when": {**long.get("when", {}), **tick["when"]}}
            made.append({"columns": columns})
    return made


def _check_otherwise(place: str, how: dict, shown: str) -> None:
    for header in how.get("otherwise", {}):
        if header not in how.get("when", {}):
            raise StudyError(
                "'otherwise' names a column without a condition: it says which words of a 'when' "
                "mean that it does not hold.",
                fix="Give the column under 'when' as well, or take it out.",
                at=Key(shown, f"{place} > otherwise > {header}"),
            )


def _check_joined(table: str, spec: dict, shown: str) -> None:
    """What names a sheet of a table needs a table of several, and one that it lists."""
    listed_parts = [*listed(spec.get("sheet")), *listed(spec["file"])]
    named = [("header_row", part) for part in _parts_of(spec.get("header_row"))]
    named += [
        (f"columns > {name} > sheet", how["sheet"])
        for name, how in mapped_columns(spec)
        if "sheet" in how
    ]
    for key, part in named:
        if not is_joined(spec) or part not in listed_parts:
            raise StudyError(
                f"'{part}' is none of the sheets or files that the table '{table}' lists.",
                fix="Name a table's sheets as a list (sheet: [A, B]), and here one of them; "
                f"listed: {', '.join(listed_parts)}.",
                at=Key(shown, f"tables > {table} > {key}", part),
            )
    if isinstance(spec["file"], list) and "overlap" in spec:
        raise StudyError(
            f"The files of the table '{table}' are joined by patient, and 'overlap' would take "
            "each patient from one of them alone.",
            fix="Leave overlap out, or give one pattern for the files of which the newer wins.",
            at=Key(shown, f"tables > {table} > overlap"),
        )


def _parts_of(rows: object) -> list[str]:
    return list(rows) if isinstance(rows, dict) else []


def check_layouts(study: dict, shown: str) -> None:
    """What a schema cannot say of layouts: names of encodings, what needs or excludes another."""
    for table, spec in study["tables"].items():
        for name, how in mapped_columns(spec):
            _check_otherwise(f"tables > {table} > columns > {name}", how, shown)
        _check_joined(table, spec, shown)
        if "newer_by" in spec and spec.get("overlap") != "newer":
            raise StudyError(
                "A column says which file is newer, but not that the newer file wins.",
                fix="Add overlap: newer, or leave newer_by out.",
                at=Key(shown, f"tables > {table} > newer_by"),
            )
        if "encoding" in spec:
            _check_encoding(spec["encoding"], shown, f"tables > {table} > encoding")
    timeline = study["timeline"]
    _check_cutoff(timeline["cutoff"], shown)
    dates = "shifted" if timeline.get("shifted") else timeline["dates"].replace("_", " ")
    if dates != "calendar" and timeline["cutoff"] != "none":
        raise StudyError(
            f"The dates of this export are {dates}, so no calendar day can be its cut-off.",
            fix="Set timeline > cutoff: none.",
            at=Key(shown, "timeline > cutoff", timeline["cutoff"]),
        )


def _check_encoding(name: str, shown: str, place: str) -> None:
    try:
        "".encode(name)
    except (LookupError, ValueError):
        raise StudyError(
            "There is no such encoding of text.",
            fix="Use, for instance, utf-8, gb18030, big5, cp1252, latin-1 or utf-16.",
            at=Key(shown, place, name),
        ) from None


def _check_cutoff(cutoff: str, shown: str) -> None:
    if cutoff in ("export", "none"):
        return
    try:
        dt.date.fromisoformat(cutoff)
    except ValueError:
        raise StudyError(
            "The data cut-off is no day of the calendar.",
            fix="Give export, none, or a date as YYYY-MM-DD.",
            at=Key(shown, "timeline > cutoff", cutoff),
        ) from None

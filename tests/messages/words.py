"""The words of the page of messages for what the code puts in: a name of the code says little."""

from __future__ import annotations

#: What the code calls it -> what it is for a reader.
WORDS = {
    "belongs": "what belongs there",
    "where_asked": "place in the study file",
    "n": "number",
    "quoted": "unit",
    "wanted": "file",
    "listed_parts": "sheets",
    "COLUMNS": "columns",
    "DMY": "dates",
    "FORMATS": "kinds of files",
    "MDY": "dates",
    "MESSAGE": "what they would mean",
    "MOST": "limit",
    "ORDERS": "order",
    "UNITS": "units",
    "USUBJID": "patient",
    "VARIABLE": "name of the variable",
    "_COLUMNS": "columns",
    "_COUNTED": "units",
    "_KINDS": "a kind of column",
    "_LOWEST": "1.9",
    "_OWN": "report/reference.docx",
    "__name__": "kind of fault",
    "in_the_way": "what is in the way",
    "found_here": "what it finds",
    "version": "version",
    "about": "",
    "adsl": "number",
    "again": "the command",
    "also": "",
    "asked": "option",
    "at": "place in the study file",
    "bad": "number",
    "bare": "values",
    "better": "word",
    "by_name": "sheets",
    "byte": "",
    "candidates": "encodings",
    "declared": "order",
    "error": "reason",
    "factors": "units",
    "frame": "columns",
    "gone": "number",
    "id": "study",
    "index_header": "header",
    "index_text": "date",
    "instance": "value",
    "item": "entry",
    "k": "count",
    "kept": "records",
    "lack": "table or column",
    "lacking": "headers",
    "last": "word",
    "less": "limit",
    "like": "name",
    "listed": "values",
    "longest": "limit",
    "meant": "code",
    "middle": "number",
    "mine": "value",
    "new": "value",
    "owners": "command",
    "part": "text",
    "said": "reason",
    "schema": "what belongs there",
    "second": "number",
    "seen": "number",
    "sent": "value",
    "shown": "values",
    "strange": "unit",
    "taken": "level",
    "there": "headers",
    "unread": "key",
    "twice": "regimen",
    "whose": "whom",
    "wish": "date",
    "hint": "",
    "near": "",
}
#: What the code calls by a word that a reader understands.
_PLAIN = """
… cells check code column count cutoff dates day definition denominator description endpoint
endpoints expected export field file files first fix found groups header key keys kind kinds
known label labels level limit lines measure missing more name named names needed number numbers
other own patient patients pattern place problem row seed sheets stage standard study survival
table test text time unit unknown value values variable what where which why width word words
"""
PLAIN = frozenset(_PLAIN.split())


def worded(name: str) -> str:
    """What the page writes for a part that the code calls ``name``; empty for a mere addition.

    Raises ``KeyError`` where nobody has said what it is.
    """
    if name in PLAIN:
        return name
    try:
        return WORDS[name]
    except KeyError:
        raise KeyError(
            f"The messages put in '{name}': say what it is in tests/messages/words.py."
        ) from None

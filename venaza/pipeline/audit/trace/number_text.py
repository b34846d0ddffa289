"""One number for a terminal: what it is, the rows behind it with their raw cells, the files."""

from __future__ import annotations

from venaza.contracts import terminal
from venaza.contracts.wording import shown
from venaza.pipeline.audit.trace.origins import place_text

_POINTERS = ("SRCDOM", "SRCVAR", "SRCSEQ")


def number_text(known: dict) -> str:
    """``explained`` as text."""
    number = known["number"]
    heading = f"{known['title']}: {known['account']}"
    parts = [
        terminal.title(f"{number['ard_id']} = {number['display']}"),
        terminal.section("The number", _number(known)),
        terminal.section(heading, _lines(known["rows"], len(known["raw_files"]) == 1)),
        terminal.section("Files", _files(known)),
    ]
    return "\n".join(parts) + "\n"


def _number(known: dict) -> list[str]:
    number = {name: shown(value) for name, value in known["number"].items()}
    month, group = known["days_per_month"], number["group"]
    value, time = number["value"], number["time"]
    endpoint = f"{known['endpoint']}. {known['definition']}" if known["endpoint"] else ""
    return terminal.pairs(
        [
            ("study", f"{known['study']}, export of {known['export']}"),
            ("value", f"{value} {number['unit']}".strip() if value else ""),
            ("printed", number["display"]),
            ("no value", number["reason"]),
            ("a month", f"{month:g} days" if month is not None else ""),
            ("statistic", f"{number['statistic']} ({number['analysis']})"),
            ("method", number["method"]),
            ("population", number["population"]),
            ("group", f"{number['group_variable']} = {group}" if group else "all patients"),
            ("of", number["term"]),
            ("time", f"{time} days" if time else ""),
            ("endpoint", endpoint),
            ("source", shown(known["source"])),
            ("published in", _published(known["published"])),
        ]
    )


def _published(row: dict | None) -> str:
    if row is None or row["row"] is None:
        return "" if row is None else row["file"]
    told = f"{row['file']} · row {row['row']}: {row['study']}, {row['group']}, {row['measure']}"
    return f"{told} = {row['value']}"


def _lines(rows: list[dict], one_file: bool) -> list[str]:
    if not rows:
        return []
    names = [n for n in rows[0] if n not in (*_POINTERS, "cells")]
    if "USUBJID" not in names:  # numbers, which no raw cell is behind
        return terminal.table(names, [[shown(row[name]) for name in names] for row in rows])
    pointed = "SRCVAR" in rows[0]
    lines = []
    for row in rows:
        line = [shown(row[name]) for name in names]
        if pointed:
            known = row["SRCVAR"] is not None
            line.append(f"{row['SRCDOM']}.{row['SRCVAR']} #{row['SRCSEQ']}" if known else "")
        lines.append([*line, cells_text(row["cells"], one_file)])
    return terminal.table([*names, *["decided by"] * pointed, "raw cells"], lines)


def cells_text(cells: list[dict], sheet_only: bool = False) -> str:
    """Raw cells by their row: ``FILE · SHEET · row 2 · HEADER: text, HEADER: text; ...``.

    With ``sheet_only`` the file is left out where there is a sheet. The cells of the group are
    not said, since the row says it, unless there are no others.
    """
    told = [cell for cell in cells if cell["of"] != "GROUP"] or cells
    rows: dict[str, list[str]] = {}
    for cell in told:
        file = None if sheet_only and cell["SRCSHEET"] else cell["SRCFILE"]
        place = place_text(file, cell["SRCSHEET"], cell["SRCROW"])
        rows.setdefault(place, [])
        if cell["SRCCOL"] is not None:
            text = "(empty)" if cell["RAW"] is None else cell["RAW"].strip()
            rows[place].append(f"{cell['SRCCOL']}: {text}{_NOTED.get(cell['role'], '')}")
    return "; ".join(
        f"{place} · {', '.join(dict.fromkeys(texts))}" if texts else place
        for place, texts in rows.items()
    )


#: What is said of a cell beside its text.
_NOTED = {
    "corrected": " (corrected)",
    "idle": " (its condition does not hold)",
    "unread": " (not read)",
}


def _files(known: dict) -> list[str]:
    folder = f"data/raw/{known['study']}/{known['export']}"
    rows = [(entry["file"], entry["SHA256"]) for entry in known["files"]]
    rows += [(f"{folder}/{raw['SRCFILE']}", raw["SHA256"]) for raw in known["raw_files"]]
    if known["published"] is not None:
        rows.append((known["published"]["file"], known["published"]["SHA256"]))
    return terminal.table(["file", "SHA-256"], rows)

"""REDCap exports: codes read by the data dictionary, instruments as sheets of their own."""

from __future__ import annotations

from dataclasses import replace

from venaza.commands.new_study.profile import profile_of
from venaza.commands.new_study.sheet import Sheet
from venaza.contracts.headers import header_key
from venaza.pipeline.clean.layout_redcap import OWN
from venaza.pipeline.intake.read import header_of
from venaza.pipeline.intake.sheet import Cell
from venaza.pipeline.intake.sheet import Sheet as RawSheet

_DICTIONARY = ({"Variable/FieldName", "FormName"}, {"field_name", "form_name"})
_REPEAT = ("redcap_repeat_instrument", "Repeat Instrument")
#: What REDCap adds to each row; no column of a study, except where the study file says so.
_OWN = {*OWN, *OWN.values(), "Complete?"}


def is_dictionary(sheets: list[RawSheet]) -> bool:
    """Whether a file is REDCap's data dictionary."""
    rows = sheets[0].rows if sheets else []
    headers = {header_key(text) for text in header_of(rows, 1)}
    return any(known <= headers for known in _DICTIONARY)


def translated(sheet: RawSheet, fields: dict[str, dict]) -> list[list[Cell]]:
    """The rows of a sheet with codes replaced by their labels: REDCap's, or the file's own."""
    choices = {
        position: fields[header]["choices"]
        for position, header in enumerate(header_of(sheet.rows, 1))
        if fields.get(header, {}).get("choices")
    }
    if not choices and not sheet.labels:
        return sheet.rows
    return [
        [
            (sheet.labels.get((r, i)) or choices.get(i, {}).get(text.strip(), text), kind)
            for i, (text, kind) in enumerate(row)
        ]
        for r, row in enumerate(sheet.rows)
    ]


def missing_codes(files: list[list[RawSheet]]) -> list[str]:
    """The numbers for missing data that a REDCap export holds, by custom: -9, -99, -999, -9999."""
    rows = (row for sheets in files for sheet in sheets for row in sheet.rows)
    found = {text.strip() for row in rows for text, _ in row}
    return sorted(found & {"-9", "-99", "-999", "-9999"}, key=int)


def tag(sheet: Sheet, fields: dict[str, dict], names: dict[str, str]) -> None:
    """Give a sheet the labels of its columns, and what a dictionary tags as identifying.

    ``names`` are the labels that a statistics file gives its variables.
    """
    sheet.labels |= {h: names[h] for h in sheet.columns if names.get(h)}
    by_label = {field["label"]: field for field in fields.values()}
    for header in sheet.columns:
        field = fields.get(header) or by_label.get(header)
        if field is None:
            continue
        sheet.labels[header] = field["label"]
        if field["identifier"]:
            sheet.identifying.setdefault(header, "identifier, by REDCap's dictionary")


def instruments(sheet: Sheet, silent: set[str]) -> list[Sheet]:
    """A REDCap sheet as one sheet of the events and one for each repeating instrument.

    Any other sheet is handed back as it is. ``silent`` are words that say nothing is known.
    """
    header = next((h for h in _REPEAT if h in sheet.columns), None)
    own = [h for h in sheet.columns if h in _OWN or h.endswith("_complete")]
    if header is None:
        if any(h in _OWN for h in own):
            sheet.columns = {h: p for h, p in sheet.columns.items() if h not in own}
        return [sheet]
    names = sheet.columns[header].texts
    parts = []
    for name in sorted(set(names)):
        rows = [i for i, found in enumerate(names) if found == name]
        columns = {}
        for column, profile in sheet.columns.items():
            kind = "date" if profile.kind == "date" else "text"
            made = profile_of(column, [(profile.texts[i], kind) for i in rows], silent)
            if column not in own and (made.filled or not name):
                columns[column] = made
        part = replace(sheet, columns=columns, rows=len(rows), where={header: name})
        parts.append(part)
    return parts

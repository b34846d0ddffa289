"""From raw rows to typed clean rows: the mapping of the study file applied cell by cell."""

from __future__ import annotations

from venaza.clean.by_cycle import says_nothing, waits_for_its_cycle
from venaza.clean.cell import Reading, read_cell
from venaza.clean.column_checks import check_unitless_labs, settled_records
from venaza.clean.conditions import Conditions
from venaza.clean.doubts import Doubts
from venaza.clean.gene_rows import gene_rows
from venaza.clean.journal import Journal, Place, stop
from venaza.clean.labs import ask_about_labs, read_range, specimen_first, standardise, why_not
from venaza.clean.origins import of_column, of_conditions, of_header, of_row
from venaza.clean.parts import Parts
from venaza.clean.raw_table import RawRow
from venaza.clean.text import tidy
from venaza.clean.unreadable import check_readable
from venaza.clean.value_label import read_value
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import Column
from venaza.contracts.headers import named_by
from venaza.errors import StudyError

#: Without one of these a row says nothing, and is left out without a query.
NEEDED = {
    "cycles": ("EXSTDT",),
    "responses": ("RSDT",),
    "mrd": ("MRDDT",),
    "therapies": ("CMSTDT",),
    "transplants": ("TXDT",),
    "mutations": ("GENE",),
    "adverse_events": ("AETERM",),
    "labs": ("LBTESTCD", "LBSTRESN"),
    "transfusions": ("TFDT", "TFTYPE"),
}

_MISSING = "a word for missing"


def columns_of(table: str, study: dict) -> dict[str, Column]:
    """The columns of a clean table by name, a study's own patients columns included."""
    known = {column.name: column for column in TABLES[table]}
    if table == "patients":
        for own in study["columns"]:
            known[own["name"]] = Column(own["name"], own["type"], own["label"], own["unit"])
    return known


def clean_rows(rows: list[RawRow], table: str, study: dict, journal: Journal) -> list[dict]:
    """One clean row for each raw row and record that gives it a date or a name.

    Each is a dictionary by clean column, with ``USUBJID``, ``SRCFILE``, ``SRCSHEET`` and
    ``SRCROW``; ``_raw`` keeps the header and raw text behind each column, ``_cells`` the numbers
    and roles of its raw cells (``venaza.clean.origins``). What else begins with an underscore is
    for the accounts: ``_asked`` (condition and unit cells by column), ``_idle``
    (headers whose condition does not hold), ``_doubted`` (condition cells with a word that nobody
    knows), ``_beside`` (what a cell said beside its own column), ``_why`` (why a column is empty),
    ``_elsewhere`` (headers that are read from another sheet of the table), ``_unread``
    (why a cell cannot be read), ``_dropped`` (why the record was left out).
    """
    known = columns_of(table, study)
    records = settled_records(rows, table, known, study, journal)
    doubts = Doubts(table, known, Conditions(study, table))
    parts = Parts(rows, study["tables"][table])
    every = []
    for row in rows:
        own = of_row(row, study["tables"][table])
        for mapping in records:
            here, elsewhere = _read_here(row, mapping, parts, NEEDED.get(table, ()))
            for values in _records(row, table, here, known, study, journal, doubts):
                values["_elsewhere"] = elsewhere
                values["_cells"]["USUBJID"] = own
                every.append(values)
    journal.made += [(table, values) for values in every]
    check_readable(every, table, NEEDED.get(table, ()), study, journal)
    made = [values for values in every if "_dropped" not in values]
    doubts.ask(made, journal, study["checks"]["limits"]["few_values"])
    if table == "labs":
        check_unitless_labs(made, study)
        ask_about_labs(every, study, journal)
    return made


def _read_here(
    row: RawRow, mapping: dict, parts: Parts, needed: tuple[str, ...]
) -> tuple[dict, list[str]]:
    """The columns of a record that the row's sheet has, and the headers of the others.

    Without the column that it hangs on the record is none of the sheet's.
    """
    here = {name: how for name, how in mapping.items() if parts.reads(row.place, how)}
    if any(name in mapping and name not in here for name in needed):
        here = {}
    others = [how for name, how in mapping.items() if name not in here]
    return here, [h for how in others for h in (*named_by(how), *how.get("when", {}))]


def _records(
    row: RawRow,
    table: str,
    mapping: dict,
    known: dict,
    study: dict,
    journal: Journal,
    doubts: Doubts,
):
    """What a raw row gives by one record: one clean row, or one for each gene of a text."""
    if "parse" not in mapping.get("GENE", {}):
        return [_record(row, table, mapping, known, study, journal, doubts)]
    rest = {name: how for name, how in mapping.items() if name != "GENE"}
    base = _record(row, table, rest, known, study, journal, doubts, needed=())
    return gene_rows(row, base, mapping["GENE"], study, journal)


def _record(
    row: RawRow,
    table: str,
    mapping: dict,
    known: dict,
    study: dict,
    journal: Journal,
    doubts: Doubts,
    needed: tuple | None = None,
) -> dict:
    values: dict = {"USUBJID": row.patient, "_raw": {}, "_place": row.place}
    values |= {"_asked": {}, "_idle": {}, "_beside": {}, "_why": {}, "_doubted": set()}
    values |= {"_unread": {}, "_cells": {}}
    for name, how in (specimen_first(mapping) if table == "labs" else mapping).items():
        header = how.get("from")
        values["_asked"][name] = list(how.get("when", {}))
        if "_dropped" in values:  # what is left out is not read any further
            values["_raw"][name] = (header, row.text(header) if header else "")
            values["_asked"][name] += [h for h in named_by(how) if h != header and row.text(h)]
            continue
        if not doubts.applies(row, name, how, values["_doubted"]):
            denied = of_header(row, header, "idle") if header else []
            values["_cells"].setdefault(name, denied + of_conditions(row, how["when"]))
            if header and row.text(header):
                values["_idle"][name] = header
            continue
        text = str(how["constant"]) if "constant" in how else row.text(header)
        values["_raw"][name] = (header, text)
        if text == "":
            if "when" in how:
                values["_cells"].setdefault(name, of_conditions(row, how["when"]))
            continue
        unit = row.text(how["unit_from"]) if "unit_from" in how else None
        label = "" if "constant" in how else row.label(header) or row.redcap.box_code(header, text)
        reading = read_value(text, label, known[name], how, study, unit, row.stored(header))
        _note(reading, row, table, name, how, text, journal)
        values[name] = reading.value
        values["_cells"][name] = of_column(row, how)
        if reading.beside:
            values.update(reading.beside)
            values["_cells"] |= dict.fromkeys(reading.beside, values["_cells"][name])
        values["_beside"][name] = list(reading.beside)
        if reading.value is None and not reading.beside:
            values["_why"][name] = _why_empty(reading)
        words_asked = study["vocabulary"]["unmapped"] == "query"
        if reading.problem and (reading.unknown is None or words_asked):
            values["_unread"][name] = reading.problem
        if unit:
            values["_asked"][name].append(how["unit_from"])
        if table == "labs":
            _of_labs(values, name, how, row, study)
    if "_dropped" in values:
        return values
    needed = NEEDED.get(table, ()) if needed is None else needed
    if waits_for_its_cycle(values, study["tables"][table]):
        if why := says_nothing(values):
            values["_dropped"] = why
        return values
    if any(values.get(name) is None for name in needed):
        values["_dropped"] = _incomplete(values, row, table, needed, journal)
        return values
    if table == "labs":
        standardise(values, row, study, journal)
    if table == "adverse_events":
        _code_event(values, row, mapping, study, journal)
    return values


def _of_labs(values: dict, name: str, how: dict, row: RawRow, study: dict) -> None:
    """What a laboratory row says beside a column: that it does not count, its limits of normal."""
    if why := why_not(values, study):
        values["_dropped"] = why
    if name == "LBSTRESN" and "range_from" in how and (text := row.text(how["range_from"])):
        missing = study["vocabulary"]["missing"]
        read_range(values, how["range_from"], text, how.get("decimal", ""), missing)
        limits = of_header(row, how["range_from"])
        values["_cells"] |= {"LBSTNRLO": limits, "LBSTNRHI": limits}
        values["_asked"][name].append(how["range_from"])


def _why_empty(reading: Reading) -> str:
    if reading.unknown is not None:
        return "a word that no vocabulary knows, asked of the clinic"
    return "not readable, asked of the clinic" if reading.problem else _MISSING


def _note(reading, row: RawRow, table, name, how: dict, text: str, journal: Journal) -> None:
    header, place = how.get("from"), row.place
    if reading.unknown is not None:
        at = {"file": place.file, "sheet": place.sheet, "row": place.row}
        about = {"table": table, "column": name, "header": header, "how": how}
        value = tidy(row.label(header) or text)
        journal.unknown.append({**about, "value": value, **at, "known": reading.unknown})
    if reading.problem and not reading.asked:
        journal.ask(
            "unreadable_value",
            {"header": header, "problem": reading.problem},
            patient=row.patient,
            table=table,
            column=name,
            value=text,
            place=place,
            header=header,
        )
    elif reading.rule and not reading.problem:
        if reading.doubt:
            said = {"header": header, "text": tidy(row.label(header) or text)}
            at = {"table": table, "column": name, "value": text, "place": place, "header": header}
            journal.ask(reading.doubt, said, patient=row.patient, **at)
        shown = None if reading.value is None else str(reading.value)
        journal.change(row.patient, table, name, text, shown, reading.rule, place, header)


def _incomplete(values: dict, row: RawRow, table, needed, journal: Journal) -> str:
    """Why the record is left out; one that holds something but lacks its date is a query."""
    lacking = next(name for name in needed if values.get(name) is None)
    header, text = values["_raw"].get(lacking, (None, ""))
    # A day with a column for each test says nothing of the tests that were not done.
    wide = ("LBDT",) if values["_raw"].get("LBTESTCD", ("", ""))[0] is None else ()
    apart = (*needed, *wide)
    rest = [k for k, (h, t) in values["_raw"].items() if h and t and k not in apart]
    if not rest and text == "":
        return "nothing recorded in it"
    if text == "":
        journal.ask(
            "row_without_key_value",
            {"header": header or lacking},
            patient=row.patient,
            table=table,
            column=lacking,
            value="",
            place=row.place,
            header=header,
        )
    return "what it hangs on is missing"


def _code_event(values: dict, row: RawRow, mapping: dict, study: dict, journal: Journal) -> None:
    """The CTCAE term: of its own column where the study maps one that is filled, else of AETERM."""
    if values.get("AEDECOD") is not None or values["_why"].get("AEDECOD", _MISSING) != _MISSING:
        return
    header, text = values["_raw"]["AETERM"]
    how = {"from": header, "values": mapping["AETERM"].get("values", {})}
    reading = read_cell(text, Column("AEDECOD", "string", "CTCAE term"), how, study, None)
    _note(reading, row, "adverse_events", "AEDECOD", how, text, journal)
    values["AEDECOD"] = reading.value
    values["_cells"]["AEDECOD"] = values["_cells"]["AETERM"]


def one_row_per_patient(made: list[dict], study: dict, journal: Journal) -> list[dict]:
    """Join the rows of one patient: equal or empty cells fit together, others are contradictions.

    A contradiction in a date or in the vital status stops the run, since every result hangs
    on it; any other leaves the cell empty with a query, until the clinic has answered.
    """
    by_patient: dict[str, list[dict]] = {}
    for row in made:
        by_patient.setdefault(row["USUBJID"], []).append(row)
    decisive = [n for n, c in columns_of("patients", study).items() if c.dtype == "date"]
    decisive.append("SURVSTAT")
    joined = []
    for patient, rows in sorted(by_patient.items()):
        rows = sorted(rows, key=lambda r: (r["_place"].file, r["_place"].sheet, r["_place"].row))
        kept = next((row for row in rows if _says_something(row)), rows[0])
        for other in rows:
            if other is kept:
                continue
            if not _says_something(other):
                other["_dropped"] = "nothing recorded in it"
                continue
            other["_joined"] = kept
            kept["_cells"]["USUBJID"] = kept["_cells"]["USUBJID"] + other["_cells"]["USUBJID"]
            _keep_unused(kept, other)
            _join(kept, other, patient, decisive, journal)
        joined.append(kept)
    return joined


def _says_something(row: dict) -> bool:
    """Whether the row has a mapped cell beside the patient's number."""
    return any(header and text for header, text in row["_raw"].values())


def _keep_unused(kept: dict, other: dict) -> None:
    """What neither row gives a value for: the cells that were read for it in either row."""
    for name, cells in other["_cells"].items():
        if kept.get(name) is None and other.get(name) is None and name != "USUBJID":
            kept["_cells"][name] = kept["_cells"].get(name, []) + cells


def _at(place: Place, other: Place) -> str:
    """The row, with its file or sheet where ``other`` stands in another one."""
    if place.file != other.file:
        return f"{place.row} of {place.file}"
    return f"{place.row}" if place.sheet == other.sheet else f"{place.row} of sheet {place.sheet}"


def _contradiction(
    patient: str, mine: object, first: Place, second: Place, header: str, text: str
) -> StudyError:
    """The error for two values of a cell on which every result hangs."""
    files = (
        " Where one file is a copy or an older export, say that the newer file wins (tables > "
        "patients > overlap: newer)."
    )
    return stop(
        f"Two rows of patient {patient} contradict each other "
        f"({mine} in row {_at(first, second)}).",
        "Ask the clinic which is right, and write it as a correction (config/corrections)."
        + (files if first.file != second.file else ""),
        second,
        header,
        text,
    )


def _join(kept: dict, other: dict, patient: str, decisive: list[str], journal: Journal) -> None:
    names = sorted({n for n in (*kept, *other) if not n.startswith("_") and n != "USUBJID"})
    # The flag of a completed date goes with the date.
    for name in (n for n in names if not n.endswith("DTF")):
        mine, theirs = kept.get(name), other.get(name)
        if theirs is not None and name.endswith("DT") and _one_date(kept, other, name):
            continue
        if theirs is None or mine == theirs:
            continue
        both = kept["_cells"].get(name, []) + other["_cells"].get(name, [])
        if name in kept.get("_contradicted", ()):
            kept["_cells"][name] = both
            continue
        header, text = other["_raw"].get(name, (name, str(theirs)))
        if mine is None:
            kept[name], kept["_cells"][name] = theirs, other["_cells"].get(name, [])
            continue
        first = kept["_place"]
        if name in decisive:
            sent = kept["_raw"][name][1] if f"_{name}" in kept else mine
            raise _contradiction(patient, sent, first, other["_place"], header, text)
        kept[name], kept["_cells"][name] = None, both
        kept.setdefault("_contradicted", set()).add(name)
        journal.ask(
            "contradicting_rows",
            {
                **{"first": _at(first, other["_place"]), "value": mine},
                **{"second": _at(other["_place"], first), "other": theirs},
            },
            patient=patient,
            table="patients",
            column=name,
            value=f"{mine} / {theirs}",
            place=other["_place"],
            header=header,
        )


def _one_date(kept: dict, other: dict, name: str) -> bool:
    """Whether two rows do not differ in a date: one has none, or the days of one hold the other's.

    The narrower date goes into ``kept``, with its flag: a whole one before a completed one.
    """
    spans = [row.get(f"_{name}") or (row.get(name), row.get(name)) for row in (kept, other)]
    (low, high), (first, last) = spans
    if low is None or low <= first and last <= high and spans[0] != spans[1]:
        for part in (name, f"{name}F", f"_{name}"):
            kept.pop(part, None)
            if part in other:
                kept[part] = other[part]
        kept["_cells"][name] = other["_cells"].get(name, [])
        return True
    return first <= low and high <= last

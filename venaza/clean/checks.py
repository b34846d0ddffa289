"""Checks with clinical sense on the clean rows: each raises queries, none corrects a value."""

from __future__ import annotations

from venaza.clean.journal import Journal

#: What a number can be in a living patient. One outside is a slip of unit or of the keyboard: it
#: is left empty until the clinic has answered, and never corrected.
RANGES = {
    ("patients", "AGE"): (0, 110),
    ("patients", "ECOG"): (0, 5),
    ("patients", "WBC"): (0.05, 1000),
    ("patients", "HGB"): (25, 220),
    ("patients", "PLT"): (0, 2000),
    ("patients", "BMBLAST"): (0, 100),
    ("responses", "MBLAST"): (0, 100),
    ("responses", "PBLAST"): (0, 100),
    ("responses", "ANC"): (0, 200),
    ("responses", "PLT"): (0, 2000),
    ("responses", "CYCLE"): (0, 60),
    ("mrd", "MRDVAL"): (0, 100),
    ("mutations", "VAF"): (0, 100),
    ("adverse_events", "AETOXGR"): (1, 5),
    ("cycles", "CYCLE"): (1, 60),
    ("cycles", "VENDOSE"): (10, 800),
    ("cycles", "VENDAYS"): (0, 42),
    ("cycles", "HMADAYS"): (0, 10),
    ("transfusions", "TFUNITS"): (0, 40),
}


def run_checks(tables: dict[str, list[dict]], journal: Journal) -> None:
    """Run every check over the clean rows (dictionaries with ``_raw`` and ``_place``)."""
    patients = {row["USUBJID"]: row for row in tables["patients"]}
    for check in (_impossible, _vital_status, _order_of_dates, _after_death, _cycle_order, _genes):
        check(tables, patients, journal)


def _ask(journal, severity, rule, message, row, table, column, action="kept") -> None:
    header, text = row["_raw"].get(column, (None, None))
    journal.query(
        severity,
        rule,
        message,
        action,
        patient=row["USUBJID"],
        table=table,
        column=column,
        value=text,
        place=row["_place"],
        header=header,
    )


def _impossible(tables, patients, journal: Journal) -> None:
    for (table, column), (low, high) in RANGES.items():
        for row in tables.get(table, []):
            value = row.get(column)
            if value is None or low <= value <= high:
                continue
            message = f"{column} {value:g} lies outside {low:g} to {high:g}."
            action = "left empty until answered"
            _ask(journal, "error", "out_of_range", message, row, table, column, action)
            header, text = row["_raw"][column]
            place = row["_place"]
            journal.change(row["USUBJID"], table, column, text, None, "out of range", place, header)
            row[column] = None


def _vital_status(tables, patients, journal: Journal) -> None:
    for row in tables["patients"]:
        status, died = row.get("SURVSTAT"), row.get("DTHDY") is not None
        if status in ("ALIVE", "LOST") and died:
            message = f"Vital status is {status}, but there is a date of death."
            action = "the date of death counts"
            _ask(
                journal,
                "error",
                "alive_with_death_date",
                message,
                row,
                "patients",
                "SURVSTAT",
                action,
            )
        if status == "DEAD" and not died:
            message = "Vital status is DEAD, but there is no date of death."
            action = "counted as alive at the last contact"
            _ask(journal, "error", "dead_without_date", message, row, "patients", "DTHDT", action)
        if row.get("INDEXDY") is None:
            message = "The patient has no index date."
            action = "not in the analysis population"
            _ask(journal, "error", "no_index_date", message, row, "patients", "INDEXDT", action)


def _order_of_dates(tables, patients, journal: Journal) -> None:
    for row in tables["patients"]:
        diagnosis, death, last = row.get("DIAGDY"), row.get("DTHDY"), row.get("LSTALVDY")
        if diagnosis is not None and diagnosis > 0:
            message = "Diagnosis lies after the index date."
            _ask(journal, "warning", "diagnosis_after_index", message, row, "patients", "DIAGDT")
        if death is not None and last is not None and last > death:
            message = f"Last contact lies {last - death} day(s) after death."
            action = "the date of death counts"
            _ask(
                journal,
                "warning",
                "contact_after_death",
                message,
                row,
                "patients",
                "LSTALVDT",
                action,
            )
    for row in tables.get("cycles", []):
        diagnosis = patients[row["USUBJID"]].get("DIAGDY")
        if diagnosis is not None and row["EXSTDY"] is not None and row["EXSTDY"] < diagnosis:
            message = "The cycle starts before the diagnosis."
            _ask(journal, "warning", "cycle_before_diagnosis", message, row, "cycles", "EXSTDT")
    for table, start, end in (("cycles", "EXST", "EXEN"), ("adverse_events", "AEST", "AEEN")):
        for row in tables.get(table, []):
            first, last = row.get(f"{start}DY"), row.get(f"{end}DY")
            if first is not None and last is not None and last < first:
                message = "The end lies before the start."
                _ask(journal, "warning", "end_before_start", message, row, table, f"{end}DT")


def _after_death(tables, patients, journal: Journal) -> None:
    for table, stem in (
        ("cycles", "EXST"),
        ("responses", "RS"),
        ("mrd", "MRD"),
        ("therapies", "CMST"),
        ("transplants", "TX"),
        ("adverse_events", "AEST"),
        ("labs", "LB"),
        ("transfusions", "TF"),
    ):
        for row in tables.get(table, []):
            death, day = patients[row["USUBJID"]].get("DTHDY"), row.get(f"{stem}DY")
            if death is not None and day is not None and day > death:
                message = f"The row lies {day - death} day(s) after death."
                action = "kept in the clean table, counts for no endpoint"
                _ask(journal, "error", "after_death", message, row, table, f"{stem}DT", action)


def _cycle_order(tables, patients, journal: Journal) -> None:
    last: dict[str, dict] = {}
    for row in tables.get("cycles", []):
        before = last.get(row["USUBJID"])
        last[row["USUBJID"]] = row
        if before is None or row.get("CYCLE") is None or before.get("CYCLE") is None:
            continue
        if row["CYCLE"] <= before["CYCLE"]:
            message = f"Cycle {row['CYCLE']} starts after cycle {before['CYCLE']}."
            _ask(journal, "warning", "cycle_order", message, row, "cycles", "CYCLE")
    for patient, row in patients.items():
        firsts = [r["EXSTDY"] for r in tables.get("cycles", []) if r["USUBJID"] == patient]
        firsts = [day for day in firsts if day is not None]
        if firsts and min(firsts) != 0 and row.get("INDEXDY") == 0:
            message = f"The first cycle starts {min(firsts)} day(s) from the index date."
            _ask(journal, "note", "index_not_first_cycle", message, row, "patients", "INDEXDT")


def _genes(tables, patients, journal: Journal) -> None:
    for row in tables.get("mutations", []):
        if row.get("GERES") in ("WILD-TYPE", "NOT TESTED") and (row.get("VAF") or 0) > 0:
            message = f"The gene is {row['GERES']}, but a variant fraction is given."
            _ask(journal, "warning", "fraction_without_mutation", message, row, "mutations", "VAF")

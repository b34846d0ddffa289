"""Time in an unknown export: calendar or study days, the index date, death, later events."""

from __future__ import annotations

import re

from venaza.config.synonyms import Synonyms
from venaza.errors import StudyError
from venaza.newstudy.content import Content
from venaza.newstudy.draft import Draft, Mapped, Table
from venaza.newstudy.sheet import Sheet
from venaza.newstudy.tables import columns_for, key_of, with_words

#: What an event's date in the patients' sheet becomes: table, date column, what else is known.
_EVENTS = {
    "remission": ("responses", "RSDT", {"RSINV": "CR"}),
    "relapse": ("responses", "RSDT", {"RSINV": "RELAPSE"}),
    "transplant": ("transplants", "TXDT", {}),
    "next_therapy": ("therapies", "CMSTDT", {}),
}
_FLAGS = {"0", "1"}


def set_time(draft: Draft, synonyms: Synonyms, content: Content) -> None:
    """Complete the patients' table with its dates, and add the events of its sheet; in place."""
    patients = draft.tables.get("patients") or _any_patients(draft, synonyms, content)
    draft.tables = {"patients": patients, **draft.tables}
    dated = [h for h in patients.sheet.known() if patients.sheet.columns[h].kind == "date"]
    if draft.days:
        _study_days(draft, patients, synonyms, content)
    else:
        _index_date(draft, patients, synonyms, dated)
        _status_beside(patients, content)
        _death(draft, patients, content)
    _flagged_status(draft, patients, content)
    _events(draft, patients, synonyms)
    _orders(draft)


def _any_patients(draft: Draft, synonyms: Synonyms, content: Content) -> Table:
    """The sheet that has one row for each patient, where no name or header says so."""
    taken = [table.sheet for table in draft.tables.values()]
    found = []
    for sheet in draft.sheets:
        key = key_of(sheet, draft.sheets, synonyms)
        if key and all(sheet is not t for t in taken):
            profile = sheet.columns[key[0]]
            if profile.filled == profile.distinct:
                found.append((len(sheet.columns), sheet, key))
    if not found:
        return _repeated_patients(draft, synonyms, content)
    _, sheet, key = max(found, key=lambda f: f[0])
    draft.questions.append(f"Is '{key[0]}' the patient's number in {sheet.shown}? ({key[2]})")
    columns = columns_for(sheet, "patients", key[0], synonyms, content)
    return Table("patients", sheet, key[0], [columns], "guess", "one row for each patient")


def _repeated_patients(draft: Draft, synonyms: Synonyms, content: Content) -> Table:
    """The patients out of a sheet of visits: the columns that are the same in all rows of each."""
    best: Table | None = None
    for sheet in draft.sheets:
        key = key_of(sheet, draft.sheets, synonyms)
        if key is None or sheet.instrument:
            continue
        columns = [
            m
            for m in columns_for(sheet, "patients", key[0], synonyms, content, draft.days)
            if _same_in_each(sheet, key[0], m.how["from"])
        ]
        if columns and (best is None or len(columns) > len(best.records[0])):
            why = "columns that are the same in all rows of a patient"
            best = Table("patients", sheet, key[0], [columns], "likely", why)
    if best is None:
        raise StudyError(
            "No sheet here has one row for each patient with the patient's number.",
            fix="Give the column with the patient's number a header such as 'patient id' or "
            "病案号, and one sheet with one row for each patient.",
            file=draft.sheets[0].shown,
        )
    return best


def _same_in_each(sheet: Sheet, key: str, header: str) -> bool:
    seen: dict[str, str] = {}
    for patient, text in zip(sheet.columns[key].texts, sheet.columns[header].texts, strict=True):
        if patient and text and seen.setdefault(patient, text) != text:
            return False
    return True


def _index_date(draft: Draft, patients: Table, synonyms: Synonyms, dated: list[str]) -> None:
    record, columns = patients.records[0], patients.sheet.columns
    could = []
    for header in patients.sheet.known():
        meanings = [synonyms.means(name, "patients") for name in patients.sheet.names(header)]
        constant = _same_in_each(patients.sheet, patients.key, header)
        if (
            constant
            and any(m and "INDEXDT" in m.columns for m in meanings)
            and columns[header].kind != "empty"
        ):
            could.append(header)
    mapped = patients.column("INDEXDT")
    if mapped is None:
        diagnosis = patients.column("DIAGDT")
        others = [
            h
            for h in dated
            if h not in draft.used(patients.sheet)
            and _same_in_each(patients.sheet, patients.key, h)
        ]
        proposal = [*could, *([diagnosis.how["from"]] if diagnosis else []), *others]
        if not proposal:
            raise StudyError(
                "No date of the patients' sheet can be the index date, from which all times count.",
                fix="Give the sheet a column with the first day of treatment (首次用药日期, "
                f"treatment start). Its headers: {', '.join(patients.sheet.known())}.",
                file=patients.sheet.file,
                sheet=patients.sheet.name,
                row=patients.sheet.header_row,
            )
        why = "treatment or enrolment, one of several" if could else "no header says index date"
        mapped = Mapped("INDEXDT", {"from": proposal[0]}, "guess", why)
        record.append(mapped)
    header = mapped.how["from"]
    draft.index = header
    others = [h for h in dated if h != header and h in could]
    question = f"Times count from '{header}' (INDEXDT). Is that the day they should count from?"
    others += [m.how["from"] for m in (patients.column("DIAGDT"),) if m and m.how["from"] != header]
    if others:
        question += f" Other candidates: {', '.join(dict.fromkeys(others))}."
    draft.questions.insert(0, question)


def _death(draft: Draft, patients: Table, content: Content) -> None:
    """Where only a status says who died, the last contact is the day of death."""
    status, last = patients.column("SURVSTAT"), patients.column("LSTALVDT")
    if patients.column("DTHDT") or not status or not last:
        return
    header = status.how["from"]
    words = _words_for_dead(status, patients, content)
    if not words:
        draft.questions.append(
            f"There is no death date, and no word of '{header}' is known to mean dead: "
            "fill in SURVSTAT > values, and DTHDT as the commented line shows."
        )
        return
    how = {"from": last.how["from"], "when": {header: words[0] if len(words) == 1 else words}}
    why = f"no death date; the last contact of those whose {header} says dead"
    patients.records[0].append(Mapped("DTHDT", how, "likely", why))
    draft.questions.append(
        f"Is '{last.how['from']}' the day of death of patients who died? No other column has it."
    )


def _status_beside(patients: Table, content: Content) -> None:
    """The vital status out of the words that stand beside the date of the last contact."""
    for name in ("LSTALVDT", "DTHDT"):
        date = patients.column(name)
        profile = patients.sheet.columns[date.how["from"]] if date else None
        if profile and profile.part == "date" and not patients.column("SURVSTAT"):
            how = {"from": date.how["from"], "part": "words"}
            mapped = Mapped("SURVSTAT", how, "likely", "the words beside the date")
            patients.records[0].append(with_words(mapped, profile, content))


def _words_for_dead(status: Mapped, patients: Table, content: Content) -> list[str]:
    """The words of the status column that mean dead."""
    from venaza.clean.words import code_of

    known = {**content.codes("SURVSTAT"), **status.how.get("values", {})}
    words = sorted(patients.sheet.columns[status.how["from"]].words)
    if "part" in status.how:  # the words stand in cells of their own for a condition on the code
        return ["DEAD"] if any(content.means("SURVSTAT", word) == "DEAD" for word in words) else []
    found = [word for word in words if code_of(word, known) == "DEAD"]
    if not found and "values" in status.how and set(words) <= _FLAGS and "1" in words:
        return ["1"] if _asks_for_death(status) else ["0"]
    return found


def _asks_for_death(status: Mapped) -> bool:
    return next(iter(status.how.get("values", {"DEAD": []}))) == "DEAD"


def _flagged_status(draft: Draft, patients: Table, content: Content) -> None:
    """A question for death answered with 0 and 1: 1 is taken as yes, and asked about."""
    status = patients.column("SURVSTAT")
    if status is None or "values" not in status.how:
        return
    if patients.sheet.columns[status.how["from"]].legend:
        return
    words = set(patients.sheet.columns[status.how["from"]].words)
    if not words or not words <= _FLAGS:
        return
    yes, no = ("DEAD", "ALIVE") if _asks_for_death(status) else ("ALIVE", "DEAD")
    status.how["values"] = {yes: ["1"], no: ["0"]}
    status.unknown, status.unshown, status.sure = {}, 0, "likely"
    draft.questions.append(f"Is 1 in '{status.how['from']}' yes ({yes}), and 0 no?")


def _study_days(draft: Draft, patients: Table, synonyms: Synonyms, content: Content) -> None:
    """Whole days from time zero instead of dates: last contact, death among those who died."""
    record, sheet = patients.records[0], patients.sheet
    last = patients.column("LSTALVDT")
    record[:] = [m for m in record if not m.name.endswith("DT")]
    record.append(Mapped("INDEXDT", {"constant": 0}, "likely", "no dates here: times in days"))
    used = draft.used(sheet)
    whole = [
        h
        for h in sheet.known()
        if h not in used and sheet.columns[h].kind == "integer" and sheet.columns[h].low >= 0
    ]
    named = [last.how["from"]] if last and last.how["from"] in whole else []
    named += [h for h in whole if _event(patients, h, synonyms) == "survival_days"]
    everybody = sheet.columns[patients.key].distinct
    long = [h for h in whole if sheet.columns[h].high > 100]
    long = [h for h in long if sheet.columns[h].filled >= everybody]
    long = [h for h in long if _event(patients, h, synonyms) in (None, "survival_days")]
    long.sort(key=lambda h: -sheet.columns[h].high)
    if not named and not long:
        raise StudyError(
            "The patients' sheet has neither dates nor a column of days: no time can be counted.",
            fix="Give it an index date and a last contact, or the days from the index date to the "
            f"last contact (survival days). Its headers: {', '.join(sheet.known())}.",
            file=sheet.file,
            sheet=sheet.name,
            row=sheet.header_row,
        )
    header = (named or long)[0]
    sure = "likely" if named else "guess"
    record.append(Mapped("LSTALVDT", {"from": header}, sure, "whole days, the longest"))
    status = patients.column("SURVSTAT")
    draft.questions.insert(
        0, f"Is '{header}' the days from the index date to death or last contact?"
    )
    if status is None:
        flags = [h for h in whole if set(sheet.columns[h].words) == _FLAGS]
        draft.questions.append(
            "Which column says who died? Put it into DTHDT as the commented line shows"
            + (f"; columns of 0 and 1: {', '.join(flags)}." if flags else ".")
        )
        return
    words = _words_for_dead(status, patients, content)
    when = {status.how["from"]: words[0] if len(words) == 1 else words}
    if words:
        record.append(Mapped("DTHDT", {"from": header, "when": when}, "likely", "days and status"))


def _event(patients: Table, header: str, synonyms: Synonyms) -> str | None:
    found = (synonyms.event(name) for name in patients.sheet.names(header))
    return next((event for event in found if event), None)


def _events(draft: Draft, patients: Table, synonyms: Synonyms) -> None:
    """Remission, relapse, transplant and next therapy, where the patients' sheet dates them."""
    kind = "integer" if draft.days else "date"
    used = draft.used(patients.sheet)
    made: dict[str, list[list[Mapped]]] = {}
    for header in patients.sheet.known():
        event = _event(patients, header, synonyms)
        if header in used or event not in _EVENTS:
            continue
        if patients.sheet.columns[header].kind != kind:
            continue
        table, date, more = _EVENTS[event]
        known = draft.tables.get(table)
        if known and event != "relapse" and not known.dated:
            draft.leave(patients.sheet, header, f"the sheet of '{table}' is read instead")
            continue
        record = [Mapped(date, {"from": header}, "likely", f"header: {event}")]
        record += [
            Mapped(n, {"constant": v}, "likely", f"header: {event}") for n, v in more.items()
        ]
        made.setdefault(table, []).append(record)
    for table, records in made.items():
        why = "dates in the patients' sheet"
        new = Table(table, patients.sheet, patients.key, records, "likely", why)
        if table in draft.tables:
            draft.tables[table].also.append(new)
        else:
            draft.tables[table] = new


def _orders(draft: Draft) -> None:
    """Dates written day, month, year or month, day, year: asked, with what the cells show."""
    for table in draft.every():
        for mapped in table.columns():
            headers = table.numbered(mapped.how["from"]) if "from" in mapped.how else []
            profiles = [table.sheet.columns[h] for h in headers]
            words = [w for p in profiles if p.kind == "day_month" for w in p.words]
            if mapped.name.endswith("DT") and words:
                order = _order(words)
                shown = f"only {order} fits all cells" if order else "the cells do not say"
                draft.orders[mapped.how["from"]] = order
                draft.questions.append(
                    f"'{mapped.how['from']}' has dates such as 03/05/2021: day first (DMY) or "
                    f"month first (MDY)? ({shown}; timeline, date_order)"
                )


def _order(words: list[str]) -> str:
    """DMY or MDY, where a number above 12 shows which; nothing where none or both do."""
    parts = [[int(n) for n in re.findall(r"\d+", word)[:2]] for word in words]
    first = any(part[0] > 12 for part in parts if len(part) == 2)
    second = any(part[1] > 12 for part in parts if len(part) == 2)
    return "" if first == second else "DMY" if first else "MDY"

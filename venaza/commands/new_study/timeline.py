"""Time in an unknown export: calendar or study days, the index date, death, later events."""

from __future__ import annotations

import re

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.events import add_events
from venaza.commands.new_study.study_times import FLAGS, set_days
from venaza.commands.new_study.tables import columns_for, key_of, same_in_each, with_words
from venaza.contracts.coded_values import code_of
from venaza.contracts.errors import StudyError
from venaza.study.synonyms import Synonyms

#: Later events: no day from which a study of the treatment counts.
_LATER = {"remission", "response", "relapse", "next_therapy"}


def set_time(draft: Draft, synonyms: Synonyms, content: Content) -> None:
    """Complete the patients' table with its dates, and add the events of its sheet; in place."""
    patients = draft.tables.get("patients") or _any_patients(draft, synonyms, content)
    draft.tables = {"patients": patients, **draft.tables}
    sheet = patients.sheet
    dated = [h for h in sheet.known() if sheet.columns[h].kind in ("date", "day_month")]
    if draft.days:
        status = patients.column("SURVSTAT")
        dead = tuple(_words_for_dead(status, patients, content)) if status else ()
        set_days(draft, patients, synonyms, dead)
    else:
        _index_date(draft, patients, synonyms, dated)
        _status_beside(patients, content)
        _death(draft, patients, content)
    _flagged_status(draft, patients)
    add_events(draft, patients, synonyms, content)
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
            if same_in_each(sheet, key[0], m.how["from"])
        ]
        if columns and (best is None or len(columns) > len(best.records[0])):
            why = "columns that are the same in all rows of a patient"
            best = Table("patients", sheet, key[0], [columns], "likely", why)
    if best is None:
        raise StudyError(
            "No sheet here has one row for each patient with the patient's number.",
            fix="A study needs a column with the patient's number. Look whether a sheet or file is "
            "missing from the export, and ask for it. Headers here: "
            + ", ".join(h for sheet in draft.sheets for h in sheet.known())
            + ". Where one of them is it, write the study file by hand (tables > patients > key); "
            "docs/configuration.md says how.",
            file=draft.sheets[0].shown,
        )
    return best


def _index_date(draft: Draft, patients: Table, synonyms: Synonyms, dated: list[str]) -> None:
    record, columns = patients.records[0], patients.sheet.columns
    could, others = [], []
    read = {h for t in draft.every() if t is not patients and t.sheet is patients.sheet
            for m in t.columns() for h in t.headers_of(m)}  # fmt: skip
    for header in patients.sheet.known():
        if header in read or not same_in_each(patients.sheet, patients.key, header):
            continue
        meant = _meant(patients, header, synonyms)
        if "INDEXDT" in meant and columns[header].kind != "empty":
            could.append(header)
        elif header in dated and not meant & {"DTHDT", "LSTALVDT", "STOPDT", *_LATER}:
            others.append(header)
    # A diagnosis comes before days that no header explains, a transplant after these.
    others.sort(
        key=lambda h: ("DIAGDT" not in (m := _meant(patients, h, synonyms)), "transplant" in m)
    )
    mapped = patients.column("INDEXDT")
    if mapped is None:
        proposal = [*could, *others]
        if not proposal:
            raise StudyError(
                "No date of the patients' sheet can be the index date, from which all times count.",
                fix="A study needs the first day of treatment, or of the diagnosis. Look whether a "
                "sheet or file is missing from the export, and ask for it. Headers of this one: "
                f"{', '.join(patients.sheet.known())}.",
                file=patients.sheet.file,
                sheet=patients.sheet.name,
                row=patients.sheet.header_row,
            )
        why = "treatment or enrolment, one of several" if could else "no header says index date"
        mapped = Mapped("INDEXDT", {"from": proposal[0]}, "guess", why)
        record.append(mapped)
    header = mapped.how["from"]
    draft.index = header
    question = f"Times count from '{header}' (INDEXDT). Is that the day they should count from?"
    candidates = [h for h in dict.fromkeys((*could, *others)) if h != header and h in dated]
    if candidates:
        question += f" Other candidates: {', '.join(candidates)}."
    draft.questions.insert(0, question)


def _meant(patients: Table, header: str, synonyms: Synonyms) -> set[str]:
    """The columns and events that a header of a date may mean, itself or as the date of it."""
    found: set[str] = set()
    for name in patients.sheet.names(header):
        for form in (name, f"{name} date"):
            meaning = synonyms.means(form, "patients")
            found |= meaning.columns if meaning else set()
        found |= {synonyms.event(name, dated=True)} - {None}
    return found


def _death(draft: Draft, patients: Table, content: Content) -> None:
    """Where only a status says who died, the last contact is the day of death."""
    status, last = patients.column("SURVSTAT"), patients.column("LSTALVDT")
    if patients.column("DTHDT") or not status or not last:
        return
    header = status.how["from"]
    if not _words_for_dead(status, patients, content):
        open_ = status.unknown or status.unshown
        draft.questions.append(
            f"No word of '{header}' is known to mean dead: which do? "
            "(SURVSTAT, values > DEAD; DTHDT follows them)"
            if open_
            else f"Is nobody dead? No word of '{header}' means so."
        )
    how = {"from": last.how["from"], "when": {header: "DEAD"}}
    why = f"no death date; the last contact of those whose {header} says dead"
    patients.records[0].append(Mapped("DTHDT", how, "likely", why))
    draft.questions.append(
        f"Is '{last.how['from']}' the day of death of patients who died? No other column has it."
    )


def _status_beside(patients: Table, content: Content) -> None:
    """The vital status out of the words that stand beside the date of the last contact."""
    for name in ("LSTALVDT", "DTHDT"):
        date = patients.column(name)
        profile = patients.profile(date) if date else None
        if profile and profile.part == "date" and not patients.column("SURVSTAT"):
            how = {"from": date.how["from"], "part": "words"}
            mapped = Mapped("SURVSTAT", how, "likely", "the words beside the date")
            patients.records[0].append(with_words(mapped, profile, content))


def _words_for_dead(status: Mapped, patients: Table, content: Content) -> list[str]:
    """The code for dead, where a word of the status column has it, or will by an answer.

    The condition names the code, and so follows the words that the study file gives it.
    """
    known = {**content.codes("SURVSTAT"), **status.how.get("values", {})}
    words = patients.profile(status).words
    codes = {code_of(word, known) or content.means("SURVSTAT", word) for word in words}
    flagged = "values" in status.how and words and set(words) <= FLAGS
    return ["DEAD"] if "DEAD" in codes or flagged else []


def _flagged_status(draft: Draft, patients: Table) -> None:
    """A question for death answered with 0 and 1: 1 is taken as yes, and asked about."""
    status = patients.column("SURVSTAT")
    if status is None or "values" not in status.how:
        return
    profile = patients.profile(status)
    if profile.legend or not profile.words or not set(profile.words) <= FLAGS:
        return
    of_death = next(iter(status.how["values"])) == "DEAD"
    yes, no = ("DEAD", "ALIVE") if of_death else ("ALIVE", "DEAD")
    status.how["values"] = {yes: ["1"], no: ["0"]}
    status.unknown, status.unshown, status.sure = {}, 0, "likely"
    draft.questions.append(f"Is 1 in '{status.how['from']}' yes ({yes}), and 0 no?")


def _orders(draft: Draft) -> None:
    """Dates written day, month, year or month, day, year: asked, with what the cells show."""
    shown: dict[str, list[str]] = {}
    for table, mapped in draft.mapped():
        headers = table.numbered(mapped.how["from"]) if "from" in mapped.how else []
        profiles = [table.sheet.columns[h] for h in headers]
        words = [w for p in profiles if p.kind == "day_month" for w in p.words]
        if mapped.name.endswith("DT") and words:
            order = draft.orders[mapped.how["from"]] = _order(words)
            shown.setdefault(order, []).append(f"'{mapped.how['from']}'")
    for order, headers in shown.items():
        found = f"only {order} fits all cells" if order else "the cells do not say"
        names = ", ".join(dict.fromkeys(headers))
        draft.questions.append(
            f"{names}: with dates such as 03/05/2021, is the day first (DMY) or the month (MDY)? "
            f"({found}; timeline, date_order)"
        )


def _order(words: list[str]) -> str:
    """DMY or MDY, where a number above 12 shows which; nothing where none or both do."""
    parts = [[int(n) for n in re.findall(r"\d+", word)[:2]] for word in words]
    first = any(part[0] > 12 for part in parts if len(part) == 2)
    second = any(part[1] > 12 for part in parts if len(part) == 2)
    return "" if first == second else "DMY" if first else "MDY"

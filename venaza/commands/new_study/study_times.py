"""Time in an export without calendar dates: days, weeks or months from time zero."""

from __future__ import annotations

from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.profile import Profile
from venaza.commands.new_study.sheet import Sheet
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.times import unit_in_header
from venaza.study.synonyms import Synonyms

FLAGS = {"0", "1"}
#: Above this a number in a column of deaths is a day and no code.
_CODES = 9
#: So long at least is the longest follow-up: days, and years as days where a unit is named.
_LONG = {None: 100, "days": 100, "weeks": 15, "months": 3, "years": 0.3}


def is_time(profile: Profile) -> bool:
    """Whether cells may be times from time zero: whole numbers, or others under a named unit."""
    if profile.kind not in ("integer", "number") or profile.low < 0:
        return False
    return profile.kind == "integer" or unit_in_header(profile.header)[0] is not None


def as_time(sheet: Sheet, header: str) -> dict:
    """How a column of times is mapped: with the unit that its header, or its label, names."""
    units = [unit_in_header(name)[0] for name in sheet.names(header)]
    unit = next((unit for unit in units if unit), None)
    return {"from": header, **({"unit": unit} if unit else {})}


def set_days(draft: Draft, patients: Table, synonyms: Synonyms, dead: tuple[str, ...]) -> None:
    """Times from time zero instead of dates: last contact, death among those who died; in place.

    ``dead`` is what a condition on the vital status says of who died; empty where nobody can say.
    """
    record, sheet = patients.records[0], patients.sheet
    _death_days(patients)
    last, death = patients.column("LSTALVDT"), patients.column("DTHDT")
    start = patients.column("INDEXDT")
    record[:] = [m for m in record if not m.name.endswith("DT")]
    _set_start(draft, patients, start)
    used = draft.used(sheet)
    times = [h for h in sheet.known() if h not in used and is_time(sheet.columns[h])]
    header, sure = _longest(patients, last, times, synonyms)
    record.append(Mapped("LSTALVDT", as_time(sheet, header), sure, "times, the longest"))
    draft.questions.insert(
        0, f"Is '{header}' the time from the index date to death or last contact?"
    )
    if death is not None:
        record.append(Mapped("DTHDT", as_time(sheet, death.how["from"]), death.sure, death.why))
        return
    status = patients.column("SURVSTAT")
    if status is None:
        flags = [h for h in times if set(sheet.columns[h].words) == FLAGS]
        draft.questions.append(
            "Which column says who died? Put it into DTHDT as the commented line shows"
            + (f"; columns of 0 and 1: {', '.join(flags)}." if flags else ".")
        )
        return
    if dead:
        how = {**as_time(sheet, header), "when": {status.how["from"]: dead[0]}}
        record.append(Mapped("DTHDT", how, "likely", "times and status"))


def _death_days(patients: Table) -> None:
    """A column of deaths whose numbers are no codes has the days of death; in place."""
    record, status = patients.records[0], patients.column("SURVSTAT")
    if status is None or "from" not in status.how or patients.column("DTHDT"):
        return
    profile = patients.profile(status)
    if profile.kind in ("integer", "number") and profile.high > _CODES:
        record.remove(status)
        how = {"from": status.how["from"]}
        record.append(Mapped("DTHDT", how, "likely", "days, where a patient died"))


def _set_start(draft: Draft, patients: Table, start: Mapped | None) -> None:
    """Time zero: a column that says when each began, or nothing but zero; in place."""
    profile = patients.profile(start) if start else None
    if profile is None or profile.kind != "integer" or profile.high == profile.low == 0:
        why = "no dates here: times in days"
        patients.records[0].append(Mapped("INDEXDT", {"constant": 0}, "likely", why))
        return
    header = start.how["from"]
    patients.records[0].append(Mapped("INDEXDT", {"from": header}, "likely", "header"))
    draft.questions.append(
        f"Do times count from '{header}' (INDEXDT), {profile.low:g} to {profile.high:g}? If from "
        "day 0, write INDEXDT: {constant: 0}."
    )


def _longest(
    patients: Table, last: Mapped | None, times: list[str], synonyms: Synonyms
) -> tuple[str, str]:
    """The column of the time to death or last contact, and how sure that is."""
    sheet = patients.sheet
    events = {
        h: next((e for name in sheet.names(h) if (e := synonyms.event(name))), None) for h in times
    }
    named = [last.how["from"]] if last and last.how["from"] in times else []
    named += [h for h in times if events[h] == "survival_days"]
    everybody = sheet.columns[patients.key].distinct
    long = [
        h
        for h in times
        if sheet.columns[h].high > _LONG[unit_in_header(h)[0]]
        and sheet.columns[h].filled >= everybody
        and events[h] in (None, "survival_days")
    ]
    long.sort(key=lambda h: -sheet.columns[h].high)
    if not named and not long:
        raise StudyError(
            "The patients' sheet has neither dates nor a column of days: no time can be counted.",
            fix="A study needs, in some sheet, an index date and a last contact, or the time from "
            "the index date to the last contact. Look whether a sheet or file is missing from the "
            "export, and ask for it. Headers of this one: " + ", ".join(sheet.known()) + ".",
            file=sheet.file,
            sheet=sheet.name,
            row=sheet.header_row,
        )
    return (named or long)[0], "likely" if named else "guess"

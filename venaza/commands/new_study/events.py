"""Events that the patients' sheet dates: remission, relapse, transplant, next therapy."""

from __future__ import annotations

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.study_times import FLAGS, as_time, is_time
from venaza.commands.new_study.tables import same_in_each, with_words
from venaza.study.synonyms import Synonyms

#: What an event's date in the patients' sheet becomes: table, date column, what else is known.
_EVENTS = {
    "remission": ("responses", "RSDT", {"RSINV": "CR"}),
    "response": ("responses", "RSDT", {}),
    "relapse": ("responses", "RSDT", {"RSINV": "RELAPSE"}),
    "transplant": ("transplants", "TXDT", {}),
    "next_therapy": ("therapies", "CMSTDT", {}),
}
#: The best response of a patient without a date of its own.
BEST = "BESTRESP"


def event_of(patients: Table, header: str, synonyms: Synonyms, days: bool) -> str | None:
    """The later event that a column of the patients' sheet dates; None where it dates none."""
    dated = not days and patients.sheet.columns[header].kind == "date"
    found = (synonyms.event(name, dated) for name in patients.sheet.names(header))
    return next((event for event in found if event), None)


def add_events(draft: Draft, patients: Table, synonyms: Synonyms, content: Content) -> None:
    """Tables out of the patients' sheet where it dates events, and its best response; in place."""
    best = _best_response(patients, synonyms, content)
    used, made = draft.used(patients.sheet), {}
    for header in patients.sheet.known():
        event = event_of(patients, header, synonyms, draft.days)
        if header in used or event not in _EVENTS or not _dates(draft, patients, header):
            continue
        table, date, more = _EVENTS[event]
        known = draft.tables.get(table)
        if known and event != "relapse" and not known.dated:
            draft.leave(patients.sheet, header, f"the sheet of '{table}' is read instead")
            continue
        how = as_time(patients.sheet, header) if draft.days else {"from": header}
        record = [Mapped(date, how, "likely", f"header: {event}")]
        record += [
            Mapped(n, {"constant": v}, "likely", f"header: {event}") for n, v in more.items()
        ]
        if event == "response":
            if best is None:
                continue
            record.append(best)
            best = None
        made.setdefault(table, []).append(record)
    for table, records in made.items():
        why = "dates in the patients' sheet"
        new = Table(table, patients.sheet, patients.key, records, "likely", why)
        if table in draft.tables:
            draft.tables[table].also.append(new)
        else:
            draft.tables[table] = new
    if best is not None:
        _keep_best(patients, best, content)


def _dates(draft: Draft, patients: Table, header: str) -> bool:
    """Whether a column can be the date of an event: its cells are dates, or times and no flags."""
    profile = patients.sheet.columns[header]
    if not draft.days:
        return profile.kind in ("date", "day_month")
    return is_time(profile) and not set(profile.words) <= FLAGS


def _best_response(patients: Table, synonyms: Synonyms, content: Content) -> Mapped | None:
    """The column of the patients' sheet that holds one response of each."""
    used = {h for mapped in patients.columns() for h in patients.headers_of(mapped)}
    for header in patients.sheet.known():
        profile = patients.sheet.columns[header]
        meanings = [synonyms.means(name, "responses") for name in patients.sheet.names(header)]
        if (
            header not in used
            and same_in_each(patients.sheet, patients.key, header)
            and any(m and m.columns == {"RSINV"} for m in meanings)
            and content.says("RSINV", profile, "responses") == "yes"
        ):
            mapped = Mapped("RSINV", {"from": header}, "likely", "header and content")
            return with_words(mapped, profile, content)
    return None


def _keep_best(patients: Table, best: Mapped, content: Content) -> None:
    """The best response as a column of the study's own: no date says when it was reached."""
    header = best.how["from"]
    profile = patients.sheet.columns[header]
    if content.may_hold_names(profile):
        return
    values: dict[str, list[str]] = {}
    for word in sorted(profile.words):
        code = content.means("RSINV", word)
        values.setdefault(str(code) if code else word, []).append(word)
    how = {"from": header, "label": "Best response", "values": values}
    patients.records[0].append(Mapped(BEST, how, "likely", "the best response, without a date"))

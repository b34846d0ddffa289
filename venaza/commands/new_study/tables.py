"""Which sheet is which clean table, and which header which column: by name and by content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from venaza.commands.new_study.content import TELLING, Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.legend import with_legend
from venaza.commands.new_study.sheet import Sheet
from venaza.contracts.clean import TABLES
from venaza.contracts.headers import number_key
from venaza.contracts.text import folded
from venaza.pipeline.intake.privacy.detect import RECORD
from venaza.preflight.mapping import ESSENTIAL, columns_of, converts
from venaza.study.synonyms import Matched, Synonyms

#: A sheet that reaches less than this for every table is left out.
_ENOUGH = 2.0
_NAMED = 4.0
CONTENT = "content only"
#: Without one of these a sheet is a table only if its name says so: dates alone are every sheet's.
SPEAKING = {
    "cycles": {"CYCLE", "VENDOSE", "VENDAYS", "HMADOSE", "HMADAYS"},
    "responses": {"RSINV", "MBLAST"},
    "mrd": {"MRDVAL", "MRDRES"},
    "therapies": {"CMTRT"},
    "transplants": {"TXTYPE"},
}


def key_of(sheet: Sheet, sheets: list[Sheet], synonyms: Synonyms) -> tuple[str, str, str] | None:
    """The column with the patient's number: header, how sure, why; None where none can be it."""
    headers = sheet.known()
    named = [
        h
        for h in sheet.columns
        if any(synonyms.is_key(name) for name in sheet.names(h))
        and sheet.columns[h].filled
        and h not in sheet.proven
    ]
    if len(named) == 1:
        return named[0], "sure", "header"
    single = [
        h
        for h, profile in sheet.columns.items()
        if profile.kind in ("integer", "word", "text")
        and profile.filled == sheet.rows == profile.distinct
    ]
    # A hospital's number identifies and is hashed, but it is a number of patients all the same.
    record = [h for h in single if sheet.identifying.get(h) == RECORD and h not in sheet.proven]
    candidates = named or record or [h for h in single if h in headers]
    if not candidates:
        return None
    shared = Counter(h for other in sheets for h in other.columns)
    distinct = {h: sheet.columns[h].distinct for h in candidates}
    order = list(sheet.columns)
    best = max(
        candidates,
        key=lambda h: (
            _found_elsewhere(h, sheet, sheets, synonyms) if len(named) > 1 else False,
            h not in sheet.identifying,
            shared[h],
            distinct[h],
            -order.index(h),
        ),
    )
    why = f"also: {', '.join(h for h in named if h != best)}" if named else "a value for each row"
    return best, "likely" if named else "guess", why


def keyed(draft: Draft, synonyms: Synonyms) -> Iterator[tuple[Sheet, str]]:
    """The sheets that have a column with the patient's number, each with its header."""
    for sheet in draft.sheets:
        if key := key_of(sheet, draft.sheets, synonyms):
            yield sheet, key[0]


def _found_elsewhere(header: str, sheet: Sheet, sheets: list[Sheet], synonyms: Synonyms) -> bool:
    """Whether most numbers of a column are patients' numbers of another sheet as well."""
    mine = set(map(number_key, sheet.columns[header].texts)) - {""}
    for other in sheets:
        for column, profile in other.columns.items() if other is not sheet else ():
            if any(synonyms.is_key(name) for name in other.names(column)):
                both = mine & set(map(number_key, profile.texts))
                if len(both) > 0.5 * min(len(mine), profile.distinct):
                    return True
    return False


def match_sheets(draft: Draft, synonyms: Synonyms, content: Content) -> None:
    """Give each sheet the table that it fits best; in place."""
    scores = []
    for position, sheet in enumerate(draft.sheets):
        key = key_of(sheet, draft.sheets, synonyms)
        if key is None:
            continue
        for table in TABLES:
            mapped = columns_for(sheet, table, key[0], synonyms, content, draft.days)
            score, why = _score(sheet, table, key[0], mapped, synonyms)
            scores.append((-score, position, list(TABLES).index(table), key, mapped, why))
    taken: set[int] = set()
    for negative, position, number, key, mapped, why in sorted(scores, key=lambda s: s[:3]):
        table, sheet = list(TABLES)[number], draft.sheets[position]
        if position in taken or table in draft.tables or -negative < _ENOUGH:
            continue
        taken.add(position)
        sure = "sure" if "name" in why and key[1] == "sure" else "likely"
        draft.tables[table] = Table(table, sheet, key[0], [mapped], sure, why)
        if key[1] != "sure":
            draft.questions.append(
                f"Is '{key[0]}' the patient's number in {sheet.shown}? ({key[1]}: {key[2]})"
            )
    draft.tables = {name: draft.tables[name] for name in TABLES if name in draft.tables}


def _score(sheet: Sheet, table: str, key: str, mapped: list[Mapped], synonyms: Synonyms):
    named = table in synonyms.tables_named(sheet.instrument or sheet.name or sheet.file)
    weight = {"sure": 1.0, "likely": 0.7, "guess": 0.7}
    score = sum(weight[m.sure] for m in mapped)
    have = {m.name for m in mapped}
    if any(m.why == CONTENT and m.name == TELLING[table][0] for m in mapped):
        score += 0.0 if table == "patients" else 1.5
    complete = set(ESSENTIAL[table]) <= have
    why = f"{len(mapped)} columns"
    if table == "patients":
        events = sheet.where and not sheet.instrument
        repeated = not events and sheet.columns[key].filled > 1.3 * sheet.columns[key].distinct
        score += (-4.0 if repeated else 1.0) + (1.0 if complete else 0.0)
    elif not complete or not (named or SPEAKING.get(table, have) & have):
        return 0.0, why
    if named:
        score, why = score + _NAMED, f"name, {why}"
    return score, why


def columns_for(
    sheet: Sheet, table: str, key: str, synonyms: Synonyms, content: Content, days: bool = False
) -> list[Mapped]:
    """The columns of a table that a sheet has, by its headers and by their content."""
    headers = [h for h in sheet.known() if h != key]
    matched = _matched(sheet, headers, table, synonyms)
    for several, names in matched.doubtful:
        fit = [
            (h, n)
            for h in several
            for n in names
            if content.says(n, sheet.columns[h], table, days) == "yes"
        ]
        if len(fit) == 1 and fit[0][1] not in matched.columns:
            header, name = fit[0]
            matched.columns[name] = (header, _meaning(sheet, header, table, synonyms))
    said = {
        name: content.says(name, sheet.columns[header], table, days)
        for name, (header, _) in matched.columns.items()
    }
    matched.columns = {n: found for n, found in matched.columns.items() if said[n] != "no"}
    said |= _by_date(sheet, headers, table, synonyms, matched, content, days)
    how = columns_of(matched, content.units, content.vocabulary["yes_no"])
    made = []
    for name, place in how.items():
        place = {"from": place} if isinstance(place, str) else place
        profile = sheet.columns[place["from"]]
        sure = {"yes": "sure", "open": "likely"}[said[name]]
        why = matched.columns[name][1].how + (" and content" if sure == "sure" else "")
        unit = matched.columns[name][1].unit
        if unit and name in content.units and not converts(name, unit, content.units):
            sure, why = "guess", f"{why}; its unit {unit} is not known: write unit: ..."
        label = sheet.labels.get(place["from"])
        if label and name not in (getattr(synonyms.means(label, table), "columns", ())):
            sure, why = "guess", f"{why}; its label is '{label}'"
        made.append(with_words(Mapped(name, place, sure, why), profile, content))
    taken = {m.how["from"] for m in made} | {h for several, _ in matched.doubtful for h in several}
    made += _by_content(sheet, table, taken | {key}, {m.name for m in made}, content, days)
    order = [column.name for column in TABLES[table]]
    return sorted(made, key=lambda m: order.index(m.name))


def same_in_each(sheet: Sheet, key: str, header: str) -> bool:
    """Whether no patient has two different texts in a column."""
    seen: dict[str, str] = {}
    for patient, text in zip(sheet.columns[key].texts, sheet.columns[header].texts, strict=True):
        if patient and text and seen.setdefault(patient, text) != text:
            return False
    return True


def mends_nothing(sheet: Sheet, key: str, synonyms: Synonyms, content: Content, days: bool) -> bool:
    """Whether a sheet has no column of a patients' table and no date of a later event."""
    if columns_for(sheet, "patients", key, synonyms, content, days):
        return False
    names = [name for header in sheet.known() for name in sheet.names(header)]
    return not any(synonyms.event(name) for name in names)


def _meaning(sheet: Sheet, header: str, table: str, synonyms: Synonyms):
    found = (synonyms.means(name, table) for name in sheet.names(header))
    return next((meaning for meaning in found if meaning), None)


def _matched(sheet: Sheet, headers: list[str], table: str, synonyms: Synonyms) -> Matched:
    """Headers by their name and, where that says nothing, by the label of REDCap's dictionary."""
    matched = synonyms.match(headers, table)
    labelled = {sheet.labels[h]: h for h in matched.unused if h in sheet.labels}
    by_label = synonyms.match(list(labelled), table, frozenset(matched.columns))
    for name, (label, meaning) in by_label.columns.items():
        matched.columns[name] = (labelled[label], meaning)
    return matched


def _by_date(sheet, headers, table, synonyms, matched, content, days) -> dict[str, str]:
    """Headers that are the name of an event over its dates, "death" for "date of death"; in place.

    Returns what the cells of each column say.
    """
    taken = {header for header, _ in matched.columns.values()}
    taken |= {header for several, _ in matched.doubtful for header in several}
    dates = {
        f"{header} date": header
        for header in headers
        if header not in taken and _has_days(sheet.columns[header], days)
    }
    found = synonyms.match(list(dates), table, frozenset(matched.columns))
    said = {}
    for name, (dated, meaning) in found.columns.items():
        if name.endswith("DT"):
            said[name] = content.says(name, sheet.columns[dates[dated]], table, days)
            if said[name] != "no":
                matched.columns[name] = (dates[dated], meaning)
    return said


def _has_days(profile, days: bool) -> bool:
    """Whether cells are dates, or in a study of days whole numbers that are no codes."""
    if not days:
        return profile.kind in ("date", "day_month")
    return profile.kind == "integer" and profile.high > 1


def with_words(mapped: Mapped, profile, content: Content) -> Mapped:
    """The mapping with the words of its column that no vocabulary knows."""
    values = mapped.how.get("values")
    unknown = content.unknown_words(mapped.name, profile)
    if values is not None:
        known = {folded(w) for spelled in values.values() for w in spelled}
        unknown = {w: c for w, c in unknown.items() if folded(w) not in known}
    named = set(unknown) if content.may_be_names(profile) else set()
    named |= {word for word in unknown if content.may_be_name(word)}
    mapped.unknown = {word: code for word, code in unknown.items() if word not in named}
    mapped.unshown = len(named)
    if unknown and mapped.sure == "sure":
        mapped.why += ", some words unknown"
    return with_legend(mapped, profile.legend, content)


def _by_content(
    sheet: Sheet, table: str, taken: set[str], have: set[str], content: Content, days: bool
) -> list[Mapped]:
    """Columns that words alone give away, and the only date of a sheet that needs one."""
    made = []
    free = [h for h in sheet.known() if h not in taken]
    for header in free:
        name = content.speaks_for(table, sheet.columns[header])
        if name and name not in have:
            have.add(name)
            mapped = Mapped(name, {"from": header}, "guess", CONTENT)
            made.append(with_words(mapped, sheet.columns[header], content))
    dates = [h for h in free if sheet.columns[h].kind == "date"]
    needed = [name for name in ESSENTIAL[table] if name.endswith("DT") and name not in have]
    if table != "patients" and len(dates) == 1 and len(needed) == 1 and not days:
        made.append(Mapped(needed[0], {"from": dates[0]}, "guess", "the only date of the sheet"))
    return made

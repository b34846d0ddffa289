"""Sheets of one row for each patient that belong together: baseline, diagnosis and follow-up."""

from __future__ import annotations

from dataclasses import replace

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft
from venaza.commands.new_study.profile import Profile
from venaza.commands.new_study.sheet import Sheet
from venaza.commands.new_study.tables import columns_for, keyed, mends_nothing
from venaza.contracts.headers import number_key
from venaza.study.synonyms import Synonyms

#: So many of a sheet's patients must be those of the other for the two to be one cohort.
_SHARED = 0.5


def join_patients(draft: Draft, synonyms: Synonyms, content: Content) -> None:
    """Make one sheet of those that have a row for each patient under the same key; in place.

    The first is the one that has most columns of a patients' table. A sheet that is called as
    another table is, that has several rows of a patient, or that says nothing of patients that a
    study uses, stays as it is. Where two sheets have a header, the first one's is taken.
    """
    alone = [
        (sheet, key)
        for sheet, key in keyed(draft, synonyms)
        if 0 < sheet.columns[key].filled == sheet.columns[key].distinct
        and not sheet.where
        and not _is_other_table(sheet, synonyms)
    ]
    if len(alone) < 2:
        return

    def weight(pair: tuple[Sheet, str]) -> tuple:
        sheet, key = pair
        mapped = columns_for(sheet, "patients", key, synonyms, content, draft.days)
        return any(m.name == "INDEXDT" for m in mapped), len(mapped)

    main, key = max(alone, key=weight)
    others = [
        sheet
        for sheet, own in alone
        if sheet is not main
        and own == key
        and _same_patients(main, sheet, key)
        and not mends_nothing(sheet, key, synonyms, content, draft.days)
    ]
    if not others or not weight((main, key))[1]:
        return
    whole = _together(main, others, key, synonyms)
    draft.sheets = [
        whole if sheet is main else sheet
        for sheet in draft.sheets
        if all(sheet is not other for other in others)
    ]
    names = ", ".join(sheet.shown for sheet in whole.parts)
    draft.questions.append(
        f"Are {names} sheets of the same patients, joined by '{key}'? Where two of them have a "
        "column, it is read from the first; the last contact from that with the latest."
    )


def _is_other_table(sheet: Sheet, synonyms: Synonyms) -> bool:
    named = synonyms.tables_named(sheet.name or sheet.file)
    return bool(named) and "patients" not in named


def _same_patients(one: Sheet, other: Sheet, key: str) -> bool:
    mine, theirs = (set(map(number_key, s.columns[key].texts)) - {""} for s in (one, other))
    return len(mine & theirs) >= _SHARED * min(len(mine), len(theirs))


def _says_more(one: Profile, other: Profile, synonyms: Synonyms) -> bool:
    """Whether a column of another sheet is taken for that of the first under the same header."""
    if one.kind == "empty":
        return other.kind != "empty"
    meaning = synonyms.means(other.header, "patients")
    if meaning is None or "LSTALVDT" not in meaning.columns or other.kind != one.kind:
        return False
    return other.kind == "date" and other.high > one.high


def _together(main: Sheet, others: list[Sheet], key: str, synonyms: Synonyms) -> Sheet:
    """One sheet with the columns of all; their texts stand in the order of the first's patients.

    A last contact that several have is that of the sheet with the latest.
    """
    order = [number_key(text) for text in main.columns[key].texts]
    columns, home = dict(main.columns), dict.fromkeys(main.columns, main)
    whole = replace(main, parts=[main, *others], identifying=dict(main.identifying))
    whole.labels, whole.twice = dict(main.labels), list(main.twice)
    whole.proven, whole.named = set(main.proven), set(main.named)
    for sheet in others:
        rows = {number_key(t): i for i, t in enumerate(sheet.columns[key].texts) if t}
        for header, profile in sheet.columns.items():
            if header in columns and not _says_more(columns[header], profile, synonyms):
                continue
            texts = [profile.texts[rows[n]] if n in rows else "" for n in order]
            columns[header] = replace(profile, header=header, texts=texts)
            home[header] = sheet
        whole.identifying |= {h: k for h, k in sheet.identifying.items() if h not in main.columns}
        whole.labels |= {h: t for h, t in sheet.labels.items() if home.get(h) is sheet}
        whole.proven |= sheet.proven
        whole.named |= sheet.named
        whole.twice += sheet.twice
    whole.columns, whole.home = columns, home
    return whole

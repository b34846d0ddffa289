"""From an export to a proposal: survey, tables, time, groups, own columns."""

from __future__ import annotations

from pathlib import Path

from venaza.config.documents import read_yaml
from venaza.config.persons import load_names
from venaza.config.synonyms import load_synonyms
from venaza.newstudy.analysis import set_own
from venaza.newstudy.answers import ask_about_limits, count_answers
from venaza.newstudy.by_cycle import add_by_cycles
from venaza.newstudy.content import Content
from venaza.newstudy.dated import find_worded
from venaza.newstudy.deaths import ask_about_deaths
from venaza.newstudy.declared import declare, find_declared
from venaza.newstudy.draft import Draft
from venaza.newstudy.groups import set_groups
from venaza.newstudy.joined import join_patients
from venaza.newstudy.layouts import add_layouts
from venaza.newstudy.regimens import set_regimens
from venaza.newstudy.survey import survey
from venaza.newstudy.tables import match_sheets
from venaza.newstudy.timeline import set_time


def propose(root: Path, source: Path) -> tuple[Draft, Content]:
    """What the export at ``source`` is, as far as names and content tell.

    Raises ``StudyError`` where no sheet can be the patients' or no time can be counted.
    """
    synonyms, content = load_synonyms(root), Content(root)
    private = read_yaml(root / "config/privacy.yaml", "config/privacy.yaml")
    missing = content.vocabulary["missing"]
    notes = content.vocabulary["summary_rows"]
    sheets, redcap, headless = survey(source, synonyms, missing, private, load_names(root), notes)
    find_worded(sheets, synonyms)
    find_declared(sheets, synonyms)
    draft = Draft(sheets, redcap)
    for shown in headless:
        draft.questions.append(
            f"No header row is found in {shown}: its first rows look like patients'. It is left "
            "out. If the study needs it, in which row do its headers stand (header_row)? Where it "
            "has none, ask for it with its headers."
        )
    if redcap.get("missing_codes"):
        codes = ", ".join(redcap["missing_codes"])
        draft.questions.append(f"Does {codes} mean that nothing is known? (redcap, missing_codes)")
    draft.days = not any(
        sheet.columns[h].kind in ("date", "day_month") or sheet.columns[h].serial
        for sheet in draft.sheets
        for h in sheet.known()
    )
    join_patients(draft, synonyms, content)
    match_sheets(draft, synonyms, content)
    add_by_cycles(draft, synonyms, content)
    add_layouts(draft, synonyms, content)
    set_regimens(draft, synonyms, content)
    set_time(draft, synonyms, content)
    count_answers(draft, content)
    ask_about_deaths(draft, content)
    ask_about_limits(draft)
    declare(draft)
    set_groups(draft, content)
    set_own(draft, content)
    _ask_for_names(draft, content)
    return draft, content


def _ask_for_names(draft: Draft, content: Content) -> None:
    """A question for the columns that no table takes and whose cells could be names; in place."""
    found = [
        header
        for sheet in draft.sheets
        for header in sheet.known()
        if header not in draft.used(sheet)
        and sheet.columns[header].kind in ("word", "text")
        and header not in sheet.named
        and content.may_be_names(sheet.columns[header])
    ]
    if found:
        draft.questions.append(
            f"Could the cells of {', '.join(dict.fromkeys(found))} be names of persons? They are "
            "not shown. If so, drop the column (privacy, columns)."
        )

"""From an export to a proposal: survey, tables, time, groups, own columns."""

from __future__ import annotations

from pathlib import Path

from venaza.commands.new_study.analysis import set_own
from venaza.commands.new_study.answers import ask_about_limits, count_answers
from venaza.commands.new_study.by_cycle import add_by_cycles
from venaza.commands.new_study.content import Content
from venaza.commands.new_study.dated import find_worded
from venaza.commands.new_study.deaths import ask_about_deaths
from venaza.commands.new_study.declared import declare, find_declared
from venaza.commands.new_study.draft import Draft
from venaza.commands.new_study.groups import set_groups
from venaza.commands.new_study.joined import join_patients
from venaza.commands.new_study.layouts import add_layouts
from venaza.commands.new_study.regimens import set_regimens
from venaza.commands.new_study.survey import survey
from venaza.commands.new_study.tables import match_sheets
from venaza.commands.new_study.timeline import set_time
from venaza.preflight.persons import load_names
from venaza.study.documents import read_yaml
from venaza.study.synonyms import load_synonyms


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
    ask_about_deaths(draft)
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

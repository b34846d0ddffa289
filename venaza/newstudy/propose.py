"""From an export to a proposal: survey, tables, time, groups, own columns."""

from __future__ import annotations

from pathlib import Path

from venaza.config.documents import read_yaml
from venaza.config.synonyms import load_synonyms
from venaza.newstudy.analysis import set_groups, set_own
from venaza.newstudy.content import Content
from venaza.newstudy.draft import Draft
from venaza.newstudy.layouts import add_layouts
from venaza.newstudy.survey import survey
from venaza.newstudy.tables import match_sheets
from venaza.newstudy.timeline import set_time


def propose(root: Path, source: Path) -> tuple[Draft, Content]:
    """What the export at ``source`` is, as far as names and content tell.

    Raises ``StudyError`` where no sheet can be the patients' or no time can be counted.
    """
    synonyms, content = load_synonyms(root), Content(root)
    private = read_yaml(root / "config/privacy.yaml", "config/privacy.yaml")
    sheets, redcap = survey(source, synonyms, content.vocabulary["missing"], private)
    draft = Draft(sheets, redcap)
    if redcap.get("missing_codes"):
        codes = ", ".join(redcap["missing_codes"])
        draft.questions.append(f"Does {codes} mean that nothing is known? (redcap, missing_codes)")
    draft.days = not any(
        sheet.columns[h].kind in ("date", "day_month") or sheet.columns[h].serial
        for sheet in draft.sheets
        for h in sheet.known()
    )
    match_sheets(draft, synonyms, content)
    add_layouts(draft, synonyms, content)
    set_time(draft, synonyms, content)
    set_groups(draft, content)
    set_own(draft)
    return draft, content

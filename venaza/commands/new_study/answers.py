"""Cells that say nothing in most columns and something in theirs; limits of normal, asked once."""

from __future__ import annotations

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft
from venaza.commands.new_study.profile import Profile
from venaza.contracts.coded_values import code_of


def count_answers(draft: Draft, content: Content) -> None:
    """Count words for missing that the vocabulary of their column knows: 失访, 未做; in place."""
    for table, mapped in draft.mapped():
        known = content.codes(mapped.name)
        if not known or "from" not in mapped.how:
            continue
        known = {**known, **mapped.how.get("values", {})}
        for header in table.numbered(mapped.how["from"]):
            _count(table.sheet.columns[header], known)


def _count(profile: Profile, known: dict[str, list[str]]) -> None:
    for text in profile.texts:
        if text and text not in profile.words and code_of(text, known):
            n = profile.texts.count(text)
            profile.words[text] = n
            profile.filled += n
            profile.distinct += 1


def ask_about_limits(draft: Draft) -> None:
    """A question where results are graded by the limits that stand beside them; in place."""
    labs = draft.tables.get("labs")
    headers = {m.how["range_from"] for m in labs.columns() if "range_from" in m.how} if labs else ()
    for header in sorted(headers):
        draft.questions.append(
            f"Are the limits in '{header}' those of normal, in the unit of the result? Grades that "
            "hang on a limit go by them (labs, range_from)."
        )

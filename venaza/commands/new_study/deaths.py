"""Whether the export shows that anybody died: without that, survival has no event."""

from __future__ import annotations

from venaza.commands.new_study.draft import Draft, Mapped, Table


def ask_about_deaths(draft: Draft) -> None:
    """A question where no death of anybody is known; in place."""
    patients = draft.tables["patients"]
    status, death = patients.column("SURVSTAT"), patients.column("DTHDT")
    if death is None:
        if status is None and not draft.days:  # otherwise its words are asked about already
            draft.questions.append(
                "No death of anybody is known: no column has a date of death or a vital status. "
                "Where are the deaths? Without them nobody has an event of OS (DTHDT, SURVSTAT)."
            )
        return
    if _nobody(death, patients):
        header = death.how["from"]
        draft.questions.append(
            f"No death of anybody is known: '{header}' has no date of a death. Are all patients "
            "alive, or do the deaths stand elsewhere? (DTHDT)"
        )


def _nobody(death: Mapped, patients: Table) -> bool:
    """Whether no cell of the date of death is filled where its condition could hold."""
    profile = patients.profile(death)
    if "when" not in death.how:
        return not profile.filled
    wanted = {
        header: words if isinstance(words, list) else [words]
        for header, words in death.how["when"].items()
    }
    return not any(
        set(patients.sheet.columns[header].words) & set(words) or words == ["DEAD"]
        for header, words in wanted.items()
        if header in patients.sheet.columns
    )

"""The analysis groups: who is in which, whose word is none, and a cohort without patients."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from venaza.contracts.analysis import NOT_RECORDED
from venaza.contracts.errors import Key, StudyError
from venaza.contracts.truth import is_true
from venaza.contracts.wording import small
from venaza.pipeline.endpoints.asked import Asked

#: Words of the groups' column that a message shows.
_WORDS = 10


def groups_of(patients: pd.DataFrame, study: dict) -> pd.Series:
    """The group of each patient; empty where the value is no level, or there are no groups.

    With ``groups: missing: show`` patients without a value are the level ``not_recorded``.
    """
    if not study["groups"]:
        return pd.Series(pd.NA, index=patients.index, dtype="string")
    value = patients[study["groups"]["variable"]]
    if NOT_RECORDED in study["groups"]["levels"]:
        value = value.fillna(NOT_RECORDED)
    return value.where(value.isin(list(study["groups"]["levels"])))


def not_listed(patients: pd.DataFrame, study: dict) -> Iterator[Asked]:
    """Patients whose word is neither a level nor a code that the study leaves out on purpose."""
    if not study["groups"]:
        return
    column, label = study["groups"]["variable"], study["groups"]["label"]
    known = [*study["groups"]["levels"], *study["groups"].get("not_compared", ())]
    lost = patients[patients[column].notna() & ~patients[column].isin(known)]
    for patient, seq, word in zip(lost["USUBJID"], lost["SEQ"], lost[column], strict=True):
        said = {"label": label, "word": word}
        yield Asked("group_not_listed", "patients", patient, seq, column, said)


def refuse_nobody(adsl: pd.DataFrame, study: dict) -> None:
    """Raise ``StudyError`` where no patient of an export is left to be analysed, or in a group
    whose name is a slip of another word.

    ``derive`` does not: patients worked by hand may have neither group nor index date.
    """
    there = adsl["INDEXDY"].notna()
    compared = there & is_true(adsl["GROUP"] != NOT_RECORDED)
    if there.any() and (not study["groups"] or compared.any()):
        _refuse_slip(adsl, study)
        return
    file = f"config/studies/{study['id']}.yaml"
    if adsl.empty:
        key = study["tables"]["patients"].get("key")
        raise StudyError(
            "No row of the patients' sheet has a patient number, so that nobody can be analysed.",
            fix="Name the column that holds it. Cells such as '-' and 'Total' are no number.",
            at=Key(file, "tables > patients > key" if key else "tables > patients", key),
        )
    if not there.any():
        raise StudyError(
            f"None of the {len(adsl)} patients has an index date, so that nobody can be analysed.",
            fix="Look at the queries on INDEXDT: is it the right column, and are its dates read?",
            at=Key(file, "tables > patients > columns > INDEXDT"),
        )
    variable = study["groups"]["variable"]
    adsl = adsl[there]
    words = Counter(adsl[variable].fillna("(empty)"))
    shown = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:_WORDS]
    found = ", ".join(f"{word} ({n})" for word, n in shown)
    raise StudyError(
        f"No patient belongs to a group, so that nobody can be analysed; in {variable}: {found}.",
        fix="Correct the levels, or the words under 'values' of the column.",
        at=Key(file, "groups > levels", ", ".join(map(str, study["groups"]["levels"]))),
    )


def _refuse_slip(adsl: pd.DataFrame, study: dict) -> None:
    """Raise for a level that nobody has, where patients have one like it that is not listed."""
    if not study["groups"]:
        return
    column, known = study["groups"]["variable"], study["groups"]["levels"]
    words = Counter(adsl[column].dropna())
    others = [w for w in words if w not in (*known, *study["groups"].get("not_compared", ()))]
    for level in known:
        word = next(iter(difflib.get_close_matches(level, others, n=1)), "")
        n = words[word]
        if level not in words and word:
            raise StudyError(
                f"Nobody belongs to the group '{level}', but {n} patient(s) have '{word}' in "
                f"{column}, which is no group.",
                fix=f"Did you mean '{word}'? Correct the level, or the words under 'values' of "
                "the column.",
                at=Key(f"config/studies/{study['id']}.yaml", "groups > levels", level),
            )


def ungrouped(adsl: pd.DataFrame, study: dict) -> dict[str, int]:
    """Patients of the analysis who are in no group, by the reason; only reasons that occur."""
    if not study["groups"]:
        return {}
    out = adsl[is_true(adsl["ITTFL"] == "Y") & adsl["GROUP"].isna()]
    label, known = small(study["groups"]["label"]), out[study["groups"]["variable"]].notna()
    reasons = {
        f"{label} not recorded": int((~known).sum()),
        f"{label} not among the groups compared": int(known.sum()),
    }
    return {reason: n for reason, n in reasons.items() if n}

"""ADTTE: one row per patient and endpoint, with the row of the export that decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import ADTTE, ADTTE_EXCLUDED
from venaza.contracts.files import conform
from venaza.endpoints.milestones import Fact, Facts
from venaza.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd


def derive_adtte(
    adsl: pd.DataFrame, facts: dict[str, Facts], study: dict
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The endpoints of the study (``ADTTE``) and who has no row and why (``ADTTE_EXCLUDED``).

    For each patient of the ITT population: time zero is the first fact of ``start``; the
    event is the first fact of ``events`` or ``competing`` on or after it (on one day the
    order of the definition decides); without one, time is censored at the first of
    ``censors`` that the patient has.
    """
    import pandas as pd

    rows, left_out = [], []
    index = dict(zip(adsl["USUBJID"], adsl["INDEXDT"], strict=True))
    treated = dict(zip(adsl["USUBJID"], adsl["ITTFL"], strict=True))
    for code, definition in study["endpoints"].items():
        for patient in adsl["USUBJID"]:
            base = {"STUDYID": study["id"], "USUBJID": patient, "PARAMCD": code}
            reason = _why_not(patient, treated, definition, facts, study)
            if reason:
                left_out.append({**base, "REASON": reason})
                continue
            row = _derive(patient, code, definition, facts)
            dates = _dates(index[patient], row)
            rows.append({**base, "PARAM": definition["label"], **row, **dates})
    return conform(pd.DataFrame(rows), ADTTE), conform(pd.DataFrame(left_out), ADTTE_EXCLUDED)


def _why_not(patient, treated: dict, definition: dict, facts: dict, study: dict) -> str:
    if treated[patient] != "Y":
        return "not in the analysis population"
    if not facts[definition["start"]].get(patient):
        return f"no {_described(definition['start'], study)}"
    return ""


def _described(milestone: str, study: dict) -> str:
    if milestone == "FAILURE":
        return "failure of the regimen"
    description = study["milestones"].get(milestone, {}).get("description", milestone)
    return description[0].lower() + description[1:]


def _derive(patient: str, code: str, definition: dict, facts: dict[str, Facts]) -> dict:
    start = facts[definition["start"]][patient][0]
    ends = []
    for rank, name in enumerate([*definition["events"], *definition["competing"]]):
        later = [fact for fact in facts[name].get(patient, []) if fact.day >= start.day]
        if later:
            ends.append((min(later).day, rank, min(later)))
    if ends:
        _, rank, end = min(ends)
        status = 0 if rank < len(definition["events"]) else 2
        event, why_censored = end.description, None
    else:
        end = _censoring(patient, code, definition, facts)
        status, event, why_censored = 1, None, end.description
    time = end.day - start.day
    if time < 0:
        raise StudyError(
            f"{code} of patient {patient} would be {time} days.",
            fix=f"Look at the dates behind {end.variable} with: python -m venaza trace.",
            column=end.variable,
        )
    return {
        **{"STARTDY": start.day, "ADY": end.day, "AVAL": time, "CNSR": status},
        **{"EVNTDESC": event, "CNSDTDSC": why_censored, "DEFN": definition["definition"]},
        **{"SRCDOM": end.domain, "SRCVAR": end.variable, "SRCSEQ": end.seq},
    }


def _censoring(patient: str, code: str, definition: dict, facts: dict[str, Facts]) -> Fact:
    for name in definition["censors"]:
        found = facts[name].get(patient)
        if found:
            return found[0]
    raise StudyError(
        f"Patient {patient} has neither an event nor a date at which {code} could be censored.",
        fix="Give the patient a last contact, or add LAST_ALIVE to the endpoint's censors.",
        column="LSTALVDT",
    )


def _dates(index, row: dict) -> dict:
    import pandas as pd

    if pd.isna(index):
        return {"STARTDT": None, "ADT": None}
    return {
        "STARTDT": index + pd.Timedelta(days=row["STARTDY"]),
        "ADT": index + pd.Timedelta(days=row["ADY"]),
    }

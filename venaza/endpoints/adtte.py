"""ADTTE: one row per patient and endpoint, with the row of the export that decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import ADTTE, ADTTE_EXCLUDED
from venaza.contracts.files import conform
from venaza.contracts.ties import tie_rank
from venaza.contracts.wording import small
from venaza.endpoints.ending import Ending, censoring
from venaza.endpoints.fact import Fact, described
from venaza.endpoints.landmark import by_landmark
from venaza.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd

    from venaza.endpoints.fact import Facts


def derive_adtte(
    adsl: pd.DataFrame,
    facts: dict[str, Facts],
    study: dict,
    tables: dict[str, pd.DataFrame] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The endpoints of the study (``ADTTE``) and who has no row and why (``ADTTE_EXCLUDED``).

    For each patient of the ITT population: time zero is the first fact of ``start``; the
    event is the first fact of ``events`` or ``competing`` on or after it (on one day
    ``on_one_day`` of the configuration decides), unless one of ``censor_at`` comes before it;
    without an event, time is censored at the first of ``censors`` that the patient has. A
    definition with a ``landmark`` first decides who has failed by it
    (``venaza.endpoints.landmark``).
    Where the definition has an ``entry``, the patient is under observation from the first fact of
    that milestone on (``ENTRYDY``), and whose time had ended by then has no row.
    A time that cannot be is a ``StudyError`` at the raw row (of the clean ``tables``) of time zero.
    Alternative definitions have the code of their endpoint with a suffix (``EFS.eln2022``).
    """
    import pandas as pd

    rows, left_out = [], []
    index = dict(zip(adsl["USUBJID"], adsl["INDEXDT"], strict=True))
    treated = dict(zip(adsl["USUBJID"], adsl["ITTFL"], strict=True))
    for code, definition in {**study["endpoints"], **study["alternatives"]}.items():
        for patient in adsl["USUBJID"]:
            base = {"STUDYID": study["id"], "USUBJID": patient, "PARAMCD": code}
            reason = _why_not(patient, treated, definition, facts, study)
            if reason:
                left_out.append({**base, "REASON": reason})
                continue
            try:
                row = _derive(patient, code, definition, facts, study)
            except StudyError as error:
                error.place |= _row_of(facts[definition["start"]][patient][0], patient, tables)
                raise
            if row["ENTRYDY"] is not None and row["STARTDY"] < row["ENTRYDY"] >= row["ADY"]:
                entry = described(definition["entry"], study)
                reason = f"no time at risk after the {entry}: {_ended(row)}"
                left_out.append({**base, "REASON": reason})
                continue
            dates = _dates(index[patient], row)
            rows.append({**base, "PARAM": definition["label"], **row, **dates})
    return conform(pd.DataFrame(rows), ADTTE), conform(pd.DataFrame(left_out), ADTTE_EXCLUDED)


def _row_of(fact: Fact, patient: str, tables: dict[str, pd.DataFrame] | None) -> dict:
    """Where the raw row of a fact stands; empty for a patient worked by hand."""
    if tables is None:
        return {}
    frame = tables[fact.domain]
    row = frame[(frame["USUBJID"] == patient) & (frame["SEQ"] == fact.seq)].iloc[0]
    file, sheet, number = row["SRCFILE"], row["SRCSHEET"], row["SRCROW"]
    known = {"file": file, "sheet": sheet, "row": number}
    return {name: value for name, value in known.items() if value is not None and value == value}


def _why_not(patient, treated: dict, definition: dict, facts: dict, study: dict) -> str:
    if treated[patient] != "Y":
        return "not in the analysis population"
    for needed in (definition["start"], definition.get("entry")):
        if needed and not facts[needed].get(patient):
            return f"no {described(needed, study)}"
    return ""


def _ended(row: dict) -> str:
    return small(row["EVNTDESC"] or row["CNSDTDSC"])


def _derive(
    patient: str, code: str, definition: dict, facts: dict[str, Facts], study: dict
) -> dict:
    start = facts[definition["start"]][patient][0]
    ending = _ending(patient, code, start, definition, facts, study)
    time = ending.day - start.day
    if time < 0:
        raise StudyError(
            f"{code} of patient {patient} would be {time} days.",
            fix=f"Look at the dates behind {ending.fact.variable} with: python -m venaza trace.",
            column=ending.fact.variable,
        )
    status = 1 if ending.event is None else 2 if ending.competing else 0
    entry = definition.get("entry")
    return {
        **{"STARTDY": start.day, "ENTRYDY": facts[entry][patient][0].day if entry else None},
        **{"ADY": ending.day, "AVAL": time, "CNSR": status},
        **{"EVNTDESC": ending.event, "CNSDTDSC": ending.censored},
        **{"SRCDOM": ending.fact.domain, "SRCVAR": ending.fact.variable},
        **{"SRCSEQ": ending.fact.seq, "DEFN": definition["definition"]},
    }


def _ending(patient: str, code: str, start: Fact, definition: dict, facts, study: dict) -> Ending:
    if "landmark" in definition:
        failed = by_landmark(patient, code, start, definition, facts, study)
        if failed is not None:
            return failed
    events, competing = definition["events"], definition["competing"]
    event = _first([*events, *competing], patient, start, facts, study)
    cut = _first(definition.get("censor_at", []), patient, start, facts, study)
    if cut is not None and (event is None or cut[1].day < event[1].day):
        return Ending(cut[1], cut[1].day, censored=cut[1].description)
    if event is not None:
        name, fact = event
        return Ending(fact, fact.day, event=fact.description, competing=name not in events)
    last = censoring(patient, code, start, definition, facts)
    return Ending(last, last.day, censored=last.description)


def _first(
    names: list[str], patient: str, start: Fact, facts, study: dict
) -> tuple[str, Fact] | None:
    """The first fact of ``names`` from time zero on, and the name that brought it.

    On one day ``on_one_day`` of the configuration decides, then the order of the names.
    """
    found = [
        (fact.day, tie_rank(name, study), rank, place, name, fact)
        for rank, name in enumerate(names)
        for place, fact in enumerate(facts[name].get(patient, []))
        if fact.day >= start.day
    ]
    return min(found)[-2:] if found else None


def _dates(index, row: dict) -> dict:
    import pandas as pd

    if pd.isna(index):
        return {"STARTDT": None, "ADT": None}
    return {
        "STARTDT": index + pd.Timedelta(days=row["STARTDY"]),
        "ADT": index + pd.Timedelta(days=row["ADY"]),
    }

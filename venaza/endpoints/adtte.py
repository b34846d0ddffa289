"""ADTTE: one row per patient and endpoint, with the row of the export that decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import ADTTE, ADTTE_EXCLUDED
from venaza.contracts.files import conform
from venaza.endpoints.course import courses
from venaza.endpoints.dates import dates_of
from venaza.endpoints.decision import leave_out, try_sources
from venaza.endpoints.source import deciding
from venaza.endpoints.trail import trail_rows, trail_table
from venaza.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd

    from venaza.endpoints.fact import Fact, Facts, PassedOver
    from venaza.endpoints.source import Source


def derive_adtte(
    adsl: pd.DataFrame,
    facts: dict[str, Facts],
    study: dict,
    tables: dict[str, pd.DataFrame] | None = None,
    passed_over: list[PassedOver] = (),
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The endpoints of the study, who has no row and why, and how each came about.

    ``ADTTE``, ``ADTTE_EXCLUDED`` and ``TRAIL``. The sources of each definition are tried for each
    patient of the ITT population (``venaza.endpoints.decision``); the one that decides is the row.
    Where the definition has an ``entry``, the patient is under observation from the first fact of
    that milestone on (``ENTRYDY``), and whose time had ended by then has no row.
    A time that cannot be is a ``StudyError`` at the raw row (of the clean ``tables``) of time zero.
    Alternative definitions have the code of their endpoint with a suffix (``EFS.eln2022``).
    """
    definitions = {**study["endpoints"], **study["alternatives"]}
    rows: dict[str, list[dict]] = {code: [] for code in definitions}
    left_out: dict[str, list[dict]] = {code: [] for code in definitions}
    trail = []
    patients = list(adsl["USUBJID"])
    queries = (tables or {}).get("queries")
    known = courses(patients, facts, study, passed_over, queries)
    for patient, treated in zip(patients, adsl["ITTFL"], strict=True):
        for code, definition in definitions.items():
            base = {"STUDYID": study["id"], "USUBJID": patient, "PARAMCD": code}
            if treated != "Y":
                left_out[code].append({**base, "REASON": "not in the analysis population"})
                continue
            tried = try_sources(known[patient], definition, study)
            try:
                _refuse_impossible(patient, code, tried)
            except StudyError as error:
                error.place |= _row_of(tried[0].found, patient, tables)
                raise
            leave_out(tried, study)
            trail += trail_rows(patient, code, tried)
            decided = deciding(tried)
            if decided is None:
                left_out[code].append({**base, "REASON": _why_not(tried)})
            else:
                rows[code].append({**base, **_row(tried, decided, definition)})
    adtte = conform(_frame(rows), ADTTE)
    dates = {
        f"{name}DT": dates_of(adtte["USUBJID"], adtte[f"{name}DY"], adsl) for name in ("START", "A")
    }
    excluded = conform(_frame(left_out), ADTTE_EXCLUDED)
    return adtte.assign(**dates), excluded, trail_table(trail, adsl, study)


def _frame(rows: dict[str, list[dict]]) -> pd.DataFrame:
    """The rows of every endpoint, one endpoint after the other."""
    import pandas as pd

    return pd.DataFrame([row for own in rows.values() for row in own])


def _row(tried: list[Source], decided: Source, definition: dict) -> dict:
    """What ADTTE says of a time, but for dates."""
    start, fact = tried[0].found, decided.found
    entry = next((source.found.day for source in tried if source.role == "entry"), None)
    said = "CNSDTDSC" if decided.status == 1 else "EVNTDESC"
    return {
        **{"PARAM": definition["label"], "STARTDY": start.day, "ENTRYDY": entry},
        **{"ADY": decided.ends, "AVAL": decided.ends - start.day, "CNSR": decided.status},
        **{said: decided.reason, "SRCDOM": fact.domain, "SRCVAR": fact.variable},
        **{"SRCSEQ": fact.seq, "DEFN": definition["definition"]},
    }


def _why_not(tried: list[Source]) -> str:
    return next(source.reason for source in tried if source.verdict == "left_out")


def _refuse_impossible(patient: str, code: str, tried: list[Source]) -> None:
    """Raise ``StudyError`` for a time that ends before it begins, or never."""
    start, decided = tried[0].found, deciding(tried)
    if decided is not None and decided.ends < start.day:
        time = decided.ends - start.day
        raise StudyError(
            f"{code} of patient {patient} would be {time} days.",
            fix=f"Look at the dates behind {decided.found.variable} with: python -m venaza trace.",
            column=decided.found.variable,
        )
    if decided is None and not any(source.verdict == "left_out" for source in tried):
        raise StudyError(
            f"Patient {patient} has neither an event nor a date at which {code} could be censored: "
            f"time zero ({start.description}, day {start.day}) lies after all of them.",
            fix="Ask the clinic for that date or a last contact, or add LAST_ALIVE to the "
            "endpoint's censors.",
            column=start.variable,
        )


def _row_of(fact: Fact, patient: str, tables: dict[str, pd.DataFrame] | None) -> dict:
    """Where the raw row of a fact stands; empty for a patient worked by hand."""
    if tables is None:
        return {}
    frame = tables[fact.domain]
    row = frame[(frame["USUBJID"] == patient) & (frame["SEQ"] == fact.seq)].iloc[0]
    file, sheet, number = row["SRCFILE"], row["SRCSHEET"], row["SRCROW"]
    known = {"file": file, "sheet": sheet, "row": number}
    return {name: value for name, value in known.items() if value is not None and value == value}

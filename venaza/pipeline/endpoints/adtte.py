"""ADTTE: one row per patient and endpoint, with the row of the export that decided it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from venaza.contracts.analysis import ADTTE, ADTTE_EXCLUDED, TRAIL
from venaza.contracts.errors import StudyError
from venaza.contracts.files import conform
from venaza.pipeline.endpoints.course import Courses
from venaza.pipeline.endpoints.dates import dates_of
from venaza.pipeline.endpoints.decision import leave_out, try_sources
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.source import Source, any_of
from venaza.pipeline.endpoints.trail import trail_table
from venaza.study.endpoints import definitions_of


class Times(NamedTuple):
    """``ADTTE``, ``ADTTE_EXCLUDED`` and ``TRAIL``, and by whom the times are ended.

    ``deciders`` has a row for each row of ``adtte``: PARAMCD, the ROLE of the source that decided,
    the NAME of the milestone that the fact is one of, CNSR.
    """

    adtte: pd.DataFrame
    excluded: pd.DataFrame
    trail: pd.DataFrame
    deciders: pd.DataFrame


def derive_adtte(
    adsl: pd.DataFrame, facts: Facts, study: dict, tables: dict[str, pd.DataFrame] | None = None
) -> Times:
    """The endpoints of the study, who has no row and why, and how each came about.

    The sources of each definition are tried of all patients of the ITT population
    (``venaza.pipeline.endpoints.decision``); the one that decides is the row.
    Where the definition has an ``entry``, the patient is under observation from the first fact of
    that milestone on (``ENTRYDY``), and whose time had ended by then has no row.
    A time that cannot be is a ``StudyError`` at the raw row (of the clean ``tables``) of time zero.
    Alternative definitions have the code of their endpoint with a suffix (``EFS.eln2022``).
    """
    definitions = definitions_of(study)
    if not definitions:
        return _nothing()
    courses = Courses(facts, study, (tables or {}).get("queries"))
    places = facts.places(adsl["USUBJID"])
    treated = places[(adsl["ITTFL"] == "Y").to_numpy(bool)]
    who = np.isin(np.arange(len(facts.patients)), treated)
    tried = {code: try_sources(courses, own, who) for code, own in definitions.items()}
    _refuse_impossible(tried, treated, facts, tables)
    for sources in tried.values():
        leave_out(courses, sources)
    adtte = _adtte(tried, treated, facts, adsl, study)
    return Times(
        conform(adtte.drop(columns=["NAME", "ROLE"]), ADTTE),
        _excluded(tried, places, who, facts, study),
        trail_table(tried, facts, adsl, study),
        adtte[_DECIDERS],
    )


#: What ``Times.deciders`` holds.
_DECIDERS = ["PARAMCD", "ROLE", "NAME", "CNSR"]


def _nothing() -> Times:
    """What there is in a study without endpoints."""
    tables = (conform(pd.DataFrame(), columns) for columns in (ADTTE, ADTTE_EXCLUDED, TRAIL))
    return Times(*tables, pd.DataFrame(columns=_DECIDERS))


def _adtte(
    tried: dict[str, list[Source]],
    treated: np.ndarray,
    facts: Facts,
    adsl: pd.DataFrame,
    study: dict,
) -> pd.DataFrame:
    """``ADTTE``, one endpoint after the other, with ROLE and NAME of what ended the times."""
    ended = [_ended(code, sources, treated, facts) for code, sources in tried.items()]
    frame = pd.DataFrame({name: np.concatenate([own[name] for own in ended]) for name in ended[0]})
    definitions, censored = definitions_of(study), frame["CNSR"] == 1
    for name, key in (("PARAM", "label"), ("DEFN", "definition")):
        frame[name] = frame["PARAMCD"].map({code: own[key] for code, own in definitions.items()})
    for name in ("START", "A"):
        frame[f"{name}DT"] = dates_of(frame["USUBJID"], frame[f"{name}DY"], adsl)
    return frame.assign(
        STUDYID=study["id"],
        AVAL=frame["ADY"] - frame["STARTDY"],
        EVNTDESC=frame["REASON"].mask(censored),
        CNSDTDSC=frame["REASON"].where(censored),
    ).drop(columns="REASON")


def _ended(
    code: str, sources: list[Source], treated: np.ndarray, facts: Facts
) -> dict[str, np.ndarray]:
    """The times of an endpoint and the facts that ended them, in the order of ``treated``."""
    who = treated[any_of(sources, "decided")[treated]]
    which = np.argmax([source.decided for source in sources], axis=0)[who]

    def of_decided(name: str) -> np.ndarray:
        return np.array([getattr(source, name) for source in sources])[which, who]

    found = of_decided("found")
    entry = [facts.day(source.found[who]) for source in sources if source.role == "entry"]
    return {
        "USUBJID": facts.patients.take(who).to_numpy(),
        "PARAMCD": np.full(len(who), code, dtype=object),
        "STARTDY": facts.day(sources[0].found[who]),
        "ENTRYDY": entry[0] if entry else np.full(len(who), np.nan),
        "ADY": of_decided("ends"),
        "CNSR": of_decided("status"),
        "REASON": of_decided("reason"),
        "ROLE": np.array([source.role for source in sources], dtype=object)[which],
        **{name: facts.column(name, found) for name in ("SRCDOM", "SRCVAR", "SRCSEQ", "NAME")},
    }


def _excluded(
    tried: dict[str, list[Source]], places: np.ndarray, who: np.ndarray, facts: Facts, study: dict
) -> pd.DataFrame:
    """``ADTTE_EXCLUDED``: who of ``places`` has no row for an endpoint, and why."""
    outside = np.where(who, None, "not in the analysis population").astype(object)
    parts = []
    for code, sources in tried.items():
        why = outside
        for source in sources:
            why = np.where(source.left_out, source.reason, why)
        out = places[pd.notna(why[places])]
        parts += zip(facts.patients.take(out), [code] * len(out), why[out], strict=True)
    frame = pd.DataFrame(parts, columns=["USUBJID", "PARAMCD", "REASON"])
    return conform(frame.assign(STUDYID=study["id"]), ADTTE_EXCLUDED)


def _refuse_impossible(
    tried: dict[str, list[Source]],
    treated: np.ndarray,
    facts: Facts,
    tables: dict[str, pd.DataFrame] | None,
) -> None:
    """Raise ``StudyError`` for the first time that ends before it begins, or never."""
    wrong = {code: _impossible(sources, facts)[treated] for code, sources in tried.items()}
    found = np.argwhere(np.array([*wrong.values()]).T)
    if not len(found):
        return
    place, code = treated[found[0][0]], [*tried][found[0][1]]
    start = facts.table(tried[code][0].found[[place]]).iloc[0]
    patient = facts.patients[place]
    error = _refusal(code, patient, start, tried[code], place, facts)
    error.place |= _row_of(start, patient, tables)
    raise error


def _impossible(sources: list[Source], facts: Facts) -> np.ndarray:
    """Whose time would end before it begins, or never."""
    ends = np.fmin.reduce([source.ends for source in sources])
    never = sources[0].tried & np.isnan(ends) & ~any_of(sources, "left_out")
    return never | (ends < facts.day(sources[0].found))


def _refusal(
    code: str, patient: str, start: pd.Series, sources: list[Source], place: int, facts: Facts
) -> StudyError:
    decided = next((source for source in sources if source.decided[place]), None)
    if decided is not None:
        variable = facts.column("SRCVAR", decided.found[place])
        time = decided.ends[place] - start["ADY"]
        return StudyError(
            f"{code} of patient {patient} would be {time:.0f} days.",
            fix=f"Look at the dates behind {variable} with: python -m venaza trace.",
            column=variable,
        )
    day, description = start["ADY"], start["DESCRIPTION"]
    return StudyError(
        f"Patient {patient} has neither an event nor a date at which {code} could be censored: "
        f"time zero ({description}, day {day:.0f}) lies after all of them.",
        fix="Ask the clinic for that date or a last contact, or add LAST_ALIVE to the "
        "endpoint's censors.",
        column=start["SRCVAR"],
    )


def _row_of(fact: pd.Series, patient: str, tables: dict[str, pd.DataFrame] | None) -> dict:
    """Where the raw row of a fact stands; empty for a patient worked by hand."""
    if tables is None:
        return {}
    frame = tables[fact["SRCDOM"]]
    row = frame[(frame["USUBJID"] == patient) & (frame["SEQ"] == fact["SRCSEQ"])].iloc[0]
    file, sheet, number = row["SRCFILE"], row["SRCSHEET"], row["SRCROW"]
    known = {"file": file, "sheet": sheet, "row": number}
    return {name: value for name, value in known.items() if value is not None and value == value}

"""TRAIL: the sources of each patient's endpoints in the order tried, and what came of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import TRAIL
from venaza.contracts.columns import PANDAS_DTYPE
from venaza.contracts.files import conform
from venaza.endpoints.dates import dates_of

if TYPE_CHECKING:
    import pandas as pd

    from venaza.endpoints.source import Source

#: Sources that every study has, as ``config/endpoints.yaml`` names them.
_ENGINE = {
    "INDEX": "Index date",
    "FAILURE": "Failure of the regimen",
    "ASSESSED": "Assessment",
    "LAST_ASSESSMENT": "Last assessment",
    "LAST_ALIVE": "Last known alive",
}
#: What a row of ``trail_rows`` holds.
_HELD = (
    *("USUBJID", "PARAMCD", "NTH", "ROLE", "MILESTONE", "FOUND", "ADY"),
    *("SRCDOM", "SRCVAR", "SRCSEQ", "VERDICT", "SAID", "ENDDY", "CNSR"),
)


def trail_rows(patient: str, code: str, tried: list[Source]) -> list[tuple]:
    """The rows of one endpoint of a patient, for ``trail_table``."""
    rows = []
    for nth, source in enumerate(tried, start=1):
        fact = source.found
        place = (None,) * 5
        if fact is not None:
            place = (fact.description, fact.day, fact.domain, fact.variable, fact.seq)
        about = (patient, code, nth, source.role, source.milestone)
        rows.append((*about, *place, source.verdict, source.said, source.ends, source.status))
    return rows


def trail_table(rows: list[tuple], adsl: pd.DataFrame, study: dict) -> pd.DataFrame:
    """``TRAIL`` of the rows of all patients, with the dates of the days."""
    import pandas as pd

    kinds = {column.name: PANDAS_DTYPE[column.dtype] for column in TRAIL}
    held = zip(*rows, strict=True) if rows else [()] * len(_HELD)
    columns = zip(_HELD, held, strict=True)
    frame = pd.DataFrame({name: pd.array(list(v), dtype=kinds[name]) for name, v in columns})
    names = {milestone: source_name(milestone, study) for milestone in set(frame["MILESTONE"])}
    decided = {"decided": "Y", "left_out": "Y"}
    return conform(
        frame.assign(
            STUDYID=study["id"],
            SOURCE=frame["MILESTONE"].map(names),
            ADT=dates_of(frame["USUBJID"], frame["ADY"], adsl),
            DECIDED=frame["VERDICT"].map(decided),
        ),
        TRAIL,
    )


def source_name(milestone: str, study: dict) -> str:
    """What a milestone is called: ``First response``."""
    own = study["milestones"].get(milestone, {})
    return _ENGINE.get(milestone) or own.get("description", milestone)

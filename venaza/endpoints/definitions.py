"""What another definition of an endpoint changes, patient by patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import DEFINITIONS
from venaza.contracts.files import conform

if TYPE_CHECKING:
    import pandas as pd


def derive_definitions(adtte: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The patients whose time or status another definition changes (``DEFINITIONS``).

    ``CHANGE`` is ``status`` where an event became a censoring or the other way round, or where
    only one of the two definitions has the patient, ``time``
    where the day moved, ``reason`` where only what ended the time has another name.
    """
    import pandas as pd

    rows = []
    for code, definition in study["alternatives"].items():
        own, others = _by_patient(adtte, definition["of"]), _by_patient(adtte, code)
        for patient in dict.fromkeys([*others, *own]):
            other = others.get(patient)
            change = _change(own.get(patient), other)
            if change:
                rows.append(
                    {
                        **{"STUDYID": study["id"], "USUBJID": patient},
                        **{"PARAMCD": definition["of"], "DEFN": definition["definition"]},
                        **_shown(own.get(patient), ""),
                        **_shown(other, "ALT"),
                        "CHANGE": change,
                    }
                )
    return conform(pd.DataFrame(rows), DEFINITIONS)


def _by_patient(adtte: pd.DataFrame, code: str) -> dict[str, dict]:
    part = adtte[adtte["PARAMCD"] == code]
    return {row["USUBJID"]: row for row in part.to_dict("records")}


def _change(own: dict | None, other: dict | None) -> str:
    if own is None or other is None:
        return "status"
    if (own["CNSR"] == 1) != (other["CNSR"] == 1):
        return "status"
    if own["AVAL"] != other["AVAL"]:
        return "time"
    return "reason" if _ending(own) != _ending(other) else ""


def _ending(row: dict) -> str:
    return f"censored: {row['CNSDTDSC']}" if row["CNSR"] == 1 else row["EVNTDESC"]


def _shown(row: dict | None, suffix: str) -> dict:
    if row is None:
        return {}
    return {f"AVAL{suffix}": row["AVAL"], f"ENDING{suffix}": _ending(row)}

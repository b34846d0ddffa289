"""ADLB: laboratory values with their CTCAE grade, beside the patient's grade at baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import ADLB
from venaza.contracts.files import conform
from venaza.contracts.truth import is_true

if TYPE_CHECKING:
    import pandas as pd

NO_SEX = "normal or grade 1 by the sex, which is not recorded"
#: Relative width of a boundary: less than what arithmetic with units can move a value by.
_WIDTH = 1e-9


def derive_adlb(
    adsl: pd.DataFrame, labs: pd.DataFrame, until: dict[str, int | None], study: dict
) -> pd.DataFrame:
    """The graded laboratory values of the safety population (``ADLB``).

    Graded are the tests of ``config/lab_grades.yaml`` (CTCAE v5.0) for which a limit of normal
    is known: the one that the laboratory gave beside the value (``LBSTNRLO``, ``LBSTNRHI``), else
    the study file's, else a usual one. Baseline is the last day with a value up to the index
    date, its worst value where there are several. On treatment are the days after the index date
    up to the patient's day of ``until`` (``on_treatment.emergent_until``).
    Values after death are left out (they are queries).
    """
    import pandas as pd

    rows = []
    safety = adsl[adsl["SAFFL"] == "Y"].set_index("USUBJID")
    given = labs[labs["USUBJID"].isin(safety.index) & labs["LBSTRESN"].notna()]
    death = given["USUBJID"].map(safety["DTHDY"])
    given = given[~is_true(given["LBDY"] > death)]
    for test, spec in study["lab_grades"]["tests"].items():
        for patient, own in given[given["LBTESTCD"] == test].groupby("USUBJID"):
            limits = limits_of_normal(test, safety.at[patient, "SEX"], study)
            found = _graded(own, spec, limits, until[patient])
            rows += [{"USUBJID": patient, "PARAMCD": test, **row} for row in found]
    frame = pd.DataFrame(rows, columns=[c.name for c in ADLB if c.name != "STUDYID"])
    frame.insert(0, "STUDYID", study["id"])
    return conform(frame, ADLB)


def limits_of_normal(test: str, sex: object, study: dict) -> list[float]:
    """The laboratory's limit of a test; both where they differ by a sex that is not known."""
    normal = {**study["lab_grades"]["normal"], **study["labs"]["normal"]}
    if test not in normal:
        return []
    limit = normal[test]
    if not isinstance(limit, dict):
        return [float(limit)]
    known = isinstance(sex, str) and sex in limit
    return [float(limit[sex])] if known else sorted({float(value) for value in limit.values()})


def below(value: float, limit: float) -> bool:
    """``value < limit``; a value that only the arithmetic of units puts below is on it."""
    return value < limit - _WIDTH * abs(limit)


def above(value: float, limit: float) -> bool:
    """``value > limit``, in the same way."""
    return value > limit + _WIDTH * abs(limit)


def grade(value: float, spec: dict, limit: float, baseline: float | None = None) -> int:
    """The CTCAE grade of a value, 0 for none; exactly on a boundary it is the milder one.

    ``spec`` is a test of ``config/lab_grades.yaml``, ``limit`` the limit of normal that its
    direction needs; ``baseline`` is the patient's own, for grades by it.
    """
    found = [0]
    for step, edge in spec.get("below", {}).items():
        if below(value, limit if edge == "LLN" else edge):
            found.append(int(step))
    for step, times in spec.get("above_uln", {}).items():
        if above(value, times * limit):
            found.append(int(step))
    for step, times in spec.get("above_baseline", {}).items():
        if baseline is not None and above(value, times * baseline):
            found.append(int(step))
    return max(found)


def _graded(own: pd.DataFrame, spec: dict, limits: list[float], until: int | None) -> list[dict]:
    """The rows of one patient and test, by day; without those of which no limit is known."""
    low = "below" in spec
    side = "LBSTNRLO" if low else "LBSTNRHI"
    columns = (own[name] for name in ("LBDY", "LBSTRESN", "SEQ", "LBDT", side))
    found = [_row(*values, spec, low, limits) for values in zip(*columns, strict=True)]
    results = [row for row in found if row["_limits"]]
    results.sort(key=lambda r: (r["ADY"] is None, r["ADY"] or 0, r["SRCSEQ"]))
    base = _baseline(results, low)
    if base is not None:
        base |= {"ABLFL": "Y", **_grades(base, spec, None)}
    for row in results:
        day = row["ADY"]
        later = base is not None and day is not None and day > 0
        row |= _grades(row, spec, base["AVAL"] if later else None)
        row["BASE"] = base["AVAL"] if base else None
        row["BTOXGR"] = base["ATOXGR"] if base else None
        if day is not None:
            counts = day > 0 and (until is None or day <= until)
            row["ONTRTFL"] = "Y" if counts else "N"
        if row.get("ONTRTFL") == "Y" and row["ATOXGR"] is not None:
            row["TRTEMFL"] = "Y" if row["ATOXGR"] > (row["BTOXGR"] or 0) else "N"
    _mark_worst(results, low)
    return [{name: value for name, value in row.items() if name != "_limits"} for row in results]


def _row(day, value, seq, date, own, spec: dict, low: bool, limits: list[float]) -> dict:
    import pandas as pd

    limits = limits if pd.isna(own) else [float(own)]
    limit = limits[0] if len(limits) == 1 else None
    return {
        **{"PARAM": spec["term"], "AVALU": spec["unit"], "AVAL": float(value)},
        **{"ADY": None if pd.isna(day) else int(day), "ADT": date, "SRCSEQ": int(seq)},
        **{"ANRLO": limit if low else None, "ANRHI": None if low else limit},
        **{"SRCDOM": "labs", "SRCVAR": "LBSTRESN", "_limits": limits},
    }


def _baseline(results: list[dict], low: bool) -> dict | None:
    """The worst value of the last day with one, up to the index date."""
    days = [row["ADY"] for row in results if row["ADY"] is not None and row["ADY"] <= 0]
    if not days:
        return None
    last = [row for row in results if row["ADY"] == max(days)]
    return min(last, key=lambda r: (r["AVAL"] if low else -r["AVAL"], r["SRCSEQ"]))


def _grades(row: dict, spec: dict, baseline: float | None) -> dict:
    """Grade and reason; without a grade where the limit hangs on a sex that is not recorded."""
    found = {grade(row["AVAL"], spec, limit, baseline) for limit in row["_limits"]}
    if len(found) > 1:
        return {"ATOXGR": None, "ATOXRS": NO_SEX}
    return {"ATOXGR": found.pop()}


def _mark_worst(results: list[dict], low: bool) -> None:
    sign = 1 if low else -1
    counted = [r for r in results if r.get("ONTRTFL") == "Y" and r["ATOXGR"] is not None]
    if counted:
        worst = min(counted, key=lambda r: (-r["ATOXGR"], sign * r["AVAL"], r["ADY"], r["SRCSEQ"]))
        worst["WORSTFL"] = "Y"

"""ADLB: laboratory values with their CTCAE grade, beside the patient's grade at baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.analysis import ADLB
from venaza.contracts.files import conform
from venaza.contracts.truth import is_true
from venaza.endpoints.arrays import floats

NO_SEX = "normal or grade 1 by the sex, which is not recorded"
#: Relative width of a boundary: less than what arithmetic with units can move a value by.
_WIDTH = 1e-9


def derive_adlb(
    adsl: pd.DataFrame, labs: pd.DataFrame, until: pd.Series, study: dict
) -> pd.DataFrame:
    """The graded laboratory values of the safety population (``ADLB``).

    Graded are the tests of ``config/lab_grades.yaml`` (CTCAE v5.0) for which a limit of normal
    is known: the one that the laboratory gave beside the value (``LBSTNRLO``, ``LBSTNRHI``), else
    the study file's, else a usual one. Baseline is the last day with a value up to the index
    date, its worst value where there are several. On treatment are the days after the index date
    up to the patient's day of ``until`` (``on_treatment.emergent_until``).
    Values after death are left out (they are queries).
    """
    safety = adsl[adsl["SAFFL"] == "Y"].set_index("USUBJID")
    given = labs[labs["USUBJID"].isin(safety.index) & labs["LBSTRESN"].notna()]
    given = given[~is_true(given["LBDY"] > given["USUBJID"].map(safety["DTHDY"]))]
    graded = []
    for test, spec in study["lab_grades"]["tests"].items():
        own = given[given["LBTESTCD"] == test].sort_values(["USUBJID", "LBDY", "SEQ"])
        sexes = own["USUBJID"].map(safety["SEX"])
        low, high = _limits(own, test, sexes, study)
        known = ~np.isnan(low)
        values = _values(own[known], spec, low[known], high[known])
        graded.append(_graded(values, spec, until).assign(PARAMCD=test))
    frame = pd.concat(graded) if graded else pd.DataFrame()
    return conform(frame.assign(STUDYID=study["id"]), ADLB)


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


def _limits(
    own: pd.DataFrame, test: str, sexes: pd.Series, study: dict
) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest limit of normal that may be each value's; NaN where none is known.

    They differ where they hang on a sex that is not recorded.
    """
    side = "LBSTNRLO" if "below" in study["lab_grades"]["tests"][test] else "LBSTNRHI"
    known = {sex: limits_of_normal(test, sex, study) for sex in ("", *sexes.dropna().unique())}
    sexes, given = sexes.fillna(""), floats(own[side])
    low, high = (
        floats(sexes.map({sex: pick(found) for sex, found in known.items() if found}))
        for pick in (min, max)
    )
    return tuple(np.where(np.isnan(given), limit, given) for limit in (low, high))


def below(value: float, limit: float) -> bool:
    """``value < limit``; a value that only the arithmetic of units puts below is on it."""
    return value < limit - _WIDTH * abs(limit)


def above(value: float, limit: float) -> bool:
    """``value > limit``, in the same way."""
    return value > limit + _WIDTH * abs(limit)


def grade(value, spec: dict, limit, baseline=np.nan) -> np.ndarray:
    """The CTCAE grade of a value, 0 for none; exactly on a boundary it is the milder one.

    ``spec`` is a test of ``config/lab_grades.yaml``, ``limit`` the limit of normal that its
    direction needs; ``baseline`` is the patient's own, for grades by it (NaN where there is none).
    All three are numbers or arrays of them.
    """
    steps = [
        (step, below(value, limit if edge == "LLN" else edge))
        for step, edge in spec.get("below", {}).items()
    ]
    steps += [
        (step, above(value, times * edge))
        for key, edge in (("above_uln", limit), ("above_baseline", baseline))
        for step, times in spec.get(key, {}).items()
    ]
    found = np.zeros(np.shape(value), dtype=np.int64)
    for step, reached in steps:
        found = np.where(reached, np.maximum(found, int(step)), found)
    return found


def _values(own: pd.DataFrame, spec: dict, low: np.ndarray, high: np.ndarray) -> pd.DataFrame:
    """The values of one test with what ADLB says of each alone; LOW and HIGH are its limits."""
    limit = "ANRLO" if "below" in spec else "ANRHI"
    about = {"PARAM": spec["term"], "AVALU": spec["unit"], "AVAL": floats(own["LBSTRESN"])}
    about |= {"USUBJID": own["USUBJID"], "ADY": floats(own["LBDY"]), "ADT": own["LBDT"]}
    about |= {"SRCDOM": "labs", "SRCVAR": "LBSTRESN", "SRCSEQ": floats(own["SEQ"])}
    about |= {limit: np.where(low == high, low, np.nan), "LOW": low, "HIGH": high}
    return pd.DataFrame(about, index=own.index).reset_index(drop=True)


def _graded(values: pd.DataFrame, spec: dict, until: pd.Series) -> pd.DataFrame:
    """The values of one test with grades, baseline and flags, patients and days in order."""
    sign = 1 if "below" in spec else -1
    day, level = values["ADY"], sign * values["AVAL"]
    # The baseline is the worst value of the last day with one, up to the index date.
    before = values.assign(LEVEL=level, BACK=-day)[day <= 0]
    base = before.sort_values(["BACK", "LEVEL", "SRCSEQ"]).drop_duplicates("USUBJID")
    of = values["USUBJID"].map(base.set_index("USUBJID")["AVAL"])
    own = np.where(day > 0, of, np.nan)
    lowest, highest = (grade(values["AVAL"], spec, values[side], own) for side in ("LOW", "HIGH"))
    known = lowest == highest
    grades = pd.Series(np.where(known, lowest, np.nan), index=values.index)
    first = values["USUBJID"].map(pd.Series(grades[base.index].array, index=base["USUBJID"]))
    last = floats(values["USUBJID"].map(until))
    on = (day > 0) & ~(day > last)
    counted = on & known
    ranked = values.assign(GRADE=-grades, LEVEL=level)[counted]
    order = ["GRADE", "LEVEL", "ADY", "SRCSEQ"]
    worst = ranked.sort_values(order).drop_duplicates("USUBJID").index
    emergent = np.where(grades > first.fillna(0), "Y", "N")
    return values.drop(columns=["LOW", "HIGH"]).assign(
        ABLFL=np.where(values.index.isin(base.index), "Y", None),
        BASE=of,
        BTOXGR=first,
        ATOXGR=grades,
        ATOXRS=np.where(known, None, NO_SEX),
        ONTRTFL=np.where(day.isna(), None, np.where(on, "Y", "N")),
        WORSTFL=np.where(values.index.isin(worst), "Y", None),
        TRTEMFL=np.where(counted, emergent, None),
    )

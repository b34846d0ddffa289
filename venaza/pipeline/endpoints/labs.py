"""ADLB: laboratory values with their CTCAE grade, beside the patient's grade at baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.analysis import ADLB
from venaza.contracts.files import conform
from venaza.contracts.truth import is_true
from venaza.pipeline.endpoints.arrays import floats, texts

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
    tests = study["lab_grades"]["tests"]
    safety = adsl[adsl["SAFFL"] == "Y"].set_index("USUBJID")
    given = labs[labs["LBTESTCD"].isin([*tests]) & labs["LBSTRESN"].notna()]
    given = given[given["USUBJID"].isin(safety.index)]
    given = given[~is_true(given["LBDY"] > given["USUBJID"].map(safety["DTHDY"]))]
    given = given.assign(RANK=given["LBTESTCD"].map({test: n for n, test in enumerate(tests)}))
    given = given.sort_values(["RANK", "USUBJID", "LBDY", "SEQ"])
    values = _values(given, texts(given["USUBJID"].map(safety["SEX"])), study)
    return conform(_graded(values, tests, until).assign(STUDYID=study["id"]), ADLB)


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


def _values(own: pd.DataFrame, sexes: np.ndarray, study: dict) -> pd.DataFrame:
    """The values with what ADLB says of each alone; those without a limit of normal are left out.

    LOW and HIGH are the limits that it may have: they differ by a sex that is not recorded.
    """
    tests, named = study["lab_grades"]["tests"], texts(own["LBTESTCD"])
    falls = np.array(["below" in tests[test] for test in named], dtype=bool)
    given = np.where(falls, floats(own["LBSTNRLO"]), floats(own["LBSTNRHI"]))
    pairs = list(zip(named, sexes, strict=True))
    known = {pair: limits_of_normal(*pair, study) or [np.nan] for pair in set(pairs)}
    low, high = (
        np.where(np.isnan(given), np.array([pick(known[pair]) for pair in pairs], float), given)
        for pick in (min, max)
    )
    limit = np.where(low == high, low, np.nan)
    about = {
        "USUBJID": own["USUBJID"].array,
        "PARAMCD": named,
        "PARAM": [tests[test]["term"] for test in named],
        "AVALU": [tests[test]["unit"] for test in named],
        "AVAL": floats(own["LBSTRESN"]),
        "ADT": own["LBDT"].array,
        "ADY": floats(own["LBDY"]),
        "ANRLO": np.where(falls, limit, np.nan),
        "ANRHI": np.where(falls, np.nan, limit),
        "SRCDOM": "labs",
        "SRCVAR": "LBSTRESN",
        "SRCSEQ": floats(own["SEQ"]),
    }
    values = pd.DataFrame({**about, "FALLS": falls, "LOW": low, "HIGH": high})
    return values[~np.isnan(low)].reset_index(drop=True)


def _graded(values: pd.DataFrame, tests: dict, until: pd.Series) -> pd.DataFrame:
    """The values with grades, baseline and flags."""
    key = ["PARAMCD", "USUBJID"]
    day, level = values["ADY"], values["AVAL"].where(values["FALLS"], -values["AVAL"])
    # The baseline is the worst value of the last day with one, up to the index date.
    before = values[key].assign(BACK=-day, LEVEL=level, SEQ=values["SRCSEQ"])[day <= 0]
    base = before.sort_values(["BACK", "LEVEL", "SEQ"]).drop_duplicates(key).index
    of = values.groupby(key, sort=False).ngroup()
    baseline = of.map(values["AVAL"].set_axis(of)[values.index.isin(base)])
    lowest, highest = (
        _grades(values, tests, values[side], baseline.where(day > 0)) for side in ("LOW", "HIGH")
    )
    known = lowest == highest
    grades = pd.Series(np.where(known, lowest, np.nan), index=values.index)
    first = of.map(grades.set_axis(of)[values.index.isin(base)])
    on = (day > 0) & ~(day > floats(values["USUBJID"].map(until)))
    counted = on & known
    ranked = values[[*key, "ADY", "SRCSEQ"]].assign(GRADE=-grades, LEVEL=level)[counted]
    order = ["GRADE", "LEVEL", "ADY", "SRCSEQ"]
    worst = ranked.sort_values(order).drop_duplicates(key).index
    emergent = np.where(grades > first.fillna(0), "Y", "N")
    return values.drop(columns=["FALLS", "LOW", "HIGH"]).assign(
        ABLFL=np.where(values.index.isin(base), "Y", None),
        BASE=baseline,
        BTOXGR=first,
        ATOXGR=grades,
        ATOXRS=np.where(known, None, NO_SEX),
        ONTRTFL=np.where(day.isna(), None, np.where(on, "Y", "N")),
        WORSTFL=np.where(values.index.isin(worst), "Y", None),
        TRTEMFL=np.where(counted, emergent, None),
    )


def _grades(values: pd.DataFrame, tests: dict, limit: pd.Series, baseline: pd.Series) -> np.ndarray:
    """The grade of each value by its own test."""
    found = np.zeros(len(values), dtype=np.int64)
    for test, spec in tests.items():
        own = (values["PARAMCD"] == test).to_numpy()
        found[own] = grade(values["AVAL"][own], spec, limit[own], baseline[own])
    return found

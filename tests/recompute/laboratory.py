"""Grades of laboratory values once more, by CTCAE v5.0 as it is printed."""

from __future__ import annotations

from tests.recompute import reading
from tests.recompute.counts import share
from tests.recompute.rows import Answer, Row

#: Below which value each grade begins; the first is the laboratory's lower limit of normal.
_BELOW = {
    "ANC": [1.8, 1.5, 1.0, 0.5],
    "PLT": [125, 75, 50, 25],
    "WBC": [3.5, 3.0, 2.0, 1.0],
    "HGB": [None, 100, 80],
}
#: The same of a study that states no limits of its laboratory: usual adult limits.
_USUAL = {"ANC": 2.0, "PLT": 150, "WBC": 4.0, "HGB": {"M": 130, "F": 120}}
_LIMITS = {"HGB": {"M": 130, "F": 115}, "CREAT": {"M": 111, "F": 81}}


def _value(row: Row, of: str) -> float | None:
    """A result in the standard unit: haemoglobin in g/dL counts tenfold."""
    cell = row.cell(of, "LBSTRESN")
    if cell is None or cell["CLEAN"] is None:
        return None
    found = reading.number(row.answer.export.text(cell))
    if cell["SRCCOL"] in reading.BLOOD:  # a column for each test, in the unit of its title
        return found * (10 if cell["SRCCOL"] in reading.TENFOLD else 1)
    unit = reading.tidy(row.answer.export.beside(cell, "单位"))
    return found * (10 if unit == "g/dL" else 1)


def _sex(row: Row) -> str | None:
    cell = row.cell("AVAL", "LBSTRESN") or row.cell("BASE", "LBSTRESN")
    if cell["SRCCOL"] not in reading.BLOOD:
        return reading.word("性别", row.beside("性别"))
    said = row.answer.export.of_record(cell, row.row["USUBJID"], "sex")
    return reading.word("sex", said)


def grade(row: Row, of: str, test: str) -> int | None:
    """The grade of a value; creatinine by the upper limit and by the patient's own baseline."""
    value = _value(row, of)
    if value is None:
        return None
    sex = _sex(row)
    if test == "CREAT":
        limit, base = _LIMITS[test][sex], _value(row, "BASE")
        by_limit = sum(value > factor * limit for factor in (1, 1.5, 3, 6))
        if base is None or of == "BASE":
            return by_limit
        by_base = 3 if value > 3 * base else 2 if value > 1.5 * base else 0
        return max(by_limit, by_base)
    first, *others = _BELOW[test]
    if row.cell(of, "LBSTRESN")["SRCCOL"] in reading.BLOOD:
        first = _USUAL[test][sex] if test == "HGB" else _USUAL[test]
    limits = [_LIMITS[test][sex] if first is None else first, *others]
    return sum(value < limit for limit in limits)


def laboratory(answer: Answer) -> float:
    """Patients with a grade, at baseline or at worst, of those with a value."""
    test, part = answer.key[2:4]
    if part == "g3_baseline":
        grades = [grade(row, "AVAL", test) for row in answer.rows]
        return _share(answer, grades, 3)
    pairs = [(grade(row, "AVAL", test), grade(row, "BASE", test)) for row in answer.rows]
    if part == "g3_new":
        pairs = [(worst, base) for worst, base in pairs if base is None or base < 3]
    least = {"any": 1, "g3": 3, "g4": 4, "g3_new": 3}[part]
    return _share(answer, [worst for worst, _ in pairs], least)


def _share(answer: Answer, grades: list[int | None], least: int) -> float:
    known = [g for g in grades if g is not None]
    return share(answer, sum(g >= least for g in known), len(known))


def shift(answer: Answer) -> float:
    """Patients by grade at baseline and worst grade afterwards, or without one."""
    test, base, worst = answer.key[2], answer.key[3][1:], answer.key[4][1:]
    found = dict.fromkeys(answer.told["patients"], (None, None))
    for row in answer.rows:
        if row.row["WORSTFL"] == "Y":
            pair = (grade(row, "BASE", test), grade(row, "AVAL", test))
        else:
            pair = (grade(row, "AVAL", test), None)
        found[row.row["USUBJID"]] = pair
    words = [tuple("missing" if g is None else f"{g}" for g in pair) for pair in found.values()]
    return words.count((base, worst))

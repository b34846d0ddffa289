"""A karyotype for each patient that agrees with the risk group on record."""

from __future__ import annotations

from numpy.random import Generator

from venaza.simulate.cohort import CYTOGENETICS, Patient, stream

#: Changes and the chromosomes they leave, by the risk that they give; invented, no cohort's own.
_ADVERSE = (
    (45, "-7"),
    (46, "del(5)(q13q33)"),
    (44, "-5,-7,del(17)(p13),+8,-20"),
    (45, "-5,add(17)(p11.2),del(12)(p12)"),
    (46, "inv(3)(q21q26.2)"),
    (46, "t(6;11)(q27;q23.3)"),
    (45, "-17,der(5)t(5;17)(q11.2;p11.2),del(7)(q22)"),
    (47, "+8,del(7)(q22q34),add(11)(p15)"),
)
_COMPLEX = (_ADVERSE[2], _ADVERSE[3], _ADVERSE[6])
_INTERMEDIATE = ((47, "+8"), (46, "del(20)(q11.2q13.3)"), (47, "+13"))
_NOT_DONE, _ABNORMAL = 0.08, 0.25


def add_karyotype(patient: Patient, seed: int) -> None:
    """Fill ``KARYO`` of the baseline, from a random stream of its own; a few were not done."""
    rng = stream(seed, CYTOGENETICS, patient.number)
    done, abnormal = rng.random() >= _NOT_DONE, rng.random() < _ABNORMAL
    change = None
    if _needs_adverse(patient):
        change = _one_of(_COMPLEX if _has(patient, "TP53") else _ADVERSE, rng)
    elif abnormal and patient.baseline["RISK"] != "favourable":
        change = _one_of(_INTERMEDIATE, rng)
    patient.baseline["KARYO"] = _written(patient, change, rng) if done else None


def contradict(rows: list[dict], cohort: list[Patient]) -> list[tuple[str, str, str]]:
    """Plant karyotypes that cannot be, in place: patient, what was planted, check to find it.

    Two contradict the risk group on record, one is broken off; the patients are the first of the
    whole cohort in whom it makes sense, so that both exports hold the same.
    """

    def first(fits) -> Patient:
        return next(p for p in cohort if p.baseline["KARYO"] and fits(p))

    def tested(p: Patient) -> bool:
        return all(row["GERES"] != "NOT TESTED" for row in p.tables["mutations"])

    low = first(lambda p: p.baseline["RISK"] == "intermediate" and tested(p))
    high = first(lambda p: _needs_adverse(p) and tested(p) and not _has(p, "TP53"))
    broken = first(lambda p: "del(" in p.baseline["KARYO"] and p not in (low, high))
    found = []
    for patient, text, what, rule in (
        (low, "45,{sex},-7[20]", "monosomy 7 under intermediate risk", "risk_disagrees"),
        (high, "46,{sex}[20]", "normal karyotype under adverse risk", "risk_disagrees"),
        (broken, "46,{sex},del(", "karyotype broken off", "unreadable_karyotype"),
    ):
        own = [row for row in rows if row["USUBJID"] == patient.usubjid]
        for row in own:
            row["KARYO"] = text.format(sex="XY" if row["SEX"] == "M" else "XX")
        if own:
            found.append((patient.usubjid, what, rule))
    return found


def _has(patient: Patient, gene: str, least: float = 0.0) -> bool:
    rows = patient.tables["mutations"]
    return any(r["GENE"] == gene and r["GERES"] == "MUTATED" and r["VAF"] >= least for r in rows)


def _needs_adverse(patient: Patient) -> bool:
    """Whether the group on record is adverse and the mutations alone do not make it so."""
    if patient.baseline["RISK"] != "adverse" or _has(patient, "TP53", 10.0):
        return False
    favourable = _has(patient, "NPM1") and not _has(patient, "FLT3-ITD")
    return favourable or not (_has(patient, "ASXL1") or _has(patient, "RUNX1"))


def _one_of(choices: tuple, rng: Generator) -> tuple[int, str]:
    return choices[int(rng.random() * len(choices))]


def _written(patient: Patient, change: tuple[int, str] | None, rng: Generator) -> str:
    """ISCN text, or the word for normal; abnormal clones often stand beside normal cells."""
    sex = "XY" if patient.baseline["SEX"] == "M" else "XX"
    normal = f"46,{sex}"
    if change is None:
        return "正常核型" if rng.random() < 0.25 else f"{normal}[20]"
    cells = int(rng.integers(5, 19))
    clone = f"{change[0]},{sex},{change[1]}"
    return f"{clone}[20]" if rng.random() < 0.35 else f"{clone}[{cells}]/{normal}[{20 - cells}]"

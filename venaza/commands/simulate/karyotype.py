"""A karyotype for each patient that agrees with the risk group on record."""

from __future__ import annotations

from numpy.random import Generator

from venaza.commands.simulate.columns import stream
from venaza.commands.simulate.fates import CYTOGENETICS, Patient

_NOT_DONE, _ABNORMAL = 0.08, 0.25


def add_karyotype(patient: Patient, plan: dict, seed: int) -> None:
    """Fill ``KARYO`` of the baseline, from a random stream of its own; a few were not done.

    ``karyotypes`` of the plan's ``course`` are changes by the risk that they give, each behind
    the number of chromosomes that it leaves, and the word for a ``normal`` one.
    """
    changes = plan["course"]["karyotypes"]
    rng = stream(seed, CYTOGENETICS, patient.number)
    done, abnormal = rng.random() >= _NOT_DONE, rng.random() < _ABNORMAL
    change = None
    if _needs_adverse(patient):
        change = _one_of(changes["complex" if _has(patient, "TP53") else "adverse"], rng)
    elif abnormal and patient.baseline["RISK"] != "favourable":
        change = _one_of(changes["intermediate"], rng)
    patient.baseline["KARYO"] = _written(patient, change, changes["normal"], rng) if done else None


def _has(patient: Patient, gene: str, least: float = 0.0) -> bool:
    rows = patient.tables["mutations"]
    return any(r["GENE"] == gene and r["GERES"] == "MUTATED" and r["VAF"] >= least for r in rows)


def _needs_adverse(patient: Patient) -> bool:
    """Whether the group on record is adverse and the mutations alone do not make it so."""
    if patient.baseline["RISK"] != "adverse" or _has(patient, "TP53", 10.0):
        return False
    favourable = _has(patient, "NPM1") and not _has(patient, "FLT3-ITD")
    return favourable or not (_has(patient, "ASXL1") or _has(patient, "RUNX1"))


def _one_of(choices: list, rng: Generator) -> list:
    return choices[int(rng.random() * len(choices))]


def _written(patient: Patient, change: list | None, word: str, rng: Generator) -> str:
    """ISCN text, or the ``word`` for normal; abnormal clones often stand beside normal cells."""
    sex = "XY" if patient.baseline["SEX"] == "M" else "XX"
    normal = f"46,{sex}"
    if change is None:
        return word if rng.random() < 0.25 else f"{normal}[20]"
    cells = int(rng.integers(5, 19))
    clone = f"{change[0]},{sex},{change[1]}"
    return f"{clone}[20]" if rng.random() < 0.35 else f"{clone}[{cells}]/{normal}[{20 - cells}]"

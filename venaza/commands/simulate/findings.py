"""The rest of the record: baseline, mutations, later therapies, adverse events, laboratory."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from venaza.commands.simulate.columns import pick, stream
from venaza.commands.simulate.course import retreatment_day
from venaza.commands.simulate.fates import FINDINGS, Patient
from venaza.commands.simulate.sheets import UNITS


def add_findings(patient: Patient, plan: dict, seed: int) -> None:
    """Fill the baseline and the remaining tables of ``patient``."""
    rng = stream(seed, FINDINGS, patient.number)
    patient.tables["mutations"] = _mutations(patient, plan, rng)
    patient.baseline |= _baseline(patient, plan, rng)
    patient.tables["therapies"] = _therapies(patient, plan["course"]["last_line"], rng)
    patient.tables["adverse_events"] = _adverse_events(patient, plan["adverse_events"], rng)
    patient.tables["labs"] = _labs(patient, plan["course"]["labs"], rng)


def _pick(rng: Generator, shares: dict) -> str:
    return str(pick(shares, np.array([rng.random()]))[0])


def _mutations(patient: Patient, plan: dict, rng: Generator) -> list[dict]:
    """One row per gene; the targeted therapy after failure has its target."""
    panel, rule = rng.random() < plan["panel"], plan["course"]["genes"]
    needed = rule["needed"].get(patient.fate.therapy)
    hard = rule["harder"] if patient.fate.best in ("NR", "NE") else 1.0
    rows, found = [], set()
    for gene, share in plan["genes"].items():
        chance, tested = rng.random(), panel or gene in rule["always"]
        tested = gene == needed or (tested and rng.random() < 0.97)
        excluded = rule["excluded_by"].get(gene)
        boost = hard if gene in rule["hard"] else 1.0
        mutated = gene == needed or (chance < share * boost and excluded not in found)
        if needed and rule["excluded_by"].get(needed) == gene:
            mutated = False
        vaf = round(4 + float(rng.random()) * (70 if gene == "TP53" else 44), 1)
        result = "NOT TESTED" if not tested else "MUTATED" if mutated else "WILD-TYPE"
        if result == "MUTATED":
            found.add(gene)
        rows.append({"GENE": gene, "GERES": result, "VAF": vaf if gene in found else None})
    return rows


def _baseline(patient: Patient, plan: dict, rng: Generator) -> dict:
    """Characteristics at index; everything but the age is invented without a model cohort."""
    drawn = plan["baseline"]
    prior = drawn["PRIORLN"]["shares"][patient.fate.group]
    newly = list(prior) == ["0"]
    kind = _pick(rng, drawn["DISTYPE"]["shares"])
    lines = 0 if newly else int(_pick(rng, prior))
    age, ill = patient.baseline["AGE"], 0.1 if patient.fate.best in ("NE", "NR") else 0.0
    ecog = int(_pick(rng, {0: 0.12 if age < 75 else 0.04, 1: 0.5, 2: 0.3 + ill, 3: 0.08 + ill}))
    hma_share = (0.3 if kind == "secondary" else 0.0) if newly else 0.35
    return {
        "SEX": _pick(rng, drawn["SEX"]["shares"]),
        "DISEASE": next(iter(drawn["DISEASE"]["shares"])),
        "DISTYPE": kind,
        "ECOG": 1 if patient.fate.transplant else None if rng.random() < 0.04 else ecog,
        "RISK": None if rng.random() < 0.08 else _risk(patient, kind, rng),
        "WBC": round(float(0.9 * 60 ** (rng.random() ** 1.3)), 1),
        "HGB": int(rng.integers(54, 112)),
        "PLT": int(9 + 150 * rng.random() ** 2),
        "PRIORHMA": "Y" if rng.random() < hma_share else "N",
        "PRIORLN": lines,
        "DIAGDT": -int(rng.integers(3, 26)) if newly else -int(rng.integers(70, 900)),
        "DTHCAUS": _cause(patient, plan["causes"], rng),
    }


def _risk(patient: Patient, kind: str, rng: Generator) -> str:
    """A risk group that agrees with the mutations, as far as they decide it."""
    found = {r["GENE"] for r in patient.tables["mutations"] if r["GERES"] == "MUTATED"}
    if found & {"TP53", "ASXL1", "RUNX1"} or kind != "de novo":
        return "adverse"
    if "FLT3-ITD" in found:
        return "intermediate"
    if "NPM1" in found:
        return "favourable"
    return "adverse" if rng.random() < 0.3 else "intermediate"


def _cause(patient: Patient, causes: dict, rng: Generator) -> str:
    """Cause of death: mostly the leukaemia after failure, mostly infection without."""
    if not patient.fate.dead:
        return ""
    return _pick(rng, causes["failed" if patient.fate.failure else "other"])


def _therapies(patient: Patient, last_therapy: str, rng: Generator) -> list[dict]:
    """Therapy after failure, soon after it; a few get a last line as well."""
    fate = patient.fate
    if not fate.therapy:
        return []
    left = patient.end - patient.first
    start = (
        retreatment_day(patient)
        if fate.pause
        else patient.first + int(rng.integers(1, min(10, max(2, left - 4))))
    )
    known = min(start + int(rng.integers(40, 62)), patient.end)
    answer = fate.answer or None
    row = {"CMSTDT": start, "CMLINE": 1, "CMTRT": fate.therapy, "CMRESP": answer, "KNOWN": known}
    rows = [row]
    if fate.therapy != last_therapy and left > 90 and fate.dead and rng.random() < 0.5:
        last = patient.end - int(rng.integers(12, 28))
        last_line = {"CMSTDT": last, "CMLINE": 2, "CMTRT": last_therapy, "CMRESP": None}
        rows.append(last_line | {"KNOWN": last})
    return rows


def _adverse_events(patient: Patient, events: dict, rng: Generator) -> list[dict]:
    """Adverse events under the regimen; none starts after the end of follow-up."""
    rows = []
    until = patient.end if patient.baseline["STOPDT"] is None else patient.baseline["STOPDT"]
    for term, (share, grades, days, length, related) in events.items():
        times = 1 + int(rng.random() < 0.25) if rng.random() < share else 0
        for again in range(times):
            start = int(rng.integers(days[0], days[1] + 1)) + again * 45
            grade = int(rng.integers(grades[0], grades[1] + 1))
            end = start + int(rng.integers(2, length + 1))
            if start < until:
                known = end if end <= patient.end else None
                rows.append(_event(term, grade, start, known, related))
    if patient.baseline["DTHCAUS"] == "infection":
        term = "Sepsis" if rng.random() < 0.5 else "Lung infection"
        rows.append(_event(term, 5, patient.end - int(rng.integers(2, 9)), patient.end, "N"))
    return sorted(rows, key=lambda row: (row["AESTDT"], row["AETERM"]))


def _event(term: str, grade: int, start: int, end: int | None, related: str) -> dict:
    return {"AETERM": term, "AETOXGR": grade, "AESTDT": start, "AEENDT": end, "AEREL": related}


def _labs(patient: Patient, days: dict[str, list[int]], rng: Generator) -> list[dict]:
    """Blood counts and chemistry before and in cycle 1: each test on its ``days``, by day."""
    return [
        {
            "LBDT": day,
            "LBTESTCD": test,
            "LBSTRESN": _lab_value(test, day, patient, rng),
            "UNIT": UNITS[test],
        }
        for day in sorted({day for own in days.values() for day in own})
        for test, own in days.items()
        if day in own and day <= patient.end
    ]


def _lab_value(test: str, day: int, patient: Patient, rng: Generator) -> float:
    """A value of ``test``: baseline as recorded, then cytopenia and a mild cell lysis."""
    base, u = patient.baseline, float(rng.random())
    lysis = 1.15 if day > 0 else 1.0
    if any(row["AETERM"] == "Tumour lysis syndrome" for row in patient.tables["adverse_events"]):
        lysis = 1.9 if day > 0 else 1.0
    fall = 1.0 if day < 0 else max(0.08, 1 - day / 18)
    return {
        "WBC": lambda: round(base["WBC"] * fall, 1),
        "ANC": lambda: round(max(0.03, min(base["WBC"] * 0.2, 2.4) * fall * (0.7 + 0.5 * u)), 2),
        "HGB": lambda: base["HGB"] if day < 0 else int(60 + 30 * u),
        "PLT": lambda: base["PLT"] if day < 0 else int(max(6, base["PLT"] * fall * (0.7 + u))),
        "CREAT": lambda: int((52 + 48 * u) * (1 + 0.4 * (lysis - 1))),
        "UA": lambda: int((210 + 190 * u) * lysis),
        "K": lambda: round((3.4 + 1.1 * u) * (1 + 0.25 * (lysis - 1)), 2),
        "PHOS": lambda: round((0.85 + 0.5 * u) * lysis, 2),
        "CA": lambda: round((2.1 + 0.35 * u) / (1 + 0.2 * (lysis - 1)), 2),
    }[test]()

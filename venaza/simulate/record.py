"""The rest of the record: baseline, mutations, later therapies, adverse events, laboratory."""

from __future__ import annotations

from numpy.random import Generator

from venaza.simulate.cohort import RECORD, Patient, stream
from venaza.simulate.course import retreatment_day

#: Shares of patients with a mutation: generic values of AML in older adults, no cohort's own.
MUTATED = {
    "FLT3-ITD": 0.12,
    "FLT3-TKD": 0.06,
    "NPM1": 0.16,
    "TP53": 0.18,
    "NRAS": 0.14,
    "KRAS": 0.07,
    "IDH1": 0.09,
    "IDH2": 0.14,
    "DNMT3A": 0.22,
    "ASXL1": 0.22,
    "RUNX1": 0.18,
    "TET2": 0.2,
}

#: Adverse event: share of patients, range of grades, first and last day after index, length.
EVENTS = {
    "Neutrophil count decreased": (0.8, (3, 4), (8, 24), 14),
    "Platelet count decreased": (0.7, (2, 4), (6, 22), 15),
    "Anaemia": (0.6, (2, 3), (5, 25), 20),
    "Febrile neutropenia": (0.45, (3, 3), (12, 60), 8),
    "Lung infection": (0.4, (2, 3), (10, 150), 14),
    "Sepsis": (0.12, (3, 4), (12, 120), 12),
    "Nausea": (0.4, (1, 2), (1, 10), 6),
    "Vomiting": (0.15, (1, 2), (1, 12), 4),
    "Constipation": (0.25, (1, 2), (2, 15), 8),
    "Diarrhoea": (0.2, (1, 2), (5, 60), 5),
    "Hypokalaemia": (0.3, (1, 3), (4, 40), 6),
    "Fatigue": (0.3, (1, 2), (5, 40), 20),
    "Alanine aminotransferase increased": (0.15, (1, 3), (7, 50), 10),
    "Mucositis oral": (0.1, (1, 2), (8, 40), 8),
    "Tumour lysis syndrome": (0.05, (3, 3), (2, 4), 5),
}
NOT_RELATED = ("Fatigue", "Lung infection", "Diarrhoea")

#: Laboratory: unit, and the sampling days after the first dose.
CHEMISTRY = {"CREAT": "µmol/L", "UA": "µmol/L", "K": "mmol/L", "PHOS": "mmol/L", "CA": "mmol/L"}
BLOOD = {"WBC": "×10^9/L", "ANC": "×10^9/L", "HGB": "g/L", "PLT": "×10^9/L"}
CHEMISTRY_DAYS, BLOOD_DAYS = (-1, 1, 2), (-1, 8, 15, 22)


def add_record(patient: Patient, seed: int) -> None:
    """Fill the baseline and the remaining tables of ``patient``."""
    rng = stream(seed, RECORD, patient.number)
    patient.tables["mutations"] = _mutations(patient, rng)
    patient.baseline |= _baseline(patient, rng)
    patient.tables["therapies"] = _therapies(patient, rng)
    patient.tables["adverse_events"] = _adverse_events(patient, rng)
    patient.tables["labs"] = _labs(patient, rng)


def _pick(rng: Generator, choices: dict) -> object:
    """One of the keys of ``choices``, with the shares in its values."""
    point = float(rng.random()) * sum(choices.values())
    for value, share in choices.items():
        point -= share
        if point < 0:
            return value
    return value


def _mutations(patient: Patient, rng: Generator) -> list[dict]:
    """One row per gene; the targeted therapy after failure has its target."""
    regimen, panel = patient.fate.regimen, rng.random() < 0.88
    needed = {"VEN-AZA + gilteritinib": "FLT3-ITD", "VEN-AZA + enasidenib": "IDH2"}.get(regimen)
    hard = 1.6 if patient.fate.best in ("NR", "NE") else 1.0
    rows, found = [], set()
    for gene, share in MUTATED.items():
        chance, tested = rng.random(), panel or gene in ("FLT3-ITD", "NPM1")
        tested = gene == needed or (tested and rng.random() < 0.97)
        excluded = {"IDH2": "IDH1", "TP53": "NPM1", "FLT3-TKD": "FLT3-ITD"}.get(gene)
        boost = hard if gene in ("TP53", "NRAS", "KRAS") else 1.0
        mutated = gene == needed or (chance < share * boost and excluded not in found)
        if gene == "IDH1" and needed == "IDH2":
            mutated = False
        vaf = round(4 + float(rng.random()) * (70 if gene == "TP53" else 44), 1)
        result = "NOT TESTED" if not tested else "MUTATED" if mutated else "WILD-TYPE"
        if result == "MUTATED":
            found.add(gene)
        rows.append({"GENE": gene, "GERES": result, "VAF": vaf if gene in found else None})
    return rows


def _baseline(patient: Patient, rng: Generator) -> dict:
    """Characteristics at index; everything but the age is invented without a model cohort."""
    newly = patient.group == "ND"
    kinds = {"de novo": 0.62, "secondary": 0.3, "therapy-related": 0.08}
    kind = _pick(rng, kinds)
    lines = 0 if newly else int(_pick(rng, {1: 0.55, 2: 0.3, 3: 0.15}))
    age, ill = patient.baseline["AGE"], 0.1 if patient.fate.best in ("NE", "NR") else 0.0
    ecog = int(_pick(rng, {0: 0.12 if age < 75 else 0.04, 1: 0.5, 2: 0.3 + ill, 3: 0.08 + ill}))
    hma_share = (0.3 if kind == "secondary" else 0.0) if newly else 0.35
    return {
        "SEX": _pick(rng, {"M": 0.56, "F": 0.44}),
        "DISEASE": "AML",
        "DISTYPE": kind,
        "ECOG": 1 if patient.fate.transplant else None if rng.random() < 0.04 else ecog,
        "RISK": None if rng.random() < 0.08 else _risk(patient, str(kind), rng),
        "WBC": round(float(0.9 * 60 ** (rng.random() ** 1.3)), 1),
        "HGB": int(rng.integers(54, 112)),
        "PLT": int(9 + 150 * rng.random() ** 2),
        "PRIORHMA": "Y" if rng.random() < hma_share else "N",
        "PRIORLN": lines,
        "DIAGDT": -int(rng.integers(3, 26)) if newly else -int(rng.integers(70, 900)),
        "DTHCAUS": _cause(patient, rng),
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


def _cause(patient: Patient, rng: Generator) -> str:
    """Cause of death: mostly the leukaemia after failure, mostly infection without."""
    if not patient.dead:
        return ""
    if patient.fate.failure:
        return _pick(rng, {"disease progression": 0.72, "infection": 0.18, "bleeding": 0.1})
    return _pick(rng, {"infection": 0.68, "bleeding": 0.18, "other": 0.14})


def _therapies(patient: Patient, rng: Generator) -> list[dict]:
    """Therapy after failure, soon after it; a few get a last line as well."""
    fate = patient.fate
    if not fate.regimen:
        return []
    left = patient.end - patient.first
    start = (
        retreatment_day(patient)
        if fate.pause
        else patient.first + int(rng.integers(1, min(10, max(2, left - 4))))
    )
    known = min(start + int(rng.integers(40, 62)), patient.end)
    answer = fate.answer or None
    row = {"CMSTDT": start, "CMLINE": 1, "CMTRT": fate.regimen, "CMRESP": answer, "KNOWN": known}
    rows = [row]
    if fate.regimen != "hydroxyurea" and left > 90 and patient.dead and rng.random() < 0.5:
        last = patient.end - int(rng.integers(12, 28))
        last_line = {"CMSTDT": last, "CMLINE": 2, "CMTRT": "hydroxyurea", "CMRESP": None}
        rows.append(last_line | {"KNOWN": last})
    return rows


def _adverse_events(patient: Patient, rng: Generator) -> list[dict]:
    """Adverse events under the regimen; none starts after the end of follow-up."""
    rows = []
    until = patient.end if patient.baseline["STOPDT"] is None else patient.baseline["STOPDT"]
    for term, (share, grades, days, length) in EVENTS.items():
        times = 1 + int(rng.random() < 0.25) if rng.random() < share else 0
        for again in range(times):
            start = int(rng.integers(days[0], days[1] + 1)) + again * 45
            grade = int(rng.integers(grades[0], grades[1] + 1))
            end = start + int(rng.integers(2, length + 1))
            if start < until:
                rows.append(_event(term, grade, start, end if end <= patient.end else None))
    if patient.dead and patient.baseline["DTHCAUS"] == "infection":
        term = "Sepsis" if rng.random() < 0.5 else "Lung infection"
        rows.append(_event(term, 5, patient.end - int(rng.integers(2, 9)), patient.end))
    return sorted(rows, key=lambda row: (row["AESTDT"], row["AETERM"]))


def _event(term: str, grade: int, start: int, end: int | None) -> dict:
    related = "N" if term in NOT_RELATED or grade == 5 else "Y"
    return {"AETERM": term, "AETOXGR": grade, "AESTDT": start, "AEENDT": end, "AEREL": related}


def _labs(patient: Patient, rng: Generator) -> list[dict]:
    """Blood counts and chemistry before and in cycle 1, by day."""
    rows = []
    for day in sorted({*CHEMISTRY_DAYS, *BLOOD_DAYS}):
        if day > patient.end:
            continue
        tests = (BLOOD if day in BLOOD_DAYS else {}) | (CHEMISTRY if day in CHEMISTRY_DAYS else {})
        rows += [
            {"LBDT": day, "LBTESTCD": test, "LBSTRESN": value, "UNIT": unit}
            for test, unit in tests.items()
            for value in [_lab_value(test, day, patient, rng)]
        ]
    return rows


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

"""The course under the regimen: cycles, marrow assessments with blasts and counts, MRD."""

from __future__ import annotations

from numpy.random import Generator

from venaza.commands.simulate.columns import stream
from venaza.commands.simulate.fates import COURSE, FAILED, REFRACTORY, STOPPED, Patient

REMISSION = ("CR", "CRi")


def add_course(patient: Patient, plan: dict, seed: int) -> None:
    """Add the cycles, assessments, MRD results and the end of the regimen to ``patient``."""
    rng = stream(seed, COURSE, patient.number)
    patient.baseline["BMBLAST"] = _baseline_blasts(patient, plan["course"]["blasts_from"], rng)
    transplant = int(rng.integers(*plan["bridge_days"])) if patient.fate.transplant else None
    stop, reason = _stop(patient, transplant, rng)
    until = patient.end if stop is None else stop
    starts = _cycle_starts(patient, until, plan["cycles"]["days"], rng)
    patient.baseline |= {"STOPDT": stop, "STOPREAS": reason}
    patient.tables["cycles"] = _cycles(starts, until, plan, rng)
    patient.tables["responses"] = _assessments(patient, starts, transplant, plan, rng)
    patient.tables["mrd"] = _mrd(patient, transplant, rng)
    patient.tables["transplants"] = (
        [{"TXDT": transplant, "TXTYPE": "allogeneic"}] if transplant else []
    )


def retreatment_day(patient: Patient) -> int:
    """The day on which the patient who had paused starts the regimen again."""
    return patient.first + 6


def _baseline_blasts(patient: Patient, least: dict[str, int], rng: Generator) -> float:
    """Marrow blasts in percent, from the ``least`` of the response, else of the group."""
    low = least.get(patient.fate.best, least[patient.fate.group])
    return float(low + int(rng.integers(0, 93 - low)))


def _stop(patient: Patient, transplant: int | None, rng: Generator) -> tuple[int | None, str]:
    """Day and reason of stopping the regimen; no day for those still on it."""
    fate, first = patient.fate, patient.first
    if fate.pause:
        return retreatment_day(patient) - 150, "patient's wish"
    if transplant:
        return transplant - int(rng.integers(14, 22)), "transplant"
    if fate.best == "CRC" and first > 250 and rng.random() < 0.3:
        return int(first * (0.55 + 0.2 * rng.random())), "toxicity"
    if fate.failure:
        return first, STOPPED[fate.failure]
    if fate.lost:
        return first - 40, "patient's wish"
    return (first, "death") if fate.dead else (None, "")


def _cycle_starts(patient: Patient, last: int, apart: list[int], rng: Generator) -> list[int]:
    """Days on which cycles start, so far ``apart``, none in the ten days before ``last``."""
    if patient.fate.failure == REFRACTORY:
        number = 2 if last <= 86 else 3
        return [round(last * i / number) for i in range(number)]
    starts = [0]
    while (following := starts[-1] + int(rng.integers(apart[0], apart[1] + 1))) <= last - 10:
        starts.append(following)
    return starts


def _cycles(starts: list[int], until: int, plan: dict, rng: Generator) -> list[dict]:
    """One row per cycle up to the stop; after the first the venetoclax weeks are often cut."""
    weeks, shares = plan["cycles"]["venetoclax_days"], plan["course"]
    dose, hma_days = (
        int(rng.choice([*map(int, shares[name])], p=[*shares[name].values()]))
        for name in ("venetoclax", "azacitidine_days")
    )
    rows = []
    for number, start in enumerate(starts, 1):
        days = int(rng.choice(weeks[1:] if number == 1 else weeks))
        days = min(days, until - start + 1)
        rows.append(
            {
                "CYCLE": number,
                "EXSTDT": start,
                "EXENDT": start + days - 1,
                "VENDOSE": dose,
                "VENDAYS": days,
                "HMADOSE": plan["cycles"]["azacitidine"],
                "HMADAYS": min(hma_days, days),
            }
        )
    return rows


def _assessment_days(
    patient: Patient, starts: list[int], after: list[int], rng: Generator
) -> list[tuple[int, int | None]]:
    """Days of the assessments before failure, with the cycles completed by then."""
    fate, first = patient.fate, patient.first
    limit = first - (21 if fate.failure else 3 if fate.dead else 0)
    days: list[tuple[int, int | None]] = []
    for cycle in after:
        if cycle > len(starts) or (fate.failure == REFRACTORY and cycle > 1):
            break
        if cycle < len(starts):
            day = starts[cycle] - int(rng.integers(1, 4))
        else:
            day = starts[cycle - 1] + int(rng.integers(26, 32))
        if day <= limit:
            days.append((day, cycle))
    if fate.best == "CRC":
        # Those who stopped treatment early are still looked at every two to three months.
        day = max(days[-1][0], starts[-1] + 28) + int(rng.integers(55, 90))
        while day <= limit:
            days.append((day, None if fate.transplant else len(starts)))
            day += int(rng.integers(60, 95))
    return days


def _path(
    patient: Patient, days: list[tuple[int, int | None]], until: int, rng: Generator
) -> list[str]:
    """The responses recorded at ``days``; the first one comes well before ``until``."""
    best = patient.fate.best
    if best == "NR":
        return ["NR"] * len(days)
    fit = [i for i, (day, _) in enumerate(days[:3]) if day <= until - 35]
    weights = [0.6, 0.3, 0.1][: len(fit)] if fit else [1.0]
    chosen = rng.random() * sum(weights)
    start = next(i for i in range(len(weights)) if chosen <= sum(weights[: i + 1]))
    if best == "PR":
        start = min(start, 1)
        return ["NR"] * start + ["PR"] * (len(days) - start)
    partial = "PR" if patient.baseline["BMBLAST"] >= 24 else "MLFS"
    before = {0: [], 1: [str(rng.choice(["NR", partial, "MLFS"]))], 2: ["NR", partial]}[start]
    after = len(days) - start
    if rng.random() < 0.35:
        return before + ["CRi"] * after
    incomplete = int(rng.integers(0, 2)) if after > 1 else 0
    return before + ["CRi"] * incomplete + ["CR"] * (after - incomplete)


def _assessments(
    patient: Patient, starts: list[int], transplant: int | None, plan: dict, rng: Generator
) -> list[dict]:
    """One row per assessment, the one that shows the failure included."""
    fate = patient.fate
    if fate.best == "NE":
        row = {"RSDT": patient.end - 2, "CYCLE": None, "RSINV": "NE", "EMD": None}
        return [row | {"MBLAST": None, "PBLAST": None, "ANC": 0.1, "PLT": 12}]
    days = _assessment_days(patient, starts, plan["course"]["assessed_after"], rng)
    path = _path(patient, days, patient.first if transplant is None else transplant, rng)
    if fate.failure:
        completed = sum(start <= patient.first - 21 for start in starts)
        if fate.failure == REFRACTORY:
            completed = len(starts)
        days.append((patient.first, completed))
        path.append(FAILED[fate.failure])
    rows = [
        {"RSDT": day, "CYCLE": cycle, "RSINV": response}
        | counts_for(response, patient.baseline["BMBLAST"], rng)
        for (day, cycle), response in zip(days, path, strict=True)
    ]
    return rows + _after_failure(patient, rng)


def _after_failure(patient: Patient, rng: Generator) -> list[dict]:
    """Assessments under later therapy: they must not count as responses to the regimen."""
    answer = patient.fate.answer
    if patient.fate.best != "CRC" or answer not in REMISSION:
        return []
    day = (retreatment_day(patient) if patient.fate.pause else patient.first + 10) + 58
    values = counts_for(answer, patient.baseline["BMBLAST"], rng)
    return [{"RSDT": day, "CYCLE": None, "RSINV": answer} | values]


def counts_for(response: str, baseline: float, rng: Generator) -> dict:
    """Blasts (%) and counts (10^9/L) that ELN 2017 reads as ``response``.

    PD is not one of its derived categories: it is a rise of blasts after partial remission.
    """

    def between(low: float, high: float, digits: int = 1) -> float:
        return round(low + (high - low) * float(rng.random()), digits)

    good_anc, bad_anc = between(1.1, 4.2, 2), between(0.2, 0.9, 2)
    good_plt, bad_plt = int(rng.integers(104, 290)), int(rng.integers(22, 95))
    low_counts = {"ANC": bad_anc, "PLT": bad_plt}
    extramedullary = "N"
    if response in ("CR", "CRi", "MLFS"):
        blasts, blood = between(0.5, 4.2), 0
        if response == "CR":
            low_counts = {"ANC": good_anc, "PLT": good_plt}
        elif response == "CRi":
            platelets = rng.random() < 0.6
            low_counts = {
                "ANC": good_anc if platelets else bad_anc,
                "PLT": bad_plt if platelets else good_plt,
            }
    elif response == "PR":
        blasts, blood = between(6, min(24, 0.45 * baseline)), 0
        low_counts = {"ANC": good_anc, "PLT": good_plt}
    elif response == "NR":
        blasts = between(max(6, 0.6 * baseline), min(96, 1.1 * baseline + 4))
        blood = int(rng.integers(2, 40))
        extramedullary = "Y" if rng.random() < 0.08 else "N"
    else:
        blasts, blood = between(*((30, 85) if response == "PD" else (9, 80))), 0
        blood = int(rng.integers(0, 45)) if response == "RELAPSE" else int(rng.integers(5, 50))
    return {"MBLAST": blasts, "PBLAST": blood, **low_counts, "EMD": extramedullary}


def _mrd(patient: Patient, transplant: int | None, rng: Generator) -> list[dict]:
    """MRD at assessments: in remission always the first, later most of them.

    Patients with ``mrd`` NEGATIVE end clearly below 0.1%, the others never fall below it.
    """
    failure = patient.failure_day
    until = min(day for day in (failure, transplant, patient.end + 1) if day is not None)
    rows, tested = [], False
    for row in patient.tables["responses"]:
        if row["RSDT"] >= until:
            continue
        if row["RSINV"] == "PR" and rng.random() < 0.4:
            rows.append(_mrd_row(row, round(1 + 9 * float(rng.random()), 1)))
        if row["RSINV"] in REMISSION and (not tested or rng.random() < 0.8):
            rows.append(_mrd_row(row, round(0.15 + 0.8 * float(rng.random()), 2)))
            tested = True
    if patient.fate.mrd:
        reached = min(r["RSDT"] for r in patient.tables["responses"] if r["RSINV"] in REMISSION)
        _become_negative([row for row in rows if row["MRDDT"] >= reached], rng)
    return rows


def _become_negative(rows: list[dict], rng: Generator) -> None:
    """Turn the later of the results in remission negative; a last one may be a word only."""
    for row in rows[1 if len(rows) > 2 else 0 :]:
        row["MRDVAL"] = round(0.01 + 0.05 * float(rng.random()), 3)
        if rng.random() < 0.4:
            row |= {"MRDVAL": 0.01, "MRDOP": "<"}
    if len(rows) > 3:
        rows[-1] |= {"MRDVAL": None, "MRDRES": "NEGATIVE"}


def _mrd_row(assessment: dict, value: float) -> dict:
    return {
        "MRDDT": assessment["RSDT"],
        "MRDMETH": "flow cytometry",
        "MRDMAT": "bone marrow",
        "MRDVAL": value,
        "MRDOP": "=",
        "MRDRES": None,
    }

"""Tumour lysis syndrome, laboratory and clinical, by each definition of ``config/tls.yaml``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from venaza.contracts.analysis import TLS
from venaza.contracts.files import conform
from venaza.contracts.wording import listed, small
from venaza.pipeline.endpoints.labs import limits_of_normal
from venaza.pipeline.endpoints.tls_values import (
    Found,
    Reading,
    abnormal,
    baseline_of,
    day_text,
    in_days,
    panels,
)


@dataclass(frozen=True)
class Verdict:
    """Y, N or None (cannot be told), the words for it, and the reading that decided."""

    answer: str | None
    reason: str
    reading: Reading | None = None


@dataclass(frozen=True)
class Patient:
    """What is known of a patient: the readings by test, limits of creatinine, events, death."""

    readings: dict[str, list[Reading]]
    creatinine_limits: list[float]
    events: list[tuple[int, str]]
    death: int | None


def derive_tls(adsl: pd.DataFrame, tables: dict[str, pd.DataFrame], study: dict) -> pd.DataFrame:
    """A row per patient of the safety population and definition (``TLS``).

    Laboratory TLS is two of four abnormal values (uric acid, potassium, phosphate, calcium) in
    the days of the definition; clinical TLS adds a creatinine criterion, a seizure, an
    arrhythmia or death, as far as these are recorded. ``N`` needs enough values after the index
    date to exclude it: what was not measured is never normal. Empty where the study has no
    table ``labs``.
    """
    rows = []
    if "labs" in study["tables"]:
        safety = adsl[adsl["SAFFL"] == "Y"]
        readings = panels(tables["labs"], study["tls"])
        events = _events(tables["adverse_events"], study["tls"])
        recorded = _recorded(tables["adverse_events"], study)
        columns = (safety[name] for name in ("USUBJID", "SEX", "DTHDY"))
        for patient, sex, death in zip(*columns, strict=True):
            death = None if pd.isna(death) else int(death)
            known = Patient(
                _up_to(readings.get(patient, {}), death),
                limits_of_normal("CREAT", sex, study),
                events.get(patient, []),
                death,
            )
            for name, rule in study["tls"]["definitions"].items():
                found = _row(known, study["tls"], rule) | recorded(patient, rule)
                rows.append({"STUDYID": study["id"], "USUBJID": patient, "DEFN": name, **found})
    return conform(pd.DataFrame(rows), TLS)


def _up_to(readings: dict[str, list[Reading]], death: int | None) -> dict[str, list[Reading]]:
    """The readings up to death; later ones are queries."""
    if death is None:
        return readings
    return {test: [r for r in own if r.day <= death] for test, own in readings.items()}


def _events(adverse_events: pd.DataFrame, spec: dict) -> dict[str, list[tuple[int, str]]]:
    """Seizures and arrhythmias with a day, by patient."""
    found: dict[str, list[tuple[int, str]]] = {}
    frame = adverse_events[
        adverse_events["AEDECOD"].isin(spec["events"]) & adverse_events["AESTDY"].notna()
    ]
    columns = (frame[name] for name in ("USUBJID", "AESTDY", "AEDECOD"))
    for patient, day, term in zip(*columns, strict=True):
        found.setdefault(patient, []).append((int(day), term))
    return {patient: sorted(events) for patient, events in found.items()}


def _recorded(adverse_events: pd.DataFrame, study: dict) -> Callable[[str, dict], dict]:
    """Whether a patient has the syndrome as an adverse event, by the first day of a definition.

    An event without a day counts; nothing is known where the study has no adverse events.
    """
    frame = adverse_events[adverse_events["AEDECOD"].isin(study["tls"]["recorded"])]
    days: dict[str, list[float]] = {}
    for patient, day in zip(frame["USUBJID"], frame["AESTDY"].fillna(0), strict=True):
        days.setdefault(patient, []).append(day)

    def answer(patient: str, rule: dict) -> dict:
        if "adverse_events" not in study["tables"]:
            return {}
        held = any(day >= rule["days"][0] for day in days.get(patient, []))
        return {"AEFL": "Y" if held else "N"}

    return answer


def _row(patient: Patient, spec: dict, rule: dict) -> dict:
    laboratory = _laboratory(patient, spec, rule)
    row = {"LTLS": laboratory.answer, "CTLS": laboratory.answer, "REASON": laboratory.reason}
    if laboratory.answer == "Y" and "change_percent" in rule:
        limits = {key: value for key, value in rule.items() if key != "change_percent"}
        alone = _laboratory(patient, spec, limits).answer == "Y"
        row["LIMFL"] = "Y" if alone else "N"
    if laboratory.answer == "Y":
        clinical = _clinical(patient, spec, rule)
        row |= {"CTLS": clinical.answer, "REASON": f"{laboratory.reason}. {clinical.reason}"}
    if laboratory.reading is not None:
        decided = laboratory.reading
        row |= {"ADY": decided.day, "ADT": decided.date}
        row |= {"SRCDOM": "labs", "SRCVAR": "LBSTRESN", "SRCSEQ": decided.seq}
    return row


def _laboratory(patient: Patient, spec: dict, rule: dict) -> Verdict:
    """Laboratory TLS, its reason and the reading that completed it."""
    found = {
        test: abnormal(test, patient.readings.get(test, []), spec, rule) for test in spec["tests"]
    }
    if rule["same_day"]:
        for day in sorted({r.reading.day for hits in found.values() for r in hits}):
            hits = [r for own in found.values() for r in own if r.reading.day == day]
            if len(hits) >= spec["needed"]:
                return _present(hits)
        return _excluded_by_day(patient, found, spec, rule)
    firsts = sorted((own[0] for own in found.values() if own), key=lambda r: r.reading)
    if len(firsts) >= spec["needed"]:
        return _present(firsts[: spec["needed"]])
    return _excluded_in_all(patient, found, spec, rule)


def _present(hits: list[Found]) -> Verdict:
    hits = sorted(hits, key=lambda r: r.reading)
    return Verdict("Y", f"laboratory TLS: {listed([h.words for h in hits])}", hits[-1].reading)


def _excluded_by_day(patient: Patient, found: dict, spec: dict, rule: dict) -> Verdict:
    """No day with two: excluded by a full day after the index date, unless a day stays open."""
    measured: dict[int, set[str]] = {}
    for test in spec["tests"]:
        for reading in in_days(patient.readings.get(test, []), rule):
            measured.setdefault(reading.day, set()).add(test)
    full = False
    for day, tests in sorted(measured.items()):
        missing = [test for test in spec["tests"] if test not in tests]
        hits = [r for own in found.values() for r in own if r.reading.day == day]
        if hits and len(hits) + len(missing) >= spec["needed"]:
            lacking = _names(missing, spec)
            return Verdict(
                None, f"not assessable: {listed([h.words for h in hits])}, but no {lacking} then"
            )
        full = full or (day > 0 and len(missing) < spec["needed"])
    if full:
        alone = listed([h.words for own in found.values() for h in own])
        return Verdict("N", f"never two abnormal values on one day{f' ({alone})' if alone else ''}")
    enough, every = len(spec["tests"]) + 1 - spec["needed"], _names(list(spec["tests"]), spec)
    days = f"from day 1 to day {rule['days'][1]}"
    return Verdict(None, f"not assessable: on no day {days} were {enough} of {every} measured")


def _excluded_in_all(patient: Patient, found: dict, spec: dict, rule: dict) -> Verdict:
    """Fewer than two abnormal tests: excluded where those left open could not make two."""
    open_tests, no_baseline = [], []
    for test in spec["tests"]:
        own = patient.readings.get(test, [])
        if found[test]:
            continue
        if not any(reading.day > 0 for reading in in_days(own, rule)):
            open_tests.append(test)
        elif "change_percent" in rule and baseline_of(own, spec) is None:
            no_baseline.append(test)
    hits = listed([own[0].words for own in found.values() if own])
    known = sum(1 for own in found.values() if own)
    if known + len(open_tests) + len(no_baseline) < spec["needed"]:
        return Verdict("N", f"fewer than two abnormal values{f' ({hits})' if hits else ''}")
    why = []
    if open_tests:
        why.append(f"no {_names(open_tests, spec)} from day 1 to day {rule['days'][1]}")
    if no_baseline:
        why.append(f"no baseline of {_names(no_baseline, spec)}")
    return Verdict(None, f"not assessable: {listed([*filter(None, [hits]), *why])}")


def _names(tests: list[str], spec: dict) -> str:
    return listed([spec["tests"][test]["label"] for test in tests])


def _clinical(patient: Patient, spec: dict, rule: dict) -> Verdict:
    """Clinical TLS of a patient who has laboratory TLS."""
    first, last = rule["days"]
    creatinine = _creatinine(patient, spec, rule)
    found = [creatinine.reason] if creatinine.answer == "Y" else []
    found += [f"{small(term)} on day {day}" for day, term in patient.events if first <= day <= last]
    if patient.death is not None and 0 <= patient.death <= last:
        found.append(f"death on day {patient.death}")
    if found:
        return Verdict("Y", f"Clinical TLS: {listed(found)}")
    if creatinine.answer == "N":
        return Verdict("N", f"No clinical TLS on record: {creatinine.reason}")
    return Verdict(None, f"Clinical TLS not assessable: {creatinine.reason}")


def _creatinine(patient: Patient, spec: dict, rule: dict) -> Verdict:
    """The creatinine criterion: a rise over the baseline, or times the upper limit of normal."""
    own = patient.readings.get("CREAT", [])
    after = [reading for reading in in_days(own, rule) if reading.day > 0]
    if not after:
        return Verdict(None, f"no creatinine from day 1 to day {rule['days'][1]}")
    asked, base = rule["creatinine"], baseline_of(own, spec)
    worst = max(after, key=lambda reading: (reading.value, -reading.day))
    words = f"creatinine {worst.value:.6g} µmol/L on {day_text(worst)}"
    if "rise" in asked and base is not None:
        risen = worst.value - base.value >= asked["rise"] - 1e-9
        return Verdict("Y" if risen else "N", f"{words}, {base.value:.6g} on {day_text(base)}")
    limits = patient.creatinine_limits if worst.upper is None else [worst.upper]
    if not limits:
        lacking = "no baseline of creatinine and " if "rise" in asked else ""
        return Verdict(None, f"{lacking}no upper limit of normal of creatinine declared")
    if "rise" in asked:
        answers = {worst.value > asked["without_baseline_above_uln"] * limit for limit in limits}
    else:
        answers = {worst.value >= asked["times_uln"] * limit - 1e-9 for limit in limits}
    if len(answers) > 1:
        return Verdict(None, f"{words}; its limit hangs on the sex, which is not recorded")
    limit = " or ".join(f"{limit:.6g}" for limit in limits)
    return Verdict("Y" if answers.pop() else "N", f"{words}, upper limit of normal {limit}")

"""Laboratory safety: worst grades after the index date, shifts from baseline, tumour lysis."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.contracts.truth import is_true
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.descriptive import flagged, share
from venaza.pipeline.statistics.rates import proportion
from venaza.study.groups import Group, groups_and_all

#: The ARD's part of a key -> the worst grades it takes in.
GRADES = {"any": (1, 4), "g3": (3, 4), "g4": (4, 4)}
WORST = "Worst grade after the index date, of the patients with a value then"
AT_BASELINE = "Grade 3 or 4 at baseline, of the patients with a grade then"
NEW = "Worst grade 3 or 4, of the patients without it at baseline (not recorded: without)"
SHIFT = "Grade at baseline to worst grade after the index date, all of the safety population"


def laboratory(adsl: pd.DataFrame, adlb: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Grades by test, and the shift from baseline; nothing where no value was graded."""
    safety = flagged(adsl[["USUBJID", "GROUP", "SAFFL"]], "SAFFL")
    given = set(adlb["PARAMCD"])
    for test, spec in study["lab_grades"]["tests"].items():
        if test not in given:
            continue
        worst, base = (
            selections.values(test, flag).of(adlb).set_index("USUBJID")["ATOXGR"]
            for flag in ("WORSTFL", "ABLFL")
        )
        frame = safety.assign(
            WORST=safety["USUBJID"].map(worst).astype("Int64"),
            BASE=safety["USUBJID"].map(base).astype("Int64"),
        )
        top = max(int(step) for edges in _scales(spec) for step in edges)
        for group in groups_and_all(study):
            members = group.of(frame)
            yield from _grades(group, test, spec, members, top)
            yield from _shift(group, test, spec, members, top)


def _scales(spec: dict) -> list[dict]:
    return [v for k, v in spec.items() if k in ("below", "above_uln", "above_baseline")]


def _grades(group: Group, test: str, spec: dict, members: pd.DataFrame, top: int):
    """Patients by worst grade; with grade 3 at baseline; newly at grade 3."""
    worst, base = members["WORST"].dropna(), members["BASE"].dropna()
    assessed = members[members["WORST"].notna()]
    at_risk = assessed[~is_true(assessed["BASE"] >= 3)]
    counted = {
        part: (int(worst.between(low, high).sum()), len(worst), WORST)
        for part, (low, high) in GRADES.items()
        if low <= top
    }
    counted["g3_baseline"] = (int((base >= 3).sum()), len(base), AT_BASELINE)
    counted["g3_new"] = (int((at_risk["WORST"] >= 3).sum()), len(at_risk), NEW)
    for part, (n, total, method) in counted.items():
        numbers = share(n, total)
        numbers = {"n": numbers["n"], "denominator": ard.count(total)} | numbers
        yield from ard.rows(
            f"lab.{group.slug}.{test}.{part}",
            numbers,
            rows=selections.values(test, "ABLFL" if part == "g3_baseline" else "WORSTFL"),
            method=method,
            **_about(group, spec),
        )


def _shift(group: Group, test: str, spec: dict, members: pd.DataFrame, top: int):
    """Patients by grade at baseline and worst grade; ``missing`` is a level of its own."""
    steps = [*range(top + 1), None]
    for before in steps:
        started = members[_is(members["BASE"], before)]
        for after in steps:
            n = int(_is(started["WORST"], after).sum())
            keys = ["missing" if step is None else step for step in (before, after)]
            yield from ard.rows(
                f"shift.{group.slug}.{test}.b{keys[0]}.w{keys[1]}",
                {"n": ard.count(n)},
                rows=selections.shifts(test),
                method=SHIFT,
                **(_about(group, spec) | {"analysis": "laboratory_shift"}),
            )


def _is(grades: pd.Series, step: int | None) -> pd.Series:
    return grades.isna() if step is None else is_true(grades == step)


def _about(group: Group, spec: dict) -> dict:
    return {
        "analysis": "laboratory",
        "endpoint": "ADLB",
        "population": "SAFFL",
        "group": group,
        "term": spec["label"],
    }


def tumour_lysis(adsl: pd.DataFrame, tls: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Laboratory and clinical tumour lysis syndrome by definition, of those assessable."""
    safety = flagged(adsl[["USUBJID", "GROUP", "SAFFL"]], "SAFFL")
    given = set(tls["DEFN"])
    for name, rule in study["tls"]["definitions"].items():
        if name not in given:
            continue
        own = selections.lysis(name).of(tls).set_index("USUBJID")
        for key, column, kind in (
            (name, "LTLS", "laboratory"),
            (f"{name}_clinical", "CTLS", "clinical"),
        ):
            answers = safety.assign(ANSWER=safety["USUBJID"].map(own[column]))
            for group in groups_and_all(study):
                found = group.of(answers)["ANSWER"]
                numbers, method = proportion(
                    int(is_true(found == "Y").sum()), int(found.notna().sum()), study
                )
                numbers["not_assessable"] = ard.count(int(found.isna().sum()))
                about = {
                    "analysis": "tumour_lysis",
                    "endpoint": "TLS",
                    "population": "SAFFL",
                    "group": group,
                    "term": f"{rule['label']}, {kind}",
                    "method": f"{method}, of the assessable patients",
                }
                stem = f"tls.{group.slug}.{key}"
                yield from ard.rows(stem, numbers, rows=selections.lysis(name), **about)
                beside = _beside(group.of(safety), own, rule) if key == name else {}
                for statistic, (number, column) in beside.items():
                    chosen = selections.lysis(name, [column])
                    yield from ard.rows(stem, {statistic: number}, rows=chosen, **about)


def _beside(
    members: pd.DataFrame, own: pd.DataFrame, rule: dict
) -> dict[str, tuple[ard.Number, str]]:
    """Those found by a change from baseline alone, and those with the recorded adverse event.

    Each with the column that tells them.

    ``own`` are the answers of a definition by patient; ``recorded_found`` have both.
    """
    rows = own[own.index.isin(members["USUBJID"])]
    found, numbers = is_true(rows["LTLS"] == "Y"), {}
    if "change_percent" in rule:
        by_change = ard.count(int((found & is_true(rows["LIMFL"] == "N")).sum()))
        numbers["by_change"] = (by_change, "LIMFL")
    if rows["AEFL"].notna().any():
        recorded = is_true(rows["AEFL"] == "Y")
        numbers["recorded"] = (ard.count(int(recorded.sum())), "AEFL")
        numbers["recorded_found"] = (ard.count(int((recorded & found).sum())), "AEFL")
    return numbers

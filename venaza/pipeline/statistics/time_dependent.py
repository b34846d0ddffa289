"""ARD rows of what changes during follow-up: landmarks, time-dependent Cox, Mantel-Byar, curves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from venaza.contracts.results import slug
from venaza.contracts.selections import Selection
from venaza.contracts.truth import is_true
from venaza.pipeline.statistics import ard, floor, selections
from venaza.pipeline.statistics.cox import entry_of, event_of, sizes_of
from venaza.pipeline.statistics.entry import is_late, said, with_entry
from venaza.pipeline.statistics.group_tests import compared
from venaza.pipeline.statistics.rates import percent_of
from venaza.study.groups import ALL

#: The endpoint and the milestone of the landmark analysis.
LANDMARK = ("OS", "FIRST_REMISSION")
STATES = {"unexposed": False, "exposed": True}
TOGETHER = "patients with and without it are never at risk together"
HALF_DAY = "a change on the last day counts half a day earlier"


@dataclass(frozen=True)
class Change:
    """A change of state (``code``) and an endpoint's patients: AVAL, CNSR, ENTRY, GROUP, CHANGE.

    ``CHANGE`` is the day of the change since the endpoint's time zero, or missing;
    ``STRATUM`` the group, within which comparisons are made. ``rows`` are those of ADTTE.
    """

    endpoint: str
    code: str
    label: str
    patients: pd.DataFrame
    rows: Selection

    @property
    def key(self) -> str:
        return f"{self.endpoint}.{slug(self.code)}"


def changes(tables: dict[str, pd.DataFrame], adsl: pd.DataFrame, study: dict) -> list[Change]:
    """The changes that ``analysis.time_dependent`` names, in its order.

    Each is a milestone, or a number column of ADSL with days from the index date.
    """
    return [
        _change(endpoint, code, source, tables, adsl, study)
        for endpoint, sources in study["analysis"].get("time_dependent", {}).items()
        for code, source in sources.items()
    ]


def _change(endpoint: str, code: str, source: str, tables, adsl: pd.DataFrame, study) -> Change:
    own = next((c for c in study["columns"] if c["name"] == source), None)
    if own is not None:
        day, label = adsl.set_index("USUBJID")[source], own["label"]
    else:
        facts = tables["milestones"]
        facts = facts[facts["MILESTONE"] == source].sort_values("USUBJID")
        day = facts.set_index("USUBJID")["ADY"]
        label = str(facts["DESCRIPTION"].iloc[0]) if len(facts) else code.capitalize()
    chosen = selections.times(endpoint, study, change=source)
    rows = chosen.of(tables["adtte"])
    rows = rows[["USUBJID", "STARTDY", "ENTRYDY", "AVAL", "CNSR"]]
    rows = with_entry(rows[rows["AVAL"].notna()]).merge(adsl[["USUBJID", "GROUP"]], on="USUBJID")
    change = rows["USUBJID"].map(day).astype("Float64") - rows["STARTDY"].fillna(0)
    rows = rows.assign(CHANGE=change, STRATUM=_strata(rows, study))
    levels = [group.level for group in ard.compared_groups(study)]
    rows = rows[rows["STRATUM"].isin(levels)] if levels else rows
    ordered = rows.sort_values("USUBJID", ignore_index=True)
    return Change(endpoint, code, label, ordered, chosen)


def _strata(rows: pd.DataFrame, study: dict) -> pd.Series:
    return rows["GROUP"] if study.get("groups") else rows["GROUP"].fillna("all")


def _stratified(study: dict) -> str:
    return f", stratified by {study['groups']['label'].lower()}" if study.get("groups") else ""


def landmark_rows(
    tables: dict[str, pd.DataFrame], adsl: pd.DataFrame, study: dict
) -> Iterator[ard.Row]:
    """Survival from each landmark by whether remission had come by then (Anderson 1983)."""
    days = study["analysis"].get("landmark_days", [])
    if not days or LANDMARK[0] not in study["endpoints"] or "milestones" not in tables:
        return
    change = _change(LANDMARK[0], "REMISSION", LANDMARK[1], tables, adsl, study)
    for day in days:
        stem = f"landmark.{change.endpoint}.d{day}"
        shared = {"analysis": "landmark", "endpoint": change.endpoint, "time": float(day)}
        shared["rows"] = change.rows
        late = is_late(entry_of(change.patients))
        here = (change.patients["AVAL"] > day) & (change.patients["ENTRY"] <= day)
        kept = change.patients[here].assign(ENTRY=0.0)
        kept = kept.assign(AVAL=kept["AVAL"] - day, BYTHEN=is_true(kept["CHANGE"] <= day))
        for group in ard.outcome_groups(study):
            left_out = len(group.of(change.patients)) - len(group.of(kept))
            yield from ard.rows(
                f"{stem}.{group.slug}.excluded",
                {"n": ard.count(left_out)},
                group=group,
                method="Event or end of follow-up on or before the landmark"
                + (", or not yet under observation" if late else ""),
                **shared,
            )
            for name, state in (("remission", True), ("no_remission", False)):
                members = group.of(kept[kept["BYTHEN"] == state])
                yield from ard.rows(
                    f"{stem}.{group.slug}.{name}",
                    curve_numbers(members, study),
                    group=group,
                    term=name.replace("_", " "),
                    method=f"Kaplan-Meier from the landmark, log-log {percent_of(study)} CI",
                    **shared,
                )
        yield from ard.rows(
            f"{stem}.{ALL.slug}",
            compared(_landmark_test(kept), TOGETHER, _few_by_then(kept, study)),
            term="remission vs no remission",
            method=f"Log-rank test from the landmark{_stratified(study)}",
            **shared,
        )


def _few_by_then(kept: pd.DataFrame, study: dict) -> str | None:
    arms = kept["BYTHEN"].map({True: "remission", False: "no remission"})
    return floor.uncomparable(floor.sides_of(kept, arms), study)


def _landmark_test(kept: pd.DataFrame) -> tuple[float, int, float]:
    from venaza.pipeline.statistics.stratified import stratified_log_rank

    return stratified_log_rank(
        kept["AVAL"].to_numpy(float),
        event_of(kept),
        kept["BYTHEN"].to_numpy(bool),
        kept["STRATUM"].to_numpy(str),
    )


def curve_numbers(members: pd.DataFrame, study: dict) -> dict[str, ard.Number]:
    """Patients, events, and the median with its limits of a set of patients."""
    from venaza.pipeline.statistics.time_to_event import quantiles

    time, entry = members["AVAL"].to_numpy(float), entry_of(members)
    steps, unsaid = floor.curve(time, event_of(members), study, entry)
    return sizes_of(members) | quantiles(steps, study, "median", unsaid)


def change_rows(found: list[Change], study: dict) -> Iterator[ard.Row]:
    """Hazard ratio after against before each change, the Mantel-Byar test, numbers at risk."""
    from venaza.pipeline.statistics.exposure_periods import event_table, intervals, mantel_byar

    for change in found:
        spans, entry = intervals(change.patients), entry_of(change.patients)
        shared = {"endpoint": change.endpoint, "term": change.label, "rows": change.rows}
        sizes = {
            "n": ard.count(len(change.patients)),
            "events": ard.count(int(spans["event"].sum())),
            "exposed": ard.count(int(spans["exposed"].sum())),
        }
        table = event_table(spans) if spans["event"].any() else None
        few = floor.uncomparable(_states(spans), study)
        yield from ard.rows(
            f"tdcox.{change.key}",
            sizes | _hazard_ratio(table, few, study),
            analysis="time_dependent_cox",
            method=said(f"Cox regression on (start, stop], Efron ties{_stratified(study)}", entry)
            + f"; {HALF_DAY}",
            **shared,
        )
        result = (float("nan"), 0, float("nan")) if table is None else mantel_byar(table)
        yield from ard.rows(
            f"mantelbyar.{change.key}",
            compared(result, "no event" if table is None else TOGETHER, few),
            analysis="mantel_byar",
            method=said(f"Mantel-Byar test{_stratified(study)}", entry) + f"; {HALF_DAY}",
            **shared,
        )
        yield from _risk_rows(change, spans, study)


def _states(spans: pd.DataFrame) -> list[floor.Side]:
    """Patients and events before and after the change; who changes at once is in one only."""
    return [
        (words, len(part), int(part["event"].sum()))
        for words, state in (("before", False), ("after", True))
        for part in [spans[spans["exposed"] == state]]
    ]


def _hazard_ratio(
    table: pd.DataFrame | None, few: str | None, study: dict
) -> dict[str, ard.Number]:
    from venaza.pipeline.statistics.cox import STATISTICS, NotEstimable, ratio_numbers
    from venaza.pipeline.statistics.exposure_periods import time_dependent_cox

    try:
        if table is None:
            raise NotEstimable("no event")
        if few:
            raise NotEstimable(few)
        result = time_dependent_cox(table, study["analysis"]["confidence"])
    except NotEstimable as reason:
        return {name: floor.missing(unit, str(reason)) for name, unit in STATISTICS.items()}
    return ratio_numbers(result) | {"p_value": ard.p_value(result["p_value"])}


def _risk_rows(change: Change, spans: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    from venaza.pipeline.statistics.exposure_periods import at_risk

    step, length = study["analysis"]["risk_table_months"], study["timeline"]["days_per_month"]
    last = float(spans["stop"].max()) if len(spans) else 0.0
    months = [i * step for i in range(int(last / (step * length) + 1e-9) + 1)]
    for group in ard.outcome_groups(study):
        own = spans if group.level is None else spans[spans["stratum"] == group.level]
        for state, exposed in STATES.items():
            counts = at_risk(own[own["exposed"] == exposed], np.array(months) * length - 1e-9)
            for month, n in zip(months, counts, strict=True):
                yield from ard.rows(
                    f"simonmakuch.{change.key}.{group.slug}.{state}.m{slug(f'{month:g}')}",
                    {"n_risk": ard.count(int(n))},
                    rows=change.rows,
                    analysis="simon_makuch",
                    endpoint=change.endpoint,
                    group=group,
                    term=change.label,
                    time=float(month * length),
                    method=f"Under observation {'after' if exposed else 'before'} the change",
                )


def drawn(found: list[Change], study: dict) -> list[dict]:
    """The Simon-Makuch curves: ``curve endpoint group cause steps``, by group and state.

    ``cause`` is ``CODE exposed`` or ``CODE unexposed``.
    """
    from venaza.pipeline.statistics.exposure_periods import intervals, simon_makuch

    curves = []
    for change in found:
        spans = intervals(change.patients)
        for group in ard.outcome_groups(study):
            own = spans if group.level is None else spans[spans["stratum"] == group.level]
            for state, exposed in STATES.items():
                rows = own[own["exposed"] == exposed]
                confidence = study["analysis"]["confidence"]
                drawn = len(rows) and not floor.few_patients(len(rows), study)
                steps = simon_makuch(rows, confidence) if drawn else None
                curves.append(
                    {
                        "curve": "simon_makuch",
                        "endpoint": change.endpoint,
                        "group": group,
                        "cause": f"{change.code} {state}",
                        "steps": steps,
                    }
                )
    return curves

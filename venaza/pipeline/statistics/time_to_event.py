"""The ARD rows of every time-to-event endpoint: survival, incidence, risk tables, events."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.contracts.results import slug
from venaza.contracts.selections import Condition
from venaza.pipeline.statistics import ard, floor, models, selections
from venaza.pipeline.statistics import display as show
from venaza.pipeline.statistics.cox import entry_of, event_of
from venaza.pipeline.statistics.descriptive import in_months
from venaza.pipeline.statistics.entry import (
    NO_METHOD,
    emptied,
    from_entry,
    is_late,
    said,
    up_to,
    with_entry,
)
from venaza.pipeline.statistics.group_tests import NO_COMPARISON, compared
from venaza.pipeline.statistics.incidence import aalen_johansen
from venaza.pipeline.statistics.rates import percent_of, proportion
from venaza.pipeline.statistics.survival import all_failed, at, at_risk, log_rank, quantile
from venaza.study.groups import groups_and_all

UNSPECIFIED = "unspecified"
NO_PATIENT = "no patient with this endpoint"
BEYOND = "beyond follow-up"
NOT_YET = "nobody was under observation by then"
CAUSES = {"event": 1, "competing": 2}
COLUMNS = ["USUBJID", "PARAMCD", "STARTDY", "ENTRYDY", "AVAL", "CNSR", "EVNTDESC"]


def endpoint_tables(
    adsl: pd.DataFrame, adtte: pd.DataFrame, study: dict
) -> dict[str, pd.DataFrame]:
    """Each endpoint's patients: ``AVAL`` and ``ENTRY`` (days), ``CNSR``, group and covariates.

    Raises ``StudyError`` for a time below zero, which no survival estimate would notice.
    """
    analysis = study["analysis"]
    strata = {name for names in analysis.get("strata", {}).values() for name in names}
    wanted = {*models.covariates(analysis), *strata}
    adsl = adsl[[name for name in adsl if name in {"USUBJID", "GROUP", *wanted}]]
    tables = {}
    for endpoint in study["endpoints"]:
        rows = selections.times(endpoint, study).of(adtte)[COLUMNS]
        rows = with_entry(rows[rows["AVAL"].notna()]).drop(columns="STARTDY")
        if (rows["AVAL"] < 0).any():
            raise StudyError(
                f"A patient has a negative time for {endpoint}.",
                fix="Ask the clinic for the dates of the patient, and write the answer as a "
                "correction (config/corrections).",
                column="USUBJID",
                value=str(rows.loc[rows["AVAL"] < 0, "USUBJID"].iloc[0]),
            )
        tables[endpoint] = adsl.merge(rows, on="USUBJID", how="inner")
    return tables


def is_competing(endpoint: str, study: dict) -> bool:
    """Whether an endpoint has competing events, and so a cumulative incidence."""
    return bool(study["endpoints"][endpoint].get("competing"))


def curves(tables: dict[str, pd.DataFrame], study: dict) -> list[dict]:
    """The curve of each endpoint and group: ``endpoint``, ``group``, ``cause``, ``steps``.

    ``members`` are its patients, ``unsaid`` the reason for which the curve ends early.
    ``steps`` is ``None`` for a group without patients; ``cause`` is empty for survival, else
    ``event`` or ``competing``.
    """
    found = []
    confidence = study["analysis"]["confidence"]
    for endpoint, table in tables.items():
        for group in ard.outcome_groups(study):
            members = group.of(table)
            shared = {"endpoint": endpoint, "group": group, "members": members}
            time = members["AVAL"].to_numpy(float)
            status, entry = members["CNSR"].to_numpy(int), entry_of(members)
            if is_competing(endpoint, study):
                cause = (status == 0) + 2 * (status == 2)
                for name, code in CAUSES.items():
                    steps, unsaid = None, floor.few_patients(len(time), study)
                    if len(time) and not unsaid:
                        steps = aalen_johansen(time, cause, code, confidence, entry)
                        steps = from_entry(steps, entry)
                        steps, unsaid = up_to(steps, emptied(time, cause > 0, entry))
                    found.append({**shared, "cause": name, "steps": steps, "unsaid": unsaid})
            else:
                steps, unsaid = floor.curve(time, status == 0, study, entry)
                found.append({**shared, "cause": None, "steps": steps, "unsaid": unsaid})
    return found


def survival_rows(curve: dict, study: dict) -> list[ard.Row]:
    """Numbers of one Kaplan-Meier curve: patients, events, quantiles, range of times."""
    members, steps, group = curve["members"], curve["steps"], curve["group"]
    events = int((members["CNSR"] == 0).sum())
    n = len(members)
    numbers = {
        "n": ard.count(n),
        "events": ard.count(events),
        "censored": ard.count(n - events),
    }
    numbers |= quantiles(steps, study, unsaid=curve["unsaid"])
    for name, value in (("min", members["AVAL"].min()), ("max", members["AVAL"].max())):
        numbers[name] = in_months(float(value) if n else float("nan"), study, NO_PATIENT)
    median, *why = _quantile(steps, 0.5, "estimate", curve["unsaid"], study)
    if median == median:
        numbers["median_days"] = ard.known(median, "days", show.whole_or_one(median))
    else:
        numbers["median_days"] = ard.missing("days", *why)
    return ard.rows(
        f"km.{curve['endpoint']}.{group.slug}",
        numbers,
        rows=selections.times(curve["endpoint"], study),
        analysis="kaplan_meier",
        endpoint=curve["endpoint"],
        group=group,
        method=said(f"Kaplan-Meier, log-log {percent_of(study)} CI", entry_of(members)),
    )


def _quantile(
    steps: pd.DataFrame | None, level: float, column: str, unsaid: str | None, study: dict
) -> tuple[float, str, str]:
    """A quantile in days; where it is missing (NaN) why, and what is printed in its place."""
    if steps is None:
        return (float("nan"), *_why(steps, level, column, unsaid))
    days = quantile(steps, level, column)
    few = floor.few_events(int(steps["n_event"].sum()), study)
    if few and days == days:
        return float("nan"), few, floor.printed(few)
    return (days, *_why(steps, level, column, unsaid))


def _why(
    steps: pd.DataFrame | None, level: float, column: str, unsaid: str | None
) -> tuple[str, str]:
    if unsaid:
        return unsaid, floor.printed(unsaid)
    if steps is None:
        return NO_PATIENT, show.NOT_ESTIMABLE
    what = "the estimate" if column == "estimate" else f"the {column} confidence limit"
    if steps[column].isna().all():
        return f"{what} does not exist", show.NOT_REACHED
    return f"{what} stays above {100 * level:g}%", show.NOT_REACHED


def quantiles(
    steps: pd.DataFrame | None, study: dict, names: str = "all", unsaid: str | None = None
) -> dict:
    """Median with its limits, and the quartiles, in months; ``unsaid`` is why one is missing."""
    wanted = {
        "median": (0.5, "estimate"),
        "median_lower": (0.5, "lower"),
        "median_upper": (0.5, "upper"),
    }
    if names == "all":
        wanted |= {"q1": (0.75, "estimate"), "q3": (0.25, "estimate")}
    numbers = {}
    for name, (level, column) in wanted.items():
        days, *why = _quantile(steps, level, column, unsaid, study)
        numbers[name] = in_months(days, study, *why)
    return numbers


def landmark_rows(curve: dict, study: dict) -> Iterator[ard.Row]:
    """The curve at each landmark, in percent, with the number at risk for survival."""
    members, group, cause = curve["members"], curve["group"], curve["cause"]
    time, entry = members["AVAL"].to_numpy(float), entry_of(members)
    level = percent_of(study)
    settled = all_failed(time, members["CNSR"].to_numpy(int) != 1)
    for month in study["analysis"]["landmarks_months"]:
        day = month * study["timeline"]["days_per_month"]
        numbers = landmark_numbers(curve["steps"], day, curve["unsaid"], settled)
        where = f"{curve['endpoint']}.{group.slug}"
        if cause:
            prefix, analysis = f"ci.{where}.{cause}", "cumulative_incidence"
            method = f"Aalen-Johansen, Aalen variance, log-log {level} CI"
            if is_late(entry):
                numbers |= dict.fromkeys(("lower", "upper"), ard.missing("percent", NO_METHOD))
        else:
            prefix, analysis = f"km.{where}", "kaplan_meier"
            method = f"Kaplan-Meier, log-log {level} CI"
            numbers["n_risk"] = ard.count(at_risk(time, day, entry))
        yield from ard.rows(
            f"{prefix}.m{slug(f'{month:g}')}",
            numbers,
            rows=selections.times(curve["endpoint"], study),
            analysis=analysis,
            endpoint=curve["endpoint"],
            group=group,
            term=cause,
            time=float(day),
            method=said(method, entry),
        )


def landmark_numbers(
    steps: pd.DataFrame | None, day: float, unsaid: str | None, settled: bool = False
) -> dict[str, ard.Number]:
    """A curve at one day with its limits, in percent; ``unsaid`` is why there is none.

    ``settled``: all with the longest time failed. Nobody is left then, and the curve stays where
    it is: after the last death of all, survival is 0%. Before anybody came under observation there
    is none.
    """
    names = ("estimate", "lower", "upper")
    if steps is None:
        return {name: floor.missing("percent", unsaid or NO_PATIENT) for name in names}
    if day < steps["time"].iloc[0]:
        return {name: ard.missing("percent", NOT_YET) for name in names}
    if day > steps["time"].iloc[-1] and not (settled and unsaid is None):
        return {name: ard.missing("percent", unsaid or BEYOND) for name in names}
    row = at(steps, day)
    reason = f"no limit where the estimate is {100 * row['estimate']:g}%"
    return {name: ard.number_or(100 * float(row[name]), "percent", reason) for name in names}


def risk_rows(endpoint: str, table: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Numbers at risk every few months, as far as any group was followed."""
    if table.empty:
        return
    step = study["analysis"]["risk_table_months"]
    length = study["timeline"]["days_per_month"]
    columns = int(float(table["AVAL"].max()) / (step * length) + 1e-9) + 1
    for group in ard.outcome_groups(study):
        members = group.of(table)
        time, entry = members["AVAL"].to_numpy(float), entry_of(members)
        for month in (i * step for i in range(columns)):
            yield from ard.rows(
                f"risk.{endpoint}.{group.slug}.m{slug(f'{month:g}')}",
                {"n_risk": ard.count(at_risk(time, month * length, entry))},
                rows=selections.times(endpoint, study),
                analysis="risk_table",
                endpoint=endpoint,
                group=group,
                time=float(month * length),
                method=said("Patients with a time of at least the landmark", entry),
            )


def event_rows(endpoint: str, table: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """What the events were: patients by event, the endpoint's own before the competing ones."""
    events = table[table["CNSR"] != 1]
    events = events.assign(EVENT=events["EVNTDESC"].fillna(UNSPECIFIED))
    order = events.groupby(["CNSR", "EVENT"]).size()
    ranked = sorted((int(cnsr), -int(n), str(name)) for (cnsr, name), n in order.items())
    names = list(dict.fromkeys(name for _, _, name in ranked))
    for group in ard.outcome_groups(study):
        members = group.of(events)
        for name, key in ard.slugs(names).items():
            chosen = selections.times(endpoint, study, where=_happened(name))
            yield from ard.rows(
                f"event.{endpoint}.{group.slug}.{key}",
                {"n": ard.count(len(chosen.of(members)))},
                rows=chosen,
                analysis="events",
                endpoint=endpoint,
                group=group,
                term=name,
                method="Count of first events",
            )


def _happened(name: str) -> tuple[Condition, ...]:
    if name != UNSPECIFIED:
        return (("EVNTDESC", "=", name),)
    return (("CNSR", "in", (0, 2)), ("EVNTDESC", "or none", name))


def event_rate_rows(endpoint: str, table: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """How many of the patients had the event so far, as a proportion with its interval.

    Who was censored before it counts as without it: the cumulative incidence says more.
    """
    for group in ard.outcome_groups(study):
        members = group.of(table)
        numbers, method = proportion(int((members["CNSR"] == 0).sum()), len(members), study)
        yield from ard.rows(
            f"event_rate.{endpoint}.{group.slug}",
            numbers,
            rows=selections.times(endpoint, study),
            analysis="event_rate",
            endpoint=endpoint,
            group=group,
            method=f"Patients with the event within follow-up, {method}",
        )


def reverse_rows(table: pd.DataFrame, study: dict) -> Iterator[ard.Row]:
    """Median follow-up by reverse Kaplan-Meier: being censored is the event (Schemper 1996)."""
    for group in groups_and_all(study):
        members = group.of(table)
        time, alive = members["AVAL"].to_numpy(float), (members["CNSR"] == 1).to_numpy(bool)
        entry = entry_of(members)
        steps, unsaid = floor.curve(time, alive, study, entry)
        yield from ard.rows(
            f"rkm.OS.{group.slug}",
            quantiles(steps, study, "median", unsaid),
            rows=selections.times("OS", study),
            analysis="reverse_kaplan_meier",
            endpoint="OS",
            group=group,
            method=said(f"reverse Kaplan-Meier, log-log {percent_of(study)} CI", entry),
        )


def log_rank_rows(endpoint: str, table: pd.DataFrame, study: dict) -> list[ard.Row]:
    """The log-rank test between the study's groups."""
    grouped = ard.of_compared(table, study)
    event = event_of(grouped)
    labels = grouped["GROUP"].to_numpy(str)
    entry = entry_of(grouped)
    result = log_rank(grouped["AVAL"].to_numpy(float), event, labels, entry)
    few = floor.uncomparable(floor.sides_of(grouped, grouped["GROUP"]), study)
    numbers = compared(result, NO_COMPARISON if event.any() else "no event", few)
    return ard.rows(
        f"logrank.{endpoint}",
        numbers,
        rows=selections.times(endpoint, study),
        analysis="logrank",
        endpoint=endpoint,
        term=ard.versus(study),
        method=said("Log-rank test", entry),
    )


def rows(tables: dict[str, pd.DataFrame], drawn: list[dict], study: dict) -> Iterator[ard.Row]:
    """All rows of the endpoints, analysis by analysis, each in the study's order."""
    survival = [curve for curve in drawn if not curve["cause"]]
    for curve in survival:
        yield from survival_rows(curve, study)
        yield from landmark_rows(curve, study)
    for endpoint, table in tables.items():
        yield from risk_rows(endpoint, table, study)
    if "OS" in tables:
        yield from reverse_rows(tables["OS"], study)
    if ard.compares(study):
        for endpoint, table in tables.items():
            if not is_competing(endpoint, study):
                yield from log_rank_rows(endpoint, table, study)
    yield from models.rows(tables, study)
    for curve in (curve for curve in drawn if curve["cause"]):
        yield from landmark_rows(curve, study)
    for endpoint, table in tables.items():
        yield from event_rows(endpoint, table, study)
    for endpoint in study["analysis"].get("event_rates", []):
        yield from event_rate_rows(endpoint, tables[endpoint], study)


def curve_table(drawn: list[dict]) -> pd.DataFrame:
    """All curves as one table (``contracts.results.CURVES``)."""
    from venaza.contracts.columns import names
    from venaza.contracts.files import conform
    from venaza.contracts.results import CURVES

    parts = [
        curve["steps"].assign(
            curve=curve.get("curve")
            or ("cumulative_incidence" if curve["cause"] else "kaplan_meier"),
            endpoint=curve["endpoint"],
            group=curve["group"].level,
            cause=curve["cause"],
        )
        for curve in drawn
        if curve["steps"] is not None
    ]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=names(CURVES))
    return conform(table[names(CURVES)], CURVES)

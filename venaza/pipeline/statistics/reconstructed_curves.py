"""Digitised Kaplan-Meier curves of other studies: checked, reconstructed, and told as numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.contracts.results import slug
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.guyot import METHOD, reconstruct
from venaza.pipeline.statistics.rates import percent_of
from venaza.pipeline.statistics.survival import at_risk, kaplan_meier
from venaza.pipeline.statistics.time_to_event import landmark_numbers, quantiles
from venaza.study.groups import Group

#: A digitised point may lie this much above the one before it: the hand is not steadier.
UNSTEADY = 0.02


def read_curve(points: pd.DataFrame, printed: pd.DataFrame, spec: dict, month: float) -> tuple:
    """Points and numbers at risk of a digitised curve, in days and as probabilities.

    ``points`` (``time``, ``survival``) and ``printed`` (``time``, ``n``) hold text as in the files
    that ``spec`` names (``points``, ``at_risk``); ``spec`` says their ``time_unit`` (days, months,
    years) and whether survival is a ``percent`` or a ``fraction``; ``month`` is days per month.
    Returns frames as ``guyot.reconstruct`` takes them. Raises ``StudyError`` for a column that is
    missing, a text that is no number, a survival out of range or rising, and numbers at risk that
    do not begin at 0 or rise.
    """
    days = {"days": 1.0, "months": month, "years": 12 * month}[spec["time_unit"]]
    top = 100.0 if spec["survival_unit"] == "percent" else 1.0
    file = spec["points"]
    time, survival = (_numbers(points, name, file) for name in ("time", "survival"))
    _in_range(time, 0, None, "a time is negative.", "time", file)
    what = f"a survival is not between 0 and {top:g}."
    _in_range(survival, 0, top, what, "survival", file)
    curve = pd.DataFrame({"TIME": time * days, "SURVIVAL": survival / top})
    curve = curve.sort_values("TIME", kind="stable")
    _not_rising(curve, survival, file)
    file = spec["at_risk"]
    time, n = (_numbers(printed, name, file) for name in ("time", "n"))
    table = pd.DataFrame({"TIME": time * days, "N": n}).sort_values("TIME", kind="stable")
    _whole_and_falling(table, n, file)
    return curve, table.astype({"N": "int64"})


def _numbers(frame: pd.DataFrame, name: str, file: str) -> pd.Series:
    if name not in frame:
        raise StudyError(
            f"The digitised curve has no column '{name}'.",
            fix=f"Its columns must be called as in docs/evidence.md; it has {', '.join(frame)}.",
            file=file,
        )
    values = pd.to_numeric(frame[name], errors="coerce")
    if values.empty:
        raise StudyError("The digitised curve is empty.", fix="Fill it.", file=file)
    if values.isna().any():
        _at(values.index[values.isna()][0], "this is no number.", frame[name], name, file)
    return values.astype(float)


def _at(row: int, what: str, values: pd.Series, name: str, file: str) -> None:
    """Raise the error about one line of a file whose first line holds the headers."""
    raise StudyError(
        f"A line of this digitised curve cannot be used: {what}",
        fix="Correct the line, or digitise the point anew.",
        file=file,
        row=int(row) + 2,
        column=name,
        value=str(values[row]),
    )


def _in_range(
    values: pd.Series, low: float, high: float | None, what: str, name: str, file: str
) -> None:
    wrong = (values < low) | (values > (float("inf") if high is None else high))
    if wrong.any():
        _at(values.index[wrong][0], what, values, name, file)


def _not_rising(curve: pd.DataFrame, given: pd.Series, file: str) -> None:
    so_far = curve["SURVIVAL"].cummin().shift(fill_value=1.0)
    wrong = curve["SURVIVAL"] > so_far + UNSTEADY
    if wrong.any():
        what = f"the curve rises here by more than {UNSTEADY:.0%}, which no survival curve does."
        _at(curve.index[wrong][0], what, given, "survival", file)


def _whole_and_falling(table: pd.DataFrame, given: pd.Series, file: str) -> None:
    if table["TIME"].iloc[0] != 0:
        raise StudyError(
            "The numbers at risk do not begin at time 0.",
            fix="Give the number of patients at the start as the first line.",
            file=file,
        )
    for wrong, what in (
        ((table["N"] % 1 != 0) | (table["N"] < 0), "a number at risk is not a whole number."),
        (table["N"].diff() > 0, "the number at risk rises here."),
    ):
        if wrong.any():
            _at(table.index[wrong][0], what, given, "n", file)


def curves(files: dict[str, tuple], study: dict) -> list[dict]:
    """The reconstructed curve of each entry of ``published_curves``, as ``time_to_event.curves``.

    ``files`` holds by the entry's ``id`` the points and the numbers at risk as text.
    """
    drawn = []
    for spec in study["published_curves"]:
        month = study["timeline"]["days_per_month"]
        points, printed = read_curve(*files[spec["id"]], spec, month)
        patients = reconstruct(points, printed, spec.get("events"))
        time, event = patients["TIME"].to_numpy(), patients["EVENT"].to_numpy() == 1
        drawn.append(
            {
                "curve": "reconstructed",
                "endpoint": spec["endpoint"],
                "group": Group(spec["id"], variable="published curve"),
                "cause": None,
                "steps": kaplan_meier(time, event, study["analysis"]["confidence"]),
                "patients": patients,
                "printed": printed,
                "label": spec["label"],
                "unsaid": None,
                "files": (spec["points"], spec["at_risk"]),
            }
        )
    return drawn


def rows(drawn: list[dict], study: dict) -> Iterator[ard.Row]:
    """ARD rows ``reconstructed.{ENDPOINT}.{id}.n|events|median|...`` and its landmarks."""
    for curve in drawn:
        patients, steps = curve["patients"], curve["steps"]
        events = int(patients["EVENT"].sum())
        numbers = {"n": ard.count(len(patients)), "events": ard.count(events)}
        numbers |= quantiles(steps, study, names="median")
        stem = f"reconstructed.{curve['endpoint']}.{curve['group'].slug}"
        shared = {
            "rows": selections.none(curve["files"]),
            "analysis": "reconstructed",
            "population": None,
            "endpoint": curve["endpoint"],
            "group": curve["group"],
            "term": curve["label"],
            "method": f"Kaplan-Meier, log-log {percent_of(study)} CI, {METHOD}",
        }
        yield from ard.rows(stem, numbers, **shared)
        for month in study["analysis"]["landmarks_months"]:
            day = month * study["timeline"]["days_per_month"]
            found = landmark_numbers(steps, day, None)
            where = f"{stem}.m{slug(f'{month:g}')}"
            yield from ard.rows(where, found, time=float(day), **shared)
        yield from _risk_rows(curve, stem, shared, study)


def _risk_rows(curve: dict, stem: str, shared: dict, study: dict) -> Iterator[ard.Row]:
    """Numbers at risk at the months of our own risk table, as reconstructed."""
    time, month = curve["patients"]["TIME"].to_numpy(), study["timeline"]["days_per_month"]
    step = study["analysis"]["risk_table_months"]
    for i in range(int(time.max() / (step * month)) + 1):
        day = i * step * month
        key = f"{stem.replace('reconstructed.', 'reconstructed_risk.')}.m{slug(f'{i * step:g}')}"
        n = {"n_risk": ard.count(at_risk(time, day))}
        yield from ard.rows(key, n, time=float(day), **shared)

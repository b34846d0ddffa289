"""Survival: follow-up, then each endpoint's events, median or incidence, landmarks, test."""

from __future__ import annotations

from venaza.contracts.results import slug
from venaza.markup.printed import Row, Section, Table
from venaza.pipeline.tables.comparisons import gray_rows, ratio_rows, rmst_rows, stratified_rows
from venaza.pipeline.tables.groups import columns_of, with_all_if
from venaza.pipeline.tables.numbers import Numbers
from venaza.pipeline.tables.times import event_rows, landmark_rows, log_rank_rows, median_rows
from venaza.study.groups import Group
from venaza.study.labels import interval_name
from venaza.study.words import in_a_row, say


def survival(numbers: Numbers, study: dict) -> Table:
    """One section per endpoint; columns are the groups. PFOS is in the table on failure."""
    shown = with_all_if(study, numbers, r"(km|ci)\.[^.]+\.{}\..*")
    sections = [_follow_up(shown, numbers, study)]
    sections += [
        _endpoint(code, shown, numbers, study) for code in study["endpoints"] if code != "PFOS"
    ]
    return Table(
        stub=say(study, "Endpoint"),
        columns=columns_of(shown, numbers),
        sections=[section for section in sections if section.rows],
        notes=_notes(study),
        label_width=0.42,
    )


def _follow_up(shown: list[Group], numbers: Numbers, study: dict) -> Section:
    rows = []
    if any(f"followup.{g.slug}.median" in numbers for g in shown):
        cells = [
            numbers.cell(
                "{} ({} to {})", *(f"followup.{g.slug}.{s}" for s in ("median", "min", "max"))
            )
            for g in shown
        ]
        rows.append(Row(say(study, "Observed, median (range)"), tuple(cells), 1))
    found = numbers.matching(r"rkm\.([^.]+)\.[^.]+\.median")
    if found:
        code = found[0][0][1]
        cells = [
            numbers.estimate(f"rkm.{code}.{g.slug}", "median", "median_lower", "median_upper")
            for g in shown
        ]
        label = say(study, "Reverse Kaplan–Meier, median ({ci})", ci=interval_name(study))
        rows.append(Row(label, tuple(cells), 1))
    return Section(say(study, "Follow-up, months"), rows)


def _endpoint(code: str, shown: list[Group], numbers: Numbers, study: dict) -> Section:
    endpoint = study["endpoints"][code]
    rows = event_rows(code, shown, numbers, study, _renamed(endpoint, study))
    if endpoint.get("competing"):
        rows += _rate(code, shown, numbers, study) + _incidence(code, shown, numbers, study)
    else:
        rows += median_rows(code, shown, numbers, study)
        rows += landmark_rows(code, shown, numbers, study)
    rows += rmst_rows(code, shown, numbers, study)
    rows += log_rank_rows(code, len(shown), numbers, study)
    rows += stratified_rows(code, len(shown), numbers, study)
    rows += gray_rows(code, len(shown), numbers, _competing(endpoint, study), study)
    rows += ratio_rows(code, len(shown), numbers, study)
    return Section(endpoint["label"], rows)


def _competing(endpoint: dict, study: dict) -> str:
    return endpoint.get("competing_label") or say(study, "Competing event")


def _renamed(endpoint: dict, study: dict) -> dict[str, str]:
    """The label of a competing event that stands alone, in the place of its milestone's."""
    competing = endpoint.get("competing") or []
    if len(competing) != 1 or "competing_label" not in endpoint:
        return {}
    return {study["milestones"][competing[0]]["description"]: endpoint["competing_label"]}


def _rate(code: str, shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    """The patients who had the event, where the study asks for that proportion."""
    stems = [f"event_rate.{code}.{g.slug}" for g in shown]
    if not any(f"{stem}.n" in numbers for stem in stems):
        return []
    parts = ("n", "denominator", "percent", "lower", "upper")
    cells = [numbers.cell("{}/{}: {} ({} to {})", *(f"{s}.{p}" for p in parts)) for s in stems]
    label = say(study, "Had it within follow-up, n/N: % ({ci})", ci=interval_name(study))
    return [Row(label, tuple(cells), 1)]


def _incidence(code: str, shown: list[Group], numbers: Numbers, study: dict) -> list[Row]:
    rows, other = [], _competing(study["endpoints"][code], study)
    for cause, name in (("event", say(study, "Incidence")), ("competing", other)):
        for months in study["analysis"]["landmarks_months"]:
            stems = [f"ci.{code}.{g.slug}.{cause}.m{slug(f'{months:g}')}" for g in shown]
            if any(numbers.value(f"{stem}.estimate") is not None for stem in stems):
                names = {"what": name, "months": months, "ci": interval_name(study)}
                label = say(study, "{what} at {months:g} months, % ({ci})", **names)
                cells = tuple(numbers.estimate(stem, "estimate") for stem in stems)
                rows.append(Row(label, cells, 1))
    return rows


def _notes(study: dict) -> list[str]:
    days = study["timeline"]["days_per_month"]
    notes = [
        in_a_row(
            study,
            "CI, confidence interval (log-log).",
            say(study, "Months are days divided by {days:g}.", days=days),
            "“Not reached”: the curve does not come down that far within follow-up.",
        )
    ]
    if any(e.get("competing") for e in study["endpoints"].values()):
        notes.append(say(study, "Cumulative incidences are Aalen–Johansen estimates."))
    return notes

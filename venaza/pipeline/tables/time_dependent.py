"""What changes during follow-up: landmarks, and remission or transplant as it comes."""

from __future__ import annotations

from venaza.contracts.wording import small
from venaza.markup.printed import Row, Section, Table
from venaza.pipeline.tables.groups import columns_of, with_all_if
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group
from venaza.study.labels import interval_name
from venaza.study.words import in_a_row, say

ARMS = {"remission": "In remission", "no_remission": "Not in remission"}


def dynamic(numbers: Numbers, study: dict) -> Table:
    """A section for each landmark and for each change; columns are the groups."""
    shown = with_all_if(study, numbers, r"landmark\.[^.]+\.[^.]+\.{}\.remission\.n")
    codes = list(dict.fromkeys(match[1] for match, _ in numbers.matching(r"landmark\.([^.]+)\..*")))
    sections = [
        _landmark(code, day, shown, numbers, study)
        for code in codes
        for day in study["analysis"].get("landmark_days", [])
    ]
    for match, ard_id in numbers.matching(r"tdcox\.([^.]+)\.([^.]+)\.n"):
        label = say(study, numbers.field(ard_id, "term"))
        sections.append(_change(match[1], match[2], label, len(shown), numbers, study))
    within, grouped = "Tests and hazard ratios are stratified by {groups}.", study.get("groups")
    return Table(
        stub=say(study, "Analysis"),
        columns=columns_of(shown, numbers),
        sections=sections,
        notes=[
            in_a_row(
                study,
                "Landmark analyses are of the patients still at risk at the landmark, with "
                "survival counted from there. As a time-dependent covariate a change counts from "
                "the day on which it occurred, because a comparison of patients with and without "
                "it would be biased by immortal time.",
                say(study, within, groups=small(grouped["label"])) if grouped else "",
                "CI, confidence interval. Exploratory.",
            )
        ],
        label_width=0.46,
    )


def _landmark(code: str, day: int, shown: list[Group], numbers: Numbers, study: dict) -> Section:
    stems = [f"landmark.{code}.d{day}.{g.slug}" for g in shown]
    rows = [
        Row(
            say(study, "Left out: event or end of follow-up by then"),
            tuple(numbers.cell("{}", f"{stem}.excluded.n") for stem in stems),
            1,
        )
    ]
    for arm, label in ARMS.items():
        sizes = [numbers.cell("{}/{}", f"{s}.{arm}.events", f"{s}.{arm}.n") for s in stems]
        medians = [
            numbers.estimate(f"{stem}.{arm}", "median", "median_lower", "median_upper")
            for stem in stems
        ]
        median = say(study, "Median, months ({ci})", ci=interval_name(study))
        size = say(study, "{label}: events/patients", label=say(study, label))
        rows += [Row(size, tuple(sizes), 1), Row(median, tuple(medians), 2)]
    test = numbers.chi_square(f"landmark.{code}.d{day}.all")
    rows.append(Row(say(study, "Log-rank test"), (test.spanning(len(shown)),), 1))
    heading = "{label} from day {day}, by remission until then"
    label = study["endpoints"][code]["label"]
    return Section(say(study, heading, label=label, day=day), rows)


def _change(
    code: str, change: str, label: str, width: int, numbers: Numbers, study: dict
) -> Section:
    stem = f"tdcox.{code}.{change}"
    sizes = numbers.cell(
        "{} of {} (all events: {})", *(f"{stem}.{part}" for part in ("exposed", "n", "events"))
    )
    ratio = numbers.with_p(numbers.estimate(stem, "hazard_ratio"), stem)
    test = numbers.chi_square(f"mantelbyar.{code}.{change}")
    heading, name = "{label} after {change} against before it", study["endpoints"][code]["label"]
    return Section(
        say(study, heading, label=name, change=small(label)),
        [
            Row(label, (cell.spanning(width),), 1)
            for label, cell in (
                (say(study, "Patients in whom it came"), sizes),
                (say(study, "Hazard ratio ({ci})", ci=interval_name(study)), ratio),
                (say(study, "Mantel–Byar test"), test),
            )
        ],
    )

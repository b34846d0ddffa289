"""What changes during follow-up: landmarks, and remission or transplant as it comes."""

from __future__ import annotations

from venaza.contracts.wording import small
from venaza.markup.printed import Row, Section, Table
from venaza.pipeline.tables.groups import columns_of, with_all_if
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.groups import Group
from venaza.study.labels import interval_name

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
        label = numbers.field(ard_id, "term")
        sections.append(_change(match[1], match[2], label, len(shown), numbers, study))
    grouped = study.get("groups")
    within = (
        f" Tests and hazard ratios are stratified by {small(grouped['label'])}." if grouped else ""
    )
    return Table(
        stub="Analysis",
        columns=columns_of(shown, numbers),
        sections=sections,
        notes=[
            "Landmark analyses are of the patients still at risk at the landmark, with survival "
            "counted from there. As a time-dependent covariate a change counts from the day on "
            "which it occurred, because a comparison of patients with and without it would be "
            f"biased by immortal time.{within} CI, confidence interval. Exploratory."
        ],
        label_width=0.46,
    )


def _landmark(code: str, day: int, shown: list[Group], numbers: Numbers, study: dict) -> Section:
    stems = [f"landmark.{code}.d{day}.{g.slug}" for g in shown]
    rows = [
        Row(
            "Left out: event or end of follow-up by then",
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
        median = f"Median, months ({interval_name(study)})"
        rows += [Row(f"{label}: events/patients", tuple(sizes), 1), Row(median, tuple(medians), 2)]
    test = numbers.chi_square(f"landmark.{code}.d{day}.all")
    rows.append(Row("Log-rank test", (test.spanning(len(shown)),), 1))
    label = study["endpoints"][code]["label"]
    return Section(f"{label} from day {day}, by remission until then", rows)


def _change(
    code: str, change: str, label: str, width: int, numbers: Numbers, study: dict
) -> Section:
    stem = f"tdcox.{code}.{change}"
    sizes = numbers.cell(
        "{} of {} (all events: {})", *(f"{stem}.{part}" for part in ("exposed", "n", "events"))
    )
    ratio = numbers.with_p(numbers.estimate(stem, "hazard_ratio"), stem)
    test = numbers.chi_square(f"mantelbyar.{code}.{change}")
    name = study["endpoints"][code]["label"]
    return Section(
        f"{name} after {small(label)} against before it",
        [
            Row("Patients in whom it came", (sizes.spanning(width),), 1),
            Row(f"Hazard ratio ({interval_name(study)})", (ratio.spanning(width),), 1),
            Row("Mantel–Byar test", (test.spanning(width),), 1),
        ],
    )

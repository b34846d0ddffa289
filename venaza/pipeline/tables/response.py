"""Response: best overall response, rates in each denominator, and time to response."""

from __future__ import annotations

from venaza.contracts.results import p_sign
from venaza.markup.printed import Column, Row, Section, Table
from venaza.pipeline.tables.groups import heading
from venaza.pipeline.tables.labels import RESPONSES, categories
from venaza.pipeline.tables.numbers import Numbers
from venaza.study.evaluable import evaluable_says_more
from venaza.study.groups import Group, groups_or_all
from venaza.study.labels import interval_name
from venaza.study.words import in_a_row, narrowed, say

#: The denominators of a rate, as they stand in ARD ids, and what they are called.
OF_RESPONSE = {"rate_evaluable": "Evaluable patients", "rate_all": "All treated patients"}
OF_MRD = {
    "rate_remission": "Patients in composite complete remission",
    "rate_tested": "Patients tested in remission",
    "rate_all": "All treated patients",
}

OF_OTHER_MRD = {kind: OF_MRD[kind] for kind in ("rate_remission", "rate_tested")}
OF_TREATED = {"rate_all": "All treated patients"}


def response(numbers: Numbers, study: dict) -> Table:
    """Each rate as k/n (%) with its exact interval, the denominators one under the other."""
    shown = groups_or_all(study)
    columns = []
    for group in shown:
        cell = heading(group, numbers, f"n.ITT.{group.slug}")
        columns += [Column(cell, say(study, "n/N (%)")), Column(cell, interval_name(study))]
    sections = [
        _best(shown, numbers, study),
        _rates("ORR", OF_RESPONSE, shown, numbers, study),
        *(_rates(code, OF_RESPONSE, shown, numbers, study) for code in _distinct(study)),
        _mrd("MRDNEG", OF_MRD, shown, numbers, study),
        *(_mrd(code, OF_OTHER_MRD, shown, numbers, study) for code in _other_mrd(study)),
        *(_rates(code, OF_TREATED, shown, numbers, study) for code in ("TIRBC", "TIPLT")),
        _times(shown, numbers, study),
    ]
    return Table(
        stub=say(study, "Response"),
        columns=columns,
        sections=[section for section in sections if section.rows],
        notes=_notes(numbers, study),
        label_width=0.36,
    )


def _best(shown: list[Group], numbers: Numbers, study: dict) -> Section:
    found: dict[str, str] = {}
    for match, ard_id in numbers.matching(r"bor\.([^.]+)\.([^.]+)\.n"):
        if match[1] in {g.slug for g in shown}:
            found.setdefault(match[2], numbers.field(ard_id, "term") or match[2])
    order = study["response"]["order"]
    keys = sorted(found, key=lambda k: order.index(found[k]) if found[k] in order else len(order))
    rows = []
    for key in keys:
        cells = []
        for group in shown:
            cells.append(numbers.count(f"bor.{group.slug}.{key}").spanning(2))
        if any(numbers.value(f"bor.{g.slug}.{key}.n") for g in shown):
            rows.append(Row(found[key], tuple(cells), 1))
    return Section(say(study, "Best overall response, all treated patients"), rows)


def _distinct(study: dict) -> list[str]:
    """The remission rates that say more than the one before them, by their definitions."""
    overall, remission = (
        categories(study["response"][name], study) for name in ("overall", "remission")
    )
    wanted = {"CRC": remission != overall, "CR": remission != "CR" != overall}
    return [code for code, says_more in wanted.items() if says_more]


def _rates(
    code: str, denominators: dict[str, str], shown: list[Group], numbers: Numbers, study: dict
) -> Section:
    rows = []
    says_more = evaluable_says_more((g.slug for g in shown), numbers, study)
    for kind, label in denominators.items():
        if not any(f"{kind}.{code}.{g.slug}.n" in numbers for g in shown):
            continue
        if kind == "rate_evaluable" and not says_more:
            continue
        cells = []
        for group in shown:
            stem = f"{kind}.{code}.{group.slug}"
            cells += [numbers.rate(stem), numbers.interval(stem)]
        rows.append(Row(say(study, label), tuple(cells), 1))
    if rows:
        rows += _difference(code, len(shown), numbers, study)
    return Section(_title(code, study), rows)


def _mrd(
    code: str, denominators: dict[str, str], shown: list[Group], numbers: Numbers, study: dict
) -> Section:
    """The rates, and below them how many of the remissions were tested at all."""
    section = _rates(code, denominators, shown, numbers, study)
    pairs = [
        tuple(f"{kind}.{code}.{g.slug}.denominator" for kind in ("rate_tested", "rate_remission"))
        for g in shown
    ]
    if section.rows and all(ard_id in numbers for pair in pairs for ard_id in pair):
        cells = tuple(numbers.cell("{}/{}", *pair).spanning(2) for pair in pairs)
        section.rows.append(Row(say(study, "Remissions tested, n/N"), cells, 1))
    return section


def _other_mrd(study: dict) -> dict[str, str]:
    """The other rules of MRD negativity and what they are called."""
    return {f"MRDNEG.{m['name']}": m["label"] for m in study["mrd"].get("alternatives", [])}


def _title(code: str, study: dict) -> str:
    others = _other_mrd(study)
    label = say(study, RESPONSES["MRDNEG" if code in others else code])
    if code in others:
        return narrowed(study, label, others[code])
    if code == "MRDNEG":
        below = study["mrd"]["negative_below"]
        return say(study, "{label} (below {below:g}%)", label=label, below=below)
    if chosen := {"ORR": "overall", "CRC": "remission"}.get(code):
        those = categories(study["response"][chosen], study)
        return say(study, "{label} ({those})", label=label, those=those)
    return label


def _difference(code: str, n_groups: int, numbers: Numbers, study: dict) -> list[Row]:
    if f"fisher.{code}.p_value" not in numbers:
        return []
    ids = [f"difference.{code}.{part}" for part in ("estimate", "lower", "upper")]
    p = f"fisher.{code}.p_value"
    cell = numbers.cell(f"{{}} ({{}} to {{}}); P {p_sign(numbers.display(p))}{{}}", *ids, p)
    if numbers.value(ids[0]) is None:
        cell = numbers.cell("{}", ids[0])
    label = say(study, "Difference, percentage points ({ci})", ci=interval_name(study))
    return [Row(label, (cell.spanning(2 * n_groups),), 1)]


def _times(shown: list[Group], numbers: Numbers, study: dict) -> Section:
    labels = {
        "TTR": "Time to first response, months",
        "CYCRESP": "Cycles to first response",
        "CYCBEST": "Cycles to best response",
    }
    rows = []
    for code, label in labels.items():
        stems = [f"response.{g.slug}.{code}" for g in shown]
        if any(f"{stem}.median" in numbers for stem in stems):
            cells = [
                numbers.cell("{} ({} to {})", *(f"{s}.{part}" for part in ("median", "min", "max")))
                for s in stems
            ]
            rows.append(Row(say(study, label), tuple(cell.spanning(2) for cell in cells), 1))
    return Section(say(study, "Responders, median (range)"), rows)


def _notes(numbers: Numbers, study: dict) -> list[str]:
    method = study["analysis"]["proportion_interval"]
    interval = {
        "clopper-pearson": "CI, confidence interval; exact (Clopper–Pearson).",
        "wilson": "CI, confidence interval; Wilson.",
    }[method]
    evaluable = "Among all treated patients, those not evaluable count as without response."
    notes = [in_a_row(study, interval, evaluable)]
    if any(f"difference.{code}.estimate" in numbers for code in RESPONSES):
        notes.append(
            "Differences are first minus second group with Newcombe's interval; "
            "P by Fisher's exact test, in the denominators used in the text."
        )
    if numbers.matching(r"rate_\w+\.MRDNEG\..*"):
        notes.append("MRD, measurable residual disease.")
    return [say(study, note) for note in notes]

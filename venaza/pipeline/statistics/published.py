"""The comparison with a published study: its numbers beside the computed ones."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.contracts.errors import StudyError
from venaza.contracts.results import slug
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics import display as show
from venaza.study.groups import ALL, Group, groups_of

METHOD = "Agrees where the computed number, rounded half-up as printed, is the published one"


def published(ard_table: pd.DataFrame, study: dict, targets: pd.DataFrame) -> Iterator[ard.Row]:
    """ARD rows ``published.{group}.{measure}.published|computed|agrees``.

    ``targets`` has text columns ``study group measure value numerator denominator unit``; the
    study's ``published`` names the publication and, for each measure, the number of the ARD.
    Where the publication gives k and n, they must agree too; they stand in ``term``. Measures
    without a value are left out.
    """
    spec = study["published"]
    plain = ard_table.astype("object").where(ard_table.notna(), None)
    computed = {row["ard_id"]: row for row in plain.to_dict("records")}
    keys = {group.level: group for group in groups_of(study)} | {"all": ALL}
    for target in targets[targets["study"] == spec["study"]].to_dict("records"):
        printed = _text(target["value"])
        if printed is None:
            continue
        group = keys.get(target["group"])
        if group is None:
            raise StudyError(
                "The published numbers have a group that the study does not have.",
                fix=f"Use one of: {', '.join(keys)}.",
                file=spec.get("file"),
                column="group",
                value=target["group"],
            )
        template = spec["numbers"].get(target["measure"])
        wanted = template.format(group=group.slug) if template else None
        yield from _rows(target, printed, group, wanted, computed)


def _rows(
    target: dict, printed: str, group: Group, wanted: str | None, computed: dict[str, dict]
) -> Iterator[ard.Row]:
    unit = "count" if _text(target["unit"]) == "n" else _text(target["unit"]) or ""
    ours, our_counts, agrees = _compare(target, printed, wanted, computed)
    fraction = _fraction(_text(target["numerator"]), _text(target["denominator"]))
    numbers = {
        "published": (ard.known(_number(printed), unit, printed), fraction),
        "computed": (ours, our_counts),
        "agrees": (agrees, None),
    }
    for name, (number, term) in numbers.items():
        yield from ard.rows(
            f"published.{group.slug}.{slug(target['measure'])}",
            {name: number},
            rows=selections.ours(wanted.rpartition(".")[0] if wanted else None),
            analysis="published",
            endpoint=target["measure"],
            group=group,
            term=term,
            method=METHOD,
        )


def _compare(
    target: dict, printed: str, wanted: str | None, computed: dict[str, dict]
) -> tuple[ard.Number, str | None, ard.Number]:
    """Our number as the publication would print it, our k/n, and whether they agree."""
    if wanted is None or wanted not in computed:
        reason = f"this run has no number {wanted}" if wanted else "the study names no number"
        return ard.missing("", reason), None, ard.missing("", reason)
    row = computed[wanted]
    fraction = _our_fraction(wanted, computed)
    if row["value"] is None:
        ours = ard.missing(row["unit"], row["reason"], row["display"])
        return ours, fraction, ard.known(0, "", "no")
    text = show.half_up(float(row["value"]), _decimals(printed))
    same = text == printed
    theirs = _fraction(_text(target["numerator"]), _text(target["denominator"]))
    if theirs is not None:
        same = same and theirs == fraction
    ours = ard.known(float(row["value"]), row["unit"], text)
    return ours, fraction, ard.known(int(same), "", "yes" if same else "no")


def _our_fraction(wanted: str, computed: dict[str, dict]) -> str | None:
    stem, _, statistic = wanted.rpartition(".")
    parts = [f"{stem}.n", f"{stem}.denominator"]
    if statistic != "percent" or not all(part in computed for part in parts):
        return None
    return "/".join(computed[part]["display"] for part in parts)


def _fraction(numerator: str | None, denominator: str | None) -> str | None:
    return f"{numerator}/{denominator}" if numerator and denominator else None


def _number(printed: str) -> float:
    try:
        return float(printed)
    except ValueError:
        raise StudyError(
            "A published value is not a number.",
            fix="Give the number as printed, or leave the value empty.",
            column="value",
            value=printed,
        ) from None


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value).strip() or None

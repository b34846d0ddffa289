"""Published outcomes as numbers of this run: rates with exact intervals, medians, pooled rates."""

from __future__ import annotations

from collections.abc import Iterator

from venaza.contracts.evidence import KINDS, Row, chosen, fits
from venaza.contracts.results import slug
from venaza.contracts.selections import Selection
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.pooling import pool
from venaza.pipeline.statistics.rates import interval, percent_of
from venaza.study.groups import ALL, groups_and_all

_STATUS = {
    "read": "read in the source",
    "secondary": "read in a text about the source",
    "as cited": "source not read",
}
_COUNTS = {
    "published": "counts as published",
    "worked out": "count worked out: the only one of the denominator that prints the percentage",
    "inferred": "count and denominator inferred",
    "": "no count",
}
_NOT_GIVEN = "not stated"
_OPEN = "not estimated"
_POOLED = (
    "Random effects on the logit scale, REML, limits by Hartung and Knapp (never narrower than "
    "without their correction), prediction limits by t"
)


def evidence(
    own_ids: set[str], study: dict, tables: dict[str, list[Row]], trials: list[Row]
) -> Iterator[ard.Row]:
    """ARD rows ``evidence.rate|other|pool|n...`` of the published outcomes that the study shows.

    ``own_ids`` are the ids of this cohort's numbers: an endpoint without one of them beside it
    is left out. ``tables`` holds the rows of each file of published outcomes by its path,
    ``trials`` those of the trials.
    """
    spec = study["evidence"]
    origin = {row["id"]: file for file, rows in tables.items() for row in rows}
    found = chosen([row for rows in tables.values() for row in rows], spec)
    rates = [(g, r) for g, r in found if r["unit"] == "percent" and _has_rate(g, r, own_ids, spec)]
    others = [(g, r) for g, r in found if _has_other(g, r, own_ids, spec)]
    for group, row in rates:
        yield from _rate("rate", group, row, origin[row["id"]], study)
    for group, row in others:
        make = _rate if row["unit"] == "percent" else _median
        yield from make("other", group, row, origin[row["id"]], study)
    yield from _series([*rates, *others], study)
    yield from _pools(rates, study)
    yield from _totals(rates, others, trials, spec)


def _has_rate(group: str, row: Row, own_ids: set[str], spec: dict) -> bool:
    parameter = spec["rates"].get(row["endpoint"])
    own = f"rate_all.{parameter}.{group}.percent" in own_ids
    return own and row["denominator_kind"] != "pooled"


def _has_other(group: str, row: Row, own_ids: set[str], spec: dict) -> bool:
    stem = spec["others"].get(row["endpoint"])
    return stem is not None and any(
        f"{stem.format(group=group)}.{part}" in own_ids for part in ("median", "percent")
    )


def _about(group: str, row: Row, file: str, study: dict) -> dict:
    """What the ARD says of a number: group, endpoint as published, series, and where it stands."""
    levels = {g.slug: g for g in groups_and_all(study)}
    return {
        "analysis": "evidence",
        "endpoint": row["endpoint"],
        "group": levels.get(group, ALL),
        "population": KINDS[row["denominator_kind"]],
        "term": row["name"],
        "method": f"{file}, row {row['id']}: {row['citation']}; {_STATUS[row['status']]}",
    }


def _printed(text: str, unit: str) -> ard.Number:
    """A published number, shown as it was printed."""
    if text:
        return ard.known(float(text), unit, text)
    return ard.missing(unit, _NOT_GIVEN, _NOT_GIVEN)


def _whole(text: str) -> ard.Number:
    return ard.count(int(text)) if text else ard.missing("count", _NOT_GIVEN, _NOT_GIVEN)


def certain(row: Row) -> bool:
    """Whether k and n of a rate are known, so that an interval can be given."""
    return row["counts"] in ("published", "worked out")


def _rate(kind: str, group: str, row: Row, file: str, study: dict) -> Iterator[ard.Row]:
    """k, n and the percentage as printed; an exact interval where the counts are certain."""
    stem = f"evidence.{kind}.{group}.{row['id']}"
    about = _about(group, row, file, study) | {"rows": _beside(stem, study)}
    about["method"] += f"; {_COUNTS[row['counts']]}"
    numbers = {
        "percent": _printed(row["value"], "percent"),
        "n": _whole(row["k"]),
        "denominator": _whole(row["denominator"]),
    }
    limits = [ard.missing("percent", "the counts behind the percentage are not certain")] * 2
    if certain(row):
        k, n, level = int(row["k"]), int(row["denominator"]), study["analysis"]["confidence"]
        limits = [ard.known(100 * x, "percent") for x in interval(k, n, "exact", level)]
        about["method"] += f"; Clopper-Pearson {percent_of(study)} CI"
    numbers |= dict(zip(("lower", "upper"), limits, strict=True))
    yield from ard.rows(stem, numbers, **about)


def _median(kind: str, group: str, row: Row, file: str, study: dict) -> Iterator[ard.Row]:
    numbers = {
        "median": _printed(row["value"], row["unit"]),
        "lower": _printed(row["lower"], row["unit"]),
        "upper": _printed(row["upper"], row["unit"]),
    }
    if row["lower"] and not row["upper"]:
        numbers["upper"] = ard.missing(row["unit"], _OPEN, _OPEN)
    stem = f"evidence.{kind}.{group}.{row['id']}"
    about = _about(group, row, file, study) | {"rows": _beside(stem, study)}
    yield from ard.rows(stem, numbers, **about)


def _beside(stem: str, study: dict) -> Selection:
    """The numbers of the same row of a reference table."""
    files = study["evidence"]["files"]
    return selections.published(("ard_id", "starts", f"{stem}."), references=files)


def _series(shown: list[tuple[str, Row]], study: dict) -> Iterator[ard.Row]:
    """The patients treated in each series, once."""
    for group, row in {row["series"]: (group, row) for group, row in shown}.values():
        about = _about(group, row, "", study) | {"endpoint": None, "population": "all treated"}
        about["method"] = f"{row['citation']}; {_STATUS[row['status']]}"
        stem = f"evidence.series.{row['series']}"
        about["rows"] = _beside(stem, study)
        yield from ard.rows(stem, {"n": _whole(row["n"])}, **about)


def _pools(rates: list[tuple[str, Row]], study: dict) -> Iterator[ard.Row]:
    """A pooled rate for each setting, endpoint, regimen and kind of denominator, of enough series.

    Regimens are one where the study file puts them in one of its ``classes``. This cohort is
    never among the series, nor one that the study leaves out.
    """
    spec = study["evidence"]["pool"]
    kinds: dict[tuple, list[Row]] = {}
    for group, row in rates:
        if certain(row) and fits(row, spec["where"]) and row["series"] not in spec["leave_out"]:
            alike = (row["endpoint"], _regimen(row, spec), row["denominator_kind"])
            kinds.setdefault((group, *alike), []).append(row)
    for (group, endpoint, regimen, kind), rows in kinds.items():
        if len(rows) < spec["least"]:
            continue
        counts = [(int(row["k"]), int(row["denominator"])) for row in rows]
        about = _about(group, rows[0], "", study)
        about |= {
            "analysis": "evidence_pooled",
            "term": ", ".join(row["id"] for row in rows),
            "method": f"{_POOLED}; regimen {regimen}",
        }
        pooled = [
            f"evidence.rate.{group}.{row['id']}.{part}"
            for row in rows
            for part in ("n", "denominator", "percent")
        ]
        about["rows"] = selections.published(
            ("ard_id", "in", tuple(pooled)), references=study["evidence"]["files"]
        )
        stem = f"evidence.pool.{group}.{slug(endpoint)}.{slug(regimen)}.{kind}"
        yield from ard.rows(stem, _pool_numbers(counts, study), **about)


def _regimen(row: Row, spec: dict) -> str:
    """The class of a series' regimen, or the regimen itself."""
    classes = (name for name, regimens in spec["classes"].items() if row["regimen"] in regimens)
    return next(classes, row["regimen"])


def _pool_numbers(counts: list[tuple[int, int]], study: dict) -> dict[str, ard.Number]:
    found = pool(counts, study["analysis"]["confidence"])
    percents = {
        "percent": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
        "prediction_lower": found.prediction_lower,
        "prediction_upper": found.prediction_upper,
        "i2": found.i2,
    }
    return {
        "series": ard.count(len(counts)),
        "patients": ard.count(sum(n for _, n in counts)),
        **{name: ard.known(100 * value, "percent") for name, value in percents.items()},
        "tau2": ard.known(found.tau2, ""),
        "q": ard.known(found.q, ""),
        "df": ard.count(found.df),
    }


def _totals(rates: list, others: list, trials: list[Row], spec: dict) -> Iterator[ard.Row]:
    """How many series, rates and trials are shown, and how many rates have no interval."""
    shown = [row for _, row in [*rates, *others]]
    own = [row for _, row in rates]
    totals = {
        "series": len({row["series"] for row in shown}),
        "rates": len(own),
        "rate_series": len({row["series"] for row in own}),
        "other_series": len({row["series"] for _, row in others}),
        "worked_out": sum(row["counts"] == "worked out" for row in own),
        "without_interval": sum(not certain(row) for row in own),
        "trials": len({row["registry_number"] for row in trials}),
        "trial_rows": len(trials),
    }
    where = (("ard_id", "starts", "evidence."), ("statistic", "in", ("percent", "median")))
    for name, value in totals.items():
        files = [spec["trials"]] if trials and name.startswith("trial") else spec["files"]
        yield from ard.rows(
            "evidence.n",
            {name: ard.count(value)},
            rows=selections.published(*where, references=files),
            analysis="evidence",
            population="all treated",
            method="Rows of the reference tables that this report shows",
        )

"""The numbers that moved, step by step from one export's results to another's, by importance."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from venaza.contracts.columns import Column
from venaza.contracts.files import conform, original, read_table
from venaza.contracts.wording import shown
from venaza.pipeline.compare.headlines import number_words

NUMBERS = (
    Column("RANK", "integer", "Place by importance, 1 first"),
    Column("ard_id", "string", "Number"),
    Column("WORDS", "string", "A headline number in words"),
    Column("CLASS", "string", "headline, beside a headline, or other"),
    Column("STATUS", "string", "moved, new, gone, or moved and back"),
    Column("BEFORE", "string", "As printed before"),
    Column("AFTER", "string", "As printed now"),
    Column("VALUE_BEFORE", "number", "Value before"),
    Column("VALUE_AFTER", "number", "Value now"),
    Column("DIFFERENCE", "number", "Now minus before"),
    Column("unit", "string", "Unit"),
    Column(
        "CAUSE", "string", "data, corrections, configuration or code; several with what each did"
    ),
    Column("WHY", "string", "The patients, endpoints and cells that moved it"),
    Column("REFS", "string", "The lines of this table that moved it, by REF"),
)
#: What a step did to a number, for those that more than one step moved.
STEPS = (
    Column("ard_id", "string", "Number"),
    Column("STEP", "integer", "Step, 1 first"),
    Column("CAUSE", "string", "What the step changed"),
    Column("BEFORE", "string", "As printed before the step"),
    Column("AFTER", "string", "As printed after it"),
)
UNKNOWN = "no cause found"
CLASSES = ("headline", "beside a headline", "other")
#: How near two values of a number may lie to count as equal.
_TOLERANCE = 1e-12


def compare_numbers(
    states: list[tuple[list[str], pd.DataFrame]], study: dict
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The numbers that differ between the first and the last of ``states``, or in between.

    Each state is the ARD (``ard_id value unit display``) after a step, with the causes of the
    step; those of the first do not count. Returns ``NUMBERS``, the most important first, and
    ``STEPS`` of those that several steps moved. ``WHY`` and ``REFS`` are left empty.
    """
    sides = [_by_id(ard) for _, ard in states]
    causes = [" or ".join(c) or UNKNOWN for c, _ in states]
    rows, taken = [], []
    ids = dict.fromkeys(key for side in [*sides[:0:-1], *sides[:1]] for key in side)
    for key in ids if sides else ():
        values = [side.get(key) for side in sides]
        moves = [i for i in range(1, len(values)) if not _same(values[i - 1], values[i])]
        if moves:
            rows.append(_number(key, values, [causes[i] for i in moves]))
            if len(moves) > 1:
                taken += [(key, n, causes[i], *_shown(values, i)) for n, i in enumerate(moves, 1)]
    rank = _importance(study)
    rows = [r for _, r in sorted(enumerate(rows), key=lambda pair: (*rank(pair[1]), pair[0]))]
    for n, row in enumerate(rows, 1):
        row |= {"RANK": n, "CLASS": CLASSES[rank(row)[0]]}
        row["WORDS"] = (row["CLASS"] == "headline" and number_words(row["ard_id"], study)) or None
    order = {row["ard_id"]: row["RANK"] for row in rows}
    taken.sort(key=lambda step: (order[step[0]], step[1]))
    return _frame(rows, NUMBERS), _frame(taken, STEPS)


def _frame(rows: list, columns: tuple[Column, ...]) -> pd.DataFrame:
    wanted = [column.name for column in columns]
    return conform(pd.DataFrame(rows, columns=wanted, dtype=object), columns)


def _by_id(ard: pd.DataFrame) -> dict[str, dict]:
    wanted = ["ard_id", "display", "value", "unit"]
    return {row["ard_id"]: row for row in ard[wanted].to_dict("records")}


def _same(old: dict | None, new: dict | None) -> bool:
    if old is None or new is None:
        return old is new
    a, b = old["value"], new["value"]
    if pd.isna(a) or pd.isna(b):
        return bool(pd.isna(a) and pd.isna(b)) and shown(old["display"]) == shown(new["display"])
    return abs(a - b) <= _TOLERANCE * max(1.0, abs(a)) and old["display"] == new["display"]


def _shown(values: list[dict | None], i: int) -> list[str | None]:
    return [row and row["display"] for row in (values[i - 1], values[i])]


def _number(key: str, values: list[dict | None], causes: list[str]) -> dict:
    old, new = values[0], values[-1]
    was, now = (
        None if row is None or pd.isna(row["value"]) else row["value"] for row in (old, new)
    )
    status = "moved" if old and new else "new" if new else "gone" if old else "moved and back"
    if (old or new) is not None and _same(old, new):
        status = "moved and back"
    return {
        "ard_id": key,
        "STATUS": status,
        "VALUE_BEFORE": was,
        "VALUE_AFTER": now,
        "BEFORE": old and old["display"],
        "AFTER": new and new["display"],
        "DIFFERENCE": None if was is None or now is None else now - was,
        "unit": (new or old or next(filter(None, values)))["unit"],
        "CAUSE": "; ".join(dict.fromkeys(causes)),
    }


#: The headline numbers, in the order of a manuscript's abstract: pattern, and whether only those
#: of the primary endpoint count. The endpoint is the first group of the pattern.
_HEADLINES = (
    (r"km\.([^.]+)\.[^.]+\.median", False),
    (r"km\.([^.]+)\.[^.]+\.m\d+\.estimate", False),
    (r"rate\.()[^.]+\.[^.]+\.percent", False),
    (r"cox\.([^.]+)\.[^.]+\.(?:[^.]+\.)?hazard_ratio", True),
    (r"n\.()ITT\.[^.]+", False),
)
#: What stands beside them: limits, counts and tests.
_BESIDE = (
    r"km\.([^.]+)\.[^.]+\.(?:n|events|censored|median_lower|median_upper)",
    r"km\.([^.]+)\.[^.]+\.m\d+\.(?:lower|upper|n_risk)",
    r"rate\.()[^.]+\.[^.]+\.(?:n|denominator|lower|upper)",
    r"(?:cox|logrank)\.([^.]+)\..*",
    r"(?:fisher|difference|followup|n)\.().*",
)


def _importance(study: dict) -> Callable[[dict], tuple]:
    """A key to sort rows of ``NUMBERS`` by: headline numbers first, then by size of the move.

    Headline are the medians and landmarks of the study's endpoints (the primary one first), the
    response rates, the hazard ratios of the primary endpoint and the numbers of patients; then
    their limits, counts and tests; then all others. Within these, numbers that came, went, or
    are now reached or no longer, then by the size of the move relative to the larger value.
    """
    endpoints = list(study.get("endpoints", {}))
    primary = study.get("analysis", {}).get("primary")
    order = sorted(endpoints, key=lambda code: code != primary)
    place = {code: i for i, code in enumerate(order)} | {"": len(order)}

    def rank(row: dict) -> tuple:
        size = _size(row)
        for kind, (pattern, only) in enumerate(_HEADLINES):
            fit = re.fullmatch(pattern, row["ard_id"])
            if fit and fit[1] in place and (not only or fit[1] == primary):
                return (0, place[fit[1]], kind, -size)
        beside = any((f := re.fullmatch(p, row["ard_id"])) and f[1] in place for p in _BESIDE)
        return (1 if beside else 2, 0, 0, -size)

    return rank


def _size(row: dict) -> float:
    """The move relative to the larger value, 0 to 2; 3 where there is no difference to take."""
    if row["STATUS"] == "moved and back":
        return 0.0
    if row["DIFFERENCE"] is None:
        return 3.0
    largest = max(abs(row["VALUE_BEFORE"]), abs(row["VALUE_AFTER"]))
    return abs(row["DIFFERENCE"]) / largest if largest else 0.0


def read_numbers(path: str | Path) -> pd.DataFrame:
    """The ARD of a run (Parquet) or of a kept record (CSV)."""
    if Path(path).suffix == ".parquet":
        return read_table(path)
    frame = pd.read_csv(
        path, dtype="string", keep_default_na=False, na_values=[""], encoding="utf-8-sig"
    )
    texts = {name: frame[name].map(original, na_action="ignore") for name in frame}
    texts["value"] = frame["value"].map(float, na_action="ignore").astype("Float64")
    return pd.DataFrame(texts)

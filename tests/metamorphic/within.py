"""Results where each time is known to within some days: each patient's, and the numbers of all."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from tests.metamorphic.bounds import hazard_ratio_between, median_between
from tests.metamorphic.expect import same
from tests.metamorphic.outcome import Outcome

#: Columns of ADTTE that no shift of days may change.
_FIXED = ["CNSR", "EVNTDESC", "CNSDTDSC", "DEFN"]
_ROW = ["USUBJID", "PARAMCD"]
#: What iterations and binary numbers may leave.
ROUNDED = 1e-6
#: Days by which a time of ADTTE may be shorter, and longer.
Slack = Callable[[pd.Series], tuple[int, int]]


def slack_of(reference: Outcome, slack: Slack) -> pd.DataFrame:
    """The rows of ADTTE with ``LOW``, ``HIGH``, ``EVENT`` and the patient's ``GROUP``."""
    adtte = reference.tables["adtte"].reset_index(drop=True)
    allowed = [slack(row) for _, row in adtte.iterrows()]
    days = adtte["AVAL"].astype(int)
    group = reference.tables["adsl"].set_index("USUBJID")["GROUP"]
    return adtte.assign(
        LOW=(days - [less for less, _ in allowed]).clip(lower=0),
        HIGH=days + [more for _, more in allowed],
        EVENT=adtte["CNSR"] == 0,
        GROUP=adtte["USUBJID"].map(group),
    )


def beyond(rows: pd.DataFrame, reference: Outcome, after: Outcome) -> list[str]:
    """Times, medians and hazard ratios beyond what ``rows`` allow; counts that differ."""
    new, asked = after.tables["adtte"], _asked(rows, after)
    unsure, left_out = (
        set(rows[asked]["PARAMCD"]),
        set(zip(*(rows[asked][c] for c in _ROW), strict=True)),
    )
    rows = rows[~asked]
    new = new[[row not in left_out for row in zip(*(new[c] for c in _ROW), strict=True)]]
    both = rows.merge(new, on=_ROW, how="outer", suffixes=("", "_new"), indicator=True)
    wrong = [f"{r.USUBJID} {r.PARAMCD} {r._merge}" for r in _where(both, both["_merge"] != "both")]
    for column in _FIXED:
        differ = ~same(both[column], both[f"{column}_new"])
        wrong += [
            f"{r.USUBJID} {r.PARAMCD}: {column} {getattr(r, column + '_new')}"
            for r in _where(both, differ)
        ]
    far = (both["AVAL_new"] < both["LOW"]) | (both["AVAL_new"] > both["HIGH"])
    wrong += [
        f"{r.USUBJID} {r.PARAMCD}: {r.AVAL_new} days, not {r.LOW} to {r.HIGH}"
        for r in _where(both, far.fillna(True))
    ]
    if wrong:
        return wrong
    rows = rows[~rows["PARAMCD"].isin(unsure)]
    return _counts(reference, after, unsure) + [
        f"{ard_id}: {value}, not {low} to {high}"
        for ard_id, value, low, high in numbers(rows, after)
        if not low - ROUNDED <= value <= high + ROUNDED
    ]


def _where(rows: pd.DataFrame, which: pd.Series) -> list:
    return list(rows[which].itertuples())


def _asked(rows: pd.DataFrame, after: Outcome) -> pd.Series:
    """The rows that a landmark decides, of patients of whom a query says that it is not known."""
    queries = after.queries
    open_deaths = queries[queries["RULE"] == "completed_death_at_landmark"]["USUBJID"]
    decided = rows["EVNTDESC"].isin(["Death before assessment"])
    decided |= rows["CNSDTDSC"].isin(["Not evaluable by the landmark"])
    return rows["USUBJID"].isin(open_deaths) & decided


def _counts(reference: Outcome, after: Outcome, unsure: set[str]) -> list[str]:
    """Numbers of patients and events, which no shift of days may change."""
    found = []
    for outcome in (reference, after):
        ard = outcome.ard
        kept = ard["analysis"].isin(["kaplan_meier", "cox"]) & ard["time"].isna()
        kept &= ard["statistic"].isin(["n", "events"]) & ~ard["endpoint"].isin(unsure)
        found.append(ard[kept].set_index("ard_id")["value"].to_dict())
    return [] if found[0] == found[1] else ["numbers of patients or events differ"]


def numbers(rows: pd.DataFrame, after: Outcome) -> list[tuple[str, float, float, float]]:
    """(ARD row, its value, the least, the greatest) of medians and of ratios of two groups."""
    ard, found = after.ard, []
    month = after.study["timeline"]["days_per_month"]
    medians = ard[(ard["analysis"] == "kaplan_meier") & (ard["statistic"] == "median")]
    medians = medians[medians["endpoint"].isin(rows["PARAMCD"])]
    for row in medians.itertuples():
        own = rows[rows["PARAMCD"] == row.endpoint]
        own = own if pd.isna(row.group) else own[own["GROUP"] == row.group]
        low, high = median_between(own)
        value = math.inf if pd.isna(row.value) else row.value
        found.append((row.ard_id, value, low / month, high / month))
    groups = sorted(rows["GROUP"].dropna().unique())
    ratios = ard[ard["ard_id"].str.fullmatch(r"cox\..*\.GROUP\.[^.]+\.hazard_ratio")]
    ratios = ratios[ratios["endpoint"].isin(rows["PARAMCD"])]
    for row in ratios.itertuples() if len(groups) == 2 else ():
        own = rows[rows["PARAMCD"] == row.endpoint]
        low, high = hazard_ratio_between(own, (own["GROUP"] == row.term).to_numpy())
        found.append((row.ard_id, row.value, low, high))
    return found


def shown(rows: pd.DataFrame, after: Outcome) -> str:
    """The numbers of overall survival and their bounds, as the page prints them."""
    parts = []
    for ard_id, value, low, high in numbers(rows, after):
        if ard_id.startswith(("km.OS.", "cox.OS.")) and ard_id.count(".") in (3, 4):
            name = ard_id.split(".")[2].replace("_", " ") if ard_id.startswith("km") else "HR"
            parts.append(f"{name} {_number(value)} ({_number(low)} to {_number(high)})")
    return f"median OS, months: {'; '.join(parts)}"


def _number(value: float) -> str:
    return "not reached" if math.isinf(value) else f"{value:.2f}"

"""The part of docs/metamorphic.md on exports of events: venaza's numbers beside the events' own."""

from __future__ import annotations

import math

import pandas as pd

from tests.metamorphic.cohort import ROOT, cohort
from tests.metamorphic.events_only import median_of
from tests.metamorphic.outcome import Outcome, run
from tests.metamorphic.ways_events import Reduced, registry, trial

NUMBERS = ROOT / "tests/metamorphic/events.csv"
SHOWN = {"aml_venaza": registry, "myeloid": trial}
_HEAD = """\
## Events alone

A registry often keeps events and nothing between them: remission, refractory disease, relapse,
death, last contact. `aml_venaza` is reduced to such an export: the patients, and a sheet with a row
for each event, its date and its word (完全缓解, 难治, 疾病进展, 复发); no cycles, no therapies, no
assessments between. `myeloid` is one as it was published. For both, times, events and medians by
the table of events (counted by a few lines in `tests/metamorphic/events_only.py`, which know
nothing of the project) stand beside those that venaza gives; every patient's time is compared too.

| study | endpoint | group | patients | events: table | venaza | months, median: table | venaza |
|---|---|---|---|---|---|---|---|
"""
_MARKED = """
What these exports cannot say is refused for the study's own definitions, which stop the run, and
marked in every table for those that stand beside them:

| study | definition | why it is not supported |
|---|---|---|
"""


def numbers() -> pd.DataFrame:
    """The rows of the section, of both studies; texts."""
    parts = []
    for name, reduce in SHOWN.items():
        told = cohort(name)
        reduced = reduce(told)
        parts += [_rows(name, reduced, after := run(told)), _unsupported(name, after)]
    return pd.concat([part.astype(str) for part in parts], ignore_index=True).fillna("")


def _rows(name: str, reduced: Reduced, after: Outcome) -> pd.DataFrame:
    rows, month = [], after.study["timeline"]["days_per_month"]
    group = after.tables["adsl"].set_index("USUBJID")["GROUP"].to_dict()
    for endpoint, (events, since) in reduced.wanted.items():
        for level in sorted(set(group.values())):
            times = [
                time
                for who, told in reduced.events.items()
                if group.get(who) == level and (time := told.time_to(*events, since=since))
            ]
            row = {"study": name, "endpoint": endpoint, "group": level, "patients": len(times)}
            row |= {"events": sum(censored == 0 for _, censored in times)}
            row |= {"median": _shown(median_of(times) / month)}
            rows.append(row | _by_venaza(after.ard, endpoint, level))
    return pd.DataFrame(rows)


def _by_venaza(ard: pd.DataFrame, endpoint: str, level: str) -> dict[str, object]:
    own = ard[ard["analysis"].eq("kaplan_meier") & ard["endpoint"].eq(endpoint)]
    own = own[own["group"].eq(level) & own["time"].isna()].set_index("statistic")["value"]
    median = math.inf if pd.isna(own["median"]) else float(own["median"])
    return {"venaza_events": int(own["events"]), "venaza_median": _shown(median)}


def _shown(months: float) -> str:
    return "not reached" if math.isinf(months) else f"{months:.2f}"


def _unsupported(name: str, after: Outcome) -> pd.DataFrame:
    support = after.tables["support"]
    marked = support[support["SUPPORT"] == "N"].drop_duplicates("PARAMCD")
    return pd.DataFrame({"study": name, "endpoint": marked["PARAMCD"], "reason": marked["REASON"]})


def section() -> str:
    """The section, of the numbers on record."""
    rows = kept()
    columns = ["patients", "events", "venaza_events", "median", "venaza_median"]
    text = _HEAD
    for row in rows[rows["reason"] == ""].to_dict("records"):
        cells = [f"`{row['study']}`", row["endpoint"], row["group"], *(row[c] for c in columns)]
        text += f"| {' | '.join(cells)} |\n"
    text += _MARKED
    for row in rows[rows["reason"] != ""].to_dict("records"):
        text += f"| `{row['study']}` | {row['endpoint']} | {row['reason']} |\n"
    return text


def kept() -> pd.DataFrame:
    """The numbers on record."""
    return pd.read_csv(NUMBERS, dtype=str, keep_default_na=False)


def keep() -> None:
    """Put the numbers on record."""
    numbers().to_csv(NUMBERS, index=False, lineterminator="\n")

"""Survival after failure by the kind of the next therapy: described, not compared."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from venaza.contracts.truth import is_true
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.rates import percent_of
from venaza.pipeline.statistics.time_dependent import curve_numbers

NONE, CARE, UNKNOWN = "none", "supportive care only", "not recorded"


def salvage_rows(
    tables: dict[str, pd.DataFrame], adsl: pd.DataFrame, study: dict
) -> Iterator[ard.Row]:
    """Patients, deaths and median survival after failure by kind of first later therapy.

    Treated patients had to live until their treatment, supportive care included (immortal time),
    so no test is made. Nothing where no treated patient has a kind.
    """
    treated = is_true(adsl["PFTRTFL"] == "Y")
    wanted = study["analysis"].get("salvage", True)
    if not wanted or "PFOS" not in tables or not adsl.loc[treated, "PFTRTCL"].notna().any():
        return
    kind = adsl["PFTRTCL"].fillna(UNKNOWN).where(treated, NONE)
    kind = kind.mask(is_true(adsl["PFSUPFL"] == "Y"), CARE)
    patients = tables["PFOS"].merge(adsl[["USUBJID"]].assign(KIND=kind), on="USUBJID")
    order = {NONE: 0, CARE: 1, "other": 3, UNKNOWN: 4}
    kinds = sorted(set(patients["KIND"]), key=lambda name: (order.get(name, 2), name))
    for group in ard.outcome_groups(study):
        members = group.of(patients)
        for name, key in ard.slugs(kinds).items():
            yield from ard.rows(
                f"salvage.{group.slug}.{key}",
                curve_numbers(members[members["KIND"] == name], study),
                rows=selections.times("PFOS", study, ["PFTRTFL", "PFTRTCL", "PFSUPFL"]),
                analysis="salvage",
                endpoint="PFOS",
                population="FAILFL",
                group=group,
                term=name,
                method=f"Kaplan-Meier, log-log {percent_of(study)} CI; descriptive",
            )

"""What the pipeline must find: the endpoints of each patient, straight from the simulation."""

from __future__ import annotations

import pandas as pd

from venaza.commands.simulate.cohort import Cohort

_ORDER = ("CR", "CRi", "MLFS", "PR", "NR", "PD")


def truth(cohort: Cohort) -> pd.DataFrame:
    """One row per patient, ordered by ``USUBJID``.

    Columns: USUBJID, GROUP, AGE, ENDDY and DEAD (death or last contact), EFSDY, EFSEVENT,
    FAILDY, FAILTYPE and PFOSDY (from failure, empty without one), BOR, MRD (NEGATIVE, POSITIVE
    or empty: best result in remission), PFTRT, PFRESP. Days count from the index date.
    """
    frame = pd.DataFrame([_row(cohort, place) for place in range(cohort.n)])
    for name in ("FAILDY", "PFOSDY"):
        frame[name] = frame[name].astype("Int64")
    return frame.sort_values("USUBJID").reset_index(drop=True)


def _row(cohort: Cohort, place: int) -> dict:
    def rows(table: str) -> list[dict]:
        frame = cohort.tables[table]
        return frame[frame["PATIENT"] == place].to_dict("records")

    outline = cohort.outline.iloc[place]
    end, failed = outline["END"], outline["FAILDY"] if outline["FAILTYPE"] else None
    ends = [end, *(row["TXDT"] for row in rows("transplants"))]
    ends += [] if failed is None else [failed]
    seen = [r["RSINV"] for r in rows("responses") if r["RSDT"] <= min(ends)]
    therapy = (rows("therapies") or [{}])[0]
    return {
        "USUBJID": cohort.numbers[place],
        "GROUP": outline["GROUP"],
        "AGE": rows("patients")[0]["AGE"],
        "ENDDY": end,
        "DEAD": outline["DEAD"],
        "EFSDY": end if failed is None else failed,
        "EFSEVENT": failed is not None or outline["DEAD"],
        "FAILDY": failed,
        "FAILTYPE": outline["FAILTYPE"],
        "PFOSDY": None if failed is None else end - failed,
        "BOR": next((response for response in _ORDER if response in seen), "NE"),
        "MRD": _mrd(rows("responses"), rows("mrd"), end if failed is None else failed),
        "PFTRT": therapy.get("CMTRT", ""),
        "PFRESP": therapy.get("CMRESP") or "",
    }


def _mrd(responses: list[dict], samples: list[dict], until: float) -> str:
    """The best MRD between first remission and failure."""
    remissions = [row["RSDT"] for row in responses if row["RSINV"] in ("CR", "CRi")]
    values = [
        row["MRDRES"] == "NEGATIVE" or row["MRDVAL"] < 0.1
        for row in samples
        if remissions and min(remissions) <= row["MRDDT"] <= until
    ]
    return "" if not values else "NEGATIVE" if any(values) else "POSITIVE"

"""ADAE: one row per adverse event, with its system organ class and whether it is emergent."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.analysis import ADAE
from venaza.contracts.files import conform
from venaza.contracts.truth import is_true


def derive_adae(
    adsl: pd.DataFrame, events: pd.DataFrame, until: pd.Series, study: dict
) -> pd.DataFrame:
    """The adverse events of the safety population (``ADAE``).

    Treatment-emergent: starting from the index date to the patient's day of ``until``
    (``on_treatment.emergent_until``); an event without a start date counts as emergent. Events
    after death are left out (they are queries).
    """
    safety = adsl[adsl["SAFFL"] == "Y"].set_index("USUBJID")
    frame = events[events["USUBJID"].isin(safety.index)]
    death = frame["USUBJID"].map(safety["DTHDY"])
    after_death = is_true(frame["AESTDY"] > death)
    frame = frame[~after_death]
    terms = study["ctcae"]["terms"]
    last = frame["USUBJID"].map(until).astype("Float64")
    late = is_true(frame["AESTDY"] > last)
    emergent = ~is_true(frame["AESTDY"] < 0) & ~late
    return conform(
        pd.DataFrame(
            {
                "STUDYID": study["id"],
                "USUBJID": frame["USUBJID"],
                "AESEQ": frame["SEQ"],
                "AETERM": frame["AETERM"],
                "AEDECOD": frame["AEDECOD"],
                "AEBODSYS": frame["AEDECOD"].map(
                    lambda term: terms.get(term, {}).get("class"), na_action="ignore"
                ),
                "AETOXGR": frame["AETOXGR"],
                "ASTDT": frame["AESTDT"],
                "ASTDY": frame["AESTDY"],
                "AEREL": frame["AEREL"],
                "TRTEMFL": emergent.map({True: "Y", False: "N"}),
            }
        ),
        ADAE,
    )

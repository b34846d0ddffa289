"""A study whose tables hold what other formats cannot: long texts, Chinese, odd numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from venaza.contracts.analysis import ADAE, ADRS, ADSL_DERIVED, ADTTE
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import Column
from venaza.contracts.files import conform

LONG = " ".join(f"Satz{i} mit ä und 贫血;" for i in range(40))
#: Eight long texts under a name of eight letters: splitting must not name a column twice.
AWKWARD = ("'=1+1", "“x”", "😀", "a  ", "", 'say "no"', None, LONG)
OWN = (
    Column("DISGROUP", "string", "Disease group, named at length for the label of forty bytes"),
    Column("SCORE", "number", "Score", "µg/L", "as sent"),
)
COLUMNS = {
    "adsl": (Column("STUDYID", "string", "Study"), *TABLES["patients"][:-3], *OWN, *ADSL_DERIVED),
    "adrs": ADRS,
    "adtte": ADTTE,
    "adae": ADAE,
}
SCORES = (1.5, -0.001, 1e300, 1e-300, None, 2.0**53, 0.0, 3.3)


def patient(i: int) -> dict:
    return {
        **{"STUDYID": "demo", "USUBJID": f"P{i}", "SEX": "MF"[i % 2], "AGE": 50 + i},
        **{"INDEXDT": pd.Timestamp("2023-01-01"), "DISGROUP": AWKWARD[i], "SCORE": SCORES[i]},
        **{"GROUP": ["A", "B"][i % 2], "ITTFL": "Y", "RISK": ["low", None, "high"][i % 3]},
        "RISKDRVRS": LONG,
    }


def course(i: int, code: str, definition: str) -> dict:
    return {
        **{"STUDYID": "demo", "USUBJID": f"P{i}", "PARAMCD": code, "PARAM": "Survival"},
        **{"STARTDY": 0, "AVAL": 10 * i + 3, "CNSR": i % 3, "DEFN": definition},
        "ADT": pd.Timestamp("1959-12-31") if i == 0 else pd.Timestamp("2023-02-01"),
    }


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """ADSL of eight patients, ADTTE of two definitions, no adverse event."""
    frames = {
        "adsl": [patient(i) for i in range(8)],
        "adrs": [{"STUDYID": "demo", "USUBJID": "P0", "PARAMCD": "ORR", "PARAM": "Response"}],
        "adtte": [
            course(i, c, d) for c, d in (("OS", "a"), ("OS.other_way", "b")) for i in range(8)
        ],
        "adae": [],
    }
    return {name: conform(pd.DataFrame(rows), COLUMNS[name]) for name, rows in frames.items()}


@pytest.fixture
def study() -> dict:
    """The stage's settings of that study."""
    return {
        **{"id": "demo", "export": "2023-11-30"},
        "endpoints": {"OS": {"short": "standard"}},
        "alternatives": {"OS.other_way": {"short": "the other way"}},
        "groups": {"variable": "ARM", "levels": {"A": "Arm A", "B": "Arm B"}},
        "levels": {"SEX": ["M", "F"], "RISK": ["low", "mid", "high"]},
        "analysis": {
            **{"cox": {"OS": ["GROUP", "AGE", "RISK"]}, "multivariable": {"OS": ["GROUP", "AGE"]}},
            **{
                "strata": {"OS": ["SEX"]},
                "confidence": 0.95,
                "least_patients": 1,
                "least_events": 0,
            },
        },
    }

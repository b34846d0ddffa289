"""One count of remission in one report: rate, RFS, CIR and DOR are of the same patients."""

from __future__ import annotations

import pytest

from tests.report.claims.worlds import SHIPPED, world
from tests.spec.spec import Case, study_of
from venaza.commands.examples import clean_tables
from venaza.pipeline.endpoints.build import derive

#: What a time that starts there is counted with.
STARTS = {"FIRST_REMISSION": "CRC", "FIRST_RESPONSE": "ORR"}


@pytest.mark.parametrize("name", SHIPPED)
def test_times_from_a_response_are_of_those_counted_with_it(name):
    made = world(name)
    shown = dict(zip(made.ard["ard_id"], made.ard["display"], strict=True))
    checked = []
    for code, endpoint in made.study["endpoints"].items():
        rate = STARTS.get(endpoint["start"])
        for group in (*made.groups, "all") if rate else ():
            n = len(made.times(code, group))
            assert shown[f"rate_all.{rate}.{group}.n"] == str(n), (code, group)
            checked.append(code)
    assert (
        set(checked)
        == {
            "aml_venaza": {"RFS", "DOR", "CIR"},
            "all_venaza": {"RFS", "CIR"},
            "myeloid": {"RFS", "CIR"},
            "bmt": set(),
        }[name]
    )


#: CR on day 60 after the transplant of day 30, after a salvage of day 30, before both; PR first.
WORKED = {
    "patients": [
        {"USUBJID": name, "LSTALVDY": 300}
        for name in ("transplanted", "salvaged", "before", "partial")
    ],
    "responses": [
        {"USUBJID": "transplanted", "RSDY": 60, "RSINV": "CR"},
        {"USUBJID": "salvaged", "RSDY": 60, "RSINV": "CR"},
        {"USUBJID": "before", "RSDY": 20, "RSINV": "CR"},
        {"USUBJID": "partial", "RSDY": 20, "RSINV": "PR"},
        {"USUBJID": "partial", "RSDY": 60, "RSINV": "CR"},
    ],
    "transplants": [
        {"USUBJID": name, "TXDY": 30} for name in ("transplanted", "before", "partial")
    ],
    "therapies": [{"USUBJID": "salvaged", "CMSTDY": 30, "CMTRT": "FLAG-IDA"}],
}


@pytest.mark.parametrize(
    ("until", "remission", "response"),
    [
        (["NEXT_THERAPY", "TRANSPLANT"], {"before"}, {"before", "partial"}),
        (["NEXT_THERAPY"], {"before", "partial", "transplanted"}, None),
        ([], {"before", "partial", "transplanted", "salvaged"}, None),
    ],
)  # fmt: skip
def test_a_remission_after_transplant_or_salvage_is_in_all_or_in_none(until, remission, response):
    endpoints = {"RFS": "eln2022", "CIR": "from_remission", "DOR": "eln2022"}
    case = Case("one count", "", given=WORKED, endpoints=endpoints)
    case.changed = {"response.until": until}
    study = study_of(case)
    made = derive(clean_tables(case, study), study)
    adrs, adtte = made["adrs"], made["adtte"]

    def reached(code: str) -> set[str]:
        return set(adrs.loc[(adrs["PARAMCD"] == code) & (adrs["AVAL"] == 1), "USUBJID"])

    timed = {code: set(adtte.loc[adtte["PARAMCD"] == code, "USUBJID"]) for code in endpoints}
    assert reached("CRC") == timed["RFS"] == timed["CIR"] == remission
    assert reached("ORR") == timed["DOR"] == (remission if response is None else response)

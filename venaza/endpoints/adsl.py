"""ADSL: one row per patient, with baseline, population flags and the reason for each exclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import ADSL_DERIVED
from venaza.contracts.clean import PATIENTS
from venaza.contracts.columns import Column
from venaza.contracts.files import conform
from venaza.contracts.supportive import is_supportive
from venaza.endpoints.fact import Facts, first_day
from venaza.endpoints.groups import groups_of
from venaza.endpoints.on_treatment import last_doses

if TYPE_CHECKING:
    import pandas as pd


def columns(study: dict) -> tuple[Column, ...]:
    """The columns of a study's ADSL: baseline, the study's own columns, what is derived."""
    own = [Column(c["name"], c["type"], c["label"], c["unit"]) for c in study["columns"]]
    baseline = [c for c in PATIENTS if c.name != "SEQ"]
    return (Column("STUDYID", "string", "Study"), *baseline, *own, *ADSL_DERIVED)


def groups_and_populations(patients: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The clean patients with STUDYID, GROUP, ITTFL and SAFFL.

    ITT are all patients with an index date, whether their analysis group is known or not.
    """
    wanted = [c.name for c in columns(study) if c.name in patients]
    adsl = patients[wanted].copy()
    adsl["STUDYID"] = study["id"]
    adsl["GROUP"] = groups_of(adsl, study)
    adsl["ITTFL"] = adsl["INDEXDY"].notna().map({True: "Y", False: "N"})
    adsl["SAFFL"] = adsl["ITTFL"]
    return adsl


def derive_adsl(
    base: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    adrs: pd.DataFrame,
    facts: dict[str, Facts],
    study: dict,
) -> pd.DataFrame:
    """ADSL: ``base`` (from ``groups_and_populations``) with what the other tables say."""
    import pandas as pd

    answers = {
        code: dict(zip(part["USUBJID"], part["AVALC"], strict=True))
        for code, part in adrs.groupby("PARAMCD")
    }
    cycles = _cycles_given(tables, facts)
    doses = last_doses(tables, study["treatment_emergent"]["cycle_days"])
    rows = []
    for row in base.to_dict("records"):
        patient = row["USUBJID"]
        if row["ITTFL"] == "Y":
            row |= _response_flags(patient, answers, facts)
            row |= _failure(patient, row["INDEXDT"], facts)
            if row["FAILFL"] == "Y" and "therapies" in study["tables"]:
                since = row["FAILDY"] - study["failure"]["treated_before_days"]
                row |= _next_therapy(patient, since, tables["therapies"], study)
            row |= _end(patient, facts)
            row["NCYCLE"] = cycles.get(patient)
            row["TRTEDY"] = _last_dose(doses.get(patient), row["ENDDY"])
        rows.append(row)
    return conform(pd.DataFrame(rows), columns(study))


def _last_dose(day: int | None, end: int | None) -> int | None:
    """The last dose; of a cycle without an end, none after death or the end of follow-up."""
    return day if day is None or end is None else min(day, end)


def _cycles_given(tables: dict[str, pd.DataFrame], facts: dict[str, Facts]) -> dict[str, int]:
    frame = tables["cycles"]
    frame = frame[frame["CYCLE"].notna() & frame["EXSTDY"].notna()]
    given: dict[str, int] = {}
    for patient, cycle, day in zip(frame["USUBJID"], frame["CYCLE"], frame["EXSTDY"], strict=True):
        death = first_day(facts["DEATH"], patient)
        if death is None or day <= death:
            given[patient] = max(given.get(patient, 0), int(cycle))
    return given


def _response_flags(patient: str, answers: dict, facts: dict[str, Facts]) -> dict:
    if "BOR" not in answers:
        return {}
    best = answers["BOR"][patient]
    tested = patient in answers.get("MRDNEG", {})
    flags = {
        "BOR": best,
        "CRFL": answers["CRC"][patient],
        "RESPFL": "N" if best == "NE" else "Y",
        "MRDFL": "Y" if tested else "N",
    }
    if best == "NE":
        death = first_day(facts["DEATH"], patient)
        died = "" if death is None else f", died on day {death}"
        flags["RESPFLRS"] = f"no evaluable response assessment{died}"
    if not tested:
        reached = flags["CRFL"] == "Y"
        flags["MRDFLRS"] = "no MRD result in remission" if reached else "no complete remission"
    return flags


def _failure(patient: str, index, facts: dict[str, Facts]) -> dict:
    import pandas as pd

    failure = facts["FAILURE"].get(patient)
    if not failure:
        return {"FAILFL": "N"}
    fact = failure[0]
    return {
        "FAILFL": "Y",
        "FAILTYPE": fact.name.lower(),
        "FAILDY": fact.day,
        "FAILDT": None if pd.isna(index) else index + pd.Timedelta(days=fact.day),
    }


def _next_therapy(patient: str, since: int, therapies: pd.DataFrame, study: dict) -> dict:
    """The first anti-leukaemic therapy from the day ``since`` on, else the first supportive care.

    ``since`` is the day of failure, less what is written late. A therapy of the index date or
    before it is no answer to a failure.
    """
    own = therapies[(therapies["USUBJID"] == patient) & therapies["CMSTDY"].notna()]
    later = own[own["CMSTDY"] >= max(since, 1)].sort_values(["CMSTDY", "SEQ"])
    care, against = None, None
    for row in later.to_dict("records"):
        if not is_supportive(row["CMTRT"], row["CMCLAS"], study):
            against = row
            break
        care = care or row
    if against:
        return {
            **_followed("PFTRTFL"),
            **{"PFTRT": against["CMTRT"], "PFTRTCL": against["CMCLAS"]},
            **{"PFRESP": against["CMRESP"], "PFTRTSEQ": against["SEQ"]},
        }
    if care:
        return {**_followed("PFSUPFL"), "PFSUP": care["CMTRT"], "PFSUPSEQ": care["SEQ"]}
    return _followed("PFNONFL")


def _followed(flag: str) -> dict:
    """The flags of what followed failure: one of three, and whether it was anything."""
    flags = {name: "Y" if name == flag else "N" for name in ("PFTRTFL", "PFSUPFL", "PFNONFL")}
    return {**flags, "PFANYFL": "N" if flag == "PFNONFL" else "Y"}


def _end(patient: str, facts: dict[str, Facts]) -> dict:
    death = first_day(facts["DEATH"], patient)
    transplant = first_day(facts.get("TRANSPLANT", {}), patient)
    return {
        "DTHFL": "N" if death is None else "Y",
        "ENDDY": first_day(facts["LAST_ALIVE"], patient) if death is None else death,
        "TXFL": "N" if transplant is None else "Y",
        "TXDY": transplant,
    }

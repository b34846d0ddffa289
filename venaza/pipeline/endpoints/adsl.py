"""ADSL: one row per patient, with baseline, population flags and the reason for each exclusion."""

from __future__ import annotations

import numpy as np
import pandas as pd

from venaza.contracts.analysis import ADSL_DERIVED
from venaza.contracts.clean import PATIENTS
from venaza.contracts.columns import Column, study_columns
from venaza.contracts.files import conform
from venaza.pipeline.endpoints.arrays import floats, highest, mapped
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.groups import groups_of
from venaza.pipeline.endpoints.milestones import supportive
from venaza.pipeline.endpoints.on_treatment import last_doses


def columns(study: dict) -> tuple[Column, ...]:
    """The columns of a study's ADSL: baseline, the study's own columns, what is derived."""
    own = study_columns(study).values()
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
    facts: Facts,
    study: dict,
) -> pd.DataFrame:
    """ADSL: ``base`` (from ``groups_and_populations``) with what the other tables say."""
    treated = base[base["ITTFL"] == "Y"]
    places = facts.places(treated["USUBJID"])
    days = {name: facts.first_day(name)[places] for name in ("DEATH", "LAST_ALIVE", "TRANSPLANT")}
    derived = {
        **_response_flags(treated["USUBJID"], adrs, days["DEATH"]),
        **_failure(treated["INDEXDT"], facts, places),
        **_end(days),
        "NCYCLE": _cycles_given(tables["cycles"], facts)[places],
    }
    doses = last_doses(tables, facts, study["treatment_emergent"]["cycle_days"])[places]
    # Of a cycle without an end, no dose after death or the end of follow-up.
    derived["TRTEDY"] = np.where(doses > derived["ENDDY"], derived["ENDDY"], doses)
    if "therapies" in study["tables"]:
        derived |= _next_therapy(derived["FAILDY"], places, tables["therapies"], facts, study)
    frame = base.join(pd.DataFrame(derived, index=treated.index))
    return conform(frame, columns(study))


def _cycles_given(cycles: pd.DataFrame, facts: Facts) -> np.ndarray:
    """The highest number of a cycle begun by death, by patient."""
    place, day = facts.places(cycles["USUBJID"]), floats(cycles["EXSTDY"])
    number = floats(cycles["CYCLE"])
    given = ~np.isnan(day + number) & ~(day > facts.first_day("DEATH")[place])
    return highest(place[given], number[given], len(facts.patients))


def _response_flags(patients: pd.Series, adrs: pd.DataFrame, death: np.ndarray) -> dict:
    answers = {code: own.set_index("USUBJID")["AVALC"] for code, own in adrs.groupby("PARAMCD")}
    if "BOR" not in answers:
        return {}
    best, reached = (patients.map(answers[code]).to_numpy(object) for code in ("BOR", "CRC"))
    tested = patients.isin(answers["MRDNEG"].index if "MRDNEG" in answers else []).to_numpy(bool)
    died = mapped(death, lambda day: f", died on day {day:.0f}")
    died = np.where(np.isnan(death), "", died)
    untested = np.where(reached == "Y", "no MRD result in remission", "no complete remission")
    unseen = best == "NE"
    return {
        "BOR": best,
        "CRFL": reached,
        "RESPFL": np.where(unseen, "N", "Y"),
        "RESPFLRS": np.where(unseen, "no evaluable response assessment" + died, None),
        "MRDFL": np.where(tested, "Y", "N"),
        "MRDFLRS": np.where(tested, None, untested),
    }


def _failure(index: pd.Series, facts: Facts, places: np.ndarray) -> dict:
    failure = facts.first("FAILURE")[places]
    day = facts.day(failure)
    return {
        "FAILFL": np.where(failure < 0, "N", "Y"),
        "FAILTYPE": mapped(facts.column("NAME", failure), str.lower),
        "FAILDY": day,
        "FAILDT": index + pd.to_timedelta(day, unit="D"),
    }


def _next_therapy(
    failed: np.ndarray, places: np.ndarray, therapies: pd.DataFrame, facts: Facts, study: dict
) -> dict:
    """The first anti-leukaemic therapy after failure, else the first supportive care.

    ``failed`` is the day of failure of the patients at ``places``. A therapy begun so many days
    before it as failure is written down late counts too; one of the index date or before it is no
    answer to a failure.
    """
    since = np.full(len(facts.patients), np.nan)
    since[places] = np.maximum(failed - study["failure"]["treated_before_days"], 1)
    own = therapies.assign(PATIENT=facts.places(therapies["USUBJID"]))
    later = own[floats(own["CMSTDY"]) >= since[own["PATIENT"]]].sort_values(["CMSTDY", "SEQ"])
    care = supportive(later, study)
    against, cared = (
        rows.drop_duplicates("PATIENT").set_index("PATIENT").reindex(places)
        for rows in (later[~care], later[care])
    )
    treated = against["SEQ"].notna().to_numpy()
    only = ~treated & cared["SEQ"].notna().to_numpy()
    flags = {"PFTRTFL": treated, "PFSUPFL": only, "PFNONFL": ~treated & ~only}
    flags["PFANYFL"] = treated | only
    answers = {name: np.where(flag, "Y", "N") for name, flag in flags.items()}
    answers = {name: np.where(np.isnan(failed), None, said) for name, said in answers.items()}
    sources = {"PFTRT": "CMTRT", "PFTRTCL": "CMCLAS", "PFRESP": "CMRESP", "PFTRTSEQ": "SEQ"}
    answers |= {name: against[column].array for name, column in sources.items()}
    sources = {"PFSUP": "CMTRT", "PFSUPSEQ": "SEQ"}
    return answers | {name: cared[column].where(only).array for name, column in sources.items()}


def _end(days: dict[str, np.ndarray]) -> dict:
    """Death, the end of follow-up and transplant, of ``days`` by milestone."""
    death, transplant = days["DEATH"], days["TRANSPLANT"]
    return {
        "DTHFL": np.where(np.isnan(death), "N", "Y"),
        "ENDDY": np.where(np.isnan(death), days["LAST_ALIVE"], death),
        "TXFL": np.where(np.isnan(transplant), "N", "Y"),
        "TXDY": transplant,
    }

"""Milestones: the dated facts of all patients that endpoints are made of, each with its row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from venaza.contracts.supportive import is_supportive
from venaza.contracts.ties import tie_rank
from venaza.pipeline.endpoints.arrays import floats
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.needs import ENGINE, needed_before
from venaza.pipeline.endpoints.window import (
    NO_RESPONSE,
    is_one_of,
    on_treatment,
    regimen_end,
    written_late,
)
from venaza.study.endpoints import ENGINE_MILESTONES, clean_table

#: Clean tables whose dates show that the patient was alive, with the stems of the dates.
_ALIVE_RECORDS = {
    "patients": ("LSTALV", "INDEX", "STOP"),
    "responses": ("RS",),
    "mrd": ("MRD",),
    "cycles": ("EXST", "EXEN"),
    "therapies": ("CMST",),
    "transplants": ("TX",),
    "adverse_events": ("AEST", "AEEN"),
    "labs": ("LB",),
    "transfusions": ("TF",),
}
#: How ASSESSED is looked up; its words are those that the study's assessments hold, without NE.
_ASSESSED = {**ENGINE["ASSESSED"], "after": "INDEX"}


def derive_facts(tables: dict[str, pd.DataFrame], assessments: pd.DataFrame, study: dict) -> Facts:
    """Every fact of every milestone of the study, and the rows that fit one and do not count.

    A milestone is looked up as ``config/endpoints.yaml`` describes it. Rows after death count
    for nothing. ``FAILURE`` gathers the milestones named under ``failure``; ``LAST_ALIVE`` is
    the latest dated record up to death; ``ASSESSED`` every assessment on treatment with a
    response other than NE, ``LAST_ASSESSMENT`` the latest of any.
    """
    frames = {**tables, "assessments": with_response(tables["responses"], assessments)}
    frames, facts = _placed({name: frames[name] for name in (*_ALIVE_RECORDS, "assessments")})
    death = np.full(len(facts.patients), np.nan)
    death[frames["patients"]["PATIENT"]] = floats(frames["patients"]["DTHDY"])
    facts.add("INDEX", _facts(frames["patients"], "patients", "INDEXDT", "INDEX"))
    facts.add("LAST_ALIVE", _last_alive(frames, death))
    facts.add("LAST_ASSESSMENT", _last_assessment(frames["assessments"], study, death))
    search = _Search(frames, study, facts, death)
    for name in study["milestones"]:
        search.resolve(name)
    words = [word for word in assessments["RESPONSE"].dropna().unique() if word != "NE"]
    search.look_up("ASSESSED", {**_ASSESSED, "where": {"RESPONSE": words}})
    facts.add("FAILURE", _failures(facts, study))
    return facts


def with_response(responses: pd.DataFrame, assessments: pd.DataFrame) -> pd.DataFrame:
    """The clean ``responses`` with the response and the cycle number that count."""
    stated = {name: assessments[name].array for name in ("RESPONSE", "CYCLE")}
    return responses.assign(**stated)


def _placed(frames: dict[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], Facts]:
    """The tables with each row's patient as a place (PATIENT) among all of them."""
    named = [frame["USUBJID"].to_numpy(object) for frame in frames.values()]
    places, patients = pd.factorize(np.concatenate(named))
    ends = np.cumsum([len(own) for own in named])[:-1]
    parts = np.split(places, ends)
    placed = zip(frames.items(), parts, strict=True)
    return {name: frame.assign(PATIENT=own) for (name, frame), own in placed}, Facts(patients)


def _facts(frame: pd.DataFrame, domain: str, date: str, name: str, said: str = "") -> pd.DataFrame:
    """The rows of a clean table with a day of ``date``, as facts of a milestone (``COLUMNS``).

    ``said`` is what the study calls it; what the engine makes has a name of its own.
    """
    day = floats(frame[f"{date[:-2]}DY"])
    found = {"PATIENT": frame["PATIENT"], "ADY": day, "SRCDOM": domain, "SRCVAR": date}
    found |= {
        "SRCSEQ": floats(frame["SEQ"]),
        "NAME": name,
        "DESCRIPTION": said or ENGINE_MILESTONES[name],
    }
    return pd.DataFrame(found, index=frame.index)[~np.isnan(day)]


@dataclass
class _Search:
    """Looks milestones up in the clean tables, those first that others hang on.

    ``death`` is the day of death, by patient.
    """

    frames: dict[str, pd.DataFrame]
    study: dict
    facts: Facts
    death: np.ndarray

    def resolve(self, name: str) -> None:
        """Look up a milestone and what it hangs on (``preflight.milestones`` saw no circle)."""
        if name in self.facts:
            return
        spec = self.study["milestones"][name]
        for other in needed_before(spec, self.study):
            self.resolve(other)
        self.look_up(name, spec)

    def look_up(self, name: str, spec: dict) -> None:
        """The rows that fit a milestone: facts in the order of use, and what does not count."""
        frame, day = self.frames[spec["table"]], f"{spec['date'][:-2]}DY"
        lacks = lacking(frame, spec, self.study)
        kept = frame[day].notna() & fits(frame, spec, self.study)
        kept &= lacks.notna() | reaches(frame, spec, self.study)
        asked = ["PATIENT", "SEQ", day, *(["RESPONSE"] if spec["table"] == "assessments" else [])]
        frame, lacks = frame.loc[kept, asked], lacks[kept]
        found = _facts(frame, clean_table(spec), spec["date"], name, spec["description"])
        found["WHEN"], found["WHAT"] = self._why_not(found, frame, lacks, spec)
        first = spec.get("pick") != "last"
        found = found.sort_values(["PATIENT", "ADY", "SRCSEQ"], ascending=[True, first, first])
        counts = found["WHEN"].isna()
        self.facts.add(name, found[counts])
        self.facts.pass_over(found[~counts])

    def _why_not(
        self, found: pd.DataFrame, frame: pd.DataFrame, lacks: pd.Series, spec: dict
    ) -> tuple[np.ndarray, np.ndarray]:
        """The kind of reason for which a row does not count, and the milestone in question.

        The first reason that holds is the one that is given.
        """
        patient, day = found["PATIENT"].to_numpy(), found["ADY"].to_numpy()
        reasons = []
        if spec["table"] != "patients":
            reasons.append((day > self.death[patient], "after", "DEATH"))
        if "after" in spec:
            reasons += self._too_early(patient, day, frame, spec)
        if "until" in spec:
            reasons.append(self._too_late(patient, day, frame, spec))
        if "unless_before" in spec:
            earlier = self.facts.first_day(spec["unless_before"])[patient]
            reasons.append((earlier == day, "on the day of", spec["unless_before"]))
            reasons.append((earlier < day, "after", spec["unless_before"]))
        reasons.append((lacks.notna().to_numpy(), "without", lacks.to_numpy(object)))
        when, what = np.full((2, len(found)), None, dtype=object)
        for holds, kind, milestone in reversed(reasons):
            when[holds] = kind
            what[holds] = milestone[holds] if isinstance(milestone, np.ndarray) else milestone
        return when, what

    def _too_early(self, patient, day, frame: pd.DataFrame, spec: dict) -> list[tuple]:
        after = spec["after"]
        earlier = self.facts.first_day(after)[patient]
        reasons = [(np.isnan(earlier), "without", after), (day < earlier, "before", after)]
        if spec["table"] == "assessments" and after == "INDEX":
            counts = on_treatment(day, frame["RESPONSE"], self.study)
            reasons.append((~counts, "on the day of", after))
        elif spec.get("strict"):
            reasons.append((day == earlier, "on the day of", after))
        return reasons

    def _too_late(self, patient, day, frame: pd.DataFrame, spec: dict) -> tuple:
        """A response short of remission after the window may be that of the next therapy."""
        ends, names = regimen_end(self.facts, self.study)
        late = day > ends[patient]
        if spec.get("written_late"):
            in_time = written_late(day, ends[patient], self.study)
            if spec["table"] == "assessments":
                in_time &= is_one_of(frame["RESPONSE"], NO_RESPONSE)
            late &= ~in_time
        return late, "after", names[patient]


def fits(frame: pd.DataFrame, spec: dict, study: dict) -> pd.Series:
    """Which rows say what a milestone asks for, whatever their dates and numbers."""
    fit = _says(frame, spec.get("where", {}), study) | _also(frame, spec, study)
    return fit & ~supportive(frame, study) if spec.get("anti_leukaemic") else fit


def supportive(frame: pd.DataFrame, study: dict) -> pd.Series:
    """Which rows of therapies are supportive care only."""
    pairs = list(zip(frame["CMTRT"], frame["CMCLAS"], strict=True))
    known = {pair: is_supportive(*pair, study) for pair in set(pairs)}
    return pd.Series([known[pair] for pair in pairs], index=frame.index, dtype=bool)


def lacking(frame: pd.DataFrame, spec: dict, study: dict) -> pd.Series:
    """The column by whose number a row would have to be judged and which it does not have."""
    lacks = pd.Series(None, index=frame.index, dtype=object)
    for column in spec.get("min", {}):
        lacks[frame[column].isna() & ~_also(frame, spec, study)] = column
    return lacks


def reaches(frame: pd.DataFrame, spec: dict, study: dict) -> pd.Series:
    """Which rows have the numbers that a milestone asks for."""
    enough = pd.Series(True, index=frame.index)
    for column, least in spec.get("min", {}).items():
        least = study["response"][least] if isinstance(least, str) else least
        enough &= frame[column].fillna(least - 1) >= least
    return enough | _also(frame, spec, study)


def _also(frame: pd.DataFrame, spec: dict, study: dict) -> pd.Series:
    """Which rows count whatever their numbers (``also``)."""
    if "also" not in spec:
        return pd.Series(False, index=frame.index)
    return _says(frame, spec["also"], study)


def _says(frame: pd.DataFrame, where: dict, study: dict) -> pd.Series:
    said = pd.Series(True, index=frame.index)
    for column, wanted in where.items():
        said &= frame[column].isin(wanted_words(wanted, study))
    return said


def wanted_words(wanted: str | list, study: dict) -> list[str]:
    """The words of a condition; the name of a set of ``response`` stands for its words."""
    if isinstance(wanted, str):
        named = study["response"].get(wanted)
        return named if isinstance(named, list) else [wanted]
    return wanted


def _last_alive(frames: dict[str, pd.DataFrame], death: np.ndarray) -> pd.DataFrame:
    """The latest dated record of each patient up to death, of several the first by table."""
    latest = pd.concat(
        _facts(frames[table], table, f"{stem}DT", "LAST_ALIVE")
        for table, stems in _ALIVE_RECORDS.items()
        for stem in stems
    )
    latest = latest[~(latest["ADY"] > death[latest["PATIENT"]])]
    latest = latest.sort_values("ADY", ascending=False, kind="stable")
    return latest.drop_duplicates("PATIENT")


def _last_assessment(assessments: pd.DataFrame, study: dict, death: np.ndarray) -> pd.DataFrame:
    """The latest assessment of each patient up to death, of several of one day the last row."""
    latest = _facts(assessments, "responses", "RSDT", "LAST_ASSESSMENT")
    counts = on_treatment(floats(assessments["RSDY"]), assessments["RESPONSE"], study)
    counts &= ~(floats(assessments["RSDY"]) > death[assessments["PATIENT"]])
    latest = latest[counts[assessments["RSDY"].notna()]].sort_values("ADY", kind="stable")
    return latest.drop_duplicates("PATIENT", keep="last")


def _failures(facts: Facts, study: dict) -> pd.DataFrame:
    """All facts of the milestones of failure by day; on one day ``on_one_day`` decides."""
    names = study["failure"]["milestones"]
    rows = np.concatenate([facts.rows(name) for name in ("", *names)])
    ranks = np.repeat(
        [tie_rank(name, study) for name in names], [len(facts.rows(name)) for name in names]
    )
    return facts.table(rows[np.lexsort((ranks, facts.day(rows)))])

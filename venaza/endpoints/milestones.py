"""Milestones: the dated facts of a patient that endpoints are made of, each with its source row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from venaza.contracts.late import written_late
from venaza.contracts.supportive import is_supportive
from venaza.endpoints.fact import Fact, Facts, PassedOver, earliest
from venaza.endpoints.window import NO_RESPONSE, on_treatment, regimen_end

if TYPE_CHECKING:
    import pandas as pd

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
_ASSESSED = {"table": "assessments", "date": "RSDT", "description": "Assessment", "after": "INDEX"}


def derive_facts(
    tables: dict[str, pd.DataFrame],
    assessments: pd.DataFrame,
    study: dict,
    passed_over: list[PassedOver] | None = None,
) -> dict[str, Facts]:
    """Every fact of every milestone of the study, milestone by milestone.

    A milestone is looked up as ``config/endpoints.yaml`` describes it. Rows after death count
    for nothing. ``FAILURE`` gathers the milestones named under ``failure``; ``LAST_ALIVE`` is
    the latest dated record up to death; ``ASSESSED`` every assessment on treatment with a
    response other than NE, ``LAST_ASSESSMENT`` the latest of any. Rows that fit a milestone and yet
    do not count are put into ``passed_over`` where it is given.
    """
    death = _deaths(tables["patients"])
    stated = assessments[["USUBJID", "SEQ", "RESPONSE", "CYCLE"]]
    responses = tables["responses"].drop(columns="CYCLE")
    responses = responses.merge(stated, on=["USUBJID", "SEQ"], how="left")
    facts: dict[str, Facts] = {
        "INDEX": _index(tables["patients"]),
        "LAST_ALIVE": _last_alive(tables, death),
        "LAST_ASSESSMENT": _last_assessment(responses, study, death),
    }
    left = [] if passed_over is None else passed_over
    search = _Search({**tables, "assessments": responses}, study, facts, death, left)
    for name in study["milestones"]:
        search.resolve(name)
    words = [word for word in responses["RESPONSE"].dropna().unique() if word != "NE"]
    facts["ASSESSED"] = search.look_up("ASSESSED", {**_ASSESSED, "where": {"RESPONSE": words}})
    facts["FAILURE"] = _first_of(study["failure"]["milestones"], facts, study)
    return facts


@dataclass
class _Search:
    """Looks milestones up in the clean tables, those first that others hang on."""

    frames: dict[str, pd.DataFrame]
    study: dict
    facts: dict[str, Facts]
    death: dict[str, int]
    left: list[PassedOver]

    def resolve(self, name: str) -> None:
        """Look up a milestone and what it hangs on (``venaza.config.milestones`` saw no circle)."""
        if name in self.facts:
            return
        spec = self.study["milestones"][name]
        for other in needed_before(spec, self.study):
            self.resolve(other)
        self.facts[name] = self.look_up(name, spec)

    def look_up(self, name: str, spec: dict) -> Facts:
        day = f"{spec['date'][:-2]}DY"
        frame = self.frames[spec["table"]]
        frame = frame[frame[day].notna() & fits(frame, spec, self.study)]
        unknown = lacking(frame, spec, self.study)
        frame = frame.assign(_LACKS=unknown)
        least = frame["_LACKS"].notna() | reaches(frame, spec, self.study)
        frame = frame[least]
        domain = "responses" if spec["table"] == "assessments" else spec["table"]
        words = frame["RESPONSE"] if spec["table"] == "assessments" else frame["_LACKS"]
        found: Facts = {}
        columns = (frame["USUBJID"], frame[day], frame["SEQ"], words, frame["_LACKS"])
        for patient, at, seq, word, lacks in zip(*columns, strict=True):
            fact = Fact(int(at), domain, spec["date"], int(seq), name, spec["description"])
            reason = self._why_not(fact, patient, spec, word)
            if not reason and isinstance(lacks, str):
                reason = ("without", lacks)
            if reason:
                self.left.append(PassedOver(patient, fact, *reason))
            else:
                found.setdefault(patient, []).append(fact)
        last = spec.get("pick") == "last"
        return {p: sorted(f, reverse=last) for p, f in found.items()}

    def _why_not(self, fact: Fact, patient: str, spec: dict, word) -> tuple[str, ...]:
        """The kind of reason for which a row does not count, and the milestone in question."""
        if fact.domain != "patients" and fact.day > self.death.get(patient, fact.day):
            return "after", "DEATH"
        reason = self._too_early(fact, patient, spec, word)
        if not reason and "until" in spec:
            reason = self._too_late(fact, patient, spec, word)
        if not reason and "unless_before" in spec:
            earlier = self.facts[spec["unless_before"]].get(patient)
            if earlier and earlier[0].day <= fact.day:
                same = earlier[0].day == fact.day
                reason = ("on the day of" if same else "after", spec["unless_before"])
        return reason

    def _too_early(self, fact: Fact, patient: str, spec: dict, word) -> tuple[str, ...]:
        if "after" not in spec:
            return ()
        earlier = self.facts[spec["after"]].get(patient)
        if not earlier:
            return "without", spec["after"]
        if fact.day < earlier[0].day:
            return "before", spec["after"]
        baseline = spec["table"] == "assessments" and spec["after"] == "INDEX"
        if baseline and not on_treatment(fact.day, word, self.study):
            return "on the day of", "INDEX"
        if spec.get("strict") and not baseline and fact.day == earlier[0].day:
            return "on the day of", spec["after"]
        return ()

    def _too_late(self, fact: Fact, patient: str, spec: dict, word) -> tuple[str, ...]:
        """A response short of remission after the window may be that of the next therapy."""
        end = regimen_end(patient, self.facts, self.study)
        if end is None or fact.day <= end.day:
            return ()
        failed = spec["table"] != "assessments" or word in NO_RESPONSE
        if failed and spec.get("written_late") and written_late(fact.day, end.day, self.study):
            return ()
        return "after", end.name


def needed_before(spec: dict, study: dict) -> list[str]:
    """The milestones that a milestone hangs on."""
    found = [spec[key] for key in ("after", "unless_before") if key in spec]
    if "until" in spec:
        found += [*study["response"]["until"], "DEATH"]
    return found


def fits(frame: pd.DataFrame, spec: dict, study: dict) -> pd.Series:
    """Which rows say what a milestone asks for, whatever their dates and numbers."""
    fit = _says(frame, spec.get("where", {}), study) | _also(frame, spec, study)
    return fit & ~_supportive(frame, study) if spec.get("anti_leukaemic") else fit


def _supportive(frame: pd.DataFrame, study: dict) -> pd.Series:
    """Which rows of therapies are supportive care only."""
    import pandas as pd

    columns = zip(frame["CMTRT"], frame["CMCLAS"], strict=True)
    found = [is_supportive(name, kind, study) for name, kind in columns]
    return pd.Series(found, index=frame.index, dtype=bool)


def lacking(frame: pd.DataFrame, spec: dict, study: dict) -> pd.Series:
    """The column by whose number a row would have to be judged and which it does not have."""
    import pandas as pd

    lacks = pd.Series(None, index=frame.index, dtype=object)
    for column in spec.get("min", {}):
        lacks[frame[column].isna() & ~_also(frame, spec, study)] = column
    return lacks


def reaches(frame: pd.DataFrame, spec: dict, study: dict) -> pd.Series:
    """Which rows have the numbers that a milestone asks for."""
    import pandas as pd

    enough = pd.Series(True, index=frame.index)
    for column, least in spec.get("min", {}).items():
        least = study["response"][least] if isinstance(least, str) else least
        enough &= frame[column].fillna(least - 1) >= least
    return enough | _also(frame, spec, study)


def _also(frame: pd.DataFrame, spec: dict, study: dict) -> pd.Series:
    """Which rows count whatever their numbers (``also``)."""
    import pandas as pd

    if "also" not in spec:
        return pd.Series(False, index=frame.index)
    return _says(frame, spec["also"], study)


def _says(frame: pd.DataFrame, where: dict, study: dict) -> pd.Series:
    import pandas as pd

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


def _deaths(patients: pd.DataFrame) -> dict[str, int]:
    died = patients[patients["DTHDY"].notna()]
    return {p: int(d) for p, d in zip(died["USUBJID"], died["DTHDY"], strict=True)}


def _index(patients: pd.DataFrame) -> Facts:
    known = patients[patients["INDEXDY"].notna()]
    return {
        p: [Fact(0, "patients", "INDEXDT", int(s), "INDEX", "Index date")]
        for p, s in zip(known["USUBJID"], known["SEQ"], strict=True)
    }


def _last_alive(tables: dict[str, pd.DataFrame], death: dict[str, int]) -> Facts:
    latest: Facts = {}
    for table, stems in _ALIVE_RECORDS.items():
        for stem in stems:
            frame = tables[table][tables[table][f"{stem}DY"].notna()]
            days = frame[f"{stem}DY"]
            for patient, day, seq in zip(frame["USUBJID"], days, frame["SEQ"], strict=True):
                day = int(day)
                known = latest.get(patient)
                if day > death.get(patient, day) or (known and known[0].day >= day):
                    continue
                fact = Fact(day, table, f"{stem}DT", int(seq), "LAST_ALIVE", "Last known alive")
                latest[patient] = [fact]
    return latest


def _last_assessment(responses: pd.DataFrame, study: dict, death: dict[str, int]) -> Facts:
    latest: Facts = {}
    frame = responses[responses["RSDY"].notna()]
    columns = (frame[name] for name in ("USUBJID", "RSDY", "SEQ", "RESPONSE"))
    for patient, day, seq, word in zip(*columns, strict=True):
        day = int(day)
        if day > death.get(patient, day) or not on_treatment(day, word, study):
            continue
        fact = Fact(day, "responses", "RSDT", int(seq), "LAST_ASSESSMENT", "Last assessment")
        if patient not in latest or latest[patient][0].day <= day:
            latest[patient] = [fact]
    return latest


def _first_of(names: list[str], facts: dict[str, Facts], study: dict) -> Facts:
    """All facts of the named milestones by day; on one day ``on_one_day`` decides."""
    found: dict[str, list[Fact]] = {}
    for name in names:
        for patient, items in facts[name].items():
            found.setdefault(patient, []).extend(items)
    return {patient: earliest(items, study) for patient, items in found.items()}

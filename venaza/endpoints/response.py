"""The response at each assessment: derived from blasts and counts, beside what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venaza.contracts.analysis import ASSESSMENTS
from venaza.contracts.files import conform
from venaza.endpoints.criteria import derive_response
from venaza.endpoints.window import NO_RESPONSE, on_treatment

if TYPE_CHECKING:
    import pandas as pd

#: Words that do not contradict each other: the criteria derive NR where a clinician says SD or PD.
_SAME = (set(NO_RESPONSE), {"RELAPSE", "PD"})
#: Where the cycle number of an assessment comes from.
RECORDED, BEGUN = "recorded", "cycles begun before"


def derive_assessments(tables: dict[str, pd.DataFrame], study: dict) -> pd.DataFrame:
    """One row per response assessment (``ASSESSMENTS``), in order of patient and date.

    Counts that the assessment lacks are taken from the laboratory table within the window of
    ``response.count_window_days`` around the marrow; extramedullary disease that was not
    recorded is taken as absent, an assessment that does not say how it was made as the marrow's.
    ``RESPONSE`` is the one that the study file says counts, or the other where that one is missing;
    a word that the criteria do not have counts as they say (``counts_as``), and disease after a
    remission is a relapse, whatever it was called. Where the assessment has no cycle number, the
    cycles begun before its day are counted.
    """
    import pandas as pd

    baseline = tables["patients"].set_index("USUBJID")["BMBLAST"].to_dict()
    labs = counts_by_patient(tables["labs"])
    transfused = days_by_patient(tables["transfusions"])
    begun = _cycles_by_patient(tables["cycles"])
    made: dict[tuple, dict] = {}
    for patient, own in _by_patient(tables["responses"]).items():
        course = _Course(study, baseline.get(patient), labs.get(patient, []))
        course.transfused = transfused.get(patient, [])
        course.blood = _blood_samples(own, study)
        for row in sorted(own, key=lambda r: (r["RSDY"] is None, r["RSDY"] or 0, r["SEQ"])):
            cycle, source = _cycle(row, begun.get(patient, []))
            about = {"STUDYID": study["id"], "USUBJID": patient, "SEQ": row["SEQ"]}
            about |= {"ADT": row["RSDT"], "ADY": row["RSDY"], "CYCLE": cycle, "CYCLESRC": source}
            made[(patient, row["SEQ"])] = {**about, **course.response(row)}
    order = zip(tables["responses"]["USUBJID"], tables["responses"]["SEQ"], strict=True)
    return conform(pd.DataFrame([made[key] for key in order]), ASSESSMENTS)


def _by_patient(responses: pd.DataFrame) -> dict[str, list[dict]]:
    import pandas as pd

    found: dict[str, list[dict]] = {}
    for row in responses.to_dict("records"):
        row = {k: (None if pd.isna(v) else v) for k, v in row.items()}
        found.setdefault(row["USUBJID"], []).append(row)
    return found


class _Course:
    """One patient's assessments by day, and since when there has been a remission."""

    def __init__(self, study: dict, baseline, labs: list[tuple]) -> None:
        self.study, self.rule = study, study["response"]
        self.baseline, self.labs = baseline, labs
        self.transfused: list[int] = []
        self.blood: list[tuple[int, bool]] = []
        self.remission: int | None = None

    def response(self, row: dict) -> dict:
        """RSINV, RSDRV, RESPONSE and NOTE of an assessment; the patient's by day."""
        day = row["RSDY"]
        after = self.remission is not None and day is not None and day > self.remission
        values = _values(row, self.baseline, self.labs, self.rule)
        values["TRANSFUSED"] = _transfused(day, self.transfused, self.rule)
        values["PBLAST_TWICE"] = self._twice(day, values["PBLAST"])
        derived = derive_response(values, after, self.study["criteria"])
        stated = row["RSINV"]
        said, note = counted_as(stated, self.study), []
        if said != stated:
            note.append(f"{stated} counts as {said}")
        first, second = (
            (said, derived) if self.rule["counts"] == "investigator" else (derived, said)
        )
        response = first if first is not None else second
        if after and is_relapse(response, derived):
            note.append(f"{response} after a remission counts as relapse")
            response = "RELAPSE"
        reached = response in self.rule["remission"] and day is not None
        if reached and self.remission is None and on_treatment(day, response, self.study):
            self.remission = day
        note = "; ".join(note) or None
        return {"RSINV": stated, "RSDRV": derived, "RESPONSE": response, "NOTE": note}

    def _twice(self, day: int | None, blasts) -> str | None:
        """Whether blood blasts stand in samples so many days apart, with none without between.

        Samples before the remission do not count, nor do those up to its day.
        """
        if blasts is None or day is None:
            return None
        if not blasts > 0:
            return "N"
        since = self.remission
        samples = [s for s in self.blood if since is None or s[0] > since]
        run = _run_of_blasts(samples, day)
        apart = max(run, default=day) - min(run, default=day)
        return "Y" if apart >= self.rule["blood_relapse_days"] else None


def _run_of_blasts(samples: list[tuple[int, bool]], day: int) -> list[int]:
    """The days of the samples with blasts around ``day``, up to one without on either side."""
    run: list[int] = []
    for at, blasts in samples:
        if blasts:
            run.append(at)
        elif at > day:
            break
        else:
            run = []
    return run if day in run else []


def _blood_samples(rows: list[dict], study: dict) -> list[tuple[int, bool]]:
    """Day and whether there were blasts, of each sample of blood; a remission has none."""
    found = set()
    for row in rows:
        cleared = counted_as(row["RSINV"], study) in study["response"]["remission"]
        if row["RSDY"] is not None and (row["PBLAST"] is not None or cleared):
            found.add((row["RSDY"], bool(row["PBLAST"] or 0)))
    return sorted(found)


def counted_as(stated: str | None, study: dict) -> str | None:
    """What a recorded word counts as by the criteria: CRp is no category of AML, and is CRi."""
    return study["criteria"].get("counts_as", {}).get(stated, stated)


def is_relapse(response: str | None, derived: str | None) -> bool:
    """Whether a response after a remission is a relapse by another name.

    Progression is; no response and partial remission are where the criteria derive a relapse (5% of
    marrow blasts, blood blasts twice, disease elsewhere: ELN 2022, Döhner, Blood 2022;140:1345).
    """
    return response == "PD" or (response in ("PR", *NO_RESPONSE) and derived == "RELAPSE")


def _cycles_by_patient(cycles: pd.DataFrame) -> dict[str, list[tuple]]:
    """First day and number (None where not recorded) of each cycle."""
    import pandas as pd

    found: dict[str, list[tuple]] = {}
    dated = cycles[cycles["EXSTDY"].notna()]
    columns = (dated[name] for name in ("USUBJID", "EXSTDY", "CYCLE"))
    for patient, day, number in zip(*columns, strict=True):
        number = None if pd.isna(number) else int(number)
        found.setdefault(patient, []).append((int(day), number))
    return found


def _cycle(row: dict, begun: list[tuple]) -> tuple[int | None, str | None]:
    """The cycle number of an assessment, and where it comes from."""
    if row["CYCLE"] is not None:
        return row["CYCLE"], RECORDED
    number = None if row["RSDY"] is None else cycles_begun(begun, row["RSDY"])
    return number, None if number is None else BEGUN


def cycles_begun(begun: list[tuple], day: int) -> int | None:
    """How many cycles had begun before ``day`` (strictly); None where none is on record.

    A number that is missing between others was given and not exported; cycles without a number are
    counted by their days. An assessment before the first cycle on record has no known number: an
    earlier cycle may not have been exported.
    """
    before = [(start, number) for start, number in begun if start < day]
    if not before:
        return None
    numbers = {number for _, number in before if number is not None}
    unnumbered = {start for start, number in before if number is None}
    return max(max(numbers, default=0), len(numbers) + len(unnumbered))


def counts_by_patient(labs: pd.DataFrame) -> dict[str, list[tuple]]:
    """Day, test and value of each patient's neutrophils and platelets in the laboratory table."""
    counts: dict[str, list[tuple]] = {}
    wanted = labs[labs["LBTESTCD"].isin(["ANC", "PLT"]) & labs["LBSTRESN"].notna()]
    for patient, day, test, value in zip(
        wanted["USUBJID"], wanted["LBDY"], wanted["LBTESTCD"], wanted["LBSTRESN"], strict=True
    ):
        counts.setdefault(patient, []).append((day, test, value))
    return counts


def count_of(row: dict, name: str, labs: list[tuple], rule: dict) -> float | None:
    """A count of an assessment; where it has none, the nearest of the laboratory within days."""
    if not _missing(row[name]) or _missing(row["RSDY"]):
        return row[name]
    near = [
        (abs(day - row["RSDY"]), day, value)
        for day, test, value in labs
        if test == name and abs(day - row["RSDY"]) <= rule["count_window_days"]
    ]
    return min(near)[2] if near else None


def _values(row: dict, baseline, labs: list[tuple], rule: dict) -> dict:
    values = {name: row[name] for name in ("MBLAST", "PBLAST", "DEAUV")}
    values |= {name: count_of(row, name, labs, rule) for name in ("ANC", "PLT")}
    values["EMD"] = row["EMD"] or "N"
    values["RSMETH"] = row["RSMETH"] or "marrow"
    known = values["MBLAST"] is not None and baseline is not None and not _missing(baseline)
    fall = 100 * (1 - values["MBLAST"] / baseline) if known and baseline > 0 else None
    values["BASELINE_FALL"] = fall
    return values


def _transfused(day: int | None, days: list[int], rule: dict) -> str:
    """Whether a transfusion lies in the days before the marrow that must be without one."""
    wanted = rule["transfusion_free_days"]
    near = wanted and day is not None and any(0 <= day - given <= wanted for given in days)
    return "Y" if near else "N"


def days_by_patient(transfusions: pd.DataFrame) -> dict[str, list[int]]:
    """The days of each patient's transfusions, of whatever kind."""
    dated = transfusions[transfusions["TFDY"].notna()]
    return {p: [int(day) for day in own["TFDY"]] for p, own in dated.groupby("USUBJID")}


def _missing(value) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def disagreements(assessments: pd.DataFrame, study: dict) -> pd.DataFrame:
    """The assessments whose derived response contradicts the investigator's."""
    both = assessments[assessments["RSINV"].notna() & assessments["RSDRV"].notna()]
    words = zip(both["RSINV"], both["RSDRV"], strict=True)
    return both[[not _agree(counted_as(a, study), b) for a, b in words]]


def _agree(stated: str, derived: str) -> bool:
    return stated in (derived, "NE") or any({stated, derived} <= same for same in _SAME)

"""What each definition rests on, held against the data: rows that could and rows that did count."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from venaza.contracts.analysis import SUPPORT
from venaza.contracts.files import conform
from venaza.pipeline.endpoints.arrays import floats
from venaza.pipeline.endpoints.fact import Facts
from venaza.pipeline.endpoints.facts import reasons
from venaza.pipeline.endpoints.milestones import fits, lacking, reaches, with_response
from venaza.pipeline.endpoints.needs import (
    ENGINE,
    columns_of,
    described,
    short_of_remission,
    sources_of,
)
from venaza.pipeline.endpoints.window import on_treatment
from venaza.study.endpoints import clean_table, definitions_of
from venaza.study.support import FAILURE

#: Why a landmark, and a censoring at the last assessment, ask for more than events.
_NOBODY_LACKS = "no assessment short of remission is on record, so nobody is known to lack one"
_EVENTS_ONLY = "no assessment but of events is on record, so nobody's last assessment is known"


def derive_support(
    tables: dict[str, pd.DataFrame],
    assessments: pd.DataFrame,
    facts: Facts,
    deciders: pd.DataFrame,
    study: dict,
) -> pd.DataFrame:
    """The sources of each definition of the study and of its failure (``SUPPORT``).

    A source that is to start or end a time (or to judge it at a landmark) is not supported where no
    row of the data fits it and none is of the kind that the milestone ``needs``, or where no
    fitting row has the number that decides. Whether something never happened or was never
    recorded, such data cannot tell. Nor is the last assessment the last of those made where only
    events are on record. Assessments up to the index date are no rows that could count.
    """
    frames = {**tables, "assessments": with_response(tables["responses"], assessments)}
    held = _Held(frames, facts, study)
    rows = []
    for code, definition in definitions_of(study).items():
        own = deciders[deciders["PARAMCD"] == code]
        for role, name in sources_of(definition, study):
            row = held.against(name, role, "landmark" in definition)
            row |= {"PARAMCD": code, "DEFN": definition["definition"], "ROLE": role}
            rows.append(row | {"NDECIDED": _decided(own, role, name)})
    for name in study["failure"]["milestones"]:
        row = held.against(name, "event")
        rows.append(row | {"PARAMCD": FAILURE, "DEFN": "failure", "ROLE": "event"})
    frame = pd.DataFrame(rows, columns=[c.name for c in SUPPORT if c.name != "STUDYID"])
    return conform(frame.assign(STUDYID=study["id"]), SUPPORT)


class _Held:
    """Milestones held against the clean tables, each once."""

    def __init__(self, frames: dict, facts: Facts, study: dict) -> None:
        made = frames["assessments"]
        counts = on_treatment(floats(made["RSDY"].fillna(0)), made["RESPONSE"], study)
        self._frames = {**frames, "on treatment": made[counts]}
        self._facts, self._study = facts, study
        left = facts.passed_over
        pairs = zip(facts.column("NAME", left), reasons(facts, left, study), strict=True)
        self._passed = Counter(pairs)
        self._known: dict[str, dict] = {}

    def against(self, name: str, role: str, landmark: bool = False) -> dict:
        """The counts of a milestone, and whether the data can show it in this role.

        A landmark asks for more than events itself: of its last assessment that is not asked again.
        """
        if name not in self._known:
            self._known[name] = self._counts(name)
        row = dict(self._known[name])
        needed = row.pop("_needed")
        if name == "LAST_ASSESSMENT" and not landmark:
            reason = "" if self._every_assessment() else _EVENTS_ONLY
        elif role == "censor":
            return row | {"SUPPORT": None, "REASON": None}
        elif name == "ASSESSED":
            reason = "" if self._short_of_remission() else _NOBODY_LACKS
        else:
            reason = self._why_not(row, needed)
        return row | {"SUPPORT": "N" if reason else "Y", "REASON": reason or None}

    def _short_of_remission(self) -> bool:
        spec = ENGINE["ASSESSED"]
        return self._fitting(spec, {"RESPONSE": short_of_remission(self._study)}) > 0

    def _every_assessment(self) -> bool:
        """Whether more than events is on record: no response, or a remission that was seen again.

        Of no assessments at all none is the last, and nothing could be missing.
        """
        frame = self._on_treatment(ENGINE["ASSESSED"])
        remission = frame[frame["RESPONSE"].isin(self._study["response"]["remission"])]
        again = remission["USUBJID"].duplicated().any()
        return frame.empty or bool(again) or self._short_of_remission()

    def _counts(self, name: str) -> dict:
        spec = _spec(name, self._study)
        frame = self._frames[spec["table"]]
        if name == "ASSESSED":
            spec = {**spec, "where": {"RESPONSE": list({*frame["RESPONSE"].dropna()} - {"NE"})}}
        dated = f"{spec['date'][:-2]}DY"
        rows = int(frame[dated].notna().sum())
        fitting = self._on_treatment(spec)
        fitting = fitting[fitting[dated].notna() & fits(fitting, spec, self._study)]
        lacks = lacking(fitting, spec, self._study).notna()
        below = int((~lacks & ~reaches(fitting, spec, self._study)).sum())
        counted = self._facts.rows(name)
        passed = {why: n for (of, why), n in self._passed.items() if of == name}
        passed |= {f"{', '.join(spec.get('min', ()))} too low": below}
        return {
            "MILESTONE": name,
            "DESCRIPTION": spec["description"],
            "SRCDOM": clean_table(spec),
            "COLUMNS": ", ".join(columns_of(spec)),
            "NROWS": rows,
            "NFIT": len(fitting),
            "NLACK": int(lacks.sum()),
            "NCOUNT": len(counted),
            "NPATIENT": len(np.unique(self._facts.of(counted))),
            "PASSED": "; ".join(f"{why} ({n})" for why, n in sorted(passed.items()) if n) or None,
            "_needed": len(fitting) or ("needs" in spec and self._fitting(spec, spec["needs"])),
        }

    def _on_treatment(self, spec: dict) -> pd.DataFrame:
        """The rows of a milestone's table; of the assessments those after the index date."""
        return self._frames["on treatment" if spec["table"] == "assessments" else spec["table"]]

    def _fitting(self, spec: dict, needs: dict) -> int:
        frame = self._on_treatment(spec)
        if not needs:
            frame = frame[frame[f"{spec['date'][:-2]}DY"].notna()]
        return int(fits(frame, {"where": needs}, self._study).sum())

    def _why_not(self, row: dict, needed: int) -> str:
        name = described(row["MILESTONE"], self._study)
        if not needed:
            return f"no row of the data shows {name}, nor that it was looked for"
        if row["NLACK"] and row["NLACK"] == row["NFIT"]:
            n = row["NLACK"]
            return f"{name}: no cycle is known for any of {n} assessments that could show it"
        return ""


def _spec(name: str, study: dict) -> dict:
    return study["milestones"].get(name) or ENGINE[name]


def _decided(own: pd.DataFrame, role: str, name: str) -> int | None:
    """The patients whose time starts or ends by a source; ``own`` are the deciders of a definition.

    By a landmark it ends as an event for want of the remission that ASSESSED looks for.
    """
    if role in ("start", "entry"):
        return len(own)
    if role == "landmark":
        ended = (own["ROLE"] == role) & (own["CNSR"] == 0)
        return int(ended.sum()) if name == "ASSESSED" else None
    return int(((own["ROLE"] == role) & (own["NAME"] == name)).sum())

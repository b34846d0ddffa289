"""Why a number moved: which patients, endpoints and cells that it was computed from moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from venaza.contracts.selections import Selection, by_number
from venaza.contracts.truth import is_true
from venaza.contracts.wording import shown
from venaza.pipeline.compare.endpoints import Evidence, by_patient

#: Patients and lines that are named; the rest is counted.
_NAMED, _REFS = 5, 20
#: What says nothing of the patient: keys, pointers and words that follow from other columns.
_OUTCOMES = {
    "time": ("endpoints/adtte", "PARAMCD", ("AVAL", "CNSR", "EVNTDESC")),
    "response": ("endpoints/adrs", "PARAMCD", ("AVALC", "AVAL")),
    "value": ("endpoints/adlb", "PARAMCD", ("ADY", "AVAL", "BASE", "BTOXGR", "ATOXGR", "WORSTFL")),
    "lysis": ("endpoints/tls", "DEFN", ("LTLS", "CTLS", "ADY")),
}
_EVENT = ("AEDECOD", "AETERM", "AETOXGR", "TRTEMFL")
#: Clean tables that the rows of a source are made of.
_TABLES = {"event": {"adverse_events"}, "value": {"labs"}, "lysis": {"labs"}}
#: The kind of a table's rows, and the condition that says which of them.
_KINDS = {
    "adtte": ("time", "PARAMCD"),
    "adrs": ("response", "PARAMCD"),
    "adae": ("event", "AEDECOD|AETERM"),
    "adlb": ("value", "PARAMCD"),
    "tls": ("lysis", "DEFN"),
}
_LABELS = {"event": "adverse events", "value": "laboratory values", "lysis": "tumour lysis"}


@dataclass(frozen=True)
class Move:
    """A patient of whom something differs: the lines that moved it, and his groups."""

    patient: str
    refs: tuple[str, ...]
    groups: frozenset
    status: str


@dataclass
class Causes:
    """The moves of two exports by what a number is computed from."""

    before: dict[str, pd.DataFrame]
    after: dict[str, pd.DataFrame]
    endpoints: dict[tuple, str]
    evidence: Evidence
    selections: dict[str, Selection]
    _found: dict[tuple, list[Move]] = field(default_factory=dict)
    _groups: dict[str, set] = field(default_factory=dict)
    _said: dict[tuple, tuple] = field(default_factory=dict)

    @classmethod
    def of(cls, before, after, endpoints: pd.DataFrame, evidence: Evidence) -> Causes:
        """From the tables of both exports and the ``ENDPOINTS`` that moved."""
        refs = {(r["USUBJID"], r["PARAMCD"]): r["REF"] for r in endpoints.to_dict("records")}
        chosen = {**by_number(before), **by_number(after)}
        made = cls(before, after, refs, evidence, chosen)
        for side in (before, after):
            adsl = side["endpoints/adsl"]
            for patient, group in zip(adsl["USUBJID"], adsl["GROUP"], strict=True):
                made._groups.setdefault(patient, set()).add(None if pd.isna(group) else group)
        return made

    def why(self, number: dict, only: set | None = None) -> tuple[str, list[str]]:
        """In words what moved a row of the ARD, and the ``REF`` of the lines; empty if unknown.

        ``only`` are the patients who can have moved it, where not all can.
        """
        sources = tuple(self.sources(number))
        key = (sources, shown(number["group"]), only is None)
        if key not in self._said:
            self._said[key] = self._why(sources, number["group"], only)
        return self._said[key]

    def _why(self, sources: tuple, group: object, only: set | None) -> tuple[str, list[str]]:
        parts, refs, seen = [], [], set()
        for source in sources:
            moves = [m for m in self.moved(source) if pd.isna(group) or group in m.groups]
            moves = [m for m in moves if only is None or m.patient in only]
            moves = [m for m in moves if (source[0] != "column", m.patient) not in seen]
            seen |= {(source[0] != "column", m.patient) for m in moves}
            parts += _told(source, moves)
            refs += [ref for m in moves for ref in m.refs]
        refs = list(dict.fromkeys(refs))
        return "; ".join(dict.fromkeys(parts)), refs[:_REFS]

    def sources(self, number: dict) -> list[tuple]:
        """What a number is computed from: ``("time", "OS")``, ``("column", "AGE")``, ..."""
        selection = self.selections.get(number["ard_id"])
        if selection is None or selection.table == "ard":
            return []
        found: list[tuple] = []
        held = {"USUBJID", "GROUP", "CHANGEDY"}
        if selection.table in _KINDS:
            kind, column = _KINDS[selection.table]
            asked = selection.asked(column)
            found = [(kind, name) for name in (asked if isinstance(asked, tuple) else (asked,))]
            held |= set(self.after[f"endpoints/{selection.table}"])
        members = [name for name, _, _ in selection.members if name != "GROUP"]
        own = [name for name in selection.columns if name not in held]
        columns = [*own, selection.change, *members, "GROUP"]
        return [*found, *(("column", name) for name in dict.fromkeys(columns) if name)]

    def moved(self, source: tuple) -> list[Move]:
        """The patients of whom a source says something else in one export than in the other."""
        if source not in self._found:
            old, new = (self._values(side, source) for side in (self.before, self.after))
            everyone = [set(s["endpoints/adsl"]["USUBJID"]) for s in (self.before, self.after)]
            self._found[source] = [
                self._move(patient, source, everyone)
                for patient in sorted(set(old) | set(new))
                if old.get(patient) != new.get(patient)
            ]
        return self._found[source]

    def _values(self, side: dict, source: tuple) -> dict[str, tuple]:
        kind, name = source
        if kind == "column":
            adsl = side["endpoints/adsl"]
            return by_patient(adsl, [name]) if name in adsl else {}
        if kind == "event":
            adae = side["endpoints/adae"]
            named = adae["AEDECOD"].fillna(adae["AETERM"]) == name
            return by_patient(adae if name is None else adae[is_true(named)], _EVENT)
        table, key, columns = _OUTCOMES[kind]
        frame = side[table]
        return by_patient(frame[is_true(frame[key] == name)], columns)

    def _move(self, patient: str, source: tuple, everyone: list[set]) -> Move:
        groups = frozenset(self._groups.get(patient, ()))
        if not all(patient in there for there in everyone):
            status = "new" if patient in everyone[1] else "gone"
            return Move(patient, (f"patient-{patient}",), groups, status)
        if (patient, source[1]) in self.endpoints and source[0] in ("time", "response"):
            return Move(patient, (self.endpoints[(patient, source[1])],), groups, "moved")
        tables = _TABLES.get(source[0], {"patients"})
        names = {source[1], f"{str(source[1])[:-2]}DT"} if source[0] == "column" else {None}

        def near(line: dict) -> bool:
            column = None if pd.isna(line["COLUMN"]) else line["COLUMN"]
            return line["TABLE"] in tables and (column in names or source[0] != "column")

        return Move(patient, tuple(self.evidence.why(patient, near)[1]), groups, "moved")


def _told(source: tuple, moves: Iterable[Move]) -> list[str]:
    kind, name = source
    label = _LABELS.get(kind, name)
    label = f"population {label}" if label.endswith("FL") else label
    words = {"moved": f"{label} of {{}}", "new": "{} new", "gone": "{} gone"}
    found = []
    for status, word in words.items():
        patients = [m.patient for m in moves if m.status == status]
        if patients:
            more = f" and {len(patients) - _NAMED} more" if len(patients) > _NAMED else ""
            plural = "1 patient" if len(patients) == 1 else f"{len(patients)} patients"
            found.append(f"{word.format(plural)}: {', '.join(patients[:_NAMED])}{more}")
    return found

"""The raw cells behind a row of an analysis table, column by column."""

from __future__ import annotations

import pandas as pd

from venaza.contracts.analysis import ADSL_SOURCES
from venaza.pipeline.audit.trace.origins import Origins, words_for

#: What a response is read from, in the responses table.
_RESPONSE = ("RSINV", "MBLAST", "PBLAST", "ANC", "PLT", "EMD")
_MRD = ("MRDVAL", "MRDRES")
_EVENT = {"AEDECOD": "AETERM", "AETOXGR": "AETOXGR", "ASTDT": "AESTDT"}


class AnalysisCells:
    """Looks up the raw cells behind values of the analysis tables.

    A cell is a dict: ``of`` (the column of the analysis row that it gives), ``SRCDOM SRCVAR
    SRCSEQ`` (the clean value), ``CLEAN`` (that value; null for a cell that only belongs to it),
    what ``Origins`` says of the cell, and ``condition`` (the text that the cell must have for the
    value to count; null for a cell that is none). ``RAW`` is null where the cell is empty,
    ``SRCCOL`` too where the value comes from no cell.
    """

    def __init__(self, tables: dict[str, pd.DataFrame], study: dict) -> None:
        self._study, self._tables = study, tables
        self._origins = Origins(tables, study)
        self._values: dict[tuple, dict] = {}

    def cells(self, of: str, table: str, patient: str, seq: object, *columns: str) -> list[dict]:
        """The cells of the named columns of a clean row, with those that they depend on."""
        found = []
        for column in columns:
            about = {"of": of, "SRCDOM": table, "SRCVAR": column}
            own = self._origins.of(table, patient, seq, column)
            value = own and self._origins.clean[table].values(patient, seq, column)[0]
            given = value if own and own[0]["SRCCOL"] is None else own and own[0]["SRCCOL"]
            for n, cell in enumerate(own):
                asked = (table, column, cell["SRCCOL"], self._study, given)
                wanted = words_for(*asked) if cell["role"] == "condition" else None
                more = {"SRCSEQ": int(seq), "CLEAN": None if n else value, "condition": wanted}
                found.append({**about, **cell, **more})
        return found

    def _by(self, name: str, *columns: str) -> dict[tuple, list[dict]]:
        """The rows of a table by the values of its columns."""
        if (name, columns) not in self._values:
            found: dict[tuple, list[dict]] = {}
            for row in self._tables[name].to_dict("records"):
                found.setdefault(tuple(row[c] for c in columns), []).append(row)
            self._values[(name, columns)] = found
        return self._values[(name, columns)]

    def of_fact(self, of: str, patient: str, milestone: str) -> list[dict]:
        """The cells of the fact of a milestone that is used first."""
        rows = self._by("endpoints/facts", "USUBJID", "MILESTONE").get((patient, milestone), [])
        return [cell for row in rows[:1] if row["NTH"] == 1 for cell in self.of_source(of, row)]

    def of_source(self, of: str, row: dict) -> list[dict]:
        """The cells that ``SRCDOM SRCVAR SRCSEQ`` of a row point at; of a response what it is."""
        if not _known(row["SRCDOM"]) or not _known(row["SRCSEQ"]):
            return []
        table, patient, seq = row["SRCDOM"], row["USUBJID"], row["SRCSEQ"]
        found = self.cells(of, table, patient, seq, row["SRCVAR"])
        more = {"responses": _RESPONSE, "mrd": _MRD, "labs": ("LBTESTCD", "LBDT")}.get(table, ())
        if table == "responses" and str(row.get("PARAMCD", "")).startswith("MRDNEG"):
            more = _MRD
        also = self.cells(of, table, patient, seq, *(c for c in more if c != row["SRCVAR"]))
        return found + [c for c in also if c["SRCCOL"] is not None and c["RAW"] is not None]

    def of_patient(self, column: str, patient: str) -> list[dict]:
        """The cells behind a column of ADSL."""
        if column == "GROUP":
            variable = (self._study.get("groups") or {}).get("variable")
            return [{**c, "of": "GROUP"} for c in self.of_patient(variable, patient)]
        kind, *of = ADSL_SOURCES.get(column, ("patients", column))
        if kind == "milestones":
            return next(filter(None, (self.of_fact(column, patient, name) for name in of)), [])
        if kind == "response":
            rows = self._by("endpoints/adrs", "USUBJID", "PARAMCD").get((patient, *of), [])
            return [{**c, "of": column} for row in rows[:1] for c in self.of_source(column, row)]
        if kind == "rows":
            return self._each(column, patient, *of)
        if kind == "genetics":
            own = self.cells(column, "patients", patient, 1, "KARYO")
            return own + self._each(column, patient, "mutations", "GENE", "GERES", "VAF")
        if kind == "therapy":
            return self._therapy(column, patient, *of)
        return self.cells(column, "patients", patient, 1, *of)

    def _each(self, of: str, patient: str, table: str, *columns: str) -> list[dict]:
        """The cells of every row of the patient in a clean table, but for empty ones."""
        rows = self._by(f"clean/{table}", "USUBJID").get((patient,), [])
        found = [c for r in rows for c in self.cells(of, table, patient, r["SEQ"], *columns)]
        return [cell for cell in found if cell["RAW"] is not None]

    def _therapy(self, column: str, patient: str, clean: str, *named: str) -> list[dict]:
        """The first therapy or supportive care after failure, as ADSL names it."""
        adsl = self._by("endpoints/adsl", "USUBJID").get((patient,), [{}])[0]
        seq = next((adsl[name] for name in named if _known(adsl.get(name))), None)
        if seq is None:
            return []
        return self.cells(column, "therapies", patient, seq, *dict.fromkeys((clean, "CMSTDT")))

    def of_event(self, row: dict) -> list[dict]:
        """The cells of a row of ADAE."""
        return [
            {**cell, "of": name}
            for name, column in _EVENT.items()
            for cell in self.cells(name, "adverse_events", row["USUBJID"], row["AESEQ"], column)
        ]

    def of_time(self, row: dict, definition: dict, change: str | None) -> list[dict]:
        """The cells of a row of ADTTE: time zero, entry, end, covariates, a change."""
        patient = row["USUBJID"]
        found = self.of_fact("STARTDT", patient, definition["start"])
        if definition.get("entry"):
            found += self.of_fact("ENTRYDY", patient, definition["entry"])
        found += self.of_source("ADT", row)
        if change is not None and _known(row.get("CHANGEDY")):
            dated = self.of_fact("CHANGEDY", patient, change)
            found += dated or self.cells("CHANGEDY", "patients", patient, 1, change)
        return found

    def of_lysis(self, row: dict, definition: str) -> list[dict]:
        """The cells of a row of TLS: the value that completed it, else all that exclude it.

        Those are the values of its tests in the days of the definition, with the days of the
        baseline where a change from it counts, and the adverse event where the row says it.
        """
        spec = self._study["tls"]
        rule, found = spec["definitions"][definition], self.of_source("ADY", row)
        first, last = rule["days"]
        if "change_percent" in rule:
            first = min(first, spec["baseline_from"])
        patient = row["USUBJID"]
        if not found:
            for lab in self._by("clean/labs", "USUBJID").get((patient,), []):
                day = lab["LBDY"]
                if lab["LBTESTCD"] in spec["tests"] and _known(day) and first <= day <= last:
                    values = ("LBTESTCD", "LBDT", "LBSTRESN")
                    found += self.cells("LTLS", "labs", patient, lab["SEQ"], *values)
        if _known(row.get("AEFL")):
            for event in self._by("endpoints/adae", "USUBJID").get((patient,), []):
                if event["AEDECOD"] in spec["recorded"]:
                    found += [{**cell, "of": "AEFL"} for cell in self.of_event(event)]
        return [cell for cell in found if cell["RAW"] is not None]

    def baseline(self, row: dict) -> list[dict]:
        """The cells of the value at baseline of a row of ADLB."""
        keys = ("USUBJID", "PARAMCD", "ABLFL")
        key = (row["USUBJID"], row["PARAMCD"], "Y")
        rows = self._by("endpoints/adlb", *keys).get(key, [])
        return [cell for base in rows[:1] for cell in self.of_source("BASE", base)]


def _known(value: object) -> bool:
    return value is not None and not pd.isna(value)

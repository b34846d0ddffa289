"""Raw layouts of the twelve invented patients: files as hospitals send them, and a user's edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from tests.new_study.raw_abroad import (
    chinese,
    french_sheet,
    german_sheet,
    italian_sheet,
    spanish_sheet,
)
from tests.new_study.raw_files import Cell, Columns, Layout, book, day, relapse, rows_of, texts
from tests.new_study.twelve import ASSESSED, BY_ID, EFS_ASSESSED, PATIENTS, Patient

_WHO: Columns = {"Patient ID": lambda p: p.id, "Sex": lambda p: p.sex, "Age": lambda p: p.age}
_DISEASE = {"ND": "newly diagnosed", "RR": "relapsed/refractory"}
_START: Columns = {
    "Disease status": lambda p: _DISEASE[p.state],
    "Date of diagnosis": lambda p: p.on(-7),
    "Treatment start": lambda p: p.start,
}
_COURSE: Columns = {
    "Best response": lambda p: p.response,
    "Date of CR": day("remission"),
    "Date of relapse 1": relapse(1),
    "Date of relapse 2": relapse(2),
    "Date of relapse 3": relapse(3),
    "Date of transplant": day("transplant"),
    "Date of next therapy": day("next_therapy"),
}


def flat() -> Layout:
    """One row for each patient, the whole course in it, the status in the clinic's words."""
    columns = {
        **_WHO, **_START, **_COURSE,
        "Date of death or last contact": day("last"),
        "Status": lambda p: p.status,
    }  # fmt: skip
    what = "one sheet, a row for each patient, status in the clinic's words"
    return Layout("flat", what, book("cohort.xlsx", Cohort=rows_of(columns)))


def words_in_dates() -> Layout:
    """The same with words where a date would stand: alive, no, not reached."""
    columns = {
        **_WHO, **_START,
        "Best response": lambda p: p.response,
        "Date of CR": day("remission", empty="not reached"),
        "Date of relapse": relapse(1, empty="no"),
        "Date of transplant": day("transplant", empty="no"),
        "Date of death": day("death", empty="alive"),
        "Last contact": day("last"),
    }  # fmt: skip
    what = "words in the columns of dates"
    return Layout("words_in_dates", what, texts(clinic=rows_of(columns)))


def own_words() -> Layout:
    """The status in words of this clinic alone."""
    own = {
        **{"DOD": "leukaemia took him or her", "RIP": "passed in the night", "dead": "gone"},
        **{"died in remission": "gone, not of leukaemia", "alive": "comes to the clinic"},
        **{"alive in CR": "comes to the clinic", "NED": "comes to the clinic"},
        **{"AWD": "still with us", "alive with disease": "still with us", "lost to FU": "moved"},
    }
    columns = {
        **_WHO, **_START,
        "CR date": day("remission"),
        "Relapse date": relapse(1),
        "Last seen": day("last"),
        "Status": lambda p: own[p.status],
    }  # fmt: skip
    edits = (
        ("        # values:\n", "        values:\n"),
        (
            "        #   CODE: [comes to the clinic, gone, 'gone, not of leukaemia', leukaemia "
            "took him or her, moved, passed in the night]  # no code is near\n",
            "          ALIVE: [comes to the clinic]\n"
            "          DEAD: [gone, 'gone, not of leukaemia', leukaemia took him or her, passed in "
            "the night]\n"
            "          LOST: [moved]\n",
        ),
    )
    made = texts(clinic=rows_of(columns))
    return Layout("own_words", "status in words of its own", made, edits)


def _assessed(show: Callable[[Patient, int], Cell], head: list[str], word=lambda w: w):
    return [head, *([p, show(BY_ID[p], d), c, word(w)] for p, d, c, w in ASSESSED)]


def sheets() -> Layout:
    """A workbook of several sheets."""
    transplants = [
        ["Patient ID", "Date", "Type"],
        *([p.id, p.on(p.transplant), "allogeneic"] for p in PATIENTS if p.transplant),
    ]
    later = [
        ["Patient ID", "Start", "Therapy"],
        *([p.id, p.on(p.next_therapy), "FLAG-IDA"] for p in PATIENTS if p.next_therapy),
    ]
    head = ["Patient ID", "Assessment date", "After cycle", "Response"]
    return Layout(
        "sheets",
        "a workbook with patients, follow-up, responses, transplants and therapies apart",
        book(
            "study.xlsx",
            Patients=rows_of({**_WHO, **_START}),
            Follow_up=rows_of({
                "Patient ID": lambda p: p.id,
                "Last contact": day("last"),
                "Date of death": day("death"),
            }),
            Responses=_assessed(lambda p, d: p.on(d), head),
            Transplants=transplants,
            Salvage=later,
        ),
        efs=EFS_ASSESSED,
    )  # fmt: skip


def one_date() -> Layout:
    """One column for death or last contact, another for dead or alive."""
    columns = {
        **_WHO, **_START,
        "CR date": day("remission"),
        "First relapse": relapse(1),
        "Death or last follow-up": day("last"),
        "Died": lambda p: "yes" if p.dead else "no",
    }  # fmt: skip
    what = "one date for death or last contact, yes or no beside it"
    return Layout("one_date", what, book("cohort.xlsx", Sheet1=rows_of(columns)))


def study_days() -> Layout:
    """Whole days from the start of treatment, the status as 0 and 1."""
    columns = {
        "id": lambda p: p.id, "sex": lambda p: p.sex, "age": lambda p: p.age,
        "futime": lambda p: p.last, "death": lambda p: int(p.dead),
        "crtime": lambda p: p.remission, "rltime": lambda p: p.relapse(1),
        "txtime": lambda p: p.transplant,
    }  # fmt: skip
    what = "whole days from the start of treatment"
    return Layout("study_days", what, texts(cohort=rows_of(columns)))


def months() -> Layout:
    """Months from the start of treatment, with one decimal place."""

    def month(name: str):
        return lambda p: None if (d := getattr(p, name)) is None else round(d / 30.4375, 1)

    columns = {
        "Patient": lambda p: p.id, "Sex": lambda p: p.sex, "Age (years)": lambda p: p.age,
        "Time to CR (months)": month("remission"),
        "Time to relapse (months)":
            lambda p: None if p.relapse(1) is None else round(p.relapse(1) / 30.4375, 1),
        "OS (months)": month("last"),
        "Status": lambda p: "dead" if p.dead else "alive",
    }  # fmt: skip
    what = "months from the start of treatment, rounded to a tenth"
    return Layout("months", what, book("os.xlsx", Data=rows_of(columns)), within=2)


def named_tables() -> Layout:
    """Files that are called as the tables of a study, days in a column `day`."""
    responses = [["patient", "day", "cycle", "response"], *map(list, ASSESSED)]
    transplants = [
        ["patient", "day", "type"],
        *([p.id, p.transplant, "allogeneic"] for p in PATIENTS if p.transplant),
    ]
    columns = {
        "patient": lambda p: p.id, "sex": lambda p: p.sex, "age": lambda p: p.age,
        "start": lambda p: 0, "last": lambda p: p.last, "death": lambda p: p.death,
    }  # fmt: skip
    made = texts(patients=rows_of(columns), responses=responses, transplants=transplants)
    return Layout("named_tables", "a file for each table, days in `day`", made, efs=EFS_ASSESSED)


def redcap() -> Layout:
    """A REDCap export with its data dictionary; assessments are a repeating instrument."""
    fields = [
        ("record_id", "patients", "text", "Record ID", ""),
        ("sex", "patients", "radio", "Sex", "1, Male | 2, Female"),
        ("age", "patients", "text", "Age", ""),
        ("treatment_start_date", "patients", "text", "Start of treatment", ""),
        ("last_contact_date", "patients", "text", "Last contact", ""),
        ("vital_status", "patients", "radio", "Vital status", "0, Alive | 1, Dead | 9, Lost"),
        ("assessment_date", "response_assessment", "text", "Date of assessment", ""),
        ("cycle", "response_assessment", "text", "After cycle", ""),
        ("response", "response_assessment", "dropdown", "Response",
         "1, CR | 2, CRi | 3, PR | 4, NR | 5, Relapse"),
    ]  # fmt: skip
    head = ["Variable / Field Name", "Form Name", "Field Type", "Field Label",
            "Choices, Calculations, OR Slider Labels"]  # fmt: skip
    names = [name for name, *_ in fields]
    top = [names[0], "redcap_repeat_instrument", "redcap_repeat_instance", *names[1:]]
    code = {"CR": 1, "CRi": 2, "PR": 3, "NR": 4, "relapse": 5}
    rows: list[list[Cell]] = [top]
    for p in PATIENTS:
        status = 1 if p.dead else 9 if p.status == "lost to FU" else 0
        own = [1 if p.sex == "M" else 2, p.age, p.start, p.on(p.last), status]
        rows.append([p.id, "", "", *own, "", "", ""])
        seen = [(d, c, w) for patient, d, c, w in ASSESSED if patient == p.id]
        for n, (d, c, w) in enumerate(seen, start=1):
            rows.append([p.id, "response_assessment", n, *[""] * 5, p.on(d), c, code[w]])
    made = texts(AML_DATA_2024=rows, AML_DataDictionary=[head, *map(list, fields)])
    what = "REDCap, raw codes with the data dictionary"
    return Layout("redcap", what, made, efs=EFS_ASSESSED)


def _frame(columns: Columns):
    import pandas as pd

    head, *rows = rows_of(columns)
    return pd.DataFrame(rows, columns=head)


_CODED: Columns = {
    "patid": lambda p: p.id,
    "sex": lambda p: 1.0 if p.sex == "M" else 2.0,
    "age": lambda p: float(p.age),
    "txstart": lambda p: p.start,
    "crdate": day("remission"),
    "reldate": relapse(1),
    "lastdate": day("last"),
    "status": lambda p: float(p.dead),
}
_LABELS = [
    *("Patient ID", "Sex", "Age at diagnosis", "Treatment start date", "Date of first CR"),
    *("Date of first relapse", "Date of death or last contact", "Vital status"),
]


def spss() -> Layout:
    """An SPSS file: codes with value labels, dates in SPSS formats, labels of variables."""

    def write(folder: Path) -> None:
        import pyreadstat

        frame = _frame(_CODED)
        labels = {"sex": {1.0: "male", 2.0: "female"}, "status": {0.0: "alive", 1.0: "dead"}}
        pyreadstat.write_sav(
            frame, str(folder / "aml.sav"), column_labels=_LABELS, variable_value_labels=labels
        )

    return Layout("spss", "SPSS with value labels", write)


def sas() -> Layout:
    """A SAS transport file: days since 1960 without a format, ADaM names, labels of variables."""
    zero = dt.date(1960, 1, 1)

    def count(on: dt.date | None) -> float | None:
        return None if on is None else float((on - zero).days)

    columns: Columns = {
        "SUBJID": lambda p: p.id, "SEX": lambda p: p.sex, "AGE": lambda p: float(p.age),
        "TRTSDT": lambda p: count(p.start),
        "CRDT": lambda p: count(p.on(p.remission)),
        "RELDT": lambda p: count(p.on(p.relapse(1))),
        "DTHDT": lambda p: count(p.on(p.death)),
        "LSTALVDT": lambda p: count(p.on(p.last)),
    }  # fmt: skip

    def write(folder: Path) -> None:
        import pyreadstat

        labels = ["Subject", "Sex", "Age", "Date of first dose", "Date of CR", "Date of relapse",
                  "Date of death", "Date last known alive"]  # fmt: skip
        frame = _frame(columns)
        pyreadstat.write_xport(frame, str(folder / "adsl.xpt"), column_labels=labels)

    return Layout("sas", "SAS transport, dates as bare numbers", write)


def repeats() -> Layout:
    """A row for each patient, the assessments side by side: C1, C2, ..."""
    by = {p.id: [(d, c, w) for q, d, c, w in ASSESSED if q == p.id] for p in PATIENTS}

    def seen(cycle: int, what: int):
        def cell(p: Patient) -> Cell:
            found = next((a for a in by[p.id] if a[1] == cycle), None)
            if found is None:
                return None
            return p.on(found[0]) if what == 0 else found[2]

        return cell

    columns: Columns = {**_WHO, "Treatment start": lambda p: p.start}
    for cycle in range(1, 7):
        columns[f"C{cycle} response date"] = seen(cycle, 0)
        columns[f"C{cycle} response"] = seen(cycle, 1)
    columns |= {"Last contact": day("last"), "Date of death": day("death")}
    made = book("wide.xlsx", Sheet1=rows_of(columns))
    return Layout("repeats", "assessments side by side: C1, C2, ...", made, efs=EFS_ASSESSED)


def visits() -> Layout:
    """A row for each visit, the patient's own columns repeated in it."""
    rows: list[list[Cell]] = [["Patient ID", "Sex", "Treatment start", "Last contact", "Died",
                               "Marrow date", "After cycle", "Response"]]  # fmt: skip
    for p in PATIENTS:
        seen = [(d, c, w) for patient, d, c, w in ASSESSED if patient == p.id]
        own = [p.id, p.sex, p.start, p.on(p.last), "yes" if p.dead else "no"]
        rows += [[*own, p.on(d), c, w] for d, c, w in seen] or [[*own, None, None, None]]
    made = texts(visits=rows)
    return Layout("visits", "a row for each visit", made, efs=EFS_ASSESSED)


def blasts() -> Layout:
    """Marrow blasts and blood counts, and no word for the response."""
    share = {"CR": 2, "CRi": 3, "PR": 15, "NR": 40, "relapse": 30}
    marrow: list[list[Cell]] = [["Patient ID", "Marrow date", "After cycle", "BM blasts (%)",
                                 "ANC", "Platelets"]]  # fmt: skip
    marrow += [[p, BY_ID[p].on(d), c, share[w], 2.1, 150] for p, d, c, w in ASSESSED]
    columns = {
        **_WHO, "Treatment start": lambda p: p.start, "Last contact": day("last"),
        "Date of death": day("death"),
    }  # fmt: skip
    made = texts(patients=rows_of(columns), marrow=marrow)
    return Layout("blasts", "blasts and counts, no word for a response", made, efs=EFS_ASSESSED)


def joined() -> Layout:
    """Baseline and follow-up in files of their own that share columns; regimens as groups."""
    base = {
        **_WHO, "Treatment start": lambda p: p.start,
        "Regimen": lambda p: "VEN+AZA" if int(p.id[1:]) % 2 else "VEN+DEC",
        "Last contact": lambda p: p.on(max(p.last - 30, 0)),
    }  # fmt: skip
    follow = {
        "Patient ID": lambda p: p.id, "Sex": lambda p: p.sex, "Last contact": day("last"),
        "Status": lambda p: p.status,
        "Best response": lambda p: p.response,
        "Date of best response":
            lambda p: p.on(p.remission if p.remission is not None else min(40, p.last)),
        "Relapse": relapse(1),
    }  # fmt: skip
    made = texts(baseline=rows_of(base), follow_up=rows_of(follow))
    what = "baseline and follow-up files with columns in common, best response and its date"
    return Layout("joined", what, made)


LAYOUTS = (
    *(flat, sheets, joined, redcap, spss, sas, study_days, months, named_tables, one_date),
    *(words_in_dates, own_words, chinese, german_sheet, french_sheet, spanish_sheet),
    *(italian_sheet, repeats, visits, blasts),
)

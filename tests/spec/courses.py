"""What the drawing of a worked example shows: each patient's marks, and the results beneath."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.spec.spec import Case, study_of
from venaza.commands.examples import clean_tables
from venaza.commands.examples.compare import as_text
from venaza.contracts.wording import small
from venaza.pipeline.endpoints.build import derive


@dataclass(frozen=True, order=True)
class Mark:
    """Something dated in a patient's rows: the day, the kind of sign and its words."""

    day: int
    kind: str
    words: str


@dataclass(frozen=True)
class Result:
    """One line beneath a course: its words and, for a time, where it runs and how it ends.

    ``entry`` is the day from which the patient is at risk, where that is later than the start.
    """

    words: str
    span: tuple[int, int] | None = None
    end: str = ""
    entry: int | None = None


@dataclass
class Course:
    """A patient of an example."""

    patient: str
    marks: list[Mark] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)


#: Clean table -> the column of its day, the sign, the words from a row.
_SIGNS = {
    "responses": ("RSDY", "response", lambda r: r.get("RSINV") or _measured(r)),
    "mrd": ("MRDDY", "mrd", lambda r: f"MRD {_mrd(r)}"),
    "therapies": ("CMSTDY", "therapy", lambda r: r.get("CMCLAS") or "next therapy"),
    "transplants": ("TXDY", "transplant", lambda r: "transplant"),
    "cycles": ("EXSTDY", "tick", lambda r: f"cycle {r.get('CYCLE', '')}".strip()),
    "adverse_events": ("AESTDY", "tick", lambda r: r.get("AETERM") or "adverse event"),
}
_ENDS = {0: "event", 1: "censored", 2: "competing"}


def courses(case: Case) -> list[Course]:
    """The patients of a case in the order of its table, with what the pipeline makes of them."""
    found = {row["USUBJID"]: Course(row["USUBJID"]) for row in case.given["patients"]}
    for row in case.given["patients"]:
        found[row["USUBJID"]].marks += _patient_marks(row)
    for table, (day, kind, words) in _SIGNS.items():
        for row in case.given.get(table, []):
            if row.get(day):
                found[row["USUBJID"]].marks.append(Mark(int(row[day]), kind, words(row)))
    for patient, day, words in _samples(case.given.get("labs", [])):
        found[patient].marks.append(Mark(day, "tick", words))
    made = derive(clean_tables(case, study_of(case)), study_of(case))
    for name in case.expected:
        table, _, code = name.partition(" ")
        if table in ("adtte", "excluded", "trail"):
            _add_times(found, made, code)
        elif table in ("adrs", "assessments"):
            _add_words(found, name, case.expected[name])
        elif table == "tls":
            _add_tls(found, case.expected[name])
    for course in found.values():
        course.marks.sort()
        course.results = list(dict.fromkeys(course.results))
    return list(found.values())


def _patient_marks(row: dict) -> list[Mark]:
    death, last, stop = (row.get(f"{stem}DY") for stem in ("DTH", "LSTALV", "STOP"))
    marks = [Mark(int(death), "death", "death")] if death else []
    if row.get("DIAGDY"):
        marks.append(Mark(int(row["DIAGDY"]), "tick", "diagnosis"))
    if last and last != death:
        marks.append(Mark(int(last), "contact", "last contact"))
    if stop:
        reason = row.get("STOPREAS")
        marks.append(Mark(int(stop), "tick", f"stop: {reason}" if reason else "stop"))
    return marks


def _samples(rows: list[dict]) -> list[tuple[str, int, str]]:
    """Patient, day and the values of that day in one label."""
    by_day: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        key = (row["USUBJID"], int(row["LBDY"]))
        by_day.setdefault(key, []).append(f"{row['LBTESTCD']} {row['LBSTRESN']}")
    return [(*key, ", ".join(words)) for key, words in by_day.items()]


def _measured(row: dict) -> str:
    """What was counted, where nobody gave the response a word."""
    shown = {"MBLAST": "marrow {}%", "PBLAST": "blood {}%", "ANC": "ANC {}", "PLT": "PLT {}"}
    shown |= {"DEAUV": "Deauville {}"}
    words = [form.format(row[column]) for column, form in shown.items() if row.get(column)]
    extramedullary = ["extramedullary"] if row.get("EMD") == "Y" else []
    return ", ".join([*words, *extramedullary]) or "assessed"


def _mrd(row: dict) -> str:
    if not row.get("MRDVAL"):
        return row.get("MRDRES", "").lower()
    sign = "<" if row.get("MRDOP") == "<" else ""
    return f"{sign}{row['MRDVAL']}%"


def _add_times(found: dict[str, Course], made: dict, code: str) -> None:
    times = made["adtte"][made["adtte"]["PARAMCD"] == code]
    for row in times.to_dict("records"):
        end = _ENDS[row["CNSR"]]
        why = as_text(row["CNSDTDSC" if end == "censored" else "EVNTDESC"])
        said = {"event": "", "censored": ", censored", "competing": ", competing event"}[end]
        span = (int(row["STARTDY"]), int(row["ADY"]))
        days = f"{row['AVAL']} day{'' if row['AVAL'] == 1 else 's'}"
        words = f"{code} {days}{said}: {small(why)}"
        late = as_text(row["ENTRYDY"]) != "" and row["ENTRYDY"] > row["STARTDY"]
        entry = int(row["ENTRYDY"]) if late else None
        found[row["USUBJID"]].results.append(Result(words, span, end, entry))
    without = made["adtte_excluded"][made["adtte_excluded"]["PARAMCD"] == code]
    for row in without.to_dict("records"):
        found[row["USUBJID"]].results.append(Result(f"{code} none: {row['REASON']}"))


def _add_words(found: dict[str, Course], name: str, rows: list[dict]) -> None:
    """A response parameter or an assessment: what is expected, which the tests hold to be made."""
    _, _, code = name.partition(" ")
    for row in rows:
        said = [v for k, v in row.items() if v and k not in ("USUBJID", "ADY", "SRCDOM", "PARAMCD")]
        day = f"day {row['ADY']}" if row.get("ADY") else ""
        value = said[0] if said else "none"
        parts = [f"{code} {value}", day] if code else [day, value]
        found[row["USUBJID"]].results.append(Result(", ".join(part for part in parts if part)))


def _add_tls(found: dict[str, Course], rows: list[dict]) -> None:
    words = {"Y": "yes", "N": "no", "": "cannot be told"}
    for row in rows:
        said = [f"laboratory {words[row['LTLS']]}"]
        if row.get("ADY"):
            said[0] += f" (day {row['ADY']})"
        if "CTLS" in row:
            said.append(f"clinical {words[row['CTLS']]}")
        name = row["DEFN"].replace("_", " ")
        found[row["USUBJID"]].results.append(Result(f"{name}: {', '.join(said)}"))

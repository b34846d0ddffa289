"""Two public cohorts written again as hospitals would send them, each with a study file of mapping.

A cohort is first taken apart (patients, responses, transplants: study days and the words of the
data set), then written as a folder of Chinese CSV files, as a REDCap export, as an SPSS file and as
a wide workbook. Nothing but the section ``tables`` (and ``redcap``) of the study file differs.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
DATED = "2026-11-21"
SLOTS = 3  # pairs of columns for responses in a wide layout


@dataclass(frozen=True)
class Cohort:
    """Patients (id and own columns), responses (id, day, word), transplants (id, day)."""

    patients: list[dict]
    responses: list[tuple[str, str, str]]
    transplants: list[tuple[str, str]]

    def of(self, patient: str) -> list[tuple[str, str]]:
        return [(day, word) for who, day, word in self.responses if who == patient]


def cohort(study: str) -> Cohort:
    """A shipped cohort, taken from its committed export."""
    with open(ROOT / f"data/raw/{study}/{DATED}/{study}.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if study == "myeloid":
        responses = [(r["id"], r["crtime"], "CR") for r in rows if r["crtime"]]
        responses += [(r["id"], r["rltime"], "RELAPSE") for r in rows if r["rltime"]]
        keys = {"id": "id", "sex": "sex", "arm": "trt", "flt3": "flt3"}
        died = "death"
    else:
        responses = [(r["rownames"], r["t2"], "RELAPSE") for r in rows if r["d2"] == "1"]
        keys = {"id": "rownames", "age": "z1", "donor_age": "z2", "wait": "z7"}
        died = "d1"
    patients = []
    for row in rows:
        patient = {name: row[column] for name, column in keys.items()}
        patient |= {"last": row["futime" if study == "myeloid" else "t1"], "dead": row[died]}
        if study == "bmt":
            patient["sex"] = {"1": "m", "0": "f"}[row["z3"]]
            patient["group"] = {"1": "ALL", "2": "AML low risk", "3": "AML high risk"}[row["group"]]
            patient["fab"] = {"1": "Y", "0": "N"}[row["z8"]]
            patient["platelets"] = row["tp"] if row["dp"] == "1" else ""
        patients.append(patient)
    transplants = [(r["id"], r["txtime"]) for r in rows if r.get("txtime")]
    return Cohort(patients, responses, transplants)


def project(folder: Path, study: str, tables: dict, **sections) -> Path:
    """A project with ``study`` mapped by ``tables``; returns the export folder, still empty.

    ``sections`` replace the study file's own; None takes one out.
    """
    if not (folder / "config").exists():
        for part in ("config", "workflow/schemas"):
            shutil.copytree(ROOT / part, folder / part)
    path = folder / f"config/studies/{study}.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    told |= {"tables": tables, **sections}
    told = {key: section for key, section in told.items() if section is not None}
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    export = folder / "data/raw" / study / DATED
    export.mkdir(parents=True, exist_ok=True)
    return export


def write_csv(path: Path, rows: list[dict], encoding: str = "utf-8") -> None:
    """Rows with the headers of the first; what follows " #" only tells equal headers apart."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([header.partition(" #")[0] for header in rows[0]])
        writer.writerows(row.values() for row in rows)


LEVELS = {
    "arm": ["A", "B"],
    "flt3": ["A", "B", "C"],
    "group": ["ALL", "AML low risk", "AML high risk"],
    "fab": ["Y", "N"],
}
LABELS = {
    "flt3": "FLT3 mutation class",
    "group": "Disease group",
    "donor_age": "Donor age",
    "fab": "FAB grade 4 or 5 and AML",
    "platelets": "Platelet recovery",
    "wait": "Waiting time to transplant",
}
OWN = {
    "myeloid": {"ARM": "arm", "FLT3": "flt3"},
    "bmt": {
        **{"AGE": "age", "DISGROUP": "group", "DONORAGE": "donor_age", "FAB45": "fab"},
        **{"PLATDAY": "platelets", "WAIT": "wait"},
    },
}


def patients_columns(study: str, header=str, word=lambda field, level: level, dead="1") -> dict:
    """The mapping of the patients: ``header`` names a field's column, ``word`` a level's word."""
    columns = {
        "SEX": header("sex"),
        "INDEXDT": {"constant": 0},
        "LSTALVDT": header("last"),
        "DTHDT": {"from": header("last"), "when": {header("dead"): dead}},
    }
    for name, field in OWN[study].items():
        columns[name] = {"from": header(field)}
        if field in LABELS:
            columns[name]["label"] = LABELS[field]
        if field in LEVELS:
            columns[name]["values"] = {level: [word(field, level)] for level in LEVELS[field]}
        elif field in LABELS:
            unit = "years" if field == "donor_age" else "days"
            columns[name] |= {"type": "number", "unit": unit}
    return columns


# (a) a folder of CSV files in GB18030 with Chinese headers

CHINESE = {
    **{"id": "病案号", "sex": "性别", "arm": "分组", "flt3": "FLT3突变类型", "age": "年龄"},
    **{"last": "末次随访（天）", "dead": "是否死亡", "group": "疾病组", "fab": "FAB分型M4/M5"},
    **{"donor_age": "供者年龄", "platelets": "血小板恢复（天）", "wait": "移植等待时间（天）"},
}
CHINESE_WORDS = {
    "sex": {"m": "男", "f": "女"},
    "dead": {"1": "是", "0": "否"},
    "fab": {"Y": "是", "N": "否"},
    "group": {"ALL": "急淋", "AML low risk": "急髓低危", "AML high risk": "急髓高危"},
    "arm": {"A": "甲组", "B": "乙组"},
}
CHINESE_RESPONSES = {"CR": "完全缓解", "RELAPSE": "复发"}


def chinese(folder: Path, study: str) -> Path:
    """Three files in GB18030: patients, responses and transplants, in words."""
    source = cohort(study)
    word = CHINESE_WORDS.get
    patients = patients_columns(
        study, CHINESE.get, lambda field, level: word(field, {}).get(level, level), dead="是"
    )
    responses = {"RSDT": "评估时间（天）", "RSINV": "疗效"}
    tables = {
        "patients": {"file": "患者*.csv", "key": "病案号", "columns": patients},
        "responses": {"file": "疗效*.csv", "key": "病案号", "columns": responses},
    }
    if source.transplants:
        columns = {"TXDT": "移植时间（天）"}
        tables["transplants"] = {"file": "移植*.csv", "key": "病案号", "columns": columns}
    privacy = {"columns": {"病案号": {"keep": "a number of the study, not of the hospital"}}}
    export = project(folder, study, tables, privacy=privacy)
    rows = [
        {CHINESE[k]: CHINESE_WORDS.get(k, {}).get(v, v) for k, v in patient.items()}
        for patient in source.patients
    ]
    write_csv(export / "患者信息.csv", rows, "gb18030")
    rows = [
        {"病案号": who, "评估时间（天）": day, "疗效": CHINESE_RESPONSES[word]}
        for who, day, word in source.responses
    ]
    write_csv(export / "疗效评估.csv", rows, "gb18030")
    if source.transplants:
        rows = [{"病案号": who, "移植时间（天）": day} for who, day in source.transplants]
        write_csv(export / "移植.csv", rows, "gb18030")
    return folder


# (b) a REDCap export: two events, a repeating instrument, codes with a data dictionary

DICTIONARY_HEAD = [
    *("Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label"),
    *("Choices, Calculations, OR Slider Labels", "Field Note"),
    "Text Validation Type OR Show Slider Number",
    *("Text Validation Min", "Text Validation Max", "Identifier?"),
    *("Branching Logic (Show field only if...)", "Required Field?", "Custom Alignment"),
    *("Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?"),
    "Field Annotation",
]
#: field: (form, type, label, choices); the codes are not what the words would suggest.
FIELDS = {
    "record_id": ("baseline", "text", "Record ID", ""),
    "hospital_no": ("baseline", "text", "Hospital number", ""),
    "sex": ("baseline", "radio", "Sex", "1, Female | 2, Male"),
    "flt3": ("baseline", "dropdown", "FLT3 mutation class", "10, A | 11, B | 12, C"),
    "group": (
        "baseline",
        "dropdown",
        "<b>Disease</b> group",
        "1, AML high risk | 2, AML low risk | 3, ALL",
    ),
    "age": ("baseline", "text", "Age, years", ""),
    "fab": ("baseline", "yesno", "FAB grade 4 or 5, with AML", ""),
    "donor_age": ("baseline", "text", "Age of the donor, years", ""),
    "wait": ("baseline", "text", "Waiting time, days", ""),
    "platelets": ("follow_up", "text", "Platelet recovery, day", ""),
    "last": ("follow_up", "text", "Last contact, day", ""),
    "dead": ("follow_up", "yesno", "Has the patient died?", ""),
    "tx_day": ("follow_up", "text", "Transplant, day", ""),
    "rs_day": ("response_assessment", "text", "Assessment, day", ""),
    "rs": (
        "response_assessment",
        "dropdown",
        "Response",
        "1, Relapse | 2, Complete remission | 3, Partial remission",
    ),
}
FORMS = {form: None for form, *_ in FIELDS.values()}


def choices(field: str) -> dict[str, str]:
    """Label -> code."""
    if FIELDS[field][1] == "yesno":
        return {"Yes": "1", "No": "0"}
    pairs = [part.split(", ", 1) for part in FIELDS[field][3].split(" | ") if part]
    return {label: code for code, label in pairs}


REDCAP_WORDS = {
    "sex": {"m": "Male", "f": "Female"},
    "fab": {"Y": "Yes", "N": "No"},
    "dead": {"1": "Yes", "0": "No"},
}


def redcap(folder: Path, study: str, labelled: bool = False) -> Path:
    """One block-sparse file and its dictionary; ``labelled`` as REDCap's other kind of export."""
    source = cohort(study)
    follow_up = {"redcap_event_name": "follow_up", "redcap_repeat_instrument": ""}
    words = {"Y": "Yes", "N": "No"}
    patients = patients_columns(study, word=lambda field, level: words.get(level, level))
    if study == "myeloid":
        # The arm is REDCap's own, so it stands in the name of the event.
        arms = {
            arm: [f"baseline_arm_{n}", f"Baseline (Arm {n}: {arm})"]
            for n, arm in ((1, "A"), (2, "B"))
        }
        event = {"redcap_event_name": "baseline"}
        patients["ARM"] = {"from": "redcap_event_name", "values": arms, "when": event}
    table = {"file": "Trial_DATA*.csv", "key": "record_id"}
    either = {"redcap_event_name": ["baseline", "follow_up"], "redcap_repeat_instrument": ""}
    repeated = {"redcap_repeat_instrument": "response_assessment"}
    tables = {
        "patients": {**table, "where": either, "columns": patients},
        "responses": {**table, "where": repeated, "columns": {"RSDT": "rs_day", "RSINV": "rs"}},
    }
    if source.transplants:
        tables["transplants"] = {**table, "where": follow_up, "columns": {"TXDT": "tx_day"}}
    section = {"dictionary": "*DataDictionary*.csv", "missing_codes": [-999, "UNK", "Not done"]}
    privacy = {"columns": {"hospital_no": "drop", "Hospital number": "drop"}}
    export = project(folder, study, tables, redcap=section, privacy=privacy)
    _write_dictionary(export / "Trial_DataDictionary_2026-11-20.csv")
    rows = [row for patient in source.patients for row in _blocks(patient, source)]
    path = export / f"Trial_DATA{'_LABELS' if labelled else ''}_2026-11-20_1012.csv"
    write_csv(path, [_labelled(row) for row in rows] if labelled else rows)
    return folder


def _write_dictionary(path: Path) -> None:
    rows = []
    for name, (form, kind, label, options) in FIELDS.items():
        said = (name, form, "", kind, label, options)
        row = dict(zip(DICTIONARY_HEAD, said, strict=False))
        row["Identifier?"] = "y" if name == "hospital_no" else ""
        rows.append({**dict.fromkeys(DICTIONARY_HEAD, ""), **row})
    write_csv(path, rows)


def _blocks(patient: dict, source: Cohort) -> list[dict]:
    """The rows of one record: baseline, follow-up, and one for each response."""
    arm = {"A": "1", "B": "2"}[patient.get("arm", "A")]
    head = {"record_id": patient["id"], "redcap_event_name": "", "redcap_repeat_instrument": ""}
    empty = {**head, "redcap_repeat_instance": "", **dict.fromkeys(FIELDS, "")}
    empty |= {f"{form}_complete": "" for form in FORMS} | {"record_id": patient["id"]}
    coded = {}
    for name, value in patient.items():
        word = REDCAP_WORDS.get(name, {}).get(value, value)
        coded[name] = choices(name).get(word, word) if name in FIELDS else word
    tx = next((day for who, day in source.transplants if who == patient["id"]), "-999")
    coded |= {"tx_day": tx, "platelets": coded.get("platelets") or "UNK"}
    coded["hospital_no"] = f"H{patient['id']}"
    rows = []
    for event in ("baseline", "follow_up"):
        own = {k: v for k, v in coded.items() if k in FIELDS and FIELDS[k][0] == event}
        event_name = {"redcap_event_name": f"{event}_arm_{arm}"}
        rows.append({**empty, **event_name, **own, f"{event}_complete": "2"})
    words = {"CR": "Complete remission", "RELAPSE": "Relapse"}
    for n, (day, word) in enumerate(source.of(patient["id"]), start=1):
        repeat = {"redcap_repeat_instrument": "response_assessment", "redcap_repeat_instance": n}
        own = {"rs_day": day, "rs": choices("rs")[words[word]]}
        event_name = {"redcap_event_name": f"follow_up_arm_{arm}"}
        done = {"response_assessment_complete": "2"}
        rows.append({**empty, **event_name, **repeat, **own, **done})
    return rows


def _labelled(row: dict) -> dict:
    """A row as REDCap exports it with labels, headers too."""
    titles = {
        "redcap_event_name": "Event Name",
        "redcap_repeat_instrument": "Repeat Instrument",
        "redcap_repeat_instance": "Repeat Instance",
    }
    made, codes = {}, {"-999": "Not done", "UNK": "UNK"}
    for name, value in row.items():
        if name in FIELDS:
            header = FIELDS[name][2].replace("<b>", "").replace("</b>", "")
            words = {code: label for label, code in choices(name).items()}
            made[header] = codes.get(value) or words.get(value, value)
        elif name.endswith("_complete"):
            made[f"Complete? #{name}"] = {"2": "Complete"}.get(value, value)
        else:
            made[titles[name]] = value
    event, _, arm = row["redcap_event_name"].rpartition("_arm_")
    title = event.replace("_", " ").capitalize()
    made["Event Name"] = f"{title} (Arm {arm}: {'AB'[int(arm) - 1]})"
    made["Repeat Instrument"] = row["redcap_repeat_instrument"].replace("_", " ").capitalize()
    return made


# (c) an SPSS file: codes with value labels, variables with labels, declared missing values

#: Labels by code; the codes are not what the words would suggest.
SPSS_LABELS = {
    "sex": {1: "Female", 2: "Male"},
    "arm": {1: "A", 2: "B"},
    "flt3": {1: "C", 2: "A", 3: "B"},
    "group": {1: "AML high risk", 2: "AML low risk", 3: "ALL"},
    "fab": {0: "No", 1: "Yes"},
    "dead": {0: "No", 1: "Yes"},
    "rs": {1: "Relapse", 2: "Complete remission"},
}
SPSS_WORDS = {**REDCAP_WORDS, "rs": {"CR": "Complete remission", "RELAPSE": "Relapse"}}
SPSS_MISSING = -9


def spss(folder: Path, study: str) -> Path:
    """Two .sav files, patients and responses; no transplant is the declared missing value -9."""
    source = cohort(study)
    words = {"Y": "Yes", "N": "No"}
    columns = patients_columns(study, word=lambda field, level: words.get(level, level))
    by_label = {"RSDT": "Day of assessment", "RSINV": "rs"}  # one column by its variable label
    tables = {
        "patients": {"file": "patients.sav", "key": "id", "columns": columns},
        "responses": {"file": "responses.sav", "key": "id", "columns": by_label},
    }
    if source.transplants:
        transplants = {"file": "patients.sav", "key": "id", "columns": {"TXDT": "tx_day"}}
        tables["transplants"] = transplants
    export = project(folder, study, tables)
    days = dict(source.transplants)
    patients = [{**p, "tx_day": days.get(p["id"], str(SPSS_MISSING))} for p in source.patients]
    _write_sav(export / "patients.sav", patients, {"tx_day": "Day of the transplant"})
    rows = [{"id": who, "rs_day": day, "rs": word} for who, day, word in source.responses]
    _write_sav(export / "responses.sav", rows, {"rs_day": "Day of assessment"})
    return folder


def _write_sav(path: Path, rows: list[dict], titles: dict[str, str]) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame(rows)
    labels = {name: SPSS_LABELS[name] for name in frame if name in SPSS_LABELS}
    for name in frame:
        words = frame[name].map(lambda value, own=name: SPSS_WORDS.get(own, {}).get(value, value))
        if name in labels:
            codes = {label: code for code, label in labels[name].items()}
            frame[name] = words.map(codes).astype(float)
        elif name != "id":
            frame[name] = pd.to_numeric(words.replace("", None))
    missing = {"tx_day": [SPSS_MISSING]} if "tx_day" in frame else None
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=[titles.get(name, "") for name in frame],
        variable_value_labels=labels,
        missing_ranges=missing,
    )


# (d) a wide workbook: a title above the header, several responses in each row


def wide(folder: Path, study: str) -> Path:
    """One sheet, one row a patient: response_date_1, response_1, response_date_2, ..."""
    import openpyxl

    source = cohort(study)
    columns = patients_columns(study)
    sheet = {"file": "*.xlsx", "sheet": "cohort", "header_row": 2, "key": "id"}
    repeat = {"RSDT": "response_date_{n}", "RSINV": "response_{n}"}
    tables = {
        "patients": {**sheet, "columns": columns},
        "responses": {**sheet, "records": [{"repeat": [1, SLOTS], "columns": repeat}]},
    }
    if source.transplants:
        tables["transplants"] = {**sheet, "columns": {"TXDT": "transplant"}}
    export = project(folder, study, tables)
    book = openpyxl.Workbook()
    page = book.active
    page.title = "cohort"
    page.append(["Follow-up of the cohort"])
    own = list(source.patients[0])
    pairs = [f"{name}_{n}" for n in range(1, SLOTS + 1) for name in ("response_date", "response")]
    page.append([*own, "transplant", *pairs])
    days = dict(source.transplants)
    for patient in source.patients:
        cells = [_number(value) for value in patient.values()]
        cells.append(_number(days.get(patient["id"], "")))
        found = [x for day, word in source.of(patient["id"]) for x in (_number(day), word)]
        # a clinic leaves the first pair empty as often as the last
        gap = [None, None] if int(patient["id"]) % 2 and len(found) < 2 * SLOTS else []
        page.append([*cells, *gap, *found])
    book.create_sheet("notes").append(["not part of the export"])
    book.save(export / "cohort.xlsx")
    return folder


def _number(text: str) -> object:
    if text == "":
        return None
    return int(text) if text.lstrip("-").isdigit() else text

"""A study of four patients with awkward names, from raw cells to two numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from venaza.contracts.analysis import (
    ADAE,
    ADLB,
    ADRS,
    ADSL_DERIVED,
    ADTTE,
    ADTTE_EXCLUDED,
    FACTS,
    MILESTONES,
    TLS,
    TRAIL,
)
from venaza.contracts.clean import (
    CLEANING_LOG,
    CORRECTIONS,
    ORIGINS,
    QUERIES,
    ROW_ACCOUNT,
    TABLES,
)
from venaza.contracts.columns import Column
from venaza.contracts.files import conform, write_table
from venaza.contracts.intake import CELLS, FILES
from venaza.contracts.record import write_record
from venaza.contracts.results import ARD, CURVES
from venaza.contracts.selections import ARD_SELECTIONS, SELECTIONS, Selection, distinct, tabled
from venaza.pipeline.statistics import selections

FILE = "导出 2023.xlsx"
#: Names that a page and a link must survive: space, markup, Chinese, percent and slash.
PATIENTS = ("P 1", "P<2>", "患者-3", "P&4/%20")
ADSL = (Column("STUDYID", "string", "Study"), *TABLES["patients"][:-3], *ADSL_DERIVED)
CONTRACTS = {
    "intake/cells": CELLS,
    "intake/files": FILES,
    **{f"clean/{name}": columns for name, columns in TABLES.items()},
    "clean/origins": ORIGINS,
    "clean/cleaning_log": CLEANING_LOG,
    "clean/queries": QUERIES,
    "clean/corrections": CORRECTIONS,
    "clean/row_account": ROW_ACCOUNT,
    "endpoints/adsl": ADSL,
    "endpoints/adrs": ADRS,
    "endpoints/adtte": ADTTE,
    "endpoints/adtte_excluded": ADTTE_EXCLUDED,
    "endpoints/adae": ADAE,
    "endpoints/adlb": ADLB,
    "endpoints/tls": TLS,
    "endpoints/milestones": MILESTONES,
    "endpoints/facts": FACTS,
    "endpoints/trail": TRAIL,
    "endpoints/queries": QUERIES,
    "statistics/ard": ARD,
    "statistics/curves": CURVES,
    "statistics/selections": SELECTIONS,
    "statistics/ard_selections": ARD_SELECTIONS,
}


def make(name: str, rows: list[dict]) -> pd.DataFrame:
    """A table of the pipeline from the columns that matter."""
    return conform(pd.DataFrame(rows), CONTRACTS[name])


def stand_on(chosen: dict[str, Selection]) -> dict[str, pd.DataFrame]:
    """The tables that say which rows each number was computed from."""
    found, numbers = distinct(list(chosen.values()))
    which = [{"ard_id": k, "SELECTION": n} for k, n in zip(chosen, numbers, strict=True)]
    return {
        "statistics/selections": conform(tabled(found), SELECTIONS),
        "statistics/ard_selections": make("statistics/ard_selections", which),
    }


def times_of(group: str) -> Selection:
    """The times of OS in a group."""
    return selections.times("OS", {}).among((("ITTFL", "=", "Y"), ("GROUP", "=", group)))


def place(row: int, sheet: str = "病人") -> dict:
    return {"SRCFILE": FILE, "SRCSHEET": sheet, "SRCROW": row}


def raw_cells(row: int, sheet: str, **values: str) -> list[dict]:
    return [
        {**place(row, sheet), "COL": "ABCDEFGH"[i], "HEADER": h, "VALUE": v, "KIND": "text"}
        for i, (h, v) in enumerate(values.items())
    ]


def numbered(cells: list[dict]) -> list[dict]:
    """Raw cells with their numbers."""
    return [{"CELL": n, **cell} for n, cell in enumerate(cells, start=1)]


def origin(cells: list[dict], value: tuple, header: str, row: int, role: str = "value") -> dict:
    """A line of ``clean/origins`` of (table, patient, SEQ, column): the cell of a row by header."""
    (number,) = [c["CELL"] for c in cells if (c["HEADER"], c["SRCROW"]) == (header, row)]
    table, patient, seq, column = value
    return {
        **{"TABLE": table, "USUBJID": patient, "SEQ": seq, "COLUMN": column},
        **{"CELL": number, "ROLE": role},
    }


#: The raw cells of the four patients.
RAW = numbered(
    [
        *raw_cells(2, "病人", 病案号="P 1", 死亡日期="2023.4.11", 末次随访="2023/6/1"),
        *raw_cells(3, "病人", 病案号="P<2>", 末次随访="2023年6月2日"),
        *raw_cells(4, "病人", 病案号="患者-3", 死亡日期="20230531"),
        *raw_cells(5, "病人", 病案号="P&4/%20", 末次随访="45081"),
        *raw_cells(9, "疗效", 病案号="P 1", crtime="20", rltime="40"),
    ]
)
#: Where their clean values come from: the index date stands in the study file.
NOTED = [
    *(
        {
            **origin(RAW, ("patients", name, 1, "INDEXDT"), "病案号", n),
            "CELL": None,
            "ROLE": "constant",
        }
        for n, name in enumerate(PATIENTS, start=2)
    ),
    *(
        origin(RAW, ("patients", PATIENTS[n - 2], 1, column), header, n)
        for column, header, rows in (
            ("DTHDT", "死亡日期", (2, 4)),
            ("LSTALVDT", "末次随访", (2, 3, 5)),
        )
        for n in rows
    ),
    origin(RAW, ("responses", "P 1", 1, "RSDT"), "crtime", 9),
    origin(RAW, ("responses", "P 1", 2, "RSDT"), "rltime", 9),
]


def course(patient, code, day, status, said, source) -> dict:
    table, column, seq = source
    return {
        **{"STUDYID": "demo", "USUBJID": patient, "PARAMCD": code, "PARAM": code.lower()},
        **{"STARTDT": "2023-01-01", "STARTDY": 0, "ADY": day, "AVAL": day, "CNSR": status},
        "ADT": pd.Timestamp("2023-01-01") + pd.Timedelta(days=day),
        "EVNTDESC" if status != 1 else "CNSDTDSC": said,
        **{"SRCDOM": table, "SRCVAR": column, "SRCSEQ": seq, "DEFN": "standard"},
    }


SAID = {
    **{"INDEX": "Index date", "DEATH": "Death", "LAST_ALIVE": "Last date known alive"},
    "FAILURE": "Relapse",
}
CALLED = {"FAILURE": "Failure of the regimen"}


def tried(patient, code, nth, role, milestone, day, verdict, said, source, **more) -> dict:
    table, column, seq = source
    said_of = SAID[milestone]
    return {
        **{"STUDYID": "demo", "USUBJID": patient, "PARAMCD": code, "NTH": nth, "ROLE": role},
        **{"MILESTONE": milestone, "SOURCE": CALLED.get(milestone, said_of), "FOUND": said_of},
        **{"ADY": day, "ADT": pd.Timestamp("2023-01-01") + pd.Timedelta(days=day)},
        **{"SRCDOM": table, "SRCVAR": column, "SRCSEQ": seq, "VERDICT": verdict, "SAID": said},
        **more,
    }


def ended(day: int, status: int) -> dict:
    return {"DECIDED": "Y", "ENDDY": day, "CNSR": status}


def fact(patient, milestone, day, table, column, seq) -> dict:
    return {
        **{"STUDYID": "demo", "USUBJID": patient, "MILESTONE": milestone, "NTH": 1, "ADY": day},
        **{"DESCRIPTION": SAID[milestone], "SRCDOM": table, "SRCVAR": column, "SRCSEQ": seq},
    }


def trail() -> list[dict]:
    """The sources of OS and of the one PFOS, in the order tried."""
    index, death, contact = (("patients", f"{n}DT", 1) for n in ("INDEX", "DTH", "LSTALV"))
    first, last = "the first event from time zero on", "not needed: the time has ended"
    rows = []
    for i, name in enumerate(PATIENTS):
        rows.append(tried(name, "OS", 1, "start", "INDEX", 0, "start", "time zero", index))
        day = (100, None, 150, None)[i]
        if day is None:
            nothing = {"USUBJID": name, "PARAMCD": "OS", "NTH": 2, "ROLE": "event"}
            nothing |= {"MILESTONE": "DEATH", "SOURCE": "Death", "VERDICT": "none"}
            rows.append({**nothing, "STUDYID": "demo", "SAID": "no such row"})
            said = "no event: the time is censored here"
            of = (name, "OS", 3, "censor", "LAST_ALIVE", 151 + i, "decided", said, contact)
            rows.append(tried(*of, **ended(151 + i, 1)))
        else:
            of = (name, "OS", 2, "event", "DEATH", day, "decided", first, death)
            rows.append(tried(*of, **ended(day, 0)))
            of = (name, "OS", 3, "censor", "LAST_ALIVE", 151 + i, "not_asked", last, contact)
            rows.append(tried(*of))
    failure = ("responses", "RSDT", 2)
    return [
        *rows,
        tried("P 1", "PFOS", 1, "start", "FAILURE", 40, "start", "time zero", failure),
        tried("P 1", "PFOS", 2, "event", "DEATH", 100, "decided", first, death, **ended(100, 0)),
        tried("P 1", "PFOS", 3, "censor", "LAST_ALIVE", 151, "not_asked", last, contact),
    ]


#: What counts as an alarm, as in config/defaults.yaml but that no column may change.
LIMITS = {"mass_share": 0.2, "mass_count": 5, "settled_days": 90, "expected": []}


@pytest.fixture
def study() -> dict:
    return {
        "id": "demo",
        "export": "2023-06-30",
        "cutoff": "2023-06-30",
        "study": {"title": "A demonstration", "short": "Demo <AML>", "synthetic": True},
        "timeline": {"days_per_month": 30},
        "groups": {"variable": "DISSTAT", "name": "status", "levels": {"ND": "New", "RR": "Old"}},
        "analysis": {"primary": "OS"},
        "changes": dict(LIMITS),
        "published": None,
        "failure": {"milestones": ["RELAPSE"]},
        "on_one_day": ["RELAPSE", "DEATH"],
        "response": {"until": []},
        "milestones": {
            "DEATH": {"table": "patients", "description": "Death"},
            "RELAPSE": {"table": "assessments", "description": "Relapse"},
        },
        "endpoints": {
            "OS": {
                **{"label": "Overall survival", "sentence": "from index to death"},
                **{"censor_sentence": "patients alive were censored", "start": "INDEX"},
                **{"source": "Somebody 2022", "events": ["DEATH"]},
                **{"competing": [], "censors": ["LAST_ALIVE"]},
            },
            "PFOS": {
                **{"label": "After failure", "sentence": "from failure", "start": "FAILURE"},
                **{"events": ["DEATH"], "competing": [], "censors": ["LAST_ALIVE"]},
            },
        },
        "tables": {
            "patients": {
                "records": [
                    {
                        "columns": {
                            "DTHDT": {"from": "死亡 日期"},
                            "LSTALVDT": {"from": "末次随访"},
                            "INDEXDT": {"constant": 0},
                        }
                    }
                ]
            },
            "responses": {
                "records": [
                    {"columns": {"RSDT": {"from": "crtime"}}},
                    {"columns": {"RSDT": {"from": "rltime"}}},
                ]
            },
        },
    }


@pytest.fixture
def tables(made_tables) -> dict[str, pd.DataFrame]:
    return dict(made_tables)


@pytest.fixture(scope="session")
def made_tables() -> dict[str, pd.DataFrame]:
    dates = ("2023-04-11", None, "2023-05-31", None)
    patients = [
        {
            **{"USUBJID": name, "SEQ": 1, "AGE": 60.0 + i, "SEX": "MF"[i % 2]},
            **{"INDEXDT": "2023-01-01", "INDEXDY": 0, "DTHDT": dates[i]},
            **{"DISSTAT": ("ND", "RR")[i // 2], "LSTALVDT": f"2023-06-0{i + 1}"},
            **place(i + 2),
        }
        for i, name in enumerate(PATIENTS)
    ]
    adsl = [
        {
            **{k: v for k, v in row.items() if not k.startswith("SRC")},
            **{"STUDYID": "demo", "GROUP": row["DISSTAT"], "ITTFL": "Y", "RESPFL": "Y"},
            "DTHFL": "Y" if row["DTHDT"] else "N",
        }
        for row in patients
    ]
    death, contact = ("patients", "DTHDT", 1), ("patients", "LSTALVDT", 1)
    adtte = [
        course("P 1", "OS", 100, 0, "Death", death),
        course("P<2>", "OS", 152, 1, "Last date known alive", contact),
        course("患者-3", "OS", 150, 0, "Death", death),
        course("P&4/%20", "OS", 154, 1, "Last date known alive", contact),
        course("P 1", "PFOS", 60, 0, "Death", death),
    ]
    number = {
        **{"analysis": "kaplan_meier", "endpoint": "OS", "population": "ITTFL", "unit": "months"},
        **{"group_variable": "status", "group": "ND", "statistic": "median"},
        "method": "Kaplan-Meier",
    }
    given = {
        "intake/cells": RAW,
        "clean/origins": NOTED,
        "intake/files": [
            {"SRCFILE": FILE, "SHA256": "ab" * 32, "BYTES": 1234, "FORMAT": "xlsx", "SHEETS": 2}
        ],
        "clean/patients": patients,
        "clean/responses": [
            {"USUBJID": "P 1", "SEQ": 1, "RSDY": 20, "RSINV": "CR", **place(9, "疗效")},
            {"USUBJID": "P 1", "SEQ": 2, "RSDY": 40, "RSINV": "RELAPSE", **place(9, "疗效")},
        ],
        "clean/cleaning_log": [
            {
                **{"USUBJID": "P 1", "TABLE": "patients", "COLUMN": "SEX", "RAW": "男"},
                **{"CLEAN": "M", "RULE": "vocabulary", "SRCCOL": "性别", **place(2)},
            },
            {
                **{"USUBJID": "P 1", "TABLE": "patients", "COLUMN": "AGE", "RAW": "7"},
                **{"CLEAN": "70", "RULE": "correction", "SRCCOL": "年龄", **place(2)},
                "NOTE": "chart (Dr <Li>, 2023-12-05)",
            },
        ],
        "clean/corrections": [
            {
                **{"LINE": 2, "USUBJID": "P 1", "TABLE": "patients", "COLUMN": "AGE"},
                **{"OLD": "7", "NEW": "70", "REASON": "chart", "WHO": "Dr <Li>"},
                **{"WHEN": "2023-12-05", "STATUS": "applied", "SRCCOL": "年龄", **place(2)},
            }
        ],
        "clean/queries": [
            {
                **{"QUERYID": "q-1", "USUBJID": "P<2>", "SEVERITY": "warning", "RULE": "range"},
                **{"TABLE": "patients", "COLUMN": "AGE", "VALUE": "<i>1</i>", "MESSAGE": "Odd."},
                **{"ACTION": "kept", **place(3)},
            }
        ],
        "endpoints/adsl": adsl,
        "endpoints/adtte": adtte,
        "endpoints/adtte_excluded": [
            {"STUDYID": "demo", "USUBJID": "P<2>", "PARAMCD": "PFOS", "REASON": "no failure"}
        ],
        "endpoints/milestones": [
            {
                **{"STUDYID": "demo", "USUBJID": "P 1", "MILESTONE": "DEATH"},
                **{"DESCRIPTION": "Death", "ADY": 100, "ADT": "2023-04-11"},
                **{"SRCDOM": "patients", "SRCVAR": "DTHDT", "SRCSEQ": 1},
            }
        ],
        "endpoints/facts": [
            fact(name, *which, seq=1)
            for i, name in enumerate(PATIENTS)
            for which in (
                ("INDEX", 0, "patients", "INDEXDT"),
                ("LAST_ALIVE", 151 + i, "patients", "LSTALVDT"),
                *([("DEATH", (100, 0, 150)[i], "patients", "DTHDT")] if dates[i] else []),
            )
        ]
        + [fact("P 1", "FAILURE", 40, "responses", "RSDT", seq=2)],
        "endpoints/trail": trail(),
        "endpoints/queries": [
            {
                **{"QUERYID": "q-2", "USUBJID": "nobody", "SEVERITY": "error", "RULE": "unknown"},
                **{"TABLE": "labs", "MESSAGE": "Not in the sheet.", "ACTION": "left out"},
                **place(77, "化验"),
            }
        ],
        "statistics/ard": [
            {"ard_id": "km.OS.ND.median", "value": 10 / 3, "display": "3.33", **number},
            {
                **{"ard_id": "km.OS.中_级.median", **number, "display": "not reached"},
                **{"reason": "fewer than half died", "group": "RR"},
            },
        ],
    }
    made = {name: make(name, given.get(name, [])) for name in CONTRACTS}
    of_group = {
        f"km.OS.{key}.median": times_of(group) for key, group in (("ND", "ND"), ("中_级", "RR"))
    }
    return made | stand_on(of_group)


@pytest.fixture(scope="session")
def made_results(made_tables, tmp_path_factory):
    root = tmp_path_factory.mktemp("made") / "demo"
    for name, frame in made_tables.items():
        write_table(frame, CONTRACTS[name], root / f"{name}.parquet")
    before = ["data/raw/demo/2023-06-30"]
    for stage in ("intake", "clean", "endpoints", "statistics"):
        made = [f"results/demo/{p.relative_to(root)}" for p in sorted(root.glob(f"{stage}/*"))]
        record = root / f"records/{stage}.json"
        write_record(record, dict.fromkeys(before, "0"), dict.fromkeys(made, "1"))
        before = [name for name in made if name.endswith(".parquet")]
    return root


@pytest.fixture
def results(made_results, tmp_path):
    """The tables as the pipeline leaves them in results/demo."""
    return Path(shutil.copytree(made_results, tmp_path / "results" / "demo"))

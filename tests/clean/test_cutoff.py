"""The data cut-off: what comes after it does not count, and shows who was alive on that day."""

import math

import pandas as pd
import pytest

from tests.clean.export import clean_of, patients_csv
from tests.clean.sheets import derived, times
from venaza.contracts.errors import StudyError

CUTOFF, EXPORT = "2021-12-31", "2022-06-30"


def row(**cells):
    plain = {"id": "p1", "index": "2021-01-01", "last": "2021-10-01", "death": "", "status": "存活"}
    made = plain | cells
    return (made["id"], "男", made.get("response", "CR"), made["index"], made["last"],
            made["death"], made["status"], "2020-12-20", "95")  # fmt: skip


def cleaned(*rows, responses=False, cutoff=CUTOFF, export=EXPORT):
    return clean_of(patients_csv(list(rows)), cutoff=cutoff, export=export, responses=responses)


def last_and_status(tables) -> tuple:
    patient = tables["patients"].iloc[0]
    day = patient["LSTALVDT"]
    return (None if pd.isna(day) else day.date().isoformat(), patient["SURVSTAT"])


@pytest.mark.parametrize(
    ("death", "last", "status"),
    [
        ("2021-12-31", "2021-10-01", "DEAD"),  # on the day of the cut-off: a death
        ("2022-01-01", "2021-12-31", "ALIVE"),  # a day later: alive then
        ("2022-06-30", "2021-12-31", "ALIVE"),  # on the day of the export
        ("2022-07-01", "2021-10-01", "DEAD"),  # after the export: a slip, which shows nothing
    ],
)
def test_a_death_after_the_cut_off_shows_that_the_patient_was_alive(death, last, status):
    tables = cleaned(row(death=death, status="死亡"))
    assert last_and_status(tables) == (last, status)
    assert tables["patients"]["DTHDT"].notna().all() == (death <= CUTOFF)
    asked = set(tables["queries"]["RULE"]) - {"after_cutoff"}
    assert asked == ({"dead_without_date"} if death > EXPORT else set())


def test_whatever_is_recorded_later_shows_it_too():
    later = cleaned(row(last="2022-01-01", status="失访"))
    assert last_and_status(later) == (CUTOFF, "ALIVE")
    # The sheet's last contact is the date of the response here, so that this row goes.
    relapse = cleaned(row(last="2022-03-01", response="复发"), responses=True)
    assert relapse["responses"].empty
    assert last_and_status(relapse) == (CUTOFF, "ALIVE")


def test_a_record_after_a_death_before_the_cut_off_shows_nothing():
    tables = cleaned(row(death="2021-11-01", last="2022-03-01", status="死亡"))
    patient = tables["patients"].iloc[0]
    assert patient["SURVSTAT"] == "DEAD"
    assert patient["DTHDT"] == pd.Timestamp("2021-11-01")


def test_what_was_set_is_in_the_log():
    log = cleaned(row(death="2022-01-01", status="死亡"))["cleaning_log"].set_index("COLUMN")
    set_then = log[log["RULE"] == "alive at the data cut-off"]
    assert set_then["RAW"].to_dict() == {"LSTALVDT": "2021-10-01", "SURVSTAT": "死亡"}
    assert set_then["CLEAN"].to_dict() == {"LSTALVDT": CUTOFF, "SURVSTAT": "ALIVE"}


@pytest.mark.parametrize(
    ("index", "stays"), [("2021-12-31", True), ("2022-01-01", False), ("2022-06-30", False)]
)
def test_who_starts_after_the_cut_off_is_not_in_the_cohort_yet(index, stays):
    other = row(id="p2", index=index, last="2022-06-30", response="NR")
    tables = cleaned(row(), other, responses=True)
    assert list(tables["patients"]["USUBJID"]) == (["p1", "p2"] if stays else ["p1"])
    account = tables["row_account"]
    gone = account[account["OUTCOME"] == "starts after the data cut-off"]
    assert dict(zip(gone["TABLE"], gone["N"], strict=True)) == (
        {} if stays else {"patients": 1, "responses": 1}
    )
    rules = set(tables["queries"]["RULE"])
    assert rules == ({"after_cutoff", "diagnosis_after_index"} & rules if stays else set())
    assert set(tables["quarantine"]["REASON"]) <= {
        "starts after the data cut-off",
        "dated after the data cut-off",
    }


def test_a_start_after_the_export_is_a_slip_and_no_later_start():
    tables = cleaned(row(), row(id="p2", index="2023-01-01", last=""))
    assert list(tables["patients"]["USUBJID"]) == ["p1", "p2"]
    assert "no_index_date" in set(tables["queries"]["RULE"])


def test_a_cut_off_before_everybody_started_stops_the_run():
    with pytest.raises(StudyError, match=r"All 2 patient\(s\) start after the data cut-off") as e:
        cleaned(row(), row(id="p2"), cutoff="2020-12-31")
    assert "timeline > cutoff" in str(e.value)


PATIENTS = """id,sex,age,start,last,status,death,cause,stop,why
1,M,60,2021-01-01,,dead,2022-06-01,infection,2022-05-01,death
2,F,61,2021-01-01,2022-06-01,dead,2022-06-01,,,
3,M,62,2021-01-01,2021-11-15,dead,2022-06-01,,,
4,F,63,2021-01-01,2022-12-01,alive,,,,
5,M,64,2021-01-01,2021-10-01,dead,2021-10-01,,,
6,M,64,2021-01-01,2021-10-01,alive,,,,
"""
RESPONSES = "id,date,cycle,resp\n" + "".join(f"{n},2021-02-01,1,CR\n" for n in range(1, 7))
TABLES = {
    "patients": {
        "file": "p.csv",
        "key": "id",
        "columns": {
            **{"SEX": "sex", "AGE": "age", "INDEXDT": "start", "LSTALVDT": "last"},
            **{"SURVSTAT": "status", "DTHDT": "death", "DTHCAUS": "cause"},
            **{"STOPDT": "stop", "STOPREAS": "why"},
        },
    },
    "responses": {
        "file": "r.csv",
        "key": "id",
        "columns": {"RSDT": "date", "CYCLE": "cycle", "RSINV": "resp"},
    },
}


def test_deaths_after_the_cut_off_are_lives_censored_there(tmp_path):
    files = {"p.csv": PATIENTS, "r.csv": RESPONSES}
    made = derived(
        tmp_path,
        files,
        TABLES,
        CUTOFF,
        dates="calendar",
        privacy={"columns": {"id": {"keep": "x"}}},
    )
    assert times(made) == {
        **dict.fromkeys(("1", "2", "3", "4"), (364, 1)),
        **{"5": (273, 0), "6": (273, 1)},
    }
    # R 4.2.2, survfit(Surv(c(364, 364, 364, 364, 273, 273), c(0, 0, 0, 0, 1, 0)) ~ 1): 0.833.
    assert math.isclose(1 - 1 / 6, 0.833, abs_tol=5e-4)
    status = made["patients"].set_index("USUBJID")["SURVSTAT"]
    assert status.to_dict() == {**dict.fromkeys("12346", "ALIVE"), "5": "DEAD"}
    assert set(made["queries"]["RULE"]) == {"after_cutoff"}
    assert made["patients"]["DTHCAUS"].isna().all()
    assert made["patients"]["STOPREAS"].isna().all()


OPEN = """id,sex,age,start,last,status,why,graft,next
relapse,M,60,2021-01-01,2021-10-01,alive,relapse,,
graft,F,61,2021-01-01,2021-10-01,alive,transplant,{later},
refractory,M,62,2021-01-01,2021-10-01,alive,refractory,,
progress,M,62,2021-01-01,2021-10-01,alive,progression,,
partial,F,63,2021-01-01,2021-10-01,alive,,,
change,M,64,2021-01-01,2021-10-01,alive,,,2021-12-20
unseen,M,64,2021-01-01,2021-10-01,alive,,,
"""
SEEN = """id,date,cycle,resp
relapse,2021-02-01,1,CR
relapse,{later},9,relapse
graft,2021-02-01,1,CR
refractory,2021-02-01,1,NR
refractory,{later},9,refractory
progress,2021-02-01,1,CR
progress,{later},9,PD
partial,2021-02-01,1,PR
partial,{later},9,CR
change,2021-02-01,1,NR
change,{later},9,refractory
unseen,{later},9,CR
"""
#: What checks of cleaning find where nothing later answers it, and what those of endpoints do.
CLEANING = {
    ("stopped_for_relapse_without_relapse", "relapse"),
    ("stopped_for_transplant_without_transplant", "graft"),
    ("stopped_refractory_in_remission", "progress"),
    ("never_assessed", "unseen"),
}
ENDPOINTS = {
    ("stopped_refractory_without_failure", "refractory"),
    ("partial_without_remission", "partial"),
    ("changed_without_failure", "change"),
}


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        ("2021-12-31", set()),  # on the day of the cut-off: recorded
        ("2022-01-01", set()),  # a day later: not counted, and nothing is missing
        ("2031-01-01", CLEANING),  # after the export: a slip, which is asked about itself
        ("", CLEANING | ENDPOINTS),  # no such record
    ],
)
def test_what_is_recorded_after_the_cut_off_leaves_no_question_open(tmp_path, later, asked):
    seen = SEEN.format(later=later) if later else _without_dates(SEEN)
    files = {"p.csv": OPEN.format(later=later), "r.csv": seen}
    columns = dict(TABLES["patients"]["columns"])
    columns = {name: columns[name] for name in ("SEX", "AGE", "INDEXDT", "LSTALVDT", "SURVSTAT")}
    tables = {
        "patients": {"file": "p.csv", "key": "id", "columns": {**columns, "STOPREAS": "why"}},
        "responses": TABLES["responses"],
        "transplants": {"file": "p.csv", "key": "id", "columns": {"TXDT": "graft"}},
        "therapies": {"file": "p.csv", "key": "id", "columns": {"CMSTDT": "next"}},
    }
    sections = {"privacy": {"columns": {"id": {"keep": "x"}}}, "checks": None, "failure": None}
    made = derived(tmp_path, files, tables, CUTOFF, dates="calendar", **sections)
    found = pd.concat([made["queries"], made["asked"]])
    found = found[found["RULE"].isin({rule for rule, _ in CLEANING | ENDPOINTS})]
    assert set(zip(found["RULE"], found["USUBJID"], strict=True)) == asked


def _without_dates(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if "{later}" not in line)

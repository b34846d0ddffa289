"""What definitions rest on: counts of a source, what data cannot support, exports of events."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tests.clean.sheets import loaded
from tests.reference.four_formats import DATED
from tests.spec.spec import Case, study_of
from venaza.commands.check import in_memory
from venaza.commands.examples import clean_tables
from venaza.pipeline.clean.build import clean
from venaza.pipeline.endpoints.build import derive
from venaza.pipeline.intake.cells import read_export
from venaza.preflight import export_files, load_study, settings
from venaza.preflight.load import _alternatives
from venaza.study.documents import read_yaml
from venaza.study.support import MARK, explained, marked, shown_in, unsupported

ROOT = Path(__file__).parents[2]
LIBRARY = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")["definitions"]
BESIDE = ["eln2022", "landmark_end", "eln2017", "viale_a", "relapse_or_death"]


def support_of(rows: dict, own: str = "documented", beside=(), **changed) -> pd.DataFrame:
    """``endpoints/support`` of worked patients, by source."""
    names = [f"EFS.{name}" for name in beside]
    case = Case("support", "", given=rows, endpoints={"EFS": own}, beside=names)
    case.changed = {key.replace("__", "."): value for key, value in changed.items()}
    study = study_of(case)
    return derive(clean_tables(case, study), study)["support"]


def patients(*names: str) -> list[dict]:
    return [{"USUBJID": name, "LSTALVDY": "300", "DTHDY": "310"} for name in names]


def responses(*rows: tuple) -> list[dict]:
    """Rows of patient, day, cycle and word."""
    return [dict(zip(("USUBJID", "RSDY", "CYCLE", "RSINV"), row, strict=True)) for row in rows]


def test_a_source_is_counted_from_the_table_to_the_patients():
    rows = {"patients": patients("a", "b", "c", "d")}
    rows["responses"] = responses(
        *(("a", "0", "2", "NR"), ("a", "30", "1", "NR"), ("a", "62", "2", "NR")),
        *(("a", "90", "3", "NR"), ("b", "62", "", "NR"), ("b", "90", "", "REFRACTORY")),
        *(("c", "30", "1", "PR"), ("c", "90", "3", "SD"), ("d", "30", "1", "CR")),
        ("d", "90", "3", "RELAPSE"),
    )
    support = support_of(rows).set_index("MILESTONE")
    row = support[support["ROLE"] == "event"].loc["REFRACTORY"].iloc[0]
    assert (row["SRCDOM"], row["COLUMNS"]) == ("responses", "RSDT, RESPONSE, CYCLE")
    counts = ("NROWS", "NFIT", "NLACK", "NCOUNT", "NPATIENT", "NDECIDED")
    assert [int(row[name]) for name in counts] == [10, 6, 1, 3, 2, 2]
    assert row["PASSED"] == (
        "CYCLE too low (1); after first response (1); on the day of index date (1); "
        "without a known cycle (1)"
    )
    assert row["SUPPORT"] == "Y"
    assert pd.isna(row["REASON"])
    assert pd.isna(support.loc["LAST_ALIVE", "SUPPORT"])


def reasons(rows: dict, own: str = "documented", beside=()) -> dict:
    return unsupported(support_of(rows, own, beside))


def test_an_export_that_records_no_failure_cannot_tell_refractory_disease():
    rows = {"patients": patients("a", "b")}
    rows["responses"] = responses(("a", "30", "1", "CR"), ("a", "90", "3", "RELAPSE"))
    found = reasons(rows)
    assert found["EFS"] == [
        "no row of the data shows refractory disease, nor that it was looked for",
        "no row of the data shows progressive disease, nor that it was looked for",
    ]
    rows["responses"] += responses(("b", "30", "1", "NR"))
    assert "EFS" not in reasons(rows)


def test_assessments_without_any_cycle_cannot_tell_refractory_disease():
    rows = {"patients": patients("a", "b", "c")}
    rows["responses"] = responses(
        *(("a", "62", "", "NR"), ("b", "62", "", "SD")),
        *(("c", "60", "", "CR"), ("c", "99", "", "RELAPSE")),
    )
    assert reasons(rows)["EFS"] == [
        "refractory disease: no cycle is known for any of 2 assessments that could show it"
    ]
    rows["cycles"] = [{"USUBJID": "a", "CYCLE": "1", "EXSTDY": "0"}]
    assert "EFS" not in reasons(rows)


EVENTS, BETWEEN = ("REFRACTORY", "PD", "NE"), ("NR", "PR", "MLFS")


@pytest.mark.parametrize(
    ("word", "told"), [*((word, False) for word in EVENTS), *((word, True) for word in BETWEEN)]
)
def test_a_landmark_needs_assessments_short_of_remission(word, told):
    rows = {"patients": patients("a", "b")}
    rows["responses"] = responses(("a", "30", "1", "CR"), ("a", "90", "3", "RELAPSE"),
                                  ("b", "62", "2", word))  # fmt: skip
    found = reasons(rows, "eln2022").get("EFS")
    said = ["no assessment short of remission is on record, so nobody is known to lack one"]
    assert found == (None if told else said)


LAST = "no assessment but of events is on record, so nobody's last assessment is known"


def test_a_censoring_at_the_last_assessment_needs_more_than_events():
    rows = {"patients": patients("a", "b")}
    events = responses(("a", "30", "1", "CR"), ("b", "62", "2", "REFRACTORY"),
                       ("a", "90", "3", "RELAPSE"))  # fmt: skip
    rows["responses"] = events
    assert reasons(rows, "eln2017")["EFS"] == [LAST]
    assert "EFS" not in reasons(rows)  # censored when last known alive
    again = {"on another day": ("a", "60", "2", "CR"), "no response": ("b", "30", "1", "NR")}
    for more in again.values():
        rows["responses"] = events + responses(more)
        assert "EFS" not in reasons(rows, "eln2017")
    rows["responses"] = events + responses(("b", "0", "", "NR"), ("b", "20", "1", "NE"))
    assert reasons(rows, "eln2017")["EFS"] == [LAST]


def test_a_failure_shows_neither_that_remissions_nor_that_relapses_are_recorded():
    rows = {"patients": patients("a", "b")}
    no_relapse = responses(("a", "30", "1", "CR"), ("b", "62", "2", "REFRACTORY"))
    no_remission = responses(("a", "90", "3", "RELAPSE"), ("b", "62", "2", "REFRACTORY"))
    said = "no row of the data shows {}, nor that it was looked for"
    rows["responses"] = no_relapse
    assert reasons(rows)["EFS"] == [said.format("relapse")]
    rows["responses"] = no_remission
    assert said.format("first complete remission") in reasons(rows, "eln2022")["EFS"]
    for found, own in ((no_relapse, "documented"), (no_remission, "eln2022")):
        rows["responses"] = found + responses(("b", "30", "1", "NR"))
        assert "EFS" not in reasons(rows, own)


def test_a_stop_for_toxicity_needs_a_stop_with_its_date():
    stop = {"STOPDY": "40", "STOPREAS": "relapse"}
    rows = {"patients": patients("a", "b")}
    rows["responses"] = responses(("a", "30", "1", "NR"), ("b", "30", "1", "NR"))
    said = "no row of the data shows stop for toxicity, nor that it was looked for"
    assert reasons(rows, "toxicity_stop")["EFS"] == [said]
    rows["patients"][0] |= {**stop, "STOPDY": ""}
    assert reasons(rows, "toxicity_stop")["EFS"] == [said]
    rows["patients"][0] |= stop
    assert "EFS" not in reasons(rows, "toxicity_stop")


def test_of_every_assessment_that_does_not_count_the_reason_is_told():
    rows = {"patients": patients("a")}
    rows["patients"][0]["DTHDY"] = "80"
    rows["responses"] = responses(("a", "0", "", "NR"), ("a", "20", "1", "NE"),
                                  ("a", "30", "1", "NR"), ("a", "90", "3", "NR"))  # fmt: skip
    support = support_of(rows, "eln2022").set_index("MILESTONE").loc["ASSESSED"]
    assert [int(support[name]) for name in ("NROWS", "NFIT", "NCOUNT")] == [4, 2, 1]
    assert support["PASSED"] == "after death (1); on the day of index date (1)"


def test_a_definition_that_the_data_cannot_support_is_marked_wherever_it_is_named():
    rows = {"patients": patients("a")}
    rows["responses"] = responses(("a", "30", "1", "CR"), ("a", "90", "3", "RELAPSE"))
    support = support_of(rows, "documented", ["eln2022", "relapse_or_death"])
    case = Case("marks", "", given=rows, endpoints={"EFS": "documented"})
    case.beside = ["EFS.eln2022", "EFS.relapse_or_death"]
    study = study_of(case)
    shown = marked(study, support)
    assert shown["endpoints"]["EFS"]["label"] == f"Event-free survival {MARK}"
    assert shown["alternatives"]["EFS.eln2022"]["short"].endswith(f"at day 0 {MARK}")
    assert MARK not in shown["alternatives"]["EFS.relapse_or_death"]["short"]
    text = f"Median, ELN 2022, failure at day 0 {MARK}"
    assert shown_in(text, shown) == ["EFS.eln2022"]
    assert explained(["EFS.eln2022", "EFS.relapse_or_death"], support, shown) == [
        f"{MARK} EFS, ELN 2022, failure at day 0: these data cannot support this definition (no "
        "assessment short of remission is on record, so nobody is known to lack one)."
    ]
    assert marked(study, None) is study


@pytest.fixture(scope="module")
def primary() -> dict:
    """The primary study's own results, from its shipped export."""
    study = load_study(ROOT, "aml_venaza")
    return in_memory(ROOT, study)[3] | {"study": study}


def events_of(primary: dict) -> pd.DataFrame:
    """One row per patient: the dates of remission, relapse, failure, death and last contact."""
    adsl = primary["adsl"].set_index("USUBJID")
    first = primary["milestones"].pivot(index="USUBJID", columns="MILESTONE", values="ADY")
    failed = adsl["FAILTYPE"].isin(["refractory", "progression"])
    return pd.DataFrame(
        {
            "id": adsl.index,
            "sex": adsl["SEX"],
            "age": adsl["AGE"],
            "start": 0,
            "remission": first["FIRST_REMISSION"].reindex(adsl.index),
            "relapse": first["RELAPSE"].reindex(adsl.index),
            "refractory": adsl["FAILDY"].where(failed),
            "death": first["DEATH"].reindex(adsl.index),
            "last": adsl["ENDDY"],
        }
    )


def dated(day: object) -> str:
    whole = None if pd.isna(day) else int(day)
    return "" if whole is None else (dt.date(2021, 1, 10) + dt.timedelta(days=whole)).isoformat()


DATES = ("start", "remission", "relapse", "refractory", "death", "last")
PATIENTS = {"SEX": "sex", "AGE": "age", "INDEXDT": "start", "LSTALVDT": "last", "DTHDT": "death"}
RESPONSES = [
    {"columns": {"RSDT": "remission", "RSINV": {"constant": "CR"}}},
    {"columns": {"RSDT": "relapse", "RSINV": {"constant": "RELAPSE"}}},
    {"columns": {"RSDT": "refractory", "RSINV": {"constant": "REFRACTORY"}}},
]


def reduced(folder: Path, events: pd.DataFrame, with_refractory: bool) -> dict:
    """The analysis tables of an export that records these events and nothing between them."""
    table = events.assign(**{name: events[name].map(dated) for name in DATES})
    file = table.to_csv(index=False)
    tables = {
        "patients": {"file": "events.csv", "key": "id", "columns": PATIENTS},
        "responses": {
            "file": "events.csv",
            "key": "id",
            "records": RESPONSES if with_refractory else RESPONSES[:2],
        },
    }
    endpoints = {"OS": "standard", "EFS": {"like": "EFS.documented", "alternatives": [
        "eln2022", "landmark_end", "relapse_or_death", "eln2017"]}}  # fmt: skip
    study = loaded(folder, {"events.csv": file}, tables, dates="calendar", endpoints=endpoints,
                   privacy={"columns": {"id": {"keep": "made up"}}})  # fmt: skip
    raw = folder / "data/raw/bmt" / DATED
    cells, _ = read_export(export_files(folder, "bmt", DATED), raw, settings(study, "intake"))
    return derive(clean(cells, settings(study, "clean")), settings(study, "endpoints"))


def times(tables: dict, code: str) -> dict:
    rows = tables["adtte"][tables["adtte"]["PARAMCD"] == code]
    found = zip(rows["USUBJID"], rows["AVAL"], rows["CNSR"], strict=True)
    return {patient: (int(time), int(status)) for patient, time, status in found}


def by_hand(events: pd.DataFrame, columns: tuple[str, ...]) -> dict:
    """The first of the events of each patient, else the last contact."""
    found = {}
    for row in events.to_dict("records"):
        days = [int(row[name]) for name in columns if not pd.isna(row[name])]
        found[row["id"]] = (min(days), 0) if days else (int(row["last"]), 1)
    return found


def test_the_primary_study_reduced_to_its_events_gives_the_same_event_free_survival(
    tmp_path, primary
):
    events = events_of(primary)
    tables = reduced(tmp_path, events, with_refractory=True)
    expected = by_hand(events, ("relapse", "refractory", "death"))
    assert times(tables, "EFS") == expected == times(primary, "EFS")
    assert times(tables, "EFS.relapse_or_death") == by_hand(events, ("relapse", "death"))
    assert set(unsupported(tables["support"])) == {
        "EFS.eln2022", "EFS.landmark_end", "EFS.eln2017",
    }  # fmt: skip
    # What the mark is for: partial remissions and no response are gone, and nobody failed for them.
    assert times(tables, "EFS.eln2022") != times(primary, "EFS.eln2022")


def test_without_the_date_of_failure_no_definition_with_a_failure_is_supported(tmp_path, primary):
    events = events_of(primary)
    tables = reduced(tmp_path, events, with_refractory=False)
    assert times(tables, "EFS") == by_hand(events, ("relapse", "death")) != times(primary, "EFS")
    wrong = unsupported(tables["support"])
    assert set(wrong) == {"EFS", "EFS.eln2022", "EFS.landmark_end", "EFS.eln2017"}
    assert wrong["EFS"][0].startswith("no row of the data shows refractory disease")


def test_the_trial_that_records_events_gives_their_event_free_survival_and_marks_the_rest():
    study = load_study(ROOT, "myeloid")
    chosen = {"EFS": {"like": "EFS.relapse_or_death", "alternatives": ["documented", *BESIDE[:3]]}}
    study["endpoints"]["EFS"] = study["endpoints"].pop("SWR")
    study["alternatives"] = _alternatives(chosen, LIBRARY, "test")
    tables = in_memory(ROOT, study)[3]
    raw = pd.read_csv(next((ROOT / "data/raw/myeloid").glob("2*/myeloid.csv")))
    raw["death_day"] = raw["futime"].where(raw["death"] == 1)
    events = raw.rename(columns={"rltime": "relapse", "death_day": "death_", "futime": "last"})
    events = events.drop(columns="death").rename(columns={"death_": "death"})
    expected = by_hand(events, ("relapse", "death"))
    assert {int(k): v for k, v in times(tables, "EFS").items()} == expected
    assert set(unsupported(tables["support"])) == {
        "EFS.documented", "EFS.eln2022", "EFS.landmark_end", "EFS.eln2017",
    }  # fmt: skip


def test_the_shipped_studies_support_what_they_define(primary):
    assert unsupported(primary["support"]) == {}


def test_a_cohort_in_which_nothing_happened_yet_is_no_export_that_cannot_tell():
    """Alive by the status, all in remission, with an assessment short of it: nothing is marked."""
    rows = {"patients": [{"USUBJID": n, "LSTALVDY": "300", "SURVSTAT": "ALIVE"} for n in "ab"]}
    rows["responses"] = responses(("a", "30", "1", "CR"), ("b", "30", "1", "NR"),
                                  ("b", "60", "2", "CR"))  # fmt: skip
    assert reasons(rows) == {}
    for patient in rows["patients"]:
        del patient["SURVSTAT"]
    assert reasons(rows)["EFS"] == ["no row of the data shows death, nor that it was looked for"]

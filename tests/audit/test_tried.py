"""The sources tried are true to ADTTE: the one said to decide is the one that decided."""

from __future__ import annotations

import time

import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.endpoints.test_properties import cohorts
from tests.spec.spec import ROOT, Case, study_of
from venaza.audit.tried import COLUMNS, sources_tried
from venaza.config.documents import read_yaml
from venaza.endpoints.adtte import derive_adtte
from venaza.endpoints.build import derive
from venaza.endpoints.fact import Fact
from venaza.endpoints.facts import facts_table
from venaza.errors import StudyError
from venaza.examples import clean_tables

KEYS = ["USUBJID", "PARAMCD"]
MILESTONES = ("A", "B", "C", "DEATH", "ASSESSED", "LAST_ASSESSMENT")


def held_against(tables: dict, study: dict) -> pd.DataFrame:
    """The sources tried, after holding those that decided against ADTTE and ADTTE_EXCLUDED."""
    tried = sources_tried({f"endpoints/{k}": v for k, v in tables.items()}, study)
    decided = tried[tried["VERDICT"] == "decided"]
    adtte = tables["adtte"]
    pairs = adtte.merge(decided, on=KEYS, how="outer", suffixes=("", "_T"), indicator=True)
    assert (pairs["_merge"] == "both").all()
    assert len(pairs) == len(adtte) == len(decided)
    for column, own in (
        *((name, f"{name}_T") for name in ("SRCDOM", "SRCVAR", "SRCSEQ", "CNSR")),
        ("ADY", "ENDDY"),
    ):
        assert pairs[column].equals(pairs[own].astype(pairs[column].dtype)), column
    said = pairs["EVNTDESC"].fillna(pairs["CNSDTDSC"])
    dated = pairs["ADY"] == pairs["ADY_T"]
    by_landmark = pairs["ROLE"] == "landmark"
    assert (by_landmark | dated).all()
    assert (by_landmark | (said == pairs["FOUND"])).all()
    assert (dated & pairs["ADT"].notna() <= (pairs["ADT"] == pairs["ADT_T"])).all()
    starts = tried[tried["VERDICT"] == "start"].merge(adtte, on=KEYS)
    assert starts["ADY_x"].equals(starts["STARTDY"])
    assert starts["SRCSEQ_x"].notna().all()
    left = tried[tried["VERDICT"] == "left_out"][KEYS]
    excluded = tables["adtte_excluded"]
    excluded = excluded[excluded["REASON"] != "not in the analysis population"][KEYS]
    both = left.merge(excluded, on=KEYS, how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    return tried


@st.composite
def given_facts(draw):
    """Facts of up to three patients by milestone, some passed over; FAILURE gathers A and B."""
    facts: dict[str, dict] = {name: {} for name in MILESTONES}
    facts |= {"INDEX": {}, "LAST_ALIVE": {}, "FAILURE": {}}
    patients = [f"p{n}" for n in range(draw(st.integers(1, 3)))]
    for patient in patients:
        facts["INDEX"][patient] = [Fact(0, "patients", "INDEXDT", 1, "INDEX", "Index date")]
        last = draw(st.integers(20, 25))
        facts["LAST_ALIVE"][patient] = [
            Fact(last, "patients", "LSTALVDT", 1, "LAST_ALIVE", "Last known alive")
        ]
        for name in MILESTONES:
            days = draw(st.one_of(st.just([]), st.lists(st.integers(-4, 20), max_size=3)))
            found = [Fact(d, "responses", "RSDT", i, name, f"What {name} is")
                     for i, d in enumerate(days)]  # fmt: skip
            if found:
                facts[name][patient] = sorted(found, reverse=name == "C" and draw(st.booleans()))
        gathered = [(f.day, rank, f) for rank, name in enumerate("BA")
                    for f in facts[name].get(patient, [])]  # fmt: skip
        if gathered:
            facts["FAILURE"][patient] = [f for *_, f in sorted(gathered)]
    return patients, facts


@st.composite
def definitions(draw):
    """Any definition that the schema lets through, over these milestones."""
    names = st.sampled_from([*MILESTONES, "FAILURE"])
    some = st.lists(names, max_size=3, unique=True)
    made = {
        **{"label": "x", "definition": "standard", "start": draw(st.sampled_from(["INDEX", "A"]))},
        **{"events": draw(st.lists(names, min_size=1, max_size=2, unique=True))},
        **{"competing": draw(some), "censor_at": draw(some)},
        "censors": [*draw(st.lists(names, max_size=2, unique=True)), "LAST_ALIVE"],
    }
    if draw(st.booleans()):
        made["entry"] = draw(st.sampled_from(["INDEX", "B", "C"]))
    if draw(st.booleans()):
        most = draw(st.integers(0, 22))
        mark = draw(st.sampled_from([{"days": most}, {"milestone": "B", "at_most_days": most}]))
        dated = draw(st.sampled_from(["start", "landmark", "documented"]))
        made["landmark"] = {**mark, "reached": "C", "failure_dated": dated}
        made["landmark"]["not_evaluable"] = draw(st.sampled_from(["start", "censors"]))
    return made


@settings(max_examples=150, deadline=None)
@given(given_facts(), definitions())
def test_whatever_the_definition_the_source_said_to_decide_decided(made, definition):
    patients, facts = made
    study = {
        **{"id": "any", "endpoints": {"X": definition}, "alternatives": {}},
        "on_one_day": ["C", "A", "DEATH"],
        "response": {"until": ["B"]},
        "failure": {"treated_before_days": 5},
        "milestones": {
            n: {"description": n, "table": "assessments", "date": "RSDT"} for n in "ABC"
        },
    }
    adsl = pd.DataFrame({"USUBJID": patients, "ITTFL": "Y"}, dtype="string")
    adsl["INDEXDT"] = pd.to_datetime(["2023-01-01", *[None] * (len(patients) - 1)])
    try:
        adtte, excluded = derive_adtte(adsl, facts, study)
    except StudyError:
        assume(False)
    tables = {"adsl": adsl, "adtte": adtte, "adtte_excluded": excluded}
    held_against({**tables, "facts": facts_table(facts, [], study)}, study)


def library() -> dict:
    """Every definition that the library has, as endpoints of one study."""
    found = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")["definitions"]
    return {
        f"{code}.{name}": {"competing": [], **spec, "definition": name}
        for code, named in found.items()
        for name, spec in named.items()
    }


def derived(rows: dict) -> tuple[dict, dict]:
    case = Case("property", "", given={k: [*v] for k, v in rows.items()}, endpoints={})
    study = study_of(case) | {"endpoints": library()}
    return derive(clean_tables(case, study), study), study


@settings(max_examples=15, deadline=None)
@given(cohorts())
def test_every_definition_of_the_library_is_told_as_it_is(rows):
    held_against(*derived(rows))


def one(rows: dict, code: str) -> list[tuple]:
    """What is said of the sources of one endpoint of patient p0."""
    tables, study = derived(rows)
    tried = held_against(tables, study)
    own = tried[(tried["PARAMCD"] == code) & (tried["USUBJID"] == "p0")]
    return [
        (r["ROLE"], r["SOURCE"], None if pd.isna(r["ADY"]) else r["ADY"], r["SAID"])
        for r in own.to_dict("records")
    ]


def patient(last: int, death: int | str = "") -> list[dict]:
    return [{"USUBJID": "p0", "LSTALVDY": last, "DTHDY": death}]


def responses(*rows: tuple[int, int, str]) -> list[dict]:
    return [{"USUBJID": "p0", "RSDY": d, "CYCLE": c, "RSINV": r} for d, c, r in rows]


def test_an_event_the_sources_after_it_and_before_it_in_words():
    rows = {"patients": patient(200, 210), "responses": responses((30, 1, "PR"), (90, 3, "RELAPSE"),
            (90, 3, "PD"), (215, 4, "RELAPSE"))}  # fmt: skip
    assert one(rows, "EFS.documented") == [
        ("start", "Index date", 0, "time zero"),
        ("event", "Refractory disease", 90, "after first response: not counted"),
        ("event", "Relapse", 90, "the first event from time zero on"),
        (
            *("event", "Progressive disease", 90),
            "on the day of relapse, which counts first: not counted",
        ),
        ("event", "Death", 210, "after relapse: not counted"),
        ("censor", "Last known alive", 200, "not needed: the time has ended"),
    ]


def test_a_row_after_death_is_named_and_not_counted():
    rows = {"patients": patient(200, 210), "responses": responses((215, 4, "RELAPSE"))}
    said = one(rows, "EFS.relapse_or_death")
    assert said[1] == ("event", "Relapse", 215, "after death: not counted")
    assert said[2] == ("event", "Death", 210, "the first event from time zero on")


def test_without_time_zero_there_is_no_row():
    rows = {"patients": patient(200), "responses": responses((30, 1, "NR"))}
    said = "no such row: no time zero, so there is no row"
    assert one(rows, "RFS.eln2022") == [("start", "First complete remission", None, said)]


def test_nothing_happened_and_the_time_is_censored():
    rows = {"patients": patient(200), "responses": responses((30, 1, "CR"), (60, 2, "CR"))}
    assert one(rows, "RFS.last_assessment")[1:] == [
        ("event", "Relapse", None, "no such row"),
        ("event", "Death", None, "no such row"),
        ("censor", "Last assessment", 60, "no event: the time is censored here"),
    ]


def test_a_landmark_decides_before_the_events_are_asked():
    rows = {"patients": patient(300), "responses": responses((30, 1, "NR"), (200, 6, "CR"))}
    assert one(rows, "EFS.eln2022")[:7] == [
        ("start", "Index date", 0, "time zero"),
        ("landmark", "First complete remission", 200, "not by the landmark on day 180"),
        ("landmark", "Next anti-leukaemic therapy", None, "no such row"),
        ("landmark", "Transplant", None, "no such row"),
        ("landmark", "Death", None, "no such row"),
        (
            *("landmark", "Assessment", 30),
            "no remission by the landmark: an event, dated at time zero",
        ),
        ("event", "Relapse", None, "not needed: the time has ended"),
    ]


def test_a_transplant_censors_before_the_event():
    rows = {"patients": patient(300, 310), "responses": responses((30, 1, "CR"))}
    rows["transplants"] = [{"USUBJID": "p0", "TXDY": 100}]
    said = one(rows, "EFS.transplant_censored")[4:]
    assert said[0] == ("event", "Death", 310, "after transplant: not counted")
    assert said[1][3] == "before any event: the time is censored here"


def test_time_that_ended_before_observation_began():
    definition = library()["OS.from_diagnosis"] | {"entry": "SECOND_CYCLE", "start": "INDEX"}
    tables, study = derived({"patients": patient(300, 300), "responses": responses((300, 2, "CR"))})
    study |= {"endpoints": {"OS": definition}}
    excluded = pd.DataFrame([{"USUBJID": "p0", "PARAMCD": "OS", "REASON": "no time at risk"}])
    tables |= {"adtte": tables["adtte"].iloc[:0], "adtte_excluded": excluded}
    tried = held_against(tables, study)
    assert list(tried["VERDICT"]) == ["start", "left_out", "not_counted", "not_asked"]
    assert tried["DECIDED"].tolist()[1] == "Y"


def test_a_row_left_out_for_the_cut_off_is_mentioned():
    tables, study = derived({"patients": patient(300)})
    tables = {f"endpoints/{name}": table for name, table in tables.items()}
    late = {"USUBJID": "p0", "RULE": "after_cutoff", "TABLE": "responses", "COLUMN": "RSDT"}
    tables["clean/queries"] = pd.DataFrame([late], dtype="string")
    tried = sources_tried(tables, study, ["p0"])
    said = tried[(tried["PARAMCD"] == "EFS.relapse_or_death") & (tried["ROLE"] == "event")]
    assert said["SAID"].tolist() == [
        "no such row; a row after the data cut-off was not counted",
        "no such row",
    ]


def test_only_the_patients_asked_for_and_nobody_outside_the_analysis():
    rows = {"patients": [{"USUBJID": f"p{n}", "LSTALVDY": 5} for n in range(3)]}
    tables, study = derived(rows)
    tables["adsl"] = tables["adsl"].assign(ITTFL=["Y", "N", "Y"])
    tables = {f"endpoints/{name}": table for name, table in tables.items()}
    tried = sources_tried(tables, study, ["p0", "p1"])
    assert set(tried["USUBJID"]) == {"p0"}
    assert tuple(tried) == COLUMNS
    assert sources_tried(tables, study, []).empty


def test_five_thousand_patients_take_seconds():
    tables, study = derived({"patients": patient(300, 310), "responses": responses((30, 1, "CR"))})
    study |= {"endpoints": dict(list(study["endpoints"].items())[:12])}
    names = [f"q{n}" for n in range(5000)]
    many = {
        f"endpoints/{name}": tables[name]
        .drop(columns="USUBJID")
        .merge(pd.Series(names, name="USUBJID", dtype="string"), how="cross")
        for name in ("adsl", "facts")
    }
    begun = time.process_time()
    tried = sources_tried(many, study)
    assert tried["USUBJID"].nunique() == 5000
    assert time.process_time() - begun < 15

"""The trail is true to ADTTE: the one source said to decide gives day, status and source."""

from __future__ import annotations

import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.endpoints.facts import Fact, PassedOver, facts_of
from tests.endpoints.test_properties import cohorts
from tests.spec.spec import ROOT, Case, study_of
from venaza.commands.examples import clean_tables
from venaza.contracts.analysis import TRAIL
from venaza.contracts.columns import names
from venaza.contracts.errors import StudyError
from venaza.pipeline.endpoints.adtte import derive_adtte
from venaza.pipeline.endpoints.build import derive
from venaza.study.documents import read_yaml

KEYS = ["USUBJID", "PARAMCD"]
MILESTONES = ("A", "B", "C", "DEATH", "ASSESSED", "LAST_ASSESSMENT")


def held_against(tables: dict) -> pd.DataFrame:
    """The trail, after holding the sources that decided against ADTTE and ADTTE_EXCLUDED."""
    tried = tables["trail"]
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
    assert len(both) == len(left) == len(excluded)
    nobody_asked_after_the_end(tried)
    return tried


def nobody_asked_after_the_end(tried: pd.DataFrame) -> None:
    """Places count from 1; what comes after a landmark or a censor that decided was not asked."""
    assert tried["NTH"].tolist() == (tried.groupby(KEYS, sort=False).cumcount() + 1).tolist()
    marked = (tried["DECIDED"] == "Y").fillna(False).astype(bool)
    assert marked.tolist() == tried["VERDICT"].isin(["decided", "left_out"]).tolist()
    assert not tried[marked].duplicated(KEYS).any()
    decided = tried[tried["VERDICT"] == "decided"]
    pairs = tried.merge(decided, on=KEYS, suffixes=("", "_D"))
    after = pairs[pairs["NTH"] > pairs["NTH_D"]]
    final = after["ROLE_D"].isin(["landmark", "censor"]) | (after["ROLE"] == "censor")
    assert (after.loc[final, "VERDICT"] == "not_asked").all()
    before = pairs[(pairs["NTH"] < pairs["NTH_D"]) | ~pairs["ROLE_D"].isin(["landmark", "censor"])]
    asked = before[~before["ROLE"].isin(["censor"]) | (before["NTH"] < before["NTH_D"])]
    assert (asked["VERDICT"] != "not_asked").all()


@st.composite
def given_facts(draw):
    """Facts of up to three patients by milestone, and some passed over; FAILURE gathers A and B."""
    facts: dict[str, dict] = {name: {} for name in MILESTONES}
    facts |= {"INDEX": {}, "LAST_ALIVE": {}, "FAILURE": {}}
    patients = [f"p{n}" for n in range(draw(st.integers(1, 3)))]
    for patient in patients:
        facts["INDEX"][patient] = [Fact(0, "patients", "INDEXDT", 1, "INDEX", "Index date")]
        last = draw(st.integers(20, 25))
        facts["LAST_ALIVE"][patient] = [
            Fact(last, "patients", "LSTALVDT", 1, "LAST_ALIVE", "Last date known alive")
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
    passed = [
        PassedOver(
            patient, Fact(day, "responses", "RSDT", 9, name, f"What {name} is"), "after", "A"
        )
        for patient in patients
        for name in draw(st.lists(st.sampled_from("ABC"), max_size=2))
        for day in [draw(st.integers(0, 20))]
    ]
    return patients, facts_of(facts, passed)


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
        "failure": {"treated_before_days": 5, "milestones": ["B", "A"]},
        "milestones": {
            n: {"description": n, "table": "assessments", "date": "RSDT"} for n in "ABC"
        },
    }
    adsl = pd.DataFrame({"USUBJID": patients, "ITTFL": "Y"}, dtype="string")
    adsl["INDEXDT"] = pd.to_datetime(["2023-01-01", *[None] * (len(patients) - 1)])
    try:
        made = derive_adtte(adsl, facts, study)
    except StudyError:
        assume(False)
    held_against({"adtte": made.adtte, "adtte_excluded": made.excluded, "trail": made.trail})


def library() -> dict:
    """Every definition that the library has, as endpoints of one study."""
    found = read_yaml(ROOT / "config/endpoints.yaml", "endpoints")["definitions"]
    return {
        f"{code}.{name}": {"competing": [], **spec, "definition": name}
        for code, named in found.items()
        for name, spec in named.items()
    }


def derived(rows: dict, endpoints: dict | None = None) -> dict[str, pd.DataFrame]:
    """The tables of the endpoints stage, by every definition of the library or by those given."""
    case = Case("property", "", given={k: [*v] for k, v in rows.items()}, endpoints={})
    study = study_of(case) | {"endpoints": endpoints or library()}
    return derive(clean_tables(case, study), study)


@settings(max_examples=15, deadline=None)
@given(cohorts())
def test_every_definition_of_the_library_is_told_as_it_is(rows):
    held_against(derived(rows))


def one(rows: dict, code: str) -> list[tuple]:
    """What is said of the sources of one endpoint of patient p0."""
    tried = held_against(derived(rows))
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
        ("censor", "Last date known alive", 200, "not needed: the time has ended"),
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
    rows = {"patients": patient(300, 300), "responses": responses((300, 2, "CR"))}
    tables = derived(rows, {"OS": definition})
    tried = held_against(tables)
    assert list(tried["VERDICT"]) == ["start", "left_out", "not_counted", "not_asked"]
    assert tried["DECIDED"].tolist()[1] == "Y"
    assert tables["adtte_excluded"]["REASON"].tolist() == [
        "no time at risk after the assessment after the second cycle: death"
    ]


def few(**facts: int) -> tuple[pd.DataFrame, dict, dict]:
    """ADSL, facts of patients p0 to p2 and a study of one endpoint; ``facts`` are days."""
    names = ["p0", "p1", "p2"]
    adsl = pd.DataFrame({"USUBJID": names, "ITTFL": "Y"}, dtype="string")
    adsl["INDEXDT"] = pd.to_datetime(["2023-01-01"] * 3)
    made = {
        name: {p: [Fact(day, "patients", f"{name}DT", 1, name, f"What {name} is")] for p in names}
        for name, day in facts.items()
    }
    definition = {"start": "INDEX", "events": ["A", "B"], "competing": [], "label": "Any"}
    definition |= {"censors": ["LAST_ALIVE"], "definition": "standard"}
    milestones = {n: {"description": n, "table": "assessments", "date": "RSDT"} for n in "AB"}
    milestones["B"]["date"] = "PDDT"
    study = {"id": "few", "endpoints": {"X": definition}, "alternatives": {}, "on_one_day": []}
    return adsl, made, study | {"milestones": milestones}


def test_a_row_left_out_for_the_cut_off_is_mentioned():
    adsl, facts, study = few(INDEX=0, LAST_ALIVE=9)
    late = {"USUBJID": "p0", "RULE": "after_cutoff", "TABLE": "responses", "COLUMN": "RSDT"}
    others = [late | {"USUBJID": "p1", "RULE": "range"}, late | {"USUBJID": "p2", "TABLE": "mrd"}]
    queries = pd.DataFrame([late, *others], dtype="string")
    tried = derive_adtte(adsl, facts_of(facts), study, {"queries": queries}).trail
    censored = tried[tried["DECIDED"] == "Y"].set_index("USUBJID")["SAID"]
    said = "no event: the time is censored here"
    cut = f"{said}; a row dated after the data cut-off was left out"
    assert censored.to_dict() == {"p0": cut, "p1": said, "p2": said}
    assert set(tried.loc[tried["ROLE"] == "event", "SAID"]) == {"no such row"}


def test_a_name_keeps_its_capitals_in_a_sentence():
    adsl, facts, study = few(INDEX=0, A=3, B=5)
    named = {p: [fact._replace(description="CAR-T cells")] for p, [fact] in facts["A"].items()}
    tried = derive_adtte(adsl, facts_of(facts | {"A": named}), study).trail
    after = tried.loc[tried["MILESTONE"] == "B", "SAID"]
    assert set(after) == {"after CAR-T cells: not counted"}


def test_of_several_rows_passed_over_the_first_by_day_is_named():
    adsl, facts, study = few(INDEX=0, LAST_ALIVE=9)
    row = Fact(5, "responses", "RSDT", 2, "A", "What A is")
    later, earlier = PassedOver("p0", row, "after", "B"), row._replace(day=3, seq=4)
    passed = [later, PassedOver("p0", earlier, "without", "CYCLE")]
    tried = derive_adtte(adsl, facts_of(facts, passed), study).trail
    (own,) = tried[(tried["USUBJID"] == "p0") & (tried["MILESTONE"] == "A")].to_dict("records")
    assert (own["ADY"], own["SRCSEQ"], own["VERDICT"]) == (3, 4, "not_counted")
    assert own["SAID"] == "without a known cycle: not counted"


def test_nobody_outside_the_analysis_has_a_trail():
    adsl, facts, study = few(INDEX=0, LAST_ALIVE=9)
    adsl["ITTFL"] = pd.array(["Y", "N", "Y"], dtype="string")
    _, excluded, tried, _ = derive_adtte(adsl, facts_of(facts), study)
    assert set(tried["USUBJID"]) == {"p0", "p2"}
    assert tuple(tried) == tuple(names(TRAIL))
    assert excluded["REASON"].tolist() == ["not in the analysis population"]
    empty = derive_adtte(adsl.iloc[:0], facts_of(facts), study).trail
    assert empty.empty
    assert tuple(empty) == tuple(names(TRAIL))

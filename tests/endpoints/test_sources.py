"""Each definition does what the source that it names says, or says in what it differs."""

from __future__ import annotations

import pytest

from tests.spec.spec import ROOT
from venaza.study.documents import read_yaml

DEFINITIONS = {
    f"{code}.{name}": definition
    for code, own in read_yaml(ROOT / "config/endpoints.yaml", "")["definitions"].items()
    for name, definition in own.items()
}
#: The two tables as they were read: time zero, events, where who has none is censored.
ELN2017, ELN2022 = "(ELN 2017), table 7", "(ELN 2022), table 9"
READ = {
    ("EFS", ELN2017): ("INDEX", {"PRIMARY_REFRACTORY", "RELAPSE", "DEATH"}, "LAST_ASSESSMENT"),
    ("RFS", ELN2017): ("FIRST_REMISSION", {"RELAPSE", "DEATH"}, "LAST_ASSESSMENT"),
    ("OS", ELN2022): ("INDEX", {"DEATH"}, "LAST_ALIVE"),
    ("EFS", ELN2022): ("INDEX", {"RELAPSE", "DEATH"}, "LAST_ASSESSMENT"),
    ("RFS", ELN2022): ("FIRST_REMISSION", {"RELAPSE", "DEATH"}, "LAST_ALIVE"),
}
#: What a definition may have beside its source, and the words that then stand in it.
SAID = {
    "PROGRESSION": "progression",
    "NEXT_THERAPY": "change of therapy",
    "TOXICITY_STOP": "stop for toxicity",
}
RECOMMENDATIONS = ("(ELN 2017)", "(ELN 2022)", "(ELN recommendations for ALL)")


def named(source: str) -> str:
    return next((words for words in (ELN2017, ELN2022) if words in source), "")


@pytest.mark.parametrize("code", DEFINITIONS)
def test_a_definition_as_printed_in_its_source_is_that(code):
    definition = DEFINITIONS[code]
    table = named(definition["source"])
    if definition["source"].startswith("after ") or not table:
        assert not [d for d in RECOMMENDATIONS[:2] if definition["source"].endswith(d)], (
            "say the table that defines it, or that it is only after it"
        )
        return
    start, events, censored = READ[code.partition(".")[0], table]
    assert definition["start"] == start
    assert set(definition["events"]) == events
    assert definition["censors"][0] == censored
    assert not definition.get("censor_at")
    landmark = definition.get("landmark", {"failure_dated": "start", "not_evaluable": "start"})
    assert (landmark["failure_dated"], landmark["not_evaluable"]) == ("start", "start")
    assert ("landmark" in definition) == (code.startswith("EFS") and table == ELN2022)


@pytest.mark.parametrize("code", DEFINITIONS)
def test_what_differs_from_a_recommendation_is_said(code):
    definition = DEFINITIONS[code]
    source = definition["source"]
    if not source.startswith("after ") or not any(words in source for words in RECOMMENDATIONS):
        return
    wanted = [words for event, words in SAID.items() if event in definition["events"]]
    if definition["censors"][0] == "LAST_ALIVE" and not code.startswith("DOR"):
        wanted.append("last date known alive")
    wanted += ["first response"] if definition["start"] == "FIRST_RESPONSE" else []
    wanted += ["censored at transplant"] if definition.get("censor_at") else []
    dated = definition.get("landmark", {}).get("failure_dated")
    wanted += ["dated at the landmark"] if dated == "landmark" else []
    assert [words for words in wanted if words not in source] == []


@pytest.mark.parametrize("code", DEFINITIONS)
def test_the_words_of_the_censoring_are_where_it_is(code):
    definition = DEFINITIONS[code]
    said, first = definition["censor_sentence"], definition["censors"][0]
    place = {"LAST_ALIVE": "last date known alive", "LAST_ASSESSMENT": "last response assessment"}
    assert place[first] in " ".join(said.split())

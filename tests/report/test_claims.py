"""Each sentence that a report prints is held against a count of its own, in every cohort."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from tests.report import claims
from tests.report.claims.claim import CLAIMS, expected, faults
from tests.report.claims.world import plain
from tests.report.claims.worlds import NAMES, SHIPPED, world
from venaza.pipeline.report.sentences import FACTS, Always

#: Sentences with a fact that holds in each of these cohorts, and what would make it fail.
IN_EVERY_COHORT = {
    "moved.manuscript": "the flow of the patients is drawn of every study",
    "abstract.follow_up": "without anybody's last contact no cohort is analysed",
    "survival.follow_up": "without anybody's last contact no cohort is analysed",
    "methods.definitions": "the table of definitions is made of every study",
    "patients.table": "the table of the baseline is made of every study",
    "supplement.support": "every endpoint rests on a milestone",
}

# The claims stand in modules by the subject of their sentences; importing one fills ``CLAIMS``.
for module in pkgutil.iter_modules(claims.__path__, f"{claims.__name__}."):
    if module.name.rpartition(".")[2].startswith("claims_"):
        importlib.import_module(module.name)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_true(name):
    cohort = world(name)
    assert [fault for sentence in FACTS for fault in faults(cohort, sentence)] == []


def test_each_sentence_has_a_claim_and_each_claim_a_sentence():
    assert set(CLAIMS) == set(FACTS)


def printed(sentence: str) -> list[str]:
    """The cohorts whose report has a sentence."""
    return [name for name in NAMES if sentence in world(name).said]


@pytest.mark.parametrize("sentence", FACTS)
def test_each_sentence_is_printed_somewhere_and_left_out_elsewhere(sentence):
    fact = FACTS[sentence]
    assert printed(sentence)
    if isinstance(fact, Always):
        assert fact.reason
    elif sentence not in IN_EVERY_COHORT:
        assert len(printed(sentence)) < len(NAMES)


def test_no_sentence_is_listed_that_is_left_out_somewhere():
    assert {s for s in IN_EVERY_COHORT if len(printed(s)) < len(NAMES)} == set()


@pytest.mark.parametrize("name", SHIPPED)
def test_an_abstract_has_at_most_300_words_with_the_primary_result_and_its_interval(name):
    cohort = world(name)
    text = plain(cohort.parts["abstract"], cohort.shown)
    words = [w for w in text.replace("*", "").split() if any(c.isalnum() for c in w)]
    assert len(words) <= 300
    assert "95% CI" in cohort.said["abstract.survival"][""][0]


def test_a_claim_notices_what_is_not_so(monkeypatch):
    cohort = world("plain")
    told = cohort.said["patients.included"][""][0]
    monkeypatch.setitem(cohort.said, "patients.included", {"": [told.replace("28", "29")]})
    assert "no '28 patients were included'" in faults(cohort, "patients.included")[0]
    monkeypatch.setitem(cohort.said, "safety.none", {"": ["No event was recorded."]})
    assert "must not be printed" in faults(cohort, "safety.none")[0]
    monkeypatch.delitem(cohort.said, "safety.totals")
    assert "is missing" in faults(cohort, "safety.totals")[0]
    assert expected(cohort, "safety.none") == {}

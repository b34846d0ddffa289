"""Failures, later therapies and responses to them, counted by hand."""

from tests.statistics.made_up import make_adsl, printed
from venaza.statistics import failure

PATIENTS = [
    {"GROUP": "ND", "FAILFL": "Y", "FAILTYPE": "relapse", "PFTRTFL": "Y", "PFTRT": "VEN-AZA again"},
    {"GROUP": "ND", "FAILFL": "Y", "FAILTYPE": "refractory", "PFTRTFL": "N"},
    {"GROUP": "ND", "FAILFL": "N"},
    {"GROUP": "ND"},
    {
        **{"GROUP": "RR", "FAILFL": "Y", "FAILTYPE": "relapse", "PFTRTFL": "Y"},
        **{"PFTRT": "clinical trial", "PFRESP": "CRi"},
    },
    {"GROUP": "RR", "FAILFL": "Y", "PFTRTFL": "Y", "PFRESP": "NR"},
]


def test_failures_by_kind(study):
    found = printed(failure.failures(make_adsl(PATIENTS), study))
    nd = {k.split(".")[2]: v for k, v in found.items() if k.startswith("failure.ND.")}
    assert nd == {
        "any": "2",
        "refractory": "1",
        "relapse": "1",
        "progression": "0",
        "unknown": "0",
        "treated": "1",
        "treated_refractory": "0",
        "treated_relapse": "1",
        "treated_progression": "0",
        "treated_unknown": "0",
    }
    assert found["failure.all.unknown.n"] == "1"
    assert found["failure.all.treated.n"] == "3"


def test_no_failure_at_all(study):
    found = printed(failure.failures(make_adsl([{"GROUP": "ND"}]), study))
    assert found["failure.RR.any.n"] == "0"
    assert not list(failure.later_therapies(make_adsl([{"GROUP": "ND"}]), study))


def test_later_therapies_and_responses(study):
    found = printed(failure.later_therapies(make_adsl(PATIENTS), study))
    assert found["postfailure.ND.VEN_AZA_again.n"] == "1"
    assert found["postfailure.RR.clinical_trial.n"] == "1"
    assert found["postfailure.RR.unknown.n"] == "1"
    responses = [k for k in found if k.startswith("postfailure.RR.response.")]
    assert [k.split(".")[3] for k in responses] == ["CRi", "NR", "unknown"]
    assert found["postfailure.ND.response.unknown.n"] == "1"


def test_a_regimen_named_response_keeps_its_own_key(study):
    adsl = make_adsl([{"GROUP": "ND", "PFTRTFL": "Y", "PFTRT": "response"}])
    found = printed(failure.later_therapies(adsl, study))
    assert found["postfailure.ND.response_2.n"] == "1"

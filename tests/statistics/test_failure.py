"""Failures, later therapies and responses to them, counted by hand."""

from tests.statistics.made_up import make_adsl, printed
from venaza.pipeline.statistics import failure

ANY = {"PFANYFL": "Y"}
CARE = {"PFTRTFL": "N", "PFSUPFL": "Y", "PFANYFL": "Y"}
NOTHING = {"PFTRTFL": "N", "PFNONFL": "Y", "PFANYFL": "N"}
PATIENTS = [
    {
        **{"GROUP": "ND", "FAILFL": "Y", "FAILTYPE": "relapse", "PFTRTFL": "Y"},
        **{"PFTRT": "VEN-AZA again"} | ANY,
    },
    {"GROUP": "ND", "FAILFL": "Y", "FAILTYPE": "refractory"} | NOTHING,
    {"GROUP": "ND", "FAILFL": "N"},
    {"GROUP": "ND"},
    {
        **{"GROUP": "RR", "FAILFL": "Y", "FAILTYPE": "relapse", "PFTRTFL": "Y"},
        **{"PFTRT": "clinical trial", "PFRESP": "CRi"} | ANY,
    },
    {"GROUP": "RR", "FAILFL": "Y", "PFTRTFL": "Y", "PFRESP": "NR"} | ANY,
    {"GROUP": "RR", "FAILFL": "Y", "FAILTYPE": "relapse", "PFSUP": "hydroxyurea"} | CARE,
    {"GROUP": "RR", "FAILFL": "Y", "FAILTYPE": "relapse"} | CARE,
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
        "supportive": "0",
        "further": "1",
        "untreated": "1",
    }
    assert found["failure.all.unknown.n"] == "1"
    assert found["failure.all.treated.n"] == "3"


def test_supportive_care_only_is_counted_apart_and_with_any_therapy(study):
    found = printed(failure.failures(make_adsl(PATIENTS), study))
    parts = ("any", "treated", "supportive", "untreated", "further")
    assert [found[f"failure.RR.{part}.n"] for part in parts] == ["4", "2", "2", "0", "4"]
    assert [found[f"failure.all.{part}.n"] for part in parts] == ["6", "3", "2", "1", "5"]
    named = printed(failure.later_therapies(make_adsl(PATIENTS), study))
    care = {k: v for k, v in named.items() if k.startswith("postfailure.RR.supportive.")}
    names = [(key.split(".")[3], value) for key, value in care.items()]
    assert names == [("hydroxyurea", "1"), ("unknown", "1")]
    assert "postfailure.RR.hydroxyurea.n" not in named


def test_a_study_without_later_therapies_does_not_count_them(study):
    unknown = [{k: v for k, v in row.items() if k != "PFANYFL"} for row in PATIENTS]
    found = printed(failure.failures(make_adsl(unknown), study))
    assert not [k for k in found if k.endswith(("further.n", "untreated.n", "supportive.n"))]


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

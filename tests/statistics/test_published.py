"""The published numbers beside the computed ones."""

import pandas as pd
import pytest

from tests.statistics.made_up import printed
from venaza.contracts.errors import StudyError
from venaza.pipeline.statistics import ard, selections
from venaza.pipeline.statistics.published import published

COLUMNS = ["study", "group", "measure", "value", "numerator", "denominator", "unit", "note"]


def computed():
    numbers = [
        ("rate.ORR.ND", {"n": ard.count(24), "denominator": ard.count(28)}),
        ("rate.ORR.ND", {"percent": ard.known(100 * 24 / 28, "percent")}),
        ("km.OS.ND", {"median": ard.known(358 / 30, "months")}),
        ("km.OS.RR", {"median": ard.missing("months", "too few", "not reached")}),
        ("n.ITT", {"all": ard.count(50)}),
    ]
    rows = [
        r
        for stem, n in numbers
        for r in ard.rows(stem, n, rows=selections.patients(), analysis="x", method="x")
    ]
    return ard.assemble(rows)


@pytest.fixture
def compare(study):
    study["published"] = {
        "study": "Bai 2025",
        "file": "targets.csv",
        "numbers": {
            "orr": "rate.ORR.{group}.percent",
            "os": "km.OS.{group}.median",
            "patients": "n.ITT.{group}",
            "efs": "km.EFS.{group}.median",
        },
    }

    def run(*targets):
        frame = pd.DataFrame([("Bai 2025", *t) for t in targets], columns=COLUMNS)
        return list(published(computed(), study, frame.astype("string")))

    return run


def test_agreement_needs_the_value_and_the_counts(compare):
    rows = compare(("ND", "orr", "85.7", "24", "28", "percent", ""))
    assert printed(rows) == {
        "published.ND.orr.published": "85.7",
        "published.ND.orr.computed": "85.7",
        "published.ND.orr.agrees": "yes",
    }
    assert [row["term"] for row in rows] == ["24/28", "24/28", None]
    other = compare(("ND", "orr", "85.7", "12", "14", "percent", ""))
    assert printed(other)["published.ND.orr.agrees"] == "no"
    assert other[2]["value"] == 0


@pytest.mark.parametrize(
    ("value", "ours", "agrees"),
    [("11.93", "11.93", "yes"), ("11.9", "11.9", "yes"), ("11.94", "11.93", "no"),
     ("12", "12", "yes")],
)  # fmt: skip
def test_computed_is_rounded_as_the_publication_prints(compare, value, ours, agrees):
    found = printed(compare(("ND", "os", value, "", "", "months", "")))
    assert found["published.ND.os.computed"] == ours
    assert found["published.ND.os.agrees"] == agrees


def test_a_median_not_reached_disagrees(compare):
    rows = {row["ard_id"]: row for row in compare(("RR", "os", "9.1", "", "", "months", ""))}
    assert rows["published.RR.os.computed"]["display"] == "not reached"
    assert rows["published.RR.os.computed"]["reason"] == "too few"
    assert rows["published.RR.os.agrees"]["display"] == "no"


def test_all_patients_and_measures_without_value_or_number(compare):
    rows = compare(
        ("all", "patients", "50", "", "", "n", ""),
        ("all", "adverse_events", "", "", "", "text", "mostly haematological"),
        ("ND", "efs", "9.87", "", "", "months", ""),
        ("ND", "height", "1.7", "", "", "m", ""),
    )
    by_key = {row["ard_id"]: row for row in rows}
    assert by_key["published.all.patients.agrees"]["value"] == 1
    assert not any("adverse" in key for key in by_key)
    missing = by_key["published.ND.efs.agrees"]
    assert (missing["value"], missing["reason"]) == (
        None,
        "this run has no number km.EFS.ND.median",
    )
    assert by_key["published.ND.height.computed"]["reason"] == "the study names no number"


def test_other_studies_of_the_file_are_left_alone(compare, study):
    frame = pd.DataFrame([("Other", "ND", "os", "1", "", "", "months", "")], columns=COLUMNS)
    assert not list(published(computed(), study, frame))


def test_unknown_group_and_no_number(compare):
    with pytest.raises(StudyError, match="group that the study does not have"):
        compare(("XX", "os", "1", "", "", "months", ""))
    with pytest.raises(StudyError, match="not a number"):
        compare(("ND", "os", "about 1", "", "", "months", ""))

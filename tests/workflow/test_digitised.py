"""Our own curves, digitised from their pictures and reconstructed, held against the patients."""

from pathlib import Path

import pytest

from tests.workflow import digitised

ROOT = Path(__file__).parents[2]
CASES = [(s, e) for s in digitised.STUDIES for e in digitised.ENDPOINTS[s]]


@pytest.mark.parametrize(("study", "endpoint"), CASES)
def test_what_comes_back_from_a_picture(finished, study, endpoint):
    found = digitised.recovered(finished / "results", study, endpoint)
    assert len(found) > 1
    assert list(found["n_back"]) == list(found["n"])
    assert ((found["events_back"] - found["events"]).abs() <= 0.02 * found["events"]).all()
    longest = found["median"].max()
    assert ((found["median_back"] - found["median"]).abs() <= 0.01 * longest).all()
    assert ((found["hr_back"] / found["hr"] - 1).abs() <= 0.05).all()
    assert (found["off"] <= 0.025).all()


def test_the_page_says_what_came_back(finished):
    page = (ROOT / digitised.PAGE).read_text(encoding="utf-8")
    assert page == digitised.page(finished / "results")

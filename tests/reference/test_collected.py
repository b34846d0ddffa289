"""The evidence tables hold what was collected, row by row, and say where they hold more."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest

from venaza.preflight.evidence import ongoing, outcomes
from venaza.study.percentages import counts_for
from venaza.study.printed_numbers import printed

ROOT = Path(__file__).parents[2]
COHORTS = "data/reference/reference_cohorts.csv"
EXPERIENCES = "data/reference/all_published_experiences.csv"
TRIALS = "data/reference/all_ongoing_trials.csv"
#: SHA-256 of the collected files as they came, and their rows.
COLLECTED = {
    "reference_cohorts": ("5b9e960ec46b37e04c35de8bab2708741d6d91c2c1011bdefb166bb711678cd0", 23),
    "all_published_experiences": (
        "8161b75e679ee74178b58a72863e7fc31568318b07c85f8c5ac6e37e8ebd8ddc",
        23,
    ),
    "all_ongoing_trials": ("41563cab7e9119ce155cbbf80c13aa8ec7bd6d1f3aab3d90bf550f9e26350153", 18),
}
#: Collected cohorts that are left out: no address but "abstract", or told in the ALL table.
NO_ADDRESS = {"sichuan", "nanfang", "china_rr"}
IN_THE_ALL_TABLE = {"tall_mdacc": "all_19", "tall_aza": "all_24"}
#: Rows beyond the collected ones, each with a source that was read.
ADDED = {"uk_nhs_d30", "uk_nhs_d60", "bai_nd_orr", "bai_rr_orr", "vah_orr"}
#: What the collected status says -> what the counts of the rate say.
COUNTS = {"k inferred": {"worked out", "inferred"}, "verified": {"published", ""}}


def collected(name: str) -> list[dict[str, str]]:
    path = Path(__file__).with_name("collected") / f"{name}.csv"
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def checksum(rows: list[tuple[str, ...]]) -> str:
    text = "\n".join("\x1f".join(row) for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", COLLECTED)
def test_the_collected_tables_are_those_that_came(name):
    path = Path(__file__).with_name("collected") / f"{name}.csv"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (found, len(collected(name))) == COLLECTED[name]


def test_every_published_experience_is_there_with_its_values():
    rows = outcomes(ROOT, EXPERIENCES)
    assert len(rows) == 23
    assert len({row["series"] for row in rows}) == 12
    came = collected("all_published_experiences")
    keys = ("population", "endpoint", "value", "unit", "subgroup", "phase")
    theirs = ("population", "outcome_measure", "value", "unit", "subgroup", "phase")
    ours = [(row["series"].removeprefix("all_"), *(row[k] for k in keys)) for row in rows]
    assert ours == [(row["ref"], *(row[k] for k in theirs)) for row in came]
    assert checksum(ours) == "bfb4399c97779e35aa17255c3c2a7b227dddd8e87e3eac46bd5010069128ddd7"


def test_the_n_of_an_experience_is_the_collected_one_or_was_read():
    rows = outcomes(ROOT, EXPERIENCES)
    for row, came in zip(rows, collected("all_published_experiences"), strict=True):
        assert row["n"] == came["n"] or (came["n"] == "" and row["status"] == "read"), row["id"]


def test_the_known_traps_of_the_experiences():
    rows = {row["id"]: row for row in outcomes(ROOT, EXPERIENCES)}
    remission = rows["all_19_bm_remission"]
    assert (remission["k"], remission["denominator"]) == ("6", "10")
    assert (remission["n"], remission["denominator_kind"]) == ("13", "evaluable")
    assert counts_for(printed("91"), 24) == []
    assert rows["all_28_mrd"]["k"] == rows["all_28_mrd"]["denominator"] == ""
    assert counts_for(printed("91"), 23) == [21]
    assert (rows["all_21_mrd"]["unit"], rows["all_21_mrd"]["k"]) == ("patients", "")
    assert rows["all_25_mrd"]["k"] == ""  # of those in CR, or of those tested: not told


def test_every_trial_is_there_with_its_words():
    rows = ongoing(ROOT, TRIALS)
    came = collected("all_ongoing_trials")
    ours = [
        (r["phase"], r["registry_number"], r["population"], r["intervention"], r["primary_outcome"])
        for r in rows
    ]
    words = ("nct", "population", "intervention", "primary_outcome")
    assert ours == [(r["table"].removeprefix("phase "), *(r[k] for k in words)) for r in came]
    assert checksum(ours) == "cea53c12114f86786e5f7301a0dfbc7d3bac79ccd473265d2369fd716de9bb1e"
    assert (len(rows), len({row["registry_number"] for row in rows})) == (18, 15)


def test_what_a_trial_s_population_does_not_say_is_missing():
    for row in ongoing(ROOT, TRIALS):
        population = row["population"]
        for word, value in (("B-ALL", "B"), ("T-ALL", "T")):
            assert (word in population) == (row["lineage"] == value), row["id"]
        assert ("Ph+" in population) == ("positive" in row["ph"]), row["id"]
        assert ("Ph-" in population) == ("negative" in row["ph"]), row["id"]
        assert ("R/R" in population) == ("RR" in row["setting"]), row["id"]
        assert ("newly" in population.lower()) == ("ND" in row["setting"]), row["id"]


def test_every_cohort_is_there_or_left_out_for_a_reason():
    series = {row["series"] for row in outcomes(ROOT, COHORTS)}
    came = {row["id"]: row for row in collected("reference_cohorts")}
    assert set(came) - series == NO_ADDRESS | set(IN_THE_ALL_TABLE)
    assert series <= set(came)
    assert {came[name]["doi_or_source"] for name in NO_ADDRESS} == {"abstract"}


@pytest.mark.parametrize("name", IN_THE_ALL_TABLE)
def test_the_all_cohorts_stand_in_the_table_of_all(name):
    came = next(row for row in collected("reference_cohorts") if row["id"] == name)
    rows = [r for r in outcomes(ROOT, EXPERIENCES) if r["series"] == IN_THE_ALL_TABLE[name]]
    rate = next(row for row in rows if row["unit"] == "percent")
    assert [rate[k] for k in ("k", "denominator", "value", "n")] == [
        came[k] for k in ("events_k", "denominator", "rate_pct", "n")
    ]
    assert next(r["value"] for r in rows if r["unit"] == "months") == came["os_median_mo"]


def test_every_cohort_has_its_collected_values():
    rows = {row["id"]: row for row in outcomes(ROOT, COHORTS)}
    by = {(row["series"], row["endpoint"]): row for row in rows.values()}
    seen, values = set(), []
    for came in collected("reference_cohorts"):
        series = came["id"]
        if series in NO_ADDRESS | set(IN_THE_ALL_TABLE):
            continue
        own = [row for row in rows.values() if row["series"] == series]
        for row in own:
            assert [row[k] for k in ("disease", "setting", "regimen", "n")] == [
                came[k] for k in ("disease", "setting", "regimen", "n")
            ]
        wanted = [
            (came["endpoint"], "rate_pct", None),
            ("OS median", "os_median_mo", ("os_lo", "os_hi")),
            ("EFS median", "efs_median_mo", None),
        ]
        for endpoint, column, limits in wanted:
            if not came[column]:
                assert (series, endpoint) not in by
                continue
            row = by[series, endpoint]
            seen.add(row["id"])
            assert row["value"] == came[column]
            if limits:
                assert [row["lower"], row["upper"]] == [came[name] for name in limits]
            if column == "rate_pct":
                assert row["k"] == came["events_k"]
                assert row["denominator"] == came["denominator"]
                assert row["denominator_kind"] == came["denominator_kind"]
                assert row["counts"] in COUNTS.get(came["status"].split(";")[0], {"published", ""})
            values.append((series, endpoint, row["value"], row["lower"], row["upper"]))
    assert set(rows) - seen == ADDED
    assert (
        checksum(sorted(values))
        == "323526f2569c316fdaa71d535f7da4a14627a557985c55e1d157b98a6fc5c7ea"
    )


def test_what_was_only_read_about_is_marked():
    rows = [*outcomes(ROOT, COHORTS), *outcomes(ROOT, EXPERIENCES)]
    assert Counter(row["status"] for row in rows) == {"read": 45, "as cited": 15, "secondary": 5}
    assert all(row["address"] for row in rows if row["status"] == "read")
    assert all("abstract" not in row["address"] for row in rows)


def test_a_count_that_was_worked_out_is_the_only_one():
    rows = [*outcomes(ROOT, COHORTS), *outcomes(ROOT, EXPERIENCES)]
    worked_out = [row for row in rows if row["counts"] == "worked out"]
    assert len(worked_out) > 10
    for row in worked_out:
        assert counts_for(printed(row["value"]), int(row["denominator"])) == [int(row["k"])]


def test_the_uk_series_and_the_trials_of_venetoclax():
    rows = {row["id"]: row for row in outcomes(ROOT, COHORTS)}
    uk = [(rows[f"uk_nhs_{name}"]["value"], rows[f"uk_nhs_{name}"]["n"]) for name in
          ("cr_cri", "os", "d30", "d60")]  # fmt: skip
    assert uk == [("67", "587"), ("13.6", "587"), ("5", "587"), ("8", "587")]
    assert "587 of 654" in rows["uk_nhs_os"]["population"]
    arms = [rows[f"viale_a_{arm}_{name}"]["value"] for arm in ("ven", "ctl") for name in
            ("cr_cri", "os")]  # fmt: skip
    assert arms == ["66.4", "14.7", "28.3", "9.6"]

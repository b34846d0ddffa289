"""The numbers that moved: step by step, by importance, and in words."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compare.test_changes import number, rows
from venaza.contracts.files import write_table
from venaza.contracts.results import ARD
from venaza.pipeline.compare.headlines import number_words
from venaza.pipeline.compare.numbers import UNKNOWN, compare_numbers, read_numbers

STUDY = {
    "endpoints": {"EFS": {"label": "Event-free survival"}, "OS": {"label": "Overall survival"}},
    "analysis": {"primary": "OS"},
    "groups": {"name": "disease_status", "levels": {"ND": "Newly diagnosed", "RR": "R/R"}},
    "columns": [{"name": "FLT3", "label": "FLT3 status"}],
}


def ard(**values) -> pd.DataFrame:
    shown = {k.replace("_", "."): v for k, v in values.items()}
    return pd.DataFrame(
        [number(k, v, "not reached" if v is None else f"{v:.2f}") for k, v in shown.items()],
        columns=["ard_id", "value", "display", "unit"],
    )


def chain(*states) -> tuple[pd.DataFrame, pd.DataFrame]:
    return compare_numbers([(causes, table) for causes, table in states], STUDY)


def test_a_number_is_attributed_to_the_step_that_moved_it():
    found, steps = chain(
        ([], ard(a=1.0, b=1.0, c=1.0, d=1.0)),
        (["code"], ard(a=2.0, b=1.0, c=1.0, d=1.0)),
        (["configuration"], ard(a=2.0, b=2.0, c=1.0, d=2.0)),
        (["data"], ard(a=2.0, b=2.0, c=2.0, d=3.0)),
    )
    said = dict(rows(found, "ard_id", "CAUSE"))
    wanted = {"a": "code", "b": "configuration", "c": "data", "d": "configuration; data"}
    assert said == wanted
    assert rows(steps, "ard_id", "STEP", "CAUSE", "BEFORE", "AFTER") == [
        ("d", 1, "configuration", "1.00", "2.00"),
        ("d", 2, "data", "2.00", "3.00"),
    ]


def test_a_step_of_which_two_things_are_unknown_names_both_and_one_without_cause_says_so():
    found, _ = chain(([], ard(a=1.0)), (["code", "data"], ard(a=2.0)))
    assert rows(found, "CAUSE") == [("code or data",)]
    found, _ = chain(([], ard(a=1.0)), ([], ard(a=2.0)))
    assert rows(found, "CAUSE") == [(UNKNOWN,)]


def test_a_number_that_moved_and_moved_back_is_not_hidden():
    found, steps = chain(([], ard(a=1.0)), (["code"], ard(a=2.0)), (["data"], ard(a=1.0)))
    assert rows(found, "STATUS", "BEFORE", "AFTER", "CAUSE") == [
        ("moved and back", "1.00", "1.00", "code; data")
    ]
    assert len(steps) == 2


def test_ids_that_code_brought_or_took_are_new_and_gone():
    found, _ = chain(([], ard(a=1.0, b=1.0)), (["code"], ard(b=1.0, c=1.0)), (["data"], ard(b=1.0)))
    said = rows(found, "ard_id", "STATUS", "CAUSE")
    assert sorted(said) == [("a", "gone", "code"), ("c", "moved and back", "code; data")]


def test_a_single_state_and_none_move_nothing():
    assert chain(([], ard(a=1.0)))[0].empty
    assert compare_numbers([], STUDY)[0].empty


def test_the_order_of_importance():
    values = {
        **{"other_x": 1.0, "km_EFS_ND_median": 1.0, "km_OS_ND_median_lower": 1.0},
        **{"km_OS_ND_m12_estimate": 1.0, "km_OS_ND_median": 1.0, "rate_ORR_ND_percent": 1.0},
        **{"n_ITT_all": 1.0, "km_EFS.eln_ND_median": 1.0, "other_y": 1.0},
    }
    now = dict.fromkeys(values, 1.1) | {"other_y": None, "km_OS_RR_median": 2.0}
    before = ard(**values)
    before.loc[before["ard_id"] == "km.OS.ND.median.lower", "ard_id"] = "km.OS.ND.median_lower"
    after = ard(**now)
    after.loc[after["ard_id"] == "km.OS.ND.median.lower", "ard_id"] = "km.OS.ND.median_lower"
    found, _ = chain(([], before), (["data"], after))
    headline = found[found["CLASS"] == "headline"]
    assert list(headline["ard_id"]) == [
        *("km.OS.RR.median", "km.OS.ND.median", "km.OS.ND.m12.estimate", "km.EFS.ND.median"),
        *("rate.ORR.ND.percent", "n.ITT.all"),
    ]
    rest = found[found["CLASS"] != "headline"]
    assert list(rest["ard_id"]) == [
        *("km.OS.ND.median_lower", "other.y", "other.x", "km.EFS.eln.ND.median"),
    ]
    assert list(found["RANK"]) == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    ("ard_id", "words"),
    [
        ("km.OS.ND.median", "Overall survival, newly diagnosed: median"),
        ("km.OS.RR.m24.estimate", "Overall survival, R/R: at 24 months"),
        ("km.OS.all.median", "Overall survival: median"),
        ("km.OS.ND.n", ""),
        ("rate.ORR.ND.percent", "Overall response, newly diagnosed"),
        ("n.ITT.all", "Patients"),
        ("cox.OS.GROUP.RR.hazard_ratio", "Overall survival: hazard ratio of disease status, R/R"),
        ("cox.OS.AGE.hazard_ratio", "Overall survival: hazard ratio of age"),
        ("cox.OS.FLT3.positive.hazard_ratio", "Overall survival: hazard ratio of FLT3 status, "
         "positive"),
        ("ae.all.x.any.n", ""),
    ],
)  # fmt: skip
def test_headline_numbers_have_words(ard_id, words):
    assert number_words(ard_id, STUDY) == words


def test_numbers_survive_being_kept_as_csv(tmp_path):
    values = [0.1 + 0.2, None, -1e-17, 12345.678901234567]
    shown = ["0.30", "not reached", "-0.00", "=1+1"]
    lines = [number(f"n{i}", v, s) for i, (v, s) in enumerate(zip(values, shown, strict=True))]
    wanted = pd.DataFrame(lines)
    columns = tuple(c for c in ARD if c.name in wanted)
    write_table(wanted, columns, tmp_path / "ard.parquet")
    states = [read_numbers(tmp_path / f"ard.{kind}") for kind in ("parquet", "csv")]
    found, _ = compare_numbers([([], states[0]), (["code"], states[1])], STUDY)
    assert found.empty
    assert list(states[1]["display"]) == shown
    assert states[1]["value"].iloc[0] == 0.1 + 0.2


VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "n_ITT_all", "km_OS_ND_median"]),
    st.one_of(st.none(), st.floats(0, 9).map(lambda x: round(x, 2))),
)


@settings(max_examples=80, deadline=None)
@given(VALUES, VALUES)
def test_forth_and_back_are_mirrors_and_the_same_moves_nothing(one, other):
    assert chain(([], ard(**one)), (["data"], ard(**one)))[0].empty
    forth, _ = chain(([], ard(**one)), (["data"], ard(**other)))
    back, _ = chain(([], ard(**other)), (["data"], ard(**one)))
    turned = {"new": "gone", "gone": "new", "moved": "moved"}
    said = {
        (k, turned[s], b, a) for k, s, b, a in rows(forth, "ard_id", "STATUS", "AFTER", "BEFORE")
    }
    assert said == set(rows(back, "ard_id", "STATUS", "BEFORE", "AFTER"))

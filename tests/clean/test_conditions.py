"""Conditions: one rule for what a cell says, and a question for what nobody knows."""

from __future__ import annotations

import pytest

from tests.clean.sheets import loaded, outcomes, tables_of
from venaza.contracts.errors import StudyError

ONE = {"file": "export.csv", "key": "id"}
DEATH = {"from": "t", "when": {"dead": "1"}}
DATED = {"from": "dth", "when": {"dead": "1"}}


def made(tmp_path, text: str, death: dict = DEATH, **more):
    """The tables of patients in study days, last seen at ``t``, whose death hangs on ``dead``."""
    columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": "t", "DTHDT": death, **more.pop("own", {})}
    tables = {"patients": {**ONE, "columns": columns}, **more.pop("tables", {})}
    return tables_of(tmp_path, {"export.csv": text}, tables, **more)


def deaths(tables) -> list:
    return [None if day != day else int(day) for day in tables["patients"]["DTHDY"].astype(float)]


def asked(tables, *rules: str) -> list[tuple]:
    """Rule, patient, row and value of the queries of these rules."""
    found = tables["queries"]
    found = found[found["RULE"].isin(rules)].astype(object)
    found = found.where(found.notna(), None)
    return [tuple(row) for row in found[["RULE", "USUBJID", "SRCROW", "VALUE"]].to_numpy().tolist()]


CONDITIONS = ("unknown_condition", "unknown_condition_value", "condition_empty",
              "event_without_date", "condition_without_value",
              "date_against_condition")  # fmt: skip


def test_a_living_patient_without_a_date_of_death(tmp_path):
    tables = made(tmp_path, "id,t,dead,dth\n1,10,0,\n2,20,1,20\n", DATED)
    assert deaths(tables) == [None, 20]
    assert asked(tables, *CONDITIONS) == []
    assert outcomes(tables["cell_account"], SRCCOL="dead") == {"used": 2}
    assert tables["cell_account"]["N"].sum() == len(tables["cells"])


@pytest.mark.parametrize(
    ("named", "yes", "no"),
    [
        ("1", "1.0", "0.0"),
        ("1", "1.00", "0.00"),
        ("1", "１", "０"),
        ("1", '"1,0"', '"0,0"'),
        ("1", " 1", "\t0"),
        ("1.0", "1", "0"),
        (1, "1.0", "0"),
        ("TRUE", "True", "False"),
        (True, "TRUE", "FALSE"),
        ("yes", " YES ", "no"),
        ("是", "是", "否"),
        ("有", "有", "无"),
        ("阳性", "阳性", "阴性"),
        ("dead", "Dead", "alive"),
        ("dead", "DEAD", "lost to follow-up"),
        ("Checked", "checked", "Unchecked"),
    ],
)
def test_one_word_however_it_is_written_and_its_contrary(named, yes, no, tmp_path):
    text = f"id,t,dead\n1,10,{yes}\n2,20,{yes}\n3,30,{no}\n"
    tables = made(tmp_path, text, {"from": "t", "when": {"dead": named}})
    assert deaths(tables) == [10, 20, None]
    assert asked(tables, *CONDITIONS) == []


@pytest.mark.parametrize("word", ["01", "11", "10", "0.1", "1.5", "-1", "2", "?", "yes", "y", "√"])
def test_a_word_that_no_condition_names_is_asked(word, tmp_path):
    tables = made(tmp_path, f"id,t,dead\n1,10,1\n2,20,{word}\n3,30,0\n")
    assert deaths(tables) == [10, None, None]
    assert asked(tables, *CONDITIONS) == [("unknown_condition", "2", 3, word)]
    assert outcomes(tables["cell_account"], SRCCOL="dead") == {
        **{"used": 2, "a word that no condition knows, asked of the clinic": 1},
    }
    assert set(tables["queries"]["SEVERITY"]) == {"error"}


def test_the_contrary_of_two_words_is_known_and_a_third_word_of_the_kind_is_not(tmp_path):
    death = {"from": "t", "when": {"dead": ["died", "死亡"]}}
    tables = made(tmp_path, "id,t,dead\n1,10,died\n2,20,alive\n3,30,失访\n4,40,去世\n", death)
    assert deaths(tables) == [10, None, None, None]
    # 去世 is a word for dead that this study does not name: alive would be false
    assert asked(tables, *CONDITIONS) == [("unknown_condition", "4", 5, "去世")]


def test_many_cells_with_one_unknown_word_are_one_question(tmp_path):
    few = "".join(f"{n},10,{1 + n % 2}\n" for n in range(1, 9))
    tables = made(tmp_path, "id,t,dead\n" + few)
    assert len(asked(tables, "unknown_condition")) == 4
    many = "".join(f"{n},10,{1 + n % 2}\n" for n in range(1, 11))
    tables = made(tmp_path, "id,t,dead\n" + many)
    assert asked(tables, "unknown_condition") == [("unknown_condition", None, 2, "2")]
    message = tables["queries"].iloc[0]["MESSAGE"]
    assert message == (
        "dead: no condition of the study file names '2' (5 cells: rows 2, 4, 6, 8, 10), so that "
        "nobody knows whether DTHDT counts."
    )


@pytest.mark.parametrize(
    "declared",
    [
        {"own": {"SURVSTAT": {"from": "dead", "values": {"DEAD": ["1"], "ALIVE": ["2"]}}}},
        {"death": {**DEATH, "otherwise": {"dead": "2"}}},
        {"death": {**DEATH, "otherwise": {"dead": [2, 9]}}},
        {"own": {"SURVSTAT": {"from": "dead", "values": {"DEAD": ["1"], "LOST": ["2.0"]}}}},
    ],
)
def test_what_the_other_words_mean_is_declared(declared, tmp_path):
    text = "id,t,dead\n1,10,1\n2,20,2\n"
    tables = made(tmp_path, text, declared.pop("death", DEATH), **declared)
    assert deaths(tables) == [10, None]
    assert asked(tables, *CONDITIONS) == []


def test_other_words_are_declared_of_a_condition_only(tmp_path):
    with pytest.raises(StudyError, match="'otherwise' names a column without a condition"):
        made(tmp_path, "id,t,dead\n1,10,1\n", {**DEATH, "otherwise": {"t": "2"}})


def test_an_empty_cell_is_asked_where_others_have_an_answer(tmp_path):
    tables = made(tmp_path, "id,t,dead\n1,10,1\n2,20,\n3,30,0\n4,40,不详\n")
    assert deaths(tables) == [10, None, None, None]
    assert asked(tables, *CONDITIONS) == [
        *(("unknown_condition", "2", 3, None), ("unknown_condition", "4", 5, None)),
    ]


def test_where_only_one_answer_is_ever_written_an_empty_cell_is_the_other(tmp_path):
    tables = made(tmp_path, "id,t,dead\n1,10,是\n2,20,\n3,30,\n", {**DEATH, "when": {"dead": "是"}})
    assert deaths(tables) == [10, None, None]
    assert asked(tables, *CONDITIONS) == [("condition_empty", None, 3, None)]
    assert "the 2 empty cell(s) are taken" in tables["queries"].iloc[0]["MESSAGE"]


@pytest.mark.parametrize("empty", ["", "NaN"])
def test_where_no_answer_is_ever_written_it_is_said_of_an_event_only(empty, tmp_path):
    text = f"id,t,dead,age\n1,10,{empty},60\n2,20,{empty},70\n"
    tables = made(tmp_path, text)
    assert deaths(tables) == [None, None]
    assert asked(tables, *CONDITIONS) == [("condition_empty", None, 2, None)]
    assert "dead says nothing in any row: the 2 empty" in tables["queries"].iloc[0]["MESSAGE"]
    age = {"AGE": {"from": "age", "when": {"dead": "1"}}}
    assert asked(made(tmp_path, text, {"from": "t"}, own=age), *CONDITIONS) == []


def test_a_death_without_its_date_is_asked(tmp_path):
    tables = made(tmp_path, "id,t,dead,dth\n1,10,0,\n2,20,1,\n3,30,1,31\n", DATED)
    assert deaths(tables) == [None, None, 31]
    assert asked(tables, *CONDITIONS) == [("event_without_date", "2", 3, "1")]


def test_a_date_of_death_of_a_patient_who_is_said_to_live_is_asked(tmp_path):
    text = "id,t,dead,dth\n1,10,1,10\n2,20,0,20\n3,30,0,\n"
    tables = made(tmp_path, text, DATED)
    assert deaths(tables) == [10, None, None]
    assert asked(tables, *CONDITIONS) == [("date_against_condition", "2", 3, "20")]
    assert "dead says '0', but dth holds '20'" in tables["queries"].iloc[0]["MESSAGE"]
    # More of the living have the date than not: it is of death or of the last contact.
    tables = made(tmp_path, text + "4,40,0,40\n", DATED)
    assert asked(tables, *CONDITIONS) == []
    # A date that is read as the last contact, too, denies nothing.
    both = {"STOPDT": "dth"}
    assert asked(made(tmp_path, text, DATED, own=both), *CONDITIONS) == []


def test_a_death_without_its_date_is_asked_once(tmp_path):
    status = {"SURVSTAT": {"from": "dead", "values": {"DEAD": ["1"], "ALIVE": ["0"]}}}
    tables = made(tmp_path, "id,t,dead,dth\n1,10,0,\n2,20,1,\n", DATED, own=status)
    rules = (*CONDITIONS, "dead_without_date")
    assert asked(tables, *rules) == [("dead_without_date", "2", 3, "")]


def test_a_value_that_is_announced_and_lacking_is_a_warning(tmp_path):
    own = {"AGE": {"from": "age", "when": {"known": "1"}}}
    tables = made(tmp_path, "id,t,dead,known,age\n1,10,0,1,\n2,20,0,2,60\n3,9,0,0,\n", own=own)
    assert asked(tables, *CONDITIONS) == [
        *(("condition_without_value", "1", 2, "1"), ("unknown_condition_value", "2", 3, "2")),
    ]


def test_a_condition_that_does_not_hold_over_a_filled_cell_leaves_it(tmp_path):
    tables = made(tmp_path, "id,t,dead,dth\n1,10,0,99\n", DATED)
    assert deaths(tables) == [None]
    assert outcomes(tables["cell_account"], SRCCOL="dth") == {"its condition does not hold": 1}


def test_a_second_condition_that_surely_fails_leaves_no_doubt(tmp_path):
    both = {"from": "t", "when": {"dead": "1", "sure": "yes"}}
    tables = made(tmp_path, "id,t,dead,sure\n1,10,?,no\n2,20,?,yes\n3,30,1,yes\n", both)
    assert deaths(tables) == [None, None, 30]
    assert asked(tables, *CONDITIONS) == [("unknown_condition", "2", 3, "?")]


def test_a_code_may_be_named_where_the_column_is_a_coded_one(tmp_path):
    own = {"SURVSTAT": "转归"}
    death = {"from": "t", "when": {"转归": "DEAD"}}
    text = "id,t,转归\n1,10,死亡\n2,20,去世\n3,30,存活\n4,40,失访\n"
    tables = made(tmp_path, text, death, own=own)
    assert deaths(tables) == [10, 20, None, None]
    assert asked(tables, *CONDITIONS, "dead_without_date") == []


def test_a_code_may_be_named_for_words_that_the_study_file_gives_their_code(tmp_path):
    own = {"SURVSTAT": {"from": "s", "values": {"DEAD": ["DOD", "expired"], "ALIVE": ["NED"]}}}
    text = "id,t,s\n1,10,DOD\n2,20,expired\n3,30,deceased\n4,40,NED\n5,50,alive\n"
    for words in ("DEAD", ["dead", "deceased"]):
        tables = made(tmp_path, text, {"from": "t", "when": {"s": words}}, own=own)
        assert deaths(tables) == [10, 20, 30, None, None]
        assert asked(tables, *CONDITIONS, "dead_without_date") == []


def test_a_word_stands_for_its_code_but_words_named_apart_stay_apart(tmp_path):
    text = "id,t,status\n1,10,died\n2,20,deceased\n3,30,alive\n"
    own = {"SURVSTAT": "status"}
    one = made(tmp_path, text, {"from": "t", "when": {"status": "died"}}, own=own)
    assert deaths(one) == [10, 20, None]
    relapses = [
        {
            "columns": {
                "RSDT": {"from": "t", "when": {"status": "复发"}},
                "RSINV": {"constant": "RELAPSE"},
            }
        },
        {
            "columns": {
                "RSDT": {"from": "t", "when": {"status": "骨髓复发"}},
                "RSINV": {"constant": "PD"},
            }
        },
        {"columns": {"RSDT": {"from": "u", "when": {"status": "x"}}, "RSINV": "status"}},
    ]
    text = "id,t,u,status,dead\n1,10,,复发,0\n2,20,,骨髓复发,0\n3,30,9,CR,0\n"
    tables = {"responses": {**ONE, "records": relapses}}
    found = made(tmp_path, text, tables=tables)["responses"]
    assert found[["USUBJID", "RSINV"]].values.tolist() == [["1", "RELAPSE"], ["2", "PD"]]


def test_words_of_another_letter_case_are_one_word_unless_both_are_named(tmp_path):
    own = {
        "SEX": {"constant": "M", "when": {"g": "a"}},
        "ECOG": {"constant": "1", "when": {"g": "A"}},
    }
    tables = made(tmp_path, "id,t,dead,g\n1,10,0,A\n2,20,0,a\n", own=own)
    rows = tables["patients"]
    assert rows["SEX"].isna().tolist() == [True, False]
    assert rows["ECOG"].isna().tolist() == [False, True]


REPEATED = {"RSDT": {"from": "rday_{n}", "when": {"r_{n}": "1"}}, "RSINV": {"constant": "RELAPSE"}}


def test_conditions_of_other_tables_are_asked_where_a_date_hangs_on_them(tmp_path):
    text = "id,t,dead,rday_1,r_1\n1,10,0,5,1.0\n2,20,0,,0\n3,30,0,,\n"
    text += "4,40,0,7,\n5,50,0,,1\n6,60,0,8,x\n"
    records = [{"repeat": [1, 1], "columns": REPEATED}]
    tables = made(tmp_path, text, tables={"responses": {**ONE, "records": records}})
    assert tables["responses"]["USUBJID"].tolist() == ["1"]
    assert asked(tables, *CONDITIONS) == [
        ("event_without_date", "5", 6, "1"),
        ("unknown_condition", "4", 5, None),
        ("unknown_condition", "6", 7, "x"),
    ]


def test_a_patient_of_several_rows_is_asked_once_and_not_where_one_row_answers(tmp_path):
    text = "id,t,dead,dth\n1,10,,\n1,,1,9\n2,20,,\n2,,,\n3,30,0,\n"
    tables = made(tmp_path, text, DATED)
    assert deaths(tables) == [9, None, None]
    assert asked(tables, *CONDITIONS) == [("unknown_condition", "2", 4, None)]


def test_labels_of_a_dictionary_are_known_words_and_an_unknown_one_is_empty(tmp_path):
    from tests.clean.test_redcap import DICTIONARY, SECTION, dictionary

    fields = [
        ("record_id", "baseline", "text", "Record ID", "", ""),
        ("t", "baseline", "text", "Last", "", ""),
        ("vital", "baseline", "radio", "Vital", "1, Alive | 2, Dead | 3, Moved | 9, Unknown", ""),
    ]
    for codes in (
        ("1", "2", "3", "9"),
        (" 1", "2.0", "3.0", "９"),
        ("Alive", "dead", "Moved", "Unknown"),
    ):
        rows = "".join(f"{n},{n}0,{code}\n" for n, code in enumerate(codes, 1))
        files = {"T_DATA.csv": "record_id,t,vital\n" + rows, DICTIONARY: dictionary(fields)}
        for named in ("2", "Dead"):
            death = {"from": "t", "when": {"vital": named}}
            columns = {"INDEXDT": {"constant": 0}, "LSTALVDT": "t", "DTHDT": death}
            spec = {"file": "T_DATA.csv", "key": "record_id", "columns": columns}
            tables = tables_of(tmp_path, files, {"patients": spec}, **SECTION)
            assert deaths(tables) == [None, 20, None, None]
            assert asked(tables, *CONDITIONS) == [("unknown_condition", "4", 5, None)]


LAB = {"LBDT": "t", "LBTESTCD": {"constant": "K"}, "LBSTRESN": {"from": "k", "unit": "mmol/L"}}


def test_rows_that_no_table_asks_for_are_counted(tmp_path):
    text = "id,t,dead,k,标本\n1,10,0,4,血清\n2,10,0,4,尿液\n3,10,0,4,尿液\n4,10,0,4,脑脊液\n"
    spec = {**ONE, "where": {"标本": ["血清", "全血"]}, "columns": LAB}
    files = {"export.csv": "id,t,dead\n1,10,0\n2,10,0\n3,9,0\n4,9,0\n", "labs.csv": text}
    patients = {"INDEXDT": {"constant": 0}, "LSTALVDT": "t", "DTHDT": DEATH}
    tables = {"patients": {**ONE, "columns": patients}, "labs": {**spec, "file": "labs.csv"}}
    found = tables_of(tmp_path, files, tables)
    assert len(found["labs"]) == 1
    notes = found["queries"][found["queries"]["RULE"] == "rows_in_no_table"]
    assert notes["MESSAGE"].tolist() == [
        "3 row(s) of the sheet are in no table: 标本 is 尿液 (2); 标本 is 脑脊液 (1).",
    ]
    assert asked(found, "row_near_a_table") == []


@pytest.mark.parametrize(
    ("word", "near"),
    [("Transplants", "transplant"), ("transplnat", "transplant"), ("?", "transplant")],
)
def test_a_row_whose_word_is_near_is_asked(word, near, tmp_path):
    text = f"id,t,dead,form,day\n1,10,0,,\n1,,,transplant,5\n1,,,{word},6\n1,,,quality of life,\n"
    tables = {
        "patients": {
            **ONE,
            "where": {"form": ""},
            "columns": {"INDEXDT": {"constant": 0}, "LSTALVDT": "t"},
        },
        "transplants": {**ONE, "where": {"form": "transplant"}, "columns": {"TXDT": "day"}},
    }
    found = tables_of(tmp_path, {"export.csv": text}, tables)
    assert len(found["transplants"]) == 1
    assert asked(found, "row_near_a_table") == [("row_near_a_table", None, 4, word)]
    message = found["queries"].set_index("RULE").loc["row_near_a_table", "MESSAGE"]
    assert message.endswith(f"is no word that a table asks for; {near} is.")


def test_another_spelling_of_the_asked_word_is_the_word(tmp_path):
    text = "id,t,dead,form,day\n1,10,0,,\n1,,, Transplant ,5\n"
    tables = {
        "patients": {
            **ONE,
            "where": {"form": ""},
            "columns": {"INDEXDT": {"constant": 0}, "LSTALVDT": "t"},
        },
        "transplants": {**ONE, "where": {"form": "transplant"}, "columns": {"TXDT": "day"}},
    }
    found = tables_of(tmp_path, {"export.csv": text}, tables)
    assert len(found["transplants"]) == 1
    assert found["queries"].empty


def test_the_form_of_a_condition_is_judged(tmp_path):
    tables = {
        "patients": {
            **ONE,
            "columns": {"LSTALVDT": "t", "INDEXDT": {"from": "t", "when": {"dead": None}}},
        }
    }
    with pytest.raises(StudyError):
        loaded(tmp_path, {"export.csv": "id,t,dead\n1,10,1\n"}, tables)

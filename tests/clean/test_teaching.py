"""Words that a study file teaches: each message names a place that works, and nothing is lost."""

from __future__ import annotations

import copy
import re

import pytest

from tests.clean.export import study
from tests.clean.sheets import tables_of
from venaza.contracts.clean import TABLES
from venaza.contracts.coded_values import VOCABULARY
from venaza.contracts.errors import StudyError

ONE = {"file": "export.csv", "key": "id"}
PATIENTS = {"INDEXDT": {"constant": 0}, "LSTALVDT": "last"}
#: What a row of a table needs beside the column that is tried.
NEEDED = {
    **{"patients": {}, "cycles": {"EXSTDT": "day"}, "responses": {"RSDT": "day"}},
    **{"mrd": {"MRDDT": "day"}, "therapies": {"CMSTDT": "day"}, "transplants": {"TXDT": "day"}},
    **{"mutations": {"GENE": {"constant": "NPM1"}}, "transfusions": {"TFDT": "day"}},
    "adverse_events": {"AETERM": {"constant": "nausea"}, "AESTDT": "day"},
    "labs": {"LBDT": "day", "LBTESTCD": {"constant": "K"}, "LBSTRESN": {"constant": 4}},
}
#: Columns that other columns decide on: what is expected after a word has been taught.
READ_AS = {"AETERM": "AEDECOD"}
COLUMNS = [
    (table, column.name)
    for table, columns in TABLES.items()
    for column in columns
    if column.name in {*VOCABULARY, "AETERM", "AEDECOD", "CMTRT", "CMCLAS"}
]
EXPORT = "id,last,day,word\n1,90,5,{}\n"


def study_of(table: str, column: str, how: object) -> dict:
    """The tables of a study in which a column of a table is read from ``word``."""
    columns = {**NEEDED[table], column: how}
    tables = {"patients": {**ONE, "columns": dict(PATIENTS)}}
    if table == "patients":
        tables["patients"]["columns"] |= columns
    else:
        tables[table] = {**ONE, "columns": columns}
    return tables


def followed(error: StudyError, sections: dict) -> tuple[dict, list[str]]:
    """The sections of the study file after each piece of advice was followed to the letter."""
    sections, codes = copy.deepcopy(sections), []
    advice = re.search(r"bmt\.yaml: (.*)\. Or set", error.fix)[1]
    for piece in advice.split("; "):
        path, words, first = re.fullmatch(
            r"(.*) > CODE: \['(.*)'\], CODE being one of ([^,]*).*", piece
        ).groups()
        at = sections
        for key in path.split(" > "):
            if isinstance(at.get(key), str):
                at[key] = {"from": at[key]}
            at = at.setdefault(key, {})
        at.setdefault(first, []).append(words)
        codes.append(first)
    return sections, codes


def tried(folder, word: str, tables: dict, **sections):
    return tables_of(folder, {"export.csv": EXPORT.format(word)}, tables, **sections)


@pytest.mark.parametrize("word", ["奇怪的词", "qzx wvk", "7"])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_advice_that_is_followed_gives_a_clean_run(table, column, word, tmp_path):
    tables = study_of(table, column, "word")
    with pytest.raises(StudyError, match=r"1 value\(s\) are in no vocabulary") as caught:
        tried(tmp_path, word, tables)
    sections, codes = followed(caught.value, {"tables": tables})
    found = tried(tmp_path, word, **sections)
    assert found[table][READ_AS.get(column, column)].tolist() == codes
    assert "unreadable_value" not in set(found["queries"]["RULE"])


def test_advice_for_several_columns_names_a_place_for_each(tmp_path):
    tables = study_of("therapies", "CMTRT", "word")
    tables["therapies"]["columns"]["CMCLAS"] = "word"
    tables["patients"]["columns"] |= {
        "SEX": "word",
        "HOME": {"from": "word", "label": "Home", "values": {"A": ["a"]}},
    }
    with pytest.raises(StudyError, match=r"4 value\(s\) are in no vocabulary") as caught:
        tried(tmp_path, "某某", tables)
    sections, _ = followed(caught.value, {"tables": tables})
    found = tried(tmp_path, "某某", **sections)
    assert found["patients"][["SEX", "HOME"]].values.tolist() == [["M", "A"]]
    assert found["therapies"][["CMTRT", "CMCLAS"]].notna().all(axis=None)


def test_advice_for_a_table_that_is_mapped_by_its_headers(tmp_path):
    text = "patient id,sex,last contact\n1,妇,90\n"
    tables = {
        "patients": {
            "file": "export.csv",
            "columns": {"INDEXDT": {"constant": 0}},
            "by_header": True,
        }
    }
    for word, path in (("妇", "vocabulary"), ("7", "tables")):
        export = {"export.csv": text.replace("妇", word)}
        with pytest.raises(StudyError) as caught:
            tables_of(tmp_path, export, tables)
        sections, codes = followed(caught.value, {"tables": tables})
        assert path in caught.value.fix
        assert tables_of(tmp_path, export, **sections)["patients"]["SEX"].tolist() == codes


def test_a_column_may_say_only_what_its_words_mean(tmp_path):
    text = "patient id,sex,c1d1,last contact\n1,妇,2021-01-01,2021-02-01\n"
    tables = {"patients": {"file": "export.csv", "columns": {"SEX": {"values": {"F": ["妇"]}}}}}
    found = tables_of(tmp_path, {"export.csv": text}, tables, dates="calendar")
    assert found["patients"]["SEX"].tolist() == ["F"]
    assert found["patients"]["LSTALVDY"].tolist() == [31]


def test_an_unknown_gene_of_a_text_is_taught_where_the_message_says(tmp_path):
    tables = study_of("mutations", "GERES", {"constant": "MUTATED"})
    tables["mutations"] = {**ONE, "records": [{"parse": "genes", "from": "word"}]}
    with pytest.raises(StudyError, match="'ABCG9' in mutations.GENE, 1 cell") as caught:
        tried(tmp_path, "ABCG9(+)", tables)
    sections, codes = followed(caught.value, {"tables": tables})
    assert tried(tmp_path, "ABCG9(+)", **sections)["mutations"]["GENE"].tolist() == codes
    tables["mutations"]["records"][0]["values"] = {"ABCG9": ["ABCG9", "ABCP"]}
    assert tried(tmp_path, "ABCP(+)", tables)["mutations"]["GENE"].tolist() == ["ABCG9"]


@pytest.mark.parametrize("key", ["AETERM", "AEDECOD", "both"])
def test_terms_of_adverse_events_are_added_to_the_shipped_ones(key, tmp_path):
    own = {"Febrile neutropenia": ["粒缺烧"], "Bone pain of the study": ["骨头痛"]}
    columns = {"AETERM": {"from": "word"}, "AESTDT": "day"}
    for name in ("AETERM", "AEDECOD") if key == "both" else (key,):
        columns.setdefault(name, {})["values"] = own
    for word, term in (
        ("粒缺烧", "Febrile neutropenia"),
        ("骨头痛", "Bone pain of the study"),
        ("恶心", "Nausea"),
    ):
        tables = study_of("adverse_events", "AESTDT", "day")
        tables["adverse_events"]["columns"] = columns
        found = tried(tmp_path, word, tables)["adverse_events"]
        assert found[["AETERM", "AEDECOD"]].values.tolist() == [[word, term]]


def test_a_term_may_have_a_column_of_its_own(tmp_path):
    text = "id,last,day,word,term\n1,90,5,烧,FN\n1,90,6,恶心,\n1,90,7,恶心,不详\n"
    tables = study_of("adverse_events", "AETERM", "word")
    tables["adverse_events"]["columns"]["AEDECOD"] = "term"
    found = tables_of(tmp_path, {"export.csv": text}, tables)["adverse_events"]
    assert found["AEDECOD"].tolist() == ["Febrile neutropenia", "Nausea", "Nausea"]


TARGETED = "targeted therapy"
TAUGHT = [
    ({"response": {"CR": ["全好"]}}, "responses", "RSINV", "全好", "CR"),
    ({"response": {"CR": ["全好"]}}, "responses", "RSINV", "完全缓解", "CR"),
    ({"response": {"PR": ["CR1"]}}, "responses", "RSINV", "CR1", "PR"),
    ({"disease_type": {"post-MPN": ["骨纤后"]}}, "patients", "DISTYPE", "骨纤后", "post-MPN"),
    ({"yes_no": {"Y": ["ja"]}}, "patients", "PRIORHMA", "是", "Y"),
    ({"missing": ["keine Angabe"]}, "patients", "SEX", "keine Angabe", None),
    ({"missing": ["keine Angabe"]}, "patients", "SEX", "不详", None),
    ({"drug": {"newmab": ["新单抗"]}}, "therapies", "CMTRT", "VEN+新单抗", "venetoclax + newmab"),
    ({"drug": {"venetoclax": ["V药"]}}, "therapies", "CMTRT", "V药+VP16", "venetoclax + etoposide"),
    ({"drug": {"newmab": ["新单抗"]}, "therapy_class": {"targeted therapy": ["newmab"]}},
     "therapies", "CMCLAS", "新单抗", "targeted therapy"),
    ({"therapy_class": {TARGETED: ["靶向"]}}, "therapies", "CMCLAS", "靶向", TARGETED),
    ({"gene": {"TP53": ["p五三"]}}, "mutations", "GENE", "p五三", "TP53"),
    ({"material": {"blood": ["指血"]}}, "mrd", "MRDMAT", "指血", "blood"),
    ({"mrd_result": {"NEGATIVE": ["干净"]}}, "mrd", "MRDVAL", "干净", "NEGATIVE"),
    ({"adverse_event": {"Nausea": ["想吐"]}}, "adverse_events", "AETERM", "想吐", "Nausea"),
    ({"transfusion": {"RBC": ["红悬"]}}, "transfusions", "TFTYPE", "红悬", "RBC"),
    ({"home": {"T": ["城"]}}, "patients", "OWN", "城", "T"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "table", "column", "text", "code"), TAUGHT)
def test_words_are_added_to_a_vocabulary(words, table, column, text, code, tmp_path):
    how: object = {"from": "word", "unit": "%"} if column == "MRDVAL" else "word"
    if column == "OWN":
        how = {"from": "word", "label": "Home", "vocabulary": "home"}
    found = tried(tmp_path, text, study_of(table, column, how), vocabulary=words)
    read = {"MRDVAL": "MRDRES", "AETERM": "AEDECOD"}.get(column, column)
    assert found[table].astype(object).where(found[table].notna(), None)[read].tolist() == [code]
    assert set(found["queries"]["RULE"]) <= {"mrd_without_method"}


def test_mrd_words_may_be_taught_to_the_column_of_values(tmp_path):
    how = {"from": "word", "unit": "%", "values": {"NEGATIVE": ["干净"], "0.01": ["极低"]}}
    assert tried(tmp_path, "干净", study_of("mrd", "MRDVAL", how))["mrd"]["MRDRES"].tolist() == [
        "NEGATIVE"
    ]
    assert tried(tmp_path, "极低", study_of("mrd", "MRDVAL", how))["mrd"]["MRDVAL"].tolist() == [
        0.01
    ]


def test_words_of_totals_may_be_taught(tmp_path):
    text = "id,last\n1,90\nSamenvatting: 1,90\nN=1,90\n均值,90\n"
    tables = {"patients": {**ONE, "columns": PATIENTS}}
    found = tables_of(
        tmp_path, {"export.csv": text}, tables, vocabulary={"summary_rows": ["Samenvatting"]}
    )
    assert found["patients"]["USUBJID"].tolist() == ["1"]
    assert found["queries"]["RULE"].tolist() == ["summary_row"] * 3


def test_a_vocabulary_that_nobody_reads_is_a_slip(tmp_path):
    tables = study_of("responses", "RSINV", "word")
    with pytest.raises(StudyError, match="no vocabulary 'respones', and no column") as caught:
        tried(tmp_path, "CR", tables, vocabulary={"respones": {"CR": ["x"]}})
    assert "Did you mean 'response'?" in caught.value.fix


CODES = ("vital_status", "response", "gene_result", "mrd_result", "yes_no")


@pytest.mark.parametrize("name", CODES)
def test_a_code_by_which_events_are_found_must_be_known(name, tmp_path):
    code = next(iter(study()["vocabulary"][name]))
    tables = study_of("responses", "RSINV", "word")
    with pytest.raises(StudyError, match=f"'{code}X' is not a code of {name}") as caught:
        tried(tmp_path, "CR", tables, vocabulary={name: {f"{code}X": ["x"]}})
    assert f"vocabulary > {name} > {code}X" in str(caught.value)
    tried(tmp_path, "CR", tables, vocabulary={name: {code: ["x"]}})


def test_a_code_under_values_must_be_known_too(tmp_path):
    how = {"from": "word", "values": {"CRR": ["CR"]}}
    tables = study_of("responses", "RSINV", how)
    with pytest.raises(StudyError, match="'CRR' is not a code of response") as caught:
        tried(tmp_path, "CR", tables)
    assert "tables > responses > columns > RSINV > values > CRR" in str(caught.value)
    assert "Did you mean 'CR'?" in caught.value.fix


@pytest.mark.parametrize(
    ("name", "word", "code"),
    [("sex", "Male", "M"), ("gene", "MLL", "KMT2A"), ("response", "complete remission", "CR")],
)
def test_a_word_of_a_code_is_no_code(name, word, code, tmp_path):
    tables = study_of("responses", "RSINV", "word")
    with pytest.raises(StudyError, match=f"'{word}' is no code of {name} but a word for {code}"):
        tried(tmp_path, "CR", tables, vocabulary={name: {word: ["x"]}})


def test_codes_of_a_study_s_own_where_no_event_hangs_on_them(tmp_path):
    tables = study_of("responses", "RSINV", "word")
    own = {"disease_status": {"first relapse": ["x"]}, "gene": {"ABCG9": ["x"]}}
    assert tried(tmp_path, "CR", tables, vocabulary=own)
    order = ["CR", "CRh", "CRi", "CRp", "VGPR", "MLFS", "PR", "SD", "NR", "REFRACTORY", "PD"]
    order = {"order": [*order, "RELAPSE", "NE"]}
    assert tried(tmp_path, "CR", tables, vocabulary={"response": {"VGPR": ["x"]}}, response=order)


def test_a_long_cell_is_shown_by_its_beginning(tmp_path):
    with pytest.raises(StudyError) as caught:
        tried(tmp_path, "w" * 40_000, study_of("responses", "RSINV", "word"))
    assert len(str(caught.value)) < 1200

"""Signs that only their contrary explains, and words with something beside them."""

from __future__ import annotations

import pytest

from tests.clean.sheets import tables_of
from tests.clean.test_words import read
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.signs import asks_no, settle

ONE = {"file": "export.csv", "key": "id"}
PATIENTS = {"INDEXDT": {"constant": 0}, "LSTALVDT": "last"}


def genes(folder, words: list[str], how: object = "word", **sections):
    """The gene results of patients P0, P1, ... of whom one column says ``words``."""
    rows = [f"P{n},30,{word}" for n, word in enumerate(words)]
    columns = {"GENE": {"constant": "NPM1"}, "GERES": how}
    tables = {"patients": {**ONE, "columns": PATIENTS}, "mutations": {**ONE, "columns": columns}}
    text = "\n".join(["id,last,word", *rows]) + "\n"
    return tables_of(folder, {"export.csv": text}, tables, **sections)


def results(tables) -> list:
    own = tables["mutations"].set_index("USUBJID")["GERES"].astype(object)
    return [None if value != value else value for value in own.where(own.notna(), None)]


MUT, WILD = "MUTATED", "WILD-TYPE"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["有", "无", "无"], [MUT, WILD, WILD]),
        (["+", "-", "－"], [MUT, WILD, WILD]),
        (["√", "×", "✗"], [MUT, WILD, WILD]),
        (["✓", "✔", "x"], [MUT, MUT, WILD]),
        (["○", "×"], [MUT, WILD]),
        (["●", "○"], [MUT, WILD]),
        (["阳", "阴", "弱阳性"], [MUT, WILD, MUT]),
        (["阳性", "+", "-"], [MUT, MUT, WILD]),
    ],
)
def test_a_sign_means_what_its_contrary_in_the_column_says(words, expected, tmp_path):
    tables = genes(tmp_path, words)
    assert results(tables) == expected
    assert set(tables["queries"]["RULE"]) <= {"sign_settled"}


def test_what_was_settled_is_told_once_with_the_line_that_would_say_it(tmp_path):
    tables = genes(tmp_path, ["+", "-", "-", "-"])
    (note,) = tables["queries"].to_dict("records")
    assert (note["RULE"], note["SEVERITY"], note["SRCROW"]) == ("sign_settled", "note", 3)
    assert "'-' (3 cell(s)) is read as WILD-TYPE" in note["MESSAGE"]
    assert "tables > mutations > columns > GERES" in note["MESSAGE"]
    declared = {"from": "word", "values": {"WILD-TYPE": ["-"]}}
    tables = genes(tmp_path, ["+", "-"], declared)
    assert results(tables) == [MUT, WILD]
    assert tables["queries"].empty


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        (["阳性", "阴性", "无", "无"], "无"),
        (["阳性", "-", "-"], "-"),
        (["阳性", "×"], "×"),
        (["阳性", "√"], "√"),
        (["阳性", "○", "×", "●"], "○"),
    ],
)
def test_a_sign_that_nothing_explains_is_asked_once_and_left_empty(words, sign, tmp_path):
    tables = genes(tmp_path, words)
    asked = tables["queries"][tables["queries"]["RULE"] == "sign_open"]
    assert asked["VALUE"].tolist() == [sign]
    assert set(asked["SEVERITY"]) == {"error"}
    assert results(tables)[words.index(sign)] is None
    assert "unreadable_value" not in set(tables["queries"]["RULE"])


@pytest.mark.parametrize("header", ["MRD阴性", "MRD negative", "NPM1 WT", "未突变"])
@pytest.mark.parametrize("words", [["√", "×"], ["+", "-"], ["有", "无"]])
def test_under_a_header_that_asks_for_the_contrary_a_sign_is_asked(header, words, tmp_path):
    text = f"id,last,{header}\n1,30,{words[0]}\n2,30,{words[1]}\n"
    columns = {"GENE": {"constant": "NPM1"}, "GERES": header}
    tables = {"patients": {**ONE, "columns": PATIENTS}, "mutations": {**ONE, "columns": columns}}
    found = tables_of(tmp_path, {"export.csv": text}, tables)
    assert results(found) == [None, None]
    assert set(found["queries"]["RULE"]) == {"sign_open"}
    columns["GERES"] = {"from": header, "values": {WILD: [words[0]], MUT: [words[1]]}}
    found = tables_of(tmp_path, {"export.csv": text}, tables)
    assert results(found) == [WILD, MUT]


@pytest.mark.parametrize("header", ["MRD阳性", "MRD (pos/neg)", "突变有无", "阴性或阳性", "NPM1"])
def test_a_header_that_asks_plainly_or_for_both_settles_nothing_by_itself(header):
    assert not asks_no(header)


def test_codes_without_a_key_stop_the_run(tmp_path):
    with pytest.raises(StudyError, match="a code number: ask the clinic for its key"):
        genes(tmp_path, ["1", "0"])


def test_genes_in_columns_of_their_own_explain_each_other(tmp_path):
    text = "id,last,NPM1,TP53\n1,30,+,-\n2,30,-,-\n"
    records = [
        {"columns": {"GENE": {"constant": gene}, "GERES": gene}} for gene in ("NPM1", "TP53")
    ]
    tables = {"patients": {**ONE, "columns": PATIENTS}, "mutations": {**ONE, "records": records}}
    found = tables_of(tmp_path, {"export.csv": text}, tables)["mutations"]
    assert found[["USUBJID", "GENE", "GERES"]].values.tolist() == [
        ["1", "NPM1", MUT],
        ["1", "TP53", WILD],
        ["2", "NPM1", WILD],
        ["2", "TP53", WILD],
    ]


def test_a_word_that_the_vocabulary_knows_stays_what_it_is():
    known = {"Y": ["有", "√"], "N": ["无", "×"]}
    settled = settle(["有", "无", "√"], [], "yes_no", known)
    assert (settled.words, settled.open) == ({}, set())


def test_a_yes_no_column_of_signs(tmp_path):
    columns = {**PATIENTS, "PRIORHMA": "hma"}
    text = "id,last,hma\n1,30,+\n2,30,-\n3,30,\n"
    found = tables_of(tmp_path, {"export.csv": text}, {"patients": {**ONE, "columns": columns}})
    rows = found["patients"]["PRIORHMA"].astype(object)
    assert rows.where(rows.notna(), None).tolist() == ["Y", "N", None]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("SURVSTAT", "死亡（脑出血）", "DEAD"),
        ("SURVSTAT", "已故（感染）", "DEAD"),
        ("SURVSTAT", "死亡（any cause）", "DEAD"),
        ("SURVSTAT", "死于感染", "DEAD"),
        ("SURVSTAT", "自动出院后死亡", "DEAD"),
        ("SURVSTAT", "dead of disease", "DEAD"),
        ("SURVSTAT", "Dead (sepsis)", "DEAD"),
        ("SURVSTAT", "expired", "DEAD"),
        ("SURVSTAT", "DOD", "DEAD"),
        ("SURVSTAT", "death: yes", "DEAD"),
        ("SURVSTAT", "alive, no relapse", "ALIVE"),
        ("SURVSTAT", "存活，无复发", "ALIVE"),
        ("SURVSTAT", "存活，复发", "ALIVE"),
        ("SURVSTAT", "存活(CR)", "ALIVE"),
        ("SURVSTAT", "CR存活", "ALIVE"),
        ("SURVSTAT", "移植后存活", "ALIVE"),
        ("SURVSTAT", "Alive in CR", "ALIVE"),
        ("SURVSTAT", "alive with relapse", "ALIVE"),
        ("SURVSTAT", "NED", "ALIVE"),
        ("SURVSTAT", "AWD", "ALIVE"),
        ("SURVSTAT", "censored", "ALIVE"),
        ("SURVSTAT", "not dead", "ALIVE"),
        ("SURVSTAT", "no death", "ALIVE"),
        ("SURVSTAT", "未死亡", "ALIVE"),
        ("SURVSTAT", "lost to FU", "LOST"),
        ("SURVSTAT", "withdrawn", "LOST"),
        ("SURVSTAT", "转院", "LOST"),
        ("DISEASE", "AML M5", "AML"),
        ("DISEASE", "AML（M2）", "AML"),
        ("DISEASE", "M2a", "AML"),
        ("DISEASE", "急性髓系白血病（M5）", "AML"),
        ("DISEASE", "急性髓系白血病-M2", "AML"),
        ("DISEASE", "急性髓细胞白血病M5型", "AML"),
        ("DISEASE", "AML伴NPM1突变", "AML"),
        ("DISEASE", "AML NOS", "AML"),
        ("DISEASE", "AML-MRC", "AML"),
        ("DISEASE", "AML M3", "APL"),
        ("DISEASE", "AML伴PML-RARA", "APL"),
        ("DISEASE", "MDS-EB2", "MDS"),
        ("DISSTAT", "RR（首次复发）", "RR"),
        ("DISSTAT", "诱导失败", "RR"),
        ("DISTYPE", "由MDS转化", "secondary"),
        ("DISTYPE", "deno AML", "de novo"),
        ("DISTYPE", "化疗相关", "therapy-related"),
        ("RISK", "Int", "intermediate"),
        ("RISK", "极高危", "adverse"),
        ("PRIORHMA", "有（地西他滨）", "Y"),
        ("PRIORHMA", "未用", "N"),
        ("PRIORHMA", "✔", "Y"),
        ("DTHCAUS", "多脏器衰竭", "organ failure"),
        ("DTHCAUS", "重度GVHD", "transplant-related"),
        ("STOPREAS", "不能耐受", "toxicity"),
        ("STOPREAS", "疗效欠佳", "refractory disease"),
        ("TXTYPE", "父供子", "allogeneic"),
        ("TXTYPE", "半相合（母供子）", "allogeneic"),
        ("GENE", "FLT3-ITD突变", "FLT3-ITD"),
        ("GENE", "KIT D816V", "KIT"),
        ("GENE", "DNMT3A R882", "DNMT3A"),
        ("GENE", "NPM1 A型", "NPM1"),
        ("GENE", "CEBPA单突变", "CEBPA"),
        ("GENE", "SFRS2", "SRSF2"),
        ("GENE", "MLL2", "KMT2D"),
        ("GENE", "EVI-1", "MECOM"),
        ("GENE", "k ras", "KRAS"),
        ("GENE", "flt3_itd", "FLT3-ITD"),
        ("GENE", "AML1 ETO融合基因", "RUNX1::RUNX1T1"),
        ("GENE", "CBFβ-MYH11", "CBFB::MYH11"),
        ("RSINV", "CRi(血小板未恢复)", "CRi"),
        ("RSINV", "完全緩解", "CR"),
        ("RSINV", "复发(髓外)", "RELAPSE"),
        ("RSINV", "CRp", "CRp"),
    ],
)
def test_a_word_with_something_beside_it(column, text, code):
    assert read(column, text).value == code


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("SURVSTAT", "死亡?"),
        ("SURVSTAT", "死亡：否"),
        ("SURVSTAT", "死亡（否）"),
        ("SURVSTAT", "死亡(0)"),
        ("SURVSTAT", "death: no"),
        ("SURVSTAT", "alive - no"),
        ("SURVSTAT", "死亡：不详"),
        ("SURVSTAT", "预计死亡"),
        ("PRIORHMA", "有(0)"),
        ("DTHCAUS", "infection (ruled out)"),
        ("DISSTAT", "复发（已排除）"),
        ("SURVSTAT", "疑似死亡"),
        ("SURVSTAT", "dead, not confirmed"),
        ("SURVSTAT", "alive/dead"),
        ("SURVSTAT", "alive → dead"),
        ("PRIORHMA", "有(无)"),
        ("PRIORHMA", "无(未用)"),
        ("GENE", "FLT3-ITD阴性"),
        ("GENE", "NPM1 wild-type"),
        ("DISEASE", "ALL M5"),
        ("DISEASE", "M8"),
        ("RISK", "高危（低危）"),
    ],
)
def test_what_is_doubted_denied_or_two_things_is_no_word(column, text):
    made = read(column, text)
    assert made.value is None
    assert made.problem


@pytest.mark.parametrize(
    ("column", "text", "codes"),
    [
        ("RSINV", "缓解", "CR or PR"),
        ("RSINV", "未达CR", "NR or PR"),
        ("RSINV", "CRc", "CR or CRh or CRi"),
        ("RSINV", "MRD转阳", "RELAPSE or CR"),
        ("RISK", "标危", "favourable or intermediate"),
        ("GENE", "FLT3", "FLT3-ITD or FLT3-TKD"),
        ("STOPREAS", "更换方案", "refractory disease or toxicity or other"),
    ],
)
def test_a_word_that_may_mean_two_things_is_asked(column, text, codes):
    made = read(column, text)
    assert made.problem == f"a word that may mean {codes}"
    assert made.unknown is not None


def test_the_message_says_between_which_codes(tmp_path):
    columns = {"RSDT": "last", "RSINV": "word"}
    tables = {"patients": {**ONE, "columns": PATIENTS}, "responses": {**ONE, "columns": columns}}
    with pytest.raises(StudyError, match="'缓解' in responses.RSINV, 1 cell.*CR or PR: say which"):
        tables_of(tmp_path, {"export.csv": "id,last,word\n1,30,缓解\n"}, tables)


@pytest.mark.parametrize(
    ("text", "response", "mrd"),
    [
        ("CR，MRD未达阴性", "CR", "POSITIVE"),
        ("形态学CR/MRD+", "CR", "POSITIVE"),
        ("CRi/MRD-", "CRi", "NEGATIVE"),
    ],
)
def test_a_response_with_its_mrd(text, response, mrd):
    made = read("RSINV", text)
    assert (made.value, made.beside) == (response, {"MRDRES": mrd})


@pytest.mark.parametrize("word", ["早期死亡", "诱导死亡", "死亡", "ED", "Early death"])
def test_a_death_is_no_response_and_is_asked(word, tmp_path):
    columns = {"RSDT": "day", "RSINV": "word"}
    tables = {"patients": {**ONE, "columns": PATIENTS}, "responses": {**ONE, "columns": columns}}
    text = f"id,last,day,word\n1,30,20,{word}\n"
    found = tables_of(tmp_path, {"export.csv": text}, tables)
    assert found["responses"]["RSINV"].tolist() == ["NE"]
    asked = found["queries"][["RULE", "SEVERITY", "USUBJID", "VALUE"]].values.tolist()
    assert asked == [["death_as_response", "warning", "1", word]]


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        *(("Ⅳ°", 4), ("4°", 4), ("重度", 3), ("3级（重度）", 3), ("危及生命", 4), ("死亡", 5)),
        *(("grade 3", 3), ("3度", 3), ("Ⅲ度", 3), ("mild", 1)),
    ],
)
def test_grades_in_words(text, grade):
    from tests.clean.export import study
    from venaza.contracts.columns import Column
    from venaza.pipeline.clean.cell import read_cell

    column = Column("AETOXGR", "integer", "grade")
    assert read_cell(text, column, {}, study(), None).value == grade


@pytest.mark.parametrize("text", ["≥3级", "III-IV度", "3级（中度）", "3~4", "重"])
def test_grades_that_are_no_one_grade(text):
    from tests.clean.export import study
    from venaza.contracts.columns import Column
    from venaza.pipeline.clean.cell import read_cell

    made = read_cell(text, Column("AETOXGR", "integer", "grade"), {}, study(), None)
    assert (made.value, bool(made.problem)) == (None, True)

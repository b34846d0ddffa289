"""Free text of genetic reports: each gene with its result; what is not named was not tested."""

import pytest

from tests.clean.export import clean_of, study
from venaza.contracts.errors import StudyError
from venaza.pipeline.clean.genes import GeneResult, read_genes

WORDS = study()["vocabulary"]


def read(text, **how):
    return read_genes(text, WORDS["gene"], WORDS["gene_result"], **how)


def results(text, **how):
    return [(r.gene, r.result[:3], r.vaf) for r in read(text, **how).results]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NPM1(+)、FLT3-ITD(-)", [("NPM1", "MUT", None), ("FLT3-ITD", "WIL", None)]),
        ("NPM1（＋），FLT3-ITD（－）", [("NPM1", "MUT", None), ("FLT3-ITD", "WIL", None)]),
        ("NPM1+, FLT3-ITD-", [("NPM1", "MUT", None), ("FLT3-ITD", "WIL", None)]),
        ("TP53 p.R175H 45.2%", [("TP53", "MUT", 45.2)]),
        ("FLT3-ITD AR 0.6", [("FLT3-ITD", "MUT", None)]),
        ("DNMT3A R882H 38%\nIDH2 R140Q 41.5%", [("DNMT3A", "MUT", 38), ("IDH2", "MUT", 41.5)]),
        ("CEBPA(c.68dup,p.H24fs) 32%", [("CEBPA", "MUT", 32)]),
        ("NPM1基因突变（+）", [("NPM1", "MUT", None)]),
        ("NPM1 突变频率 35.6%", [("NPM1", "MUT", 35.6)]),
        ("FLT3-ITD：未检测", [("FLT3-ITD", "NOT", None)]),
        ("NPM1/FLT3-ITD(-)", [("NPM1", "WIL", None), ("FLT3-ITD", "WIL", None)]),
        ("NPM1、TP53均阴性", [("NPM1", "WIL", None), ("TP53", "WIL", None)]),
        ("K-ras(+)", [("KRAS", "MUT", None)]),
        ("AML1-ETO 阳性", [("RUNX1::RUNX1T1", "MUT", None)]),
        ("MLL-AF9(+); JAK2V617F 阴性", [("KMT2A::MLLT3", "MUT", None), ("JAK2", "WIL", None)]),
        ("NPM1 mutated; TP53 wild type", [("NPM1", "MUT", None), ("TP53", "WIL", None)]),
        ("二代测序34基因：NPM1(+)", [("NPM1", "MUT", None)]),
        ("未检测", []),
    ],
)
def test_what_is_read(text, expected):
    made = read(text)
    assert (made.problems, made.unknown) == ([], [])
    assert results(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("NPM1", "'NPM1' has no result beside it"),
        ("阴性", "a result without a gene"),
        ("其余阴性", "of which genes?"),
        ("TP53 VAF 0.45", "a fraction without %"),
        ("NPM1 可疑", "is not understood"),
        ("正常", "is not understood"),
    ],
)
def test_what_is_asked(text, problem):
    made = read(text)
    assert made.results == []
    assert problem in made.problems[0]


def test_an_unknown_gene_is_told_apart_and_the_others_are_kept():
    made = read("NPM1(+)、ABCG9(+)")
    assert made.unknown == ["ABCG9"]
    assert made.results == [GeneResult("NPM1", "MUTATED")]


def test_a_gene_that_is_not_named_is_never_negative_unless_a_panel_is_declared():
    panel = ("NPM1", "DNMT3A", "TP53")
    assert [gene for gene, *_ in results("NPM1(+)", panel=panel)] == ["NPM1"]
    listed = results("NPM1、DNMT3A", listed="MUTATED", panel=panel)
    assert listed == [("NPM1", "MUT", None), ("DNMT3A", "MUT", None), ("TP53", "WIL", None)]
    assert results("NPM1(+),其余阴性", panel=panel)[1:] == [
        ("DNMT3A", "WIL", None),
        ("TP53", "WIL", None),
    ]
    assert {result for _, result, _ in results("未检出突变", panel=panel)} == {"WIL"}
    assert {result for _, result, _ in results("未检测", panel=panel)} == {"NOT"}


def test_a_cell_that_is_not_wholly_understood_makes_no_gene_of_the_panel_negative():
    made = read("NPM1、天书", listed="MUTATED", panel=("NPM1", "TP53"))
    assert [r.gene for r in made.results] == ["NPM1"]
    assert made.problems


def test_a_gene_that_was_not_tested_makes_no_gene_of_the_panel_negative():
    panel = ("NPM1", "TP53")
    made = read("NPM1 未检测", listed="MUTATED", panel=panel)
    assert made.results == [GeneResult("NPM1", "NOT TESTED")]
    made = read("NPM1 阴性", listed="MUTATED", panel=panel)
    assert [(r.gene, r.result) for r in made.results] == [
        ("NPM1", "WILD-TYPE"),
        ("TP53", "WILD-TYPE"),
    ]


HEADER = "病案号,性别,首次用药日期,末次随访日期,基因突变,报告日期"


def mutations_of(*texts: str, **how):
    tables = study()["tables"]
    known = tables["patients"]["records"][0]["columns"]
    columns = {n: known[n] for n in ("SEX", "INDEXDT", "LSTALVDT")}
    tables["patients"]["records"] = [{"columns": columns}]
    gene = {"parse": "genes", "from": "基因突变", **how}
    tables["mutations"] = {**tables["patients"], "records": [{"columns": {"GENE": gene}}]}
    rows = [f'p{n},男,2021-01-01,2021-06-01,"{t}",' for n, t in enumerate(texts, start=1)]
    return clean_of("\n".join([HEADER, *rows]) + "\n", tables=tables)


def test_a_cell_becomes_a_row_for_each_gene_with_its_place():
    tables = mutations_of("NPM1(+)、TP53 p.R175H 45.2%", "", "未检测")
    made = tables["mutations"]
    assert list(made["USUBJID"]) == ["p1", "p1"]
    assert list(made["GENE"]) == ["NPM1", "TP53"]
    assert list(made["VAF"].fillna(-1)) == [-1, 45.2]
    assert set(made["SRCROW"]) == {2}
    log = tables["cleaning_log"].set_index("RULE")
    assert log.loc["genes read from text", "CLEAN"] == "NPM1 MUTATED; TP53 MUTATED 45.2%"
    account = tables["row_account"].set_index(["TABLE", "OUTCOME"])["N"]
    assert account["mutations", "used"] == 1
    assert account["mutations"].sum() == 3


def test_a_gene_in_no_vocabulary_stops_the_run():
    with pytest.raises(StudyError, match="'NPM11' in mutations.GENE"):
        mutations_of("NPM11(+)")


def test_doubts_of_a_cell_are_queries_and_the_rest_is_kept():
    tables = mutations_of("NPM1(+)、FLT3-ITD AR 0.6、TP53")
    assert list(tables["mutations"]["GENE"]) == ["FLT3-ITD", "NPM1"]
    assert sorted(tables["queries"]["RULE"]) == ["allelic_ratio", "unreadable_value"]


def test_a_report_of_nothing_is_asked_and_can_be_taught():
    tables = mutations_of("NPM1(+)", "无", listed="MUTATED", panel=["NPM1", "TP53"])
    assert set(tables["mutations"]["USUBJID"]) == {"p1"}
    (query,) = tables["queries"][tables["queries"]["RULE"] == "unreadable_value"].to_dict("records")
    assert (query["USUBJID"], query["VALUE"]) == ("p2", "无")
    assert "no mutation, or not done" in query["MESSAGE"]
    words = {**WORDS["gene_result"], "WILD-TYPE": ["无"]}
    made = read_genes("无", WORDS["gene"], words, panel=("TP53",))
    assert made.results == [GeneResult("TP53", "WILD-TYPE")]

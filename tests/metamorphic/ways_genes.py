"""Genes: how results are written, in rows, in columns, in one text, under their old symbols."""

from __future__ import annotations

import pandas as pd

from tests.metamorphic.cohort import Cohort, Sheet, filled, plain
from tests.metamorphic.expect import Expectation, differences, stops
from tests.metamorphic.outcome import Outcome
from tests.metamorphic.way import WORDED, way

KIND = "Genes"


def same_genes(before: Outcome, after: Outcome) -> list[str]:
    """All is the same, and so is each gene of each patient with its result and its fraction."""
    genes = [_tested_genes(o.clean["mutations"]) for o in (before, after)]
    rows = [set(table.astype("string").itertuples(index=False, name=None)) for table in genes]
    wrong = [f"genes: {row}" for row in sorted(rows[0] ^ rows[1], key=str)[:4]]
    return wrong + differences(before, after)


def _tested_genes(mutations: pd.DataFrame) -> pd.DataFrame:
    """A gene that is not named is one that was not tested."""
    known = ~mutations["GERES"].fillna("NOT TESTED").eq("NOT TESTED")
    return mutations.loc[known, ["USUBJID", "GENE", "GERES", "VAF"]]


SAME = Expectation("equal", check=same_genes)


@way(KIND, scope=WORDED)
def have_and_have_not_in_the_gene_column(cohort: Cohort) -> Expectation:
    """Gene results as 有 and 无."""
    _genes(cohort, "有", "无")
    return SAME


@way(KIND, scope=WORDED)
def plus_and_minus_in_the_gene_column(cohort: Cohort) -> Expectation:
    """Gene results as + and -."""
    _genes(cohort, "+", "-")
    return SAME


@way(KIND, scope=WORDED)
def ticks_in_the_gene_column(cohort: Cohort) -> Expectation:
    """Gene results as √ and ×."""
    _genes(cohort, "√", "×")
    return SAME


@way(KIND, scope=WORDED)
def codes_in_the_gene_column(cohort: Cohort) -> Expectation:
    """Gene results as 1 and 0, and no key anywhere."""
    _genes(cohort, "1", "0")
    return stops("GERES")


#: Words of the primary study for a gene that was not tested.
_UNTESTED = {"未检测", "未检"}
_MUTATED = {"阳性", "突变", "mutated", "+"}


def _by_patient(cohort: Cohort) -> dict[str, dict[str, tuple]]:
    """Gene -> result and fraction, of each patient; of a row that stands there twice, one."""
    sheet, found = cohort.of("mutations"), {}
    names = (cohort.key("mutations"), *(cohort.header("mutations", n) for n in _COLUMNS))
    for cells in sheet.records():
        who, gene, result, share = (cells[name] for name in names)
        found.setdefault(plain(who), {}).setdefault(
            _ONE_NAME.get(plain(gene), plain(gene)), (result, share)
        )
    return found


_COLUMNS = ("GENE", "GERES", "VAF")
_ONE_NAME = {"K-RAS": "KRAS", "N-RAS": "NRAS", "FLT3ITD": "FLT3-ITD", "P53": "TP53"}


@way(KIND, SAME, WORDED)
def a_column_for_each_gene(cohort: Cohort) -> None:
    """A row for each patient, a column for each gene, and one for its variant fraction."""
    found = _by_patient(cohort)
    genes = list(dict.fromkeys(gene for own in found.values() for gene in own))
    key = cohort.key("mutations")
    rows = [
        [who, *(v for g in genes for v in own.get(g, (None, None)))] for who, own in found.items()
    ]
    headers = [text for gene in genes for text in (gene, f"{gene} VAF(%)")]
    cohort.sheets[cohort.sheet_of("mutations")] = Sheet([[key, *headers], *rows])
    spec = cohort.tables["mutations"]
    del spec["columns"]
    spec["records"] = [
        {"columns": {"GENE": {"constant": g}, "GERES": g, "VAF": f"{g} VAF(%)"}} for g in genes
    ]


@way(KIND, SAME, WORDED)
def genes_in_one_text(cohort: Cohort) -> None:
    """A text for each patient: "NPM1(+) 45.2%、TP53(-)", without the genes that were not tested."""
    key, found = cohort.key("mutations"), _by_patient(cohort)
    rows = [
        [who, "、".join(_said(gene, *told) for gene, told in own.items() if _tested(told))]
        for who, own in found.items()
    ]
    cohort.sheets[cohort.sheet_of("mutations")] = Sheet([[key, "基因突变"], *rows])
    spec = cohort.tables["mutations"]
    del spec["columns"]
    spec["records"] = [{"parse": "genes", "from": "基因突变"}]


def _tested(told: tuple) -> bool:
    return filled(told[0]) and plain(told[0]) not in _UNTESTED


def _said(gene: str, result: object, share: object) -> str:
    number = plain(share).removesuffix("%")
    known = f" {number}%" if number.replace(".", "").isdigit() else ""
    return f"{gene}({'+' if plain(result) in _MUTATED else '-'}){known}"


@way(KIND, SAME, WORDED)
def other_names_of_genes(cohort: Cohort) -> None:
    """Genes under other names: AML1 for RUNX1, FLT3/ITD, NPM1 exon 12."""
    names = {"RUNX1": "AML1", "FLT3-ITD": "FLT3/ITD", "TP53": "p53", "NRAS": "N-ras"}
    cohort.of("mutations").change(
        cohort.header("mutations", "GENE"), lambda c: names.get(plain(c), c)
    )


@way(KIND, stops("NMP1"), WORDED)
def a_gene_that_nobody_knows(cohort: Cohort) -> None:
    """A slip in a gene's name, NMP1: never wild-type, never left out."""
    cohort.of("mutations").change(
        cohort.header("mutations", "GENE"), lambda c: "NMP1" if plain(c) == "NPM1" else c
    )


def _genes(cohort: Cohort, mutated: str, wild: str) -> None:
    words = dict.fromkeys(("阳性", "突变", "mutated", "+"), mutated)
    words |= dict.fromkeys(("WT", "野生型", "阴性"), wild)
    cohort.of("mutations").change(
        cohort.header("mutations", "GERES"), lambda c: words.get(plain(c), c)
    )

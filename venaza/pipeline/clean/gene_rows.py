"""Clean rows of ``mutations`` from one cell with the text of a genetic report."""

from __future__ import annotations

import numpy as np

from venaza.contracts.coded_values import among, code_of, codes
from venaza.contracts.headers import header_key
from venaza.contracts.text import tidy
from venaza.pipeline.clean.clean_table import (
    MISSING,
    NOT_READ,
    NOTHING,
    CleanColumns,
    Read,
    Sources,
)
from venaza.pipeline.clean.genes import GeneResult, GeneText, read_genes
from venaza.pipeline.clean.nearest import nearest
from venaza.pipeline.clean.record import Record
from venaza.pipeline.clean.signs import sign

_NONE = (
    "'无' may mean no mutation, or not done (vocabulary > gene_result says which: WILD-TYPE or NOT "
    "TESTED: [无])"
)
_NO_GENE = "no gene with a result in it"


def gene_rows(record: Record, base: CleanColumns, how: dict) -> CleanColumns:
    """One row for each gene that a cell names, laid over the rows of ``base``.

    ``how`` is the mapping of ``GENE``: ``from``, ``listed`` and ``panel``. What is not understood
    is a query and the genes beside it are kept; a word that looks like a gene but is in no
    vocabulary goes the way of all unknown words.
    """
    header, study = how["from"], record.reader.study
    genes, column = codes("GENE", how, study), record.raw.column(header)
    known = [_read(entry.text, how, genes, study) for entry in column.entries]
    reads = [Read(header, entry.text) for entry in column.entries]
    record.note("GENE", [(header_key(header), "value")])
    at: list[int] = []
    results: list[GeneResult | None] = []
    for i, code in enumerate(column.codes.tolist()):
        found, text = known[code], reads[code].text
        if isinstance(found, str):
            _tell_none(record, i, found, header, text)
            base.dropped[i] = found if found in (NOTHING, MISSING) else _NO_GENE
        else:
            _tell(record, i, found, how, text, genes)
            base.dropped[i] = None if found.results else _NO_GENE
        named = [None] if base.dropped[i] is not None else found.results
        at += [i] * len(named)
        results += named
    base.reads["GENE"] = [reads[code] for code in column.codes.tolist()]
    return _laid(base.repeated(at), results)


def _laid(made: CleanColumns, results: list[GeneResult | None]) -> CleanColumns:
    """The genes in the rows that were made for them; a row that is left out has none."""
    genes = made.reads["GENE"]
    cells = made.sources[-1].cells
    named = [found is not None for found in results]
    with_share = [found is not None and found.vaf is not None for found in results]
    for name, given in (("GERES", named), ("VAF", with_share)):
        own = made.reads.get(name) or [NOT_READ] * len(made)
        made.reads[name] = [g if mine else o for g, mine, o in zip(genes, given, own, strict=True)]
        made.sources.append(Sources(name, cells, np.array(given, dtype=bool)))
    for i, found in enumerate(results):
        if found is not None:
            made.put("GENE", i, found.gene)
            made.put("GERES", i, found.result)
            if found.vaf is not None:
                made.put("VAF", i, found.vaf)
    return made


def _read(text: str, how: dict, genes: dict, study: dict) -> GeneText | str:
    """What a cell says of genes, or why it says nothing."""
    words = study["vocabulary"]
    if tidy(text) == "":
        return NOTHING
    if code_of(text, words["gene_result"]) is None:
        if sign(text) == "无":
            return _NONE
        if among(text, words["missing"]):
            return MISSING
    panel = tuple(how.get("panel", ()))
    listed, decimal = how.get("listed", "ask"), study["numbers"]["decimal"]
    return read_genes(
        text, genes, words["gene_result"], listed=listed, panel=panel, decimal=decimal
    )


def _tell_none(record: Record, index: int, why: str, header: str, text: str) -> None:
    if why == _NONE:
        said = {"header": header, "problem": why}
        record.ask(index, "unreadable_value", said, column="GENE", value=text, header=header)
    elif why == MISSING:
        record.change(index, "GENE", text, None, "missing word", header)


def _shown(found: GeneResult) -> str:
    fraction = "" if found.vaf is None else f" {found.vaf:g}%"
    return f"{found.gene} {found.result}{fraction}"


def _tell(record: Record, index: int, read: GeneText, how: dict, text: str, genes: dict) -> None:
    header, place = how["from"], record.made.places[index]
    about = {"table": "mutations", "column": "GENE", "header": header, **place._asdict()}
    problems = list(read.problems)
    for word in read.unknown:
        record.unknown(index, {**about, "value": word, "known": genes, "how": how})
        close = " or ".join(nearest(word, genes))
        hint = f"; nearest known gene: {close}" if close else ""
        problems.append(f"'{word}' is no gene of the vocabulary{hint}")
    sent = {"value": text, "header": header}
    for problem in problems:
        said = {"header": header, "problem": problem}
        action = "left out, the other genes kept"
        record.ask(index, "unreadable_value", said, column="GENE", action=action, **sent)
    if read.ratio:
        record.ask(index, "allelic_ratio", {"header": header}, column="VAF", **sent)
    if read.results:
        shown = "; ".join(_shown(found) for found in read.results)
        record.change(index, "GENE", text, shown, "genes read from text", header)

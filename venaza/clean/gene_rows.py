"""Clean rows of ``mutations`` from one cell with the text of a genetic report."""

from __future__ import annotations

import copy

from venaza.clean.genes import GeneResult, GeneText, read_genes
from venaza.clean.journal import Journal
from venaza.clean.nearest import nearest
from venaza.clean.origins import of_header
from venaza.clean.signs import sign
from venaza.clean.text import tidy
from venaza.clean.words import among, code_of, codes

_NONE = (
    "'无' may mean no mutation, or not done (vocabulary > gene_result says which: WILD-TYPE or NOT "
    "TESTED: [无])"
)


def gene_rows(row, base: dict, how: dict, study: dict, journal: Journal) -> list[dict]:
    """One row for each gene that the cell names, laid over ``base``.

    ``how`` is the mapping of ``GENE``: ``from``, ``listed`` and ``panel``. What is not understood
    is a query and the genes beside it are kept; a word that looks like a gene but is in no
    vocabulary goes the way of all unknown words.
    """
    header = how["from"]
    text = row.text(header)
    base["_asked"]["GENE"] = []
    base["_raw"]["GENE"], base["_cells"]["GENE"] = (header, text), of_header(row, header)
    if tidy(text) == "":
        return [{**base, "_dropped": "nothing recorded in it"}]
    words = study["vocabulary"]
    if code_of(text, words["gene_result"]) is None and sign(text) == "无":
        said = {"header": header, "problem": _NONE}
        where = {"patient": row.patient, "place": row.place, "header": header, "value": text}
        journal.ask("unreadable_value", said, table="mutations", column="GENE", **where)
        return [{**base, "_dropped": "no gene with a result in it"}]
    if code_of(text, words["gene_result"]) is None and among(text, words["missing"]):
        journal.change(
            row.patient, "mutations", "GENE", text, None, "missing word", row.place, header
        )
        return [{**base, "_dropped": "a word for missing"}]
    genes = codes("GENE", how, study)
    panel = tuple(how.get("panel", ()))
    listed, decimal = how.get("listed", "ask"), study["numbers"]["decimal"]
    read = read_genes(
        text, genes, words["gene_result"], listed=listed, panel=panel, decimal=decimal
    )
    _tell(read, row, how, text, genes, journal)
    if not read.results:
        return [{**base, "_dropped": "no gene with a result in it"}]
    shown = "; ".join(_shown(found) for found in read.results)
    rule = "genes read from text"
    journal.change(row.patient, "mutations", "GENE", text, shown, rule, row.place, header)
    return [_row(base, found, header, text) for found in read.results]


def _row(base: dict, found: GeneResult, header: str, text: str) -> dict:
    made = copy.deepcopy(base)
    made |= {"GENE": found.gene, "GERES": found.result}
    made["_raw"] |= {"GERES": (header, text)}
    made["_cells"]["GERES"] = made["_cells"]["GENE"]
    if found.vaf is not None:
        made["VAF"] = found.vaf
        made["_raw"]["VAF"], made["_cells"]["VAF"] = (header, text), made["_cells"]["GENE"]
    return made


def _shown(found: GeneResult) -> str:
    fraction = "" if found.vaf is None else f" {found.vaf:g}%"
    return f"{found.gene} {found.result}{fraction}"


def _tell(read: GeneText, row, how: dict, text: str, genes: dict, journal: Journal) -> None:
    place, header = row.place, how["from"]
    where = {"table": "mutations", "column": "GENE", "header": header}
    problems = list(read.problems)
    for word in read.unknown:
        at = {"file": place.file, "sheet": place.sheet, "row": place.row}
        journal.unknown.append({**where, "value": word, **at, "known": genes, "how": how})
        close = " or ".join(nearest(word, genes))
        hint = f"; nearest known gene: {close}" if close else ""
        problems.append(f"'{word}' is no gene of the vocabulary{hint}")
    sent = {"patient": row.patient, "table": "mutations", "value": text}
    sent |= {"place": place, "header": header}
    for problem in problems:
        said = {"header": header, "problem": problem}
        action = "left out, the other genes kept"
        journal.ask("unreadable_value", said, column="GENE", action=action, **sent)
    if read.ratio:
        journal.ask("allelic_ratio", {"header": header}, column="VAF", **sent)

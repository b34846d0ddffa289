"""Columns with the text of a genetic report: NPM1(+)、FLT3-ITD(-), TP53 p.R175H 45.2%."""

from __future__ import annotations

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.sheet import Sheet
from venaza.contracts.script import simplified
from venaza.pipeline.clean.genes import read_genes
from venaza.study.synonyms import Synonyms, fold

#: So many of the different texts of a column must name a gene with its result.
_READ = 0.5
#: What such a column is called, beside the names of a sheet of mutations.
_CALLED = ("融合基因", "突变基因", "ngs", "二代测序", "基因", "突变", "fusion", "mutation", "gene")


def add_gene_texts(draft: Draft, sheet: Sheet, key: str, synonyms: Synonyms, content: Content):
    """Records that read genes out of texts, where no sheet or column lists them; in place."""
    if "mutations" in draft.tables:
        return
    used = draft.used(sheet)
    found = [
        header
        for header in sheet.known()
        if header not in used
        and sheet.columns[header].kind in ("word", "text")
        and _is_called_so(header, synonyms)
        and _reads(sheet.columns[header].texts, content)
    ]
    if not found:
        return
    why = "texts of genetic reports"
    records = [[Mapped("GENE", {"from": h, "parse": "genes"}, "likely", why)] for h in found]
    draft.tables["mutations"] = Table("mutations", sheet, key, records, "likely", why)
    draft.questions.append(
        f"Which genes does the laboratory always test in {', '.join(found)}? A gene that a text "
        "does not name counts as not tested, and a text that says negative says of none, until "
        "panel: [...] names them; listed: MUTATED takes a gene with nothing beside it for mutated."
    )


def _is_called_so(header: str, synonyms: Synonyms) -> bool:
    named = "mutations" in synonyms.tables_named(header)
    return named or any(word in fold(simplified(header)) for word in _CALLED)


def _reads(texts: list[str], content: Content) -> bool:
    """Whether texts name genes: most that say more than one word for a result."""
    genes, results = content.codes("GENE"), content.vocabulary["gene_result"]
    different = {text for text in texts if text}
    said = [read_genes(text, genes, results) for text in different]
    named = [read for read in said if read.named or read.results]
    return bool(named) and len(named) >= _READ * len(said)

"""A column for each gene: FLT3-ITD, NPM1, TP53 side by side, in words, codes, or + and -."""

from __future__ import annotations

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Draft, Mapped, Table
from venaza.commands.new_study.legend import legend_of_genes, with_legend
from venaza.commands.new_study.profile import Profile
from venaza.commands.new_study.sheet import Sheet
from venaza.commands.new_study.tables import with_words
from venaza.contracts.coded_values import code_of
from venaza.pipeline.clean.signs import sign

#: So many columns of genes make a sheet of genes, and so many different cells are results of one.
_SEVERAL, _RESULTS = 3, 8
_ANSWERS = {"+": "MUTATED", "-": "WILD-TYPE"}


def add_genes(draft: Draft, sheet: Sheet, key: str, content: Content) -> None:
    """A column for each gene, where no sheet lists genes in rows; in place.

    Codes of 0 and 1, and a minus beside a plus (in whatever column of a gene), are asked once.
    """
    known, used = content.codes("GENE"), draft.used(sheet)
    genes = {h: code_of(h, known) for h in sheet.known() if h not in used}
    genes = {h: gene for h, gene in genes.items() if gene and _is_result(sheet.columns[h])}
    if "mutations" in draft.tables or len(genes) < _SEVERAL:
        return
    seen = {sign(text) for h in genes for text in sheet.columns[h].texts}
    records, flagged, signed = [], [], []
    for header, gene in genes.items():
        why, profile = "header names the gene", sheet.columns[header]
        result = Mapped("GERES", {"from": header}, "likely", why)
        with_words(result, profile, content)
        with_legend(result, legend_of_genes(sheet, header), content)
        minus = sorted({text for text in profile.texts if text and sign(text) == "-"})
        if set(profile.words) <= {"0", "1"} and profile.words and "values" not in result.how:
            result.how["values"] = {"MUTATED": ["1"], "WILD-TYPE": ["0"]}
            result.unknown, result.unshown = {}, 0
            flagged.append(header)
        elif minus and "+" in seen and "values" not in result.how:
            result.how["values"] = {_ANSWERS["-"]: minus}
            signed.append(header)
        records.append([Mapped("GENE", {"constant": gene}, "likely", why), result])
    if flagged:
        draft.questions.append(f"Is 1 mutated, and 0 not, in {', '.join(flagged)}?")
    if signed:
        draft.questions.append(
            f"Does '-' mean not mutated, rather than not tested, in {', '.join(signed)}?"
        )
    why = "a column for each gene"
    draft.tables["mutations"] = Table("mutations", sheet, key, records, "likely", why)


def _is_result(profile: Profile) -> bool:
    """Whether cells may be results of a gene: a few words or codes, or a minus throughout."""
    texts = {text for text in profile.texts if text}
    if profile.kind == "empty":
        return bool(texts) and all(sign(text) == "-" for text in texts)
    return profile.kind in ("word", "integer") and profile.distinct <= _RESULTS

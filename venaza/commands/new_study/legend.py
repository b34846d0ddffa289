"""What an export says of its codes: in a header (性别(1=男,2=女)), or on a sheet of its own."""

from __future__ import annotations

import re

from venaza.commands.new_study.content import Content
from venaza.commands.new_study.draft import Mapped
from venaza.commands.new_study.sheet import Sheet
from venaza.contracts.coded_values import code_of
from venaza.contracts.text import tidy
from venaza.study.synonyms import Synonyms, fold

_SIGN = r"\s*[=:]\s*"
_PAIR = re.compile(
    rf"(\w{{1,8}}){_SIGN}(\S.*?)(?=\s*(?:[,;、|/\n)\]】]|$)|\s+\w{{1,3}}{_SIGN})", re.DOTALL
)
_CODE = re.compile(r"[0-9]{1,2}|[A-Za-z]")


def legend_in(text: str) -> dict[str, str]:
    """The words of the codes that a text explains: ``1=男,2=女``, ``0: none; 1: mutated``.

    Empty unless two codes at least are explained, each once.
    """
    pairs = [(left, right.strip()) for left, right in _PAIR.findall(tidy(text))]
    if pairs and all(_CODE.fullmatch(right) for _, right in pairs):
        pairs = [(right, left) for left, right in pairs]
    found = dict(pairs)
    whole = len(found) == len(pairs) >= 2 and all(_CODE.fullmatch(code) for code in found)
    return found if whole else {}


def codebook_of(rows: list) -> dict[str, dict[str, str]]:
    """The legends of a sheet that holds nothing else, by the variable's folded name.

    A row has a variable and its codes (性别 | 1=男 2=女), or a variable, a code and its word. Empty
    for any other sheet.
    """
    texts = [[text for text, _ in row if text.strip()] for row in rows]
    texts = [row for row in texts if row]
    found = {fold(row[0]): legend for row in texts if (legend := legend_in(" ".join(row[1:])))}
    if found and 2 * len(found) >= len(texts):
        return found
    triples = [row for row in texts if len(row) == 3 and _CODE.fullmatch(row[1].strip())]
    if len(triples) < 2 or 2 * len(triples) < len(texts):
        return {}
    for variable, code, word in triples:
        found.setdefault(fold(variable), {})[code.strip()] = word.strip()
    return {variable: legend for variable, legend in found.items() if len(legend) >= 2}


def set_legends(sheets: list[Sheet], book: dict[str, dict[str, str]], synonyms: Synonyms) -> None:
    """Give the columns of codes what the export says of these; in place.

    A legend counts for a column only where it explains every code that stands there.
    """
    for sheet in sheets:
        sheet.book = book
        for header, profile in sheet.columns.items():
            names = [fold(name) for name in (synonyms.apart(header)[0], *sheet.names(header))]
            legends = [legend_in(header), *(book[name] for name in names if name in book)]
            texts = {text for text in profile.texts if text}
            profile.legend = next((g for g in legends if g and texts <= {*g, *g.values()}), {})


def legend_of_genes(sheet: Sheet, header: str) -> dict[str, str]:
    """What the export says of the codes of genes, for one of their columns."""
    named = (
        sheet.book.get(fold(word), {}) for word in ("gene", "genes", "基因", "基因突变", "突变")
    )
    found = next((legend for legend in named if legend), {})
    texts = {text for text in sheet.columns[header].texts if text}
    return found if texts <= {*found, *found.values()} else {}


def with_legend(mapped: Mapped, legend: dict[str, str], content: Content) -> Mapped:
    """The mapping with the codes of its column under the words that the export gives them."""
    known = mapped.how.get("values") or content.codes(mapped.name)
    if not legend or not known:
        return mapped
    values: dict[str, list[str]] = {}
    for raw, word in legend.items():
        code = code_of(word, known) or code_of(word, content.codes(mapped.name) or {})
        if code is None:
            return mapped
        values.setdefault(code, []).append(raw)
    mapped.how["values"], mapped.unknown, mapped.unshown = values, {}, 0
    mapped.sure, mapped.why = "sure", "header and legend"
    return mapped

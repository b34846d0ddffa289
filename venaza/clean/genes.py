"""Free text of a genetic report, as ``NPM1(+)、FLT3-ITD(-)``, as a result for each gene."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from venaza.clean.numbers import number_of
from venaza.clean.text import tidy
from venaza.clean.words import code_of
from venaza.contracts.script import simplified

_SPLIT = re.compile(r"[、,;|。]|\s和\s|及")
_ALL = re.compile(r"^\s*(?:均为?|都为?|皆为?|all|both)\s*", re.IGNORECASE)
_REST = re.compile(
    r"(?:其余|其他|其它|others?|all others?|rest)\s*(?:基因|位点|genes?)?\s*(?:均为?|都)?\s*:?",
    re.I,
)
_VARIANT = re.compile(
    r"[pcg]\.\(?[A-Za-z0-9_*>+=?-]+\)?|(?<![A-Za-z0-9])[A-Z]\d{1,4}(?:[A-Z*]|_[A-Za-z0-9]+|fs\*?\d*)"
    r"(?![A-Za-z0-9])|(?:exon|第)\s*\d+\s*(?:号?外显子)?|type\s*[A-D]\b",
    re.IGNORECASE,
)
_VAF = re.compile(r"(?:VAF|突变频率|频率|突变率|丰度|比例)?\s*[:=]?\s*(\d+(?:\.\d+)?)\s*%", re.I)
_BARE_VAF = re.compile(r"(?:VAF|突变频率|丰度)\s*[:=]?\s*\d+(?:\.\d+)?(?![\d.]|\s*%)", re.I)
_COMMA = re.compile(r"(?<=\d),(?=\d+(?:\s*%|(?:\s*[)\]])?(?:\s*[,;、]|$)))")
_RATIO = re.compile(r"(?:AR|allelic ratio|等位基因比)\s*[:=]?\s*\d+(?:\.\d+)?", re.IGNORECASE)
_EDGES = " :()[]=,、"
_BRACKETS = {"+": "+", "-": "(-)"}
_GENE_LIKE = re.compile(r"[A-Z][A-Z0-9]{1,9}(?:[-:/][A-Z0-9]+)*(?![a-z])")


@dataclass(frozen=True)
class GeneResult:
    """A gene, its result (a code of ``GERES``), its variant fraction in percent."""

    gene: str
    result: str
    vaf: float | None = None


@dataclass
class GeneText:
    """What a cell says of genes: results, what is not understood, words that are no known gene."""

    results: list[GeneResult] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    ratio: bool = False


def read_genes(
    text: str,
    genes: dict,
    results: dict,
    *,
    listed: str = "ask",
    panel: tuple = (),
    decimal: str = "",
) -> GeneText:
    """Read a raw text as results of genes; ``genes`` and ``results`` are vocabularies.

    A gene is read with what stands beside it: ``(+)``, ``阴性``, a variant, a fraction in percent.
    A gene with nothing beside it is mutated only where ``listed`` is ``MUTATED``; genes of the
    ``panel`` that the text does not name are wild-type only then, or where it says that the others
    are negative. A gene that is not named was not tested. Where ``decimal`` is a comma, one between
    the digits of a fraction is no separator.
    """
    made, waiting = GeneText(), []
    whole = code_of(tidy(text), results)
    if whole is not None:
        _whole(whole, made, panel)
        return made
    lines = [tidy(line) for line in text.splitlines()]
    if decimal == ",":
        lines = [_COMMA.sub(".", line) for line in lines]
    pieces = [piece for line in lines for piece in _pieces(line)]
    others = ""
    for piece in pieces:
        if match := _REST.match(simplified(piece)):
            others = _result(piece[match.end() :].strip(_EDGES), results) or ""
            if not (others and panel):
                made.problems.append(f"'{piece}': of which genes? (declare 'panel')")
            continue
        _piece(piece, made, waiting, genes, results)
    for gene in waiting:
        if listed == "MUTATED":
            made.results.append(GeneResult(gene, "MUTATED"))
        else:
            made.problems.append(f"'{gene}' has no result beside it")
    clear = not (made.problems or made.unknown)
    if others or (listed == "MUTATED" and clear):
        named = {found.gene for found in made.results}
        result = others or "WILD-TYPE"
        made.results += [GeneResult(gene, result) for gene in panel if gene not in named]
    return made


def _whole(result: str, made: GeneText, panel: tuple) -> None:
    if panel:
        made.results += [GeneResult(gene, result) for gene in panel]
    elif result != "NOT TESTED":
        made.problems.append("a result without a gene: of which? (declare 'panel')")


def _pieces(line: str) -> list[str]:
    """The text cut at its separators, those within brackets left alone."""
    depth, start, cuts = 0, 0, []
    for match in re.finditer(rf"[(\[]|[)\]]|{_SPLIT.pattern}", line):
        if match[0] in "([":
            depth += 1
        elif match[0] in ")]":
            depth = max(0, depth - 1)
        elif depth == 0:
            cuts.append(line[start : match.start()])
            start = match.end()
    cuts.append(line[start:])
    return [cut.strip() for cut in cuts if cut.strip()]


def _piece(piece: str, made: GeneText, waiting: list[str], genes: dict, results: dict) -> None:
    said = simplified(piece)
    found, rest = _genes_at_start(said, genes)
    if not found and ":" in said:  # the name of a panel comes before the colon
        found, rest = _genes_at_start(said.split(":", 1)[1].strip(), genes)
    if not found:
        looks = _GENE_LIKE.match(piece)
        if looks:
            made.unknown.append(looks[0])
        else:
            made.problems.append(f"'{piece}' is not understood")
        return
    shared = _ALL.match(rest)
    if shared:
        found, rest = [*waiting, *found], rest[shared.end() :]
        waiting.clear()
    if _BARE_VAF.search(rest):
        made.problems.append(f"'{piece}': a fraction without %")
        return
    vaf = _VAF.search(rest)
    made.ratio = made.ratio or bool(_RATIO.search(rest))
    seen = bool(vaf or _RATIO.search(rest) or _VARIANT.search(rest))
    word = _VARIANT.sub(" ", _RATIO.sub(" ", _VAF.sub(" ", rest)))
    word = re.sub(r"基因|(?<!未)检测|:|=", " ", word).strip()
    result = _result(word, results)
    if result is None and (word.strip(_EDGES) or not seen):
        if word.strip(_EDGES):
            made.problems.append(f"'{piece}' is not understood")
        else:
            waiting += found
        return
    number, problem = number_of(vaf[1]) if vaf else (None, "")
    if problem:
        made.problems.append(f"'{piece}': {problem}")
    made.results += [GeneResult(gene, result or "MUTATED", number) for gene in found]


def _result(word: str, results: dict) -> str | None:
    """The result in a text; of several words (``突变 (+)``) where they say the same."""
    words = [word.strip(_EDGES), *re.split(r"[ :,、()\[\]]+", word)]
    whole, *parts = [code_of(_BRACKETS.get(w, w), results) if w else "" for w in words]
    if whole:
        return whole
    said = {part for part in parts if part != ""}
    return said.pop() if len(said) == 1 else None


def _genes_at_start(piece: str, genes: dict) -> tuple[list[str], str]:
    """The genes with which a piece begins (``NPM1/FLT3-ITD``), and what comes after them."""
    pattern, found, rest = _names(tuple((c, tuple(w)) for c, w in genes.items())), [], piece
    while match := pattern.match(rest):
        found.append(code_of(match[0], genes))
        rest = rest[match.end() :].lstrip()
        if not (rest.startswith("/") and pattern.match(rest[1:].lstrip())):
            break
        rest = rest[1:].lstrip()
    return found, rest


@cache
def _names(pairs: tuple) -> re.Pattern:
    words = sorted({w for code, ws in pairs for w in (code, *ws)}, key=lambda w: (-len(w), w))
    forms = (re.escape(simplified(tidy(word))).replace(r"\ ", r"\s*") for word in words)
    return re.compile(rf"(?:{'|'.join(forms)})(?![A-Za-z0-9])", re.IGNORECASE)

"""Free text of a genetic report, as ``NPM1(+)、FLT3-ITD(-)``, as a result for each gene."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from venaza.contracts.coded_values import code_of
from venaza.contracts.script import simplified
from venaza.contracts.text import folded, tidy
from venaza.pipeline.clean.numbers import number_of

_SPLIT = re.compile(r"[、,;|。]|\s和\s|及")
_ALL = re.compile(r"^\s*(?:均为?|都为?|皆为?|all|both)\s*", re.IGNORECASE)
_REST = re.compile(
    r"(?:其余|其他|其它|others?|all others?|rest)\s*(?:基因|位点|genes?)?\s*(?:均为?|都)?\s*:?",
    re.I,
)
VARIANT = re.compile(
    r"[pcg]\.\(?[A-Za-z0-9_*>+=?-]+\)?|(?<![A-Za-z0-9])[A-Z]\d{1,4}(?:[A-Z*]|_[A-Za-z0-9]+|fs\*?\d*)"
    r"(?![A-Za-z0-9])|(?<![A-Za-z0-9])[A-Z]\d{2,4}(?![A-Za-z0-9])|(?:exon|第)\s*\d+\s*(?:号?外显子)?|type\s*[A-D]\b|(?<![A-Za-z0-9])[A-D]\s*型",
    re.IGNORECASE,
)
_VAF = re.compile(r"(?:VAF|突变频率|频率|突变率|丰度|比例)?\s*[:=]?\s*(\d+(?:\.\d+)?)\s*%", re.I)
_BARE_VAF = re.compile(r"(?:VAF|突变频率|丰度)\s*[:=]?\s*\d+(?:\.\d+)?(?![\d.]|\s*%)", re.I)
_COMMA = re.compile(r"(?<=\d),(?=\d+(?:\s*%|(?:\s*[)\]])?(?:\s*[,;、]|$)))")
_RATIO = re.compile(r"(?:AR|allelic ratio|等位基因比)\s*[:=]?\s*\d+(?:\.\d+)?", re.IGNORECASE)
_EDGES = " :()[]=,、"
_BRACKETS = {"+": "+", "-": "(-)"}
#: A report that found nothing: "no mutation detected", 未检测到与疾病相关的基因突变.
_NOTHING = re.compile(
    r"(?:(?:未|没有|无)(?:能)?(?:检测到|检测出|检出|检见|查见|发现|见)?[^,;。+]{0,20}(?:突变|变异|异常|重排)"
    r"|no (?:\w+ ){0,4}(?:mutations?|variants?|rearrangements?|fusions?)(?: (?:was|were))?"
    r"(?: (?:detected|found|identified))?)[。.]?",
    re.IGNORECASE,
)
#: Regions of CEBPA beside its fraction: only an in-frame mutation of bZIP is favourable (ELN 2022).
_REGION = re.compile(
    r"(?:N|C)\s*-?\s*(?:端|末端|term(?:inal|inus)?)"
    r"|(?:非|non-?|not\s*)?b-?ZIP\s*(?:区域?|结构域|domain)?",
    re.IGNORECASE,
)
_BZIP = re.compile(r"(?P<no>非|non-?|not\s*)?b-?ZIP(?:[^\d,;+%]*(?P<vaf>\d+(?:\.\d+)?)\s*%)?", re.I)
#: Names that say by themselves that the gene is mutated: CEBPA双突变.
_SAYS = re.compile(r"突变|mutat", re.IGNORECASE)
_BESIDE = re.compile(r"融合基因|融合|基因|(?<!未)检测|fusion(?: gene)?|gene\b|:|=", re.I)
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
    named: set[str] = field(default_factory=set)
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
    are negative. A gene that is not named was not tested; one that is named and not understood has
    no result, and where a symbol is unknown, or nothing was tested, no gene is taken for wild-type
    for want of its name. Where ``decimal`` is a comma, one between the digits of a fraction is no
    separator.
    """
    made, waiting = GeneText(), []
    nothing = _NOTHING.fullmatch(simplified(tidy(text)))
    whole = "WILD-TYPE" if nothing else code_of(tidy(text), results)
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
    tested = any(found.result != "NOT TESTED" for found in made.results)
    clear = tested and not (made.problems or made.unknown)
    if (others and not made.unknown) or (listed == "MUTATED" and clear):
        result = others or "WILD-TYPE"
        made.results += [GeneResult(gene, result) for gene in panel if gene not in made.named]
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
    made.named |= set(found)
    if found[0].startswith("CEBPA-"):  # what it says of a region or both alleles is of the gene
        made.named.add("CEBPA")
    shared = _ALL.match(rest)
    if shared:
        found, rest = [*waiting, *found], rest[shared.end() :]
        waiting.clear()
    if _BARE_VAF.search(rest):
        made.problems.append(f"'{piece}': a fraction without %")
        return
    vaf = _VAF.search(rest)
    made.ratio = made.ratio or bool(_RATIO.search(rest))
    name = said[: len(said) - len(rest)]
    seen = bool(vaf or _RATIO.search(rest) or VARIANT.search(rest) or _SAYS.search(name))
    bzip = _BZIP.search(rest) if found[0].startswith("CEBPA") else None
    word = VARIANT.sub(" ", _RATIO.sub(" ", _VAF.sub(" ", rest)))
    if found[0].startswith("CEBPA"):
        seen, word = seen or bool(bzip), _REGION.sub(" ", word)
    word = _BESIDE.sub(" ", word).strip()
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
    if bzip and result in (None, "MUTATED") and "CEBPA-bZIP" not in found:
        made.named.add("CEBPA-bZIP")
        made.results.append(_of_bzip(bzip, number))


def _of_bzip(match: re.Match, vaf: float | None) -> GeneResult:
    """What a text that names CEBPA says of its bZIP region."""
    if match["no"]:
        return GeneResult("CEBPA-bZIP", "WILD-TYPE")
    return GeneResult("CEBPA-bZIP", "MUTATED", float(match["vaf"]) if match["vaf"] else vaf)


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
        found.append(gene_of(match[0], genes))
        rest = rest[match.end() :].lstrip()
        if not (rest.startswith("/") and pattern.match(rest[1:].lstrip())):
            break
        rest = rest[1:].lstrip()
    return found, rest


def gene_of(text: str, genes: dict) -> str | None:
    """The gene of a symbol, however its parts are joined: ``K-RAS``, ``FLT3 ITD``, ``AML1/ETO``."""
    frozen = tuple((code, tuple(words)) for code, words in genes.items())
    return code_of(text, genes) or _by_symbol(frozen).get(_symbol(text))


def _symbol(text: str) -> str:
    return re.sub(r"[-_/:·\s]", "", folded(text))


@cache
def _by_symbol(pairs: tuple) -> dict[str, str]:
    return {_symbol(word): code for code, words in reversed(pairs) for word in (code, *words)}


@cache
def _names(pairs: tuple) -> re.Pattern:
    words = sorted({w for code, ws in pairs for w in (code, *ws)}, key=lambda w: (-len(w), w))
    forms = (_joined(simplified(tidy(word))) for word in words)
    return re.compile(rf"(?:{'|'.join(forms)})(?![A-Za-z0-9])", re.IGNORECASE)


def _joined(word: str) -> str:
    """A pattern for a name whose parts are joined by a hyphen, a slash, colons or nothing."""
    return r"[-_/:·\s]*".join(map(re.escape, re.split(r"[-_/:·\s]+", word)))

"""A karyotype in ISCN text: its clones and the lesions that risk groups ask for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from venaza.contracts.script import simplified

_HEAD = re.compile(r"(\d{2})(?:[~-](\d{2}))?")
_CELLS = re.compile(r"\[(cp)?(\d+)\]$")
_SEX = re.compile(r"[XY]{1,4}")
_WHOLE = re.compile(r"([+-])(\d{1,2}|[XY])(?:x(\d))?")
_MARKER = re.compile(r"\+?(\d)?(?:~\d)?(mar|r|dmin)\d?")
_PART = re.compile(
    r"(idic|ider|dic|der|del|dup|inv|add|ins|trp|hsr|rob|t|i|r)\(([^()]+)\)(?:\(([^()]+)\))?"
)
_CONSTITUTIONAL = re.compile(r".*[\d)]c")
_JOINED = re.compile(r"[+-]?der\([^)]*;")
_BAND = re.compile(r"[pq](?:\d+(?:\.\d+)?)?|cen|[pq]?ter")
_CHROMOSOME = re.compile(r"(\d{1,2}|[XY])([pq][\d.]*)?")


class UnreadableError(ValueError):
    """The text is no karyotype that this reader understands."""


@dataclass(frozen=True)
class Change:
    """One abnormality: the loss or gain of a chromosome, or a structural change with its breaks.

    ``breaks`` are pairs of chromosome and band (empty where the text gives no band).
    """

    text: str
    sign: str = ""
    chromosome: str = ""
    kinds: tuple[str, ...] = ()
    breaks: tuple[tuple[str, str], ...] = ()

    @property
    def structural(self) -> bool:
        return not self.chromosome

    @property
    def lost(self) -> str:
        """The autosome or sex chromosome that is missing altogether."""
        return self.chromosome if self.sign == "-" else ""


#: A complex karyotype of which the text gives no change.
COMPLEX = Change("complex")


def read_karyotype(text: str, table: dict) -> list[list[Change]] | None:
    """The changes of each clone of a karyotype; None where the culture gave no result.

    A karyotype that is only called complex is one clone with ``COMPLEX``.

    ``table`` is config/risk/karyotype.yaml. A change counts in a clone only: the same gain or
    structural change in two cells, the same loss in three (ISCN 2020); a clone without a number
    of cells counts. Raises ``UnreadableError`` with what was not understood.
    """
    text = simplified(unicodedata.normalize("NFKC", text)).replace("−", "-").replace("×", "x")
    words = {
        name: [simplified(w.casefold()) for w in table["words"][name]] for name in table["words"]
    }
    text = _without_label(text.strip().rstrip(".。;,"), words["before"])
    if text.casefold() in words["normal"]:
        return [[]]
    if text.casefold() in words["no_result"]:
        return None
    if text.casefold() in words["complex"]:
        return [[COMPLEX]]
    text = re.split(r"\.(?:nuc)?\s*ish", text)[0]
    text = re.sub(r"\s+", "", text).rstrip(".。;,")
    if "//" in text:
        raise UnreadableError("cells of a donor")
    clones: list[list[Change]] = []
    counted: list[list[Change]] = []
    for part in _split(text, "/"):
        changes, cells = _clone(part, clones)
        clones.append(changes)
        own = [c for c in changes if not _is_variant(c, table)]
        counted.append([c for c in own if cells is None or cells >= (3 if c.lost else 2)])
    return counted


def _without_label(text: str, labels: list[str]) -> str:
    """``text`` without what its column is called, written before it with a colon."""
    label, colon, rest = text.partition(":")
    return rest.strip() if colon and label.strip().casefold() in labels else text


def _split(text: str, mark: str) -> list[str]:
    """``text`` cut at ``mark`` outside brackets."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            raise UnreadableError("a bracket closes that never opened")
        if sign == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    if depth:
        raise UnreadableError("a bracket does not close")
    return parts


def _clone(text: str, before: list[list[Change]]) -> tuple[list[Change], int | None]:
    """The changes of one clone, and in how many cells; None where not said or composite."""
    cells = None
    if found := _CELLS.search(text):
        text = text[: found.start()]
        cells = None if found[1] else int(found[2])
    head, *tokens = _split(text, ",")
    number = _HEAD.fullmatch(head)
    if not number or not tokens:
        raise UnreadableError(f"'{head}' is no number of chromosomes")
    if not 35 <= int(number[1]) <= 57:
        raise UnreadableError("near-haploid or near-triploid karyotypes are not read")
    if tokens[0] in ("idem", "sl"):
        if not before:
            raise UnreadableError(f"'{tokens[0]}' without a clone before it")
        return [*before[0], *_changes(tokens[1:])], cells
    if not _SEX.fullmatch(tokens[0]):
        raise UnreadableError(f"'{tokens[0]}' are no sex chromosomes")
    changes = _changes(tokens[1:])
    constitutional = any(_CONSTITUTIONAL.fullmatch(token) for token in tokens)
    if not (number[2] or constitutional or (found and found[1])):
        _check_number(int(number[1]), tokens[0], changes)
    return changes, cells


def _changes(tokens: list[str]) -> list[Change]:
    kept = [token for token in tokens if not _CONSTITUTIONAL.fullmatch(token)]
    return [change for token in kept for change in _change(token)]


def _change(token: str) -> list[Change]:
    if found := _WHOLE.fullmatch(token):
        if found[2].isdigit() and not 1 <= int(found[2]) <= 22:
            raise UnreadableError(f"there is no chromosome {found[2]}")
        return [Change(token, found[1], found[2])] * int(found[3] or 1)
    if found := _MARKER.fullmatch(token):
        return [Change(token, "+" if token[0] == "+" else "", "", (found[2],))] * int(found[1] or 1)
    sign, rest = (token[0], token[1:]) if token[:1] in "+-" else ("", token)
    rest = re.sub(r"x\d$", "", rest)
    kinds, breaks, end = [], [], 0
    for part in _PART.finditer(rest):
        if part.start() != end:
            break
        end = part.end()
        kinds.append(part[1])
        breaks += _breaks(part[2], part[3], token)
    if not kinds or end != len(rest):
        raise UnreadableError(f"'{token}' is not understood")
    # In der(7)t(1;7)(q10;p10) the bands stand with the translocation, the 7 alone adds nothing.
    banded = [(chromosome, band) for chromosome, band in breaks if band]
    return [Change(token, sign, "", tuple(kinds), tuple(banded or breaks))]


def _breaks(chromosomes: str, bands: str | None, token: str) -> list[tuple[str, str]]:
    """Chromosome and band of each break: ``t(8;21)(q22;q22)``, ``inv(3)(q21q26)``, ``del(5q)``."""
    named = [_CHROMOSOME.fullmatch(c) for c in chromosomes.split(";")]
    if not all(named):
        raise UnreadableError(f"'{token}' is not understood")
    if bands is None:
        return [(c[1], c[2] or "") for c in named]
    groups = bands.split(";")
    if len(groups) != len(named):
        raise UnreadableError(f"'{token}' has not one band for each chromosome")
    found = []
    for chromosome, group in zip(named, groups, strict=True):
        single = _BAND.findall(group)
        if "".join(single) != group.replace("?", ""):
            raise UnreadableError(f"'{group}' in '{token}' is no band")
        found += [(chromosome[1], band) for band in single]
    return found


def _check_number(number: int, sex: str, changes: list[Change]) -> None:
    """Refuse a number of chromosomes that its own gains and losses do not give.

    A sex chromosome that is lost is not in the sex chromosomes written (45,X,-Y); dicentric and
    whole-arm derivative chromosomes replace two, so that the sum does not hold for them.
    """
    if any({"dic", "idic", "dmin", "rob"} & set(c.kinds) or _JOINED.match(c.text) for c in changes):
        return
    gained = sum(c.sign == "+" for c in changes)
    lost = sum(c.sign == "-" and c.chromosome not in ("X", "Y") for c in changes)
    expected = 44 + len(sex) + gained - lost
    if number != expected:
        raise UnreadableError(f"{number} chromosomes are written, the changes give {expected}")


def _fits(change: Change, pattern: dict) -> bool | None:
    """Whether a change is what ``pattern`` describes; None where a band is needed and not given."""
    if "loss" in pattern:
        return change.lost == pattern["loss"]
    if not change.kinds or not set(change.kinds) & set(pattern.get("kinds", change.kinds)):
        return False
    wanted = [w for w in pattern["breaks"] if w != "any"]
    needed = [re.match(r"\d+|[XY]", w)[0] for w in wanted]
    given = [chromosome for chromosome, _ in change.breaks]
    if not set(needed) <= set(given):
        return False
    if all(band for _, band in change.breaks):
        places = [f"{chromosome}{band}" for chromosome, band in change.breaks]
        return all(
            any(re.fullmatch(rf"{w}(\.\d+)?", place) for place in places) for w in wanted
        ) and (len(places) > len(wanted) or "any" not in pattern["breaks"])
    # t(8;21) and inv(16) without bands are names that everybody uses for the one lesion.
    return True if len(wanted) > 1 and set(given) == set(needed) else None


def _is_variant(change: Change, table: dict) -> bool:
    return any(_fits(change, pattern) for pattern in table["variants"])


def _lesion(name: str, changes: list[Change], table: dict) -> bool | None:
    found: list[bool | None] = []
    for change in changes:
        for pattern in table["lesions"][name]:
            if "unless" in pattern and _lesion(pattern["unless"], [change], table):
                continue
            found.append(_fits(change, pattern))
    return _or(found)


def _or(found: list[bool | None]) -> bool | None:
    if True in found:
        return True
    return None if None in found else False


def lesions(clones: list[list[Change]], table: dict) -> dict[str, bool | None]:
    """Each lesion of ``table`` with the complex and the monosomal karyotype: there or not.

    None where the text does not say enough. Complex: three or more changes in one clone, without
    a rearrangement that defines a class, and not made of three or more trisomies without a
    structural change. Monosomal: two autosomal monosomies, or one with a structural change, but
    not in core-binding factor leukaemia (Döhner 2022, footnotes of table 6). Each change of the
    text counts once, a marker too.
    """
    if [COMPLEX] in clones:
        return _named_complex(table)
    everything = [change for clone in clones for change in clone]
    found = {name: _lesion(name, everything, table) for name in table["lesions"]}
    defined = _or([found[name] for name in table["class_defining"]])
    factor = _or([found[name] for name in table["core_binding_factor"]])
    return {
        **found,
        "complex karyotype": _unless(any(map(_complex, clones)), defined),
        "monosomal karyotype": _unless(any(map(_monosomal, clones)), factor),
    }


def _named_complex(table: dict) -> dict[str, bool | None]:
    """A complex karyotype by its name alone: no class-defining lesion, the others not known."""
    defining = {*table["class_defining"], *table["core_binding_factor"]}
    found = {name: False if name in defining else None for name in table["lesions"]}
    return {**found, "complex karyotype": True, "monosomal karyotype": None}


def _unless(shape: bool, excluded: bool | None) -> bool | None:
    if not shape or excluded:
        return False
    return None if excluded is None else True


def _complex(clone: list[Change]) -> bool:
    trisomies = sum(change.sign == "+" and not change.structural for change in clone)
    hyperdiploid = trisomies == len(clone) and trisomies >= 3
    return len(clone) >= 3 and not hyperdiploid


def _monosomal(clone: list[Change]) -> bool:
    lost = {change.lost for change in clone if change.lost.isdigit()}
    return len(lost) >= 2 or (len(lost) == 1 and any(change.structural for change in clone))

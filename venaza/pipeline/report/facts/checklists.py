"""Checklists of reporting: where each item stands in the documents, or what is to be filled in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase

from venaza.markup.printed import Cell, Part, Row, Section, joined, words
from venaza.pipeline.report.context import Context, Placed, exhibit_id
from venaza.pipeline.report.documents import numbered
from venaza.pipeline.report.exhibits import float_table, prose_table
from venaza.pipeline.report.facts import randomised
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text, part
from venaza.study.author import DECLARATIONS
from venaza.study.words import say

_INCLUDE = re.compile(r"^\{\{< include _generated/(\w+)\.md >\}\}$", re.MULTILINE)
_HEADING = re.compile(r"^(#+) +(.+?)(?: +\{[^}]*\})?$", re.MULTILINE)
_SOURCE = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\{[^}]*\}")


@dataclass(frozen=True)
class Place:
    """Where an item stands: a document, what is there called, its address from the web pages."""

    document: str
    name: str
    address: str


@dataclass(frozen=True)
class Answer:
    """Where an item stands; what of the authors' it lacks, by name; why it does not apply."""

    places: tuple[Place, ...] = ()
    lacking: tuple[str, ...] = ()
    absent: str = ""


@in_text
def lists(context: Context) -> list[dict]:
    """The checklists, each with its ``name``, ``title``, ``citation`` and ``items``."""
    return context.study["checklists"]


@in_text
def title(context: Context, checklist: dict) -> str:
    """What a checklist is called, in the language of the study."""
    return say(context.study, checklist["title"])


@in_text
def table(context: Context, checklist: dict, head: list[str], said: dict, caption: str) -> str:
    """A checklist as a table; ``said`` are the turns of phrase of its answers, by their name."""
    rows = [
        Row(
            f"{item['item']}{said['after_number']}{say(context.study, item['topic'])}",
            (
                words(say(context.study, item["asks"])),
                _printed(context, item, answer(context, item), said),
            ),
        )
        for item in checklist["items"]
    ]
    html = prose_table(head, [Section("", rows)], [0.2, 0.36, 0.44])
    return float_table(checklist["name"].lower(), html, caption)


def _printed(context: Context, item: dict, found: Answer, said: dict) -> Cell:
    """What stands in the last column of an item."""
    cells = []
    for document in dict.fromkeys(place.document for place in found.places):
        own = [place for place in found.places if place.document == document]
        links = [Cell((Part(place.name, "link", place.address),)) for place in own]
        cells.append(words(said[document]) + joined(said["between"], links))
    if found.lacking or not (found.places or found.absent):
        what = say(context.study, item.get("fill", item["asks"]))
        if found.lacking:
            what += said["file"].format(", ".join(_file(context, name) for name in found.lacking))
        cells.append(Cell((Part(said["to_fill"].format(what), "to-fill"),)))
    if found.absent:
        cells.append(words(said["absent"].format(say(context.study, found.absent))))
    return joined(said["then"], cells)


def _file(context: Context, name: str) -> str:
    """Where the authors write a text or a declaration."""
    if name in DECLARATIONS:
        return f"report > {name}"
    return f"config/studies/{context.study['id']}/{name}.md"


def answer(context: Context, item: dict) -> Answer:
    """Where an item stands in the documents written before, and what it lacks."""
    asked = item.get("author", ())
    wanted = [*(f"author {name}" for name in asked), *item.get("where", ())]
    places = tuple(dict.fromkeys(p for what in wanted for p in _places(context, what)))
    lacking = tuple(name for name in asked if not _given(context, name))
    absent = "" if places or lacking else item.get("if_absent", "")
    return Answer(places, lacking, absent)


def _given(context: Context, name: str) -> bool:
    """Whether the authors have given a text or a declaration."""
    report = context.study["report"]
    if name in DECLARATIONS:
        return bool(report[name].strip())
    texts = context.study["author"]["texts"]
    # An introduction in the study file is the background.
    instead = report["introduction"] if name == "background" else ""
    return bool((texts.get(name) or instead).strip())


def _places(context: Context, what: str) -> list[Place]:
    """Where ``sentence NAME``, ``fig NAME``, ... stands; nothing where the study lacks it."""
    kind, _, name = what.partition(" ")
    if kind == "file":
        return [Place("files", name, f"../{name}")]
    if kind in ("fig", "tbl"):
        return _exhibits(context, kind, what)
    if kind == "part":
        written = context.written.items()
        found = [Placed(d, name, "") for d, w in written if w.parts.get(name, "").strip()]
    else:
        fitting = (placed for key, placed in context.placed.items() if fnmatchcase(key, what))
        found = [one for placed in fitting for one in placed if one.document in context.written]
    return [_place(context, one) for one in found]


def _exhibits(context: Context, kind: str, pattern: str) -> list[Place]:
    parts = {name: document.parts for name, document in context.written.items()}
    found = []
    for identifier, (document, number) in numbered(parts).items():
        if fnmatchcase(identifier, exhibit_id(pattern)):
            name = part("exhibit_name", context, kind=kind, number=number).strip()
            found.append(Place(document, name, f"{document}.html#{identifier}"))
    return found


def _place(context: Context, placed: Placed) -> Place:
    """The section that words stand in: the headings above them, or the first of their part."""
    written = context.written[placed.document]
    own = written.parts[placed.part]

    def filled(match: re.Match) -> str:
        return written.parts[match[1]]

    include = next(m for m in _INCLUDE.finditer(written.text) if m[1] == placed.part)
    begins = len(_INCLUDE.sub(filled, written.text[: include.start()]))
    inside = own.find(placed.text) if placed.text else -1
    first = _HEADING.search(own)
    if inside < 0:
        inside = first.end() if first else 0
    above: dict[int, tuple[str, str]] = {}
    for position, level, name, identifier in _headings(_INCLUDE.sub(filled, written.text)):
        if position > begins + inside:
            break
        above = {k: v for k, v in above.items() if k < level} | {level: (name, identifier)}
    names, identifiers = zip(*above.values(), strict=True)
    return Place(placed.document, " › ".join(names), f"{placed.document}.html#{identifiers[-1]}")


def _headings(text: str) -> list[tuple[int, int, str, str]]:
    """The headings: where each stands, its level, its words and pandoc's identifier of it."""
    found, seen = [], Counter()
    for match in _HEADING.finditer(text):
        name = re.sub(r"\\(.)", r"\1", _SOURCE.sub(r"\1", match[2]))
        plain = re.sub(r"[^\w\s.-]", "", name.lower()).strip()
        identifier = re.sub(r"^[^a-z\u4e00-\u9fff]+", "", re.sub(r"\s+", "-", plain)) or "section"
        again = seen[identifier]
        seen[identifier] += 1
        found.append(
            (match.start(), len(match[1]), name, f"{identifier}{f'-{again}' * (again > 0)}")
        )
    return found


bind({"checklist.randomised": randomised})

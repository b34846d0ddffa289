"""The authors' own words: their texts with the numbers that they quote, and what is not given."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from venaza.contracts.errors import StudyError
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.numbers import escape, given
from venaza.pipeline.report.text import in_text
from venaza.study.author import DECLARATIONS, QUOTED, quoted
from venaza.study.names import did_you_mean


@dataclass(frozen=True)
class Moved:
    """A number that a text quotes and that is not what its authors last saw."""

    text: str
    ard_id: str
    was: str
    now: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the authors as Quarto takes it, and the numbers of it that have moved."""

    text: str
    moved: list[Moved]


@in_text
def wrote(context: Context, name: str) -> bool:
    """Whether the authors have written the text of that name."""
    return bool(context.study["author"]["texts"].get(name, "").strip())


@in_text
def paragraphs(context: Context, name: str) -> list[Paragraph]:
    """The paragraphs of a text; ``StudyError`` where one quotes a number that does not exist."""
    texts = {name: context.study["author"]["texts"].get(name, "")}
    for _, line, ard_id in quoted(texts):
        _check(context, name, line, ard_id)
    split = re.split(r"\n\s*\n", texts[name].strip())
    found = [_paragraph(context, name, text) for text in split if text]
    if found:
        context.place(f"author {name}", found[0].text)
    return found


def _check(context: Context, name: str, line: int, ard_id: str) -> None:
    if ard_id not in context.numbers:
        known = [row["ard_id"] for row in context.numbers.rows()]
        raise StudyError(
            "This text quotes a number that the study does not have.",
            fix=f"{did_you_mean(ard_id, known)}Every number is in statistics/ard.csv and on the "
            "audit page.",
            file=f"config/studies/{context.study['id']}/{name}.md",
            row=line,
            value=ard_id,
        )


def _paragraph(context: Context, name: str, text: str) -> Paragraph:
    ids = dict.fromkeys(QUOTED.findall(text))
    return Paragraph(
        QUOTED.sub(lambda match: context.numbers.var(match[1]), text),
        [one for ard_id in ids if (one := _moved(context, name, ard_id))],
    )


def _moved(context: Context, name: str, ard_id: str) -> Moved | None:
    seen = context.study["author"]["seen"]
    now = context.numbers.field(ard_id, "recorded")  # in whatever journal's style it is printed
    if ard_id not in seen or seen[ard_id] == now:
        return None
    return Moved(name, ard_id, seen[ard_id], now)


def notes(context: Context) -> dict:
    """What the end of the run says of the authors' part: what lacks, what moved, what is unread."""
    return {
        "lacking": context.lacking,
        "moved": [asdict(one) for one in moved(context)],
        "unseen": unseen(context),
    }


def moved(context: Context) -> list[Moved]:
    """Every number that the texts quote and that has moved since the authors last looked."""
    texts = context.study["author"]["texts"]
    found = dict.fromkeys((name, ard_id) for name, _, ard_id in quoted(texts))
    return [one for name, ard_id in found if (one := _moved(context, name, ard_id))]


def unseen(context: Context) -> list[str]:
    """The ids of the numbers quoted that the authors have not said to have looked at."""
    author = context.study["author"]
    return sorted({ard_id for _, _, ard_id in quoted(author["texts"])} - author["seen"].keys())


@in_text
def declarations(context: Context) -> dict[str, str]:
    """Each declaration that a journal asks for, as Markdown; empty where it is not given."""
    report = context.study["report"]
    found = {name: _given(report[name], name) for name in DECLARATIONS}
    for name in filter(found.get, found):
        context.place(f"author {name}", found[name])
    return found


def _given(text: str, key: str) -> str:
    words = " ".join(text.split())
    return given(words, f"report.{key}") if re.search(r"\d", words) else escape(words)


@dataclass(frozen=True)
class Author:
    """An author as the title page prints one; ``places`` number the affiliations."""

    name: str
    places: list[int]
    orcid: str
    email: str
    roles: list[str]


def _listed(study: dict) -> list[dict]:
    return [a if isinstance(a, dict) else {"name": a} for a in study["report"]["authors"]]


@in_text
def affiliations(context: Context) -> list[str]:
    """The affiliations in the order of the authors, each once."""
    given_by = (author.get("affiliations", []) for author in _listed(context.study))
    return list(dict.fromkeys(place for places in given_by for place in places))


@in_text
def authors(context: Context) -> list[Author]:
    """The authors in their order."""
    places = affiliations(context)
    return [
        Author(
            escape(author["name"]),
            [places.index(place) + 1 for place in author.get("affiliations", [])],
            author.get("orcid", ""),
            author.get("email", ""),
            author.get("roles", []),
        )
        for author in _listed(context.study)
    ]


@in_text
def corresponding(context: Context) -> list[Author]:
    """The authors with an address for letters."""
    return [author for author in authors(context) if author.email]


@in_text
def by_role(context: Context) -> dict[str, list[str]]:
    """The contributions by CRediT, each with the names of those who made it."""
    found: dict[str, list[str]] = {}
    for author in authors(context):
        for role in author.roles:
            found.setdefault(role, []).append(author.name)
    return found


@in_text
def counts(context: Context) -> list[str]:
    """What the title page counts of the manuscript; nothing before it is written."""
    return [name for name in context.counts if name != "exhibits" or limit(context, name)]


@in_text
def count(context: Context, name: str) -> int:
    """How many words of the abstract or of the text there are, figures, tables or references."""
    return context.counts[name]


@in_text
def limit(context: Context, name: str) -> int:
    """The most that the journal takes of it; 0 where it does not say."""
    return context.journal["limits"].get(name, 0)


@in_text
def lacks(context: Context, name: str) -> bool:
    """Notes that the manuscript prints ``[to be filled]`` for this; always true."""
    if name not in context.lacking:
        context.lacking.append(name)
    return True

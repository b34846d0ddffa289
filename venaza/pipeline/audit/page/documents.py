"""What the rendered documents show, by their web pages: exhibits, and where each number stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

#: A heading, an exhibit's begin, caption and end, a number; what they hold is not passed over.
_TOKEN = re.compile(
    r"<h[1-4]\b[^>]*>(?=(?P<heading>.*?)</h[1-4]>)"
    r'|<(?:figure|div)[^>]*\sid="(?P<exhibit>(?:fig|tbl)-[^"]+)"'
    r"|<figcaption\b[^>]*>(?=(?P<caption>.*?)</figcaption>)"
    r"|(?P<end></figure>)"
    r'|<a class="ard" id="[^"]*" data-ard="(?P<number>[^"]*)"',
    re.DOTALL,
)
#: "Table S2" and the first sentence after it.
_CAPTION = re.compile(r"([^\d]*\d+)[.:。：]?\s*(.*?)(?:\.(?:\s|$)|。|$)")


@dataclass
class Document:
    """A rendered document: its name, its files' endings, its exhibits, and its numbers' places.

    ``exhibits`` are by id (``fig-km-os``): the label ("Figure 3") and what the caption says first.
    ``places`` are by ``ard_id``: the heading or exhibit under which the number stands, in order.
    Both are empty where no web page was asked for.
    """

    name: str
    formats: list[str] = field(default_factory=list)
    exhibits: dict[str, tuple[str, str]] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)


def read_documents(paths: Iterable[Path]) -> list[Document]:
    """The documents among ``paths`` (``report/NAME.html`` and the like), in their order."""
    found: dict[str, Document] = {}
    for path in paths:
        document = found.setdefault(path.stem, Document(path.stem))
        document.formats.append(path.suffix[1:])
        if path.suffix == ".html":
            _look_through(path.read_text(encoding="utf-8"), document)
    return list(found.values())


def _look_through(html: str, document: Document) -> None:
    heading = exhibit = label = ""
    for match in _TOKEN.finditer(html):
        if match["heading"]:
            heading = _text(match["heading"])
        elif match["exhibit"]:
            exhibit = match["exhibit"]
        elif match["caption"] and exhibit:
            caption = _CAPTION.match(_text(match["caption"]))
            label = caption[1] if caption else ""
            document.exhibits[exhibit] = (label, caption[2] if caption else "")
        elif match["end"]:
            exhibit = label = ""
        elif match["number"] is not None:
            place = document.places.setdefault(unescape(match["number"]), [])
            place.append(label or heading)


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())

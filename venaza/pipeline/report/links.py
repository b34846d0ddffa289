"""The ways of the web page: to the pages beside it, and from each number to the audit and back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import partial
from html import unescape

from venaza.markup import address, anchor, render

#: The audit page, from where the manuscript lies.
AUDIT = "../audit/index.html"
_NUMBER = re.compile(
    r'<span\s+class="ard"\s+data-ard="([^"]*)">((?:(?!<span).)*?)</span>', re.DOTALL
)
_CAPTION_OR_TABLE = re.compile(r"<figcaption.*?</figcaption>|<table\b.*?</table>", re.DOTALL)
#: "Table 1" at the head of a caption, whatever tags stand before it.
_LABEL = re.compile(r"(?:<[^>]*>\s*)*([^<\d]*\d+)")
_BODY = re.compile(r"(<body[^>]*>)(.*)(</body>)", re.DOTALL)


def link_files(html: str, files: dict[str, list[str]]) -> str:
    """``html`` with the ``files`` (from results/STUDY) of each exhibit after its caption."""

    def linked(match: re.Match) -> str:
        links = (f'<a href="../{f}">{f.rpartition(".")[2].upper()}</a>' for f in files[match[2]])
        return f'{match[1]} <span class="files">{" ".join(links)}</span></figcaption>'

    known = "|".join(map(re.escape, files))
    caption = rf'(id="({known})"(?:(?!</figure>).)*?)</figcaption>'
    return re.sub(caption, linked, html, flags=re.DOTALL) if files else html


def link_numbers(html: str, beside: Iterable[str] = ()) -> str:
    """``html`` with each span of a number as a link to ``AUDIT#ard-ARD_ID``, and ways around.

    The audit page knows a number by the id ``ard-ARD_ID``, white space in it written ``~``, and
    leads back to the same id here (``/2`` and so on follow where a number stands again). Tables
    scroll by themselves, the text is the page's ``main``, and a row of links stands above it, to
    the documents ``beside`` this one too.
    """
    seen: Counter[str] = Counter()
    label = "Table"

    def linked(match: re.Match) -> str:
        seen[match[1]] += 1
        own = anchor("ard", match[1]) + (f"/{seen[match[1]]}" if seen[match[1]] > 1 else "")
        to = AUDIT + address("ard", unescape(match[1]))
        return f'<a class="ard" id="{own}" data-ard="{match[1]}" href="{to}">{match[2]}</a>'

    def scrolling(match: re.Match) -> str:
        nonlocal label
        if match[0].startswith("<figcaption"):
            found = _LABEL.match(match[0])
            label = " ".join(found[1].split()) if found else "Table"
            return match[0]
        opened = f'<div class="wide" tabindex="0" role="region" aria-label="{label}">'
        return f"{opened}{match[0]}</div>"

    framed = partial(_framed, documents=list(beside))
    return _BODY.sub(framed, _CAPTION_OR_TABLE.sub(scrolling, _NUMBER.sub(linked, html)))


def _framed(match: re.Match, documents: list[str]) -> str:
    text = match[2] if "<main" in match[2] else f"<main>{match[2]}</main>\n"
    above = render("pipeline/report/templates/ways.html.j2", documents=documents)
    script = render("pipeline/report/templates/numbers.html.j2")
    return match[1] + above + text + script + match[3]

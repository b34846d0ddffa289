"""The parts that the audit's pages are made of: text made safe, tables, lists, the page itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

_HERE = Path(__file__).parent
#: What a page may load: nothing but its own style and script.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_WHITE = re.compile(r"\s")


class Markup(str):
    """Text that is HTML already and is put in as it is."""

    __slots__ = ()


def safe(value: object) -> str:
    """``value`` as HTML text; empty for a missing one, markup left as it is."""
    if isinstance(value, Markup):
        return value
    return escape(shown(value))


def shown(value: object) -> str:
    """``value`` as a person reads it: dates by day, whole numbers without a point, empty for NA."""
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float):
        return "" if value != value else f"{value:.12g}"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return str(value)


def anchor(kind: str, key: str) -> str:
    """The id of a thing on the page: ``ard-km.OS.ND.median``; ids may not hold white space."""
    return f"{kind}-" + _WHITE.sub("~", key)


def link(target: str, text: object, page: str = "") -> Markup:
    """A link to the id ``target`` of a page of the audit."""
    return Markup(f'<a href="{page}#{quote(target, safe="~.-_")}">{safe(text)}</a>')


def code(text: object) -> Markup:
    """``text`` in the fixed-width font: hashes, names of columns and files."""
    return Markup(f"<code>{safe(text)}</code>")


def short_hash(digest: str) -> Markup:
    """The first characters of a hash, with the whole of it to be read on hovering."""
    return Markup(f'<code title="{escape(digest)}">{escape(digest[:12])}</code>')


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    ids: Sequence[str] | None = None,
    name: str = "",
    numeric: Sequence[int] = (),
) -> Markup:
    """A table; ``ids`` gives each row its id, ``numeric`` the columns that are set to the right."""
    head = "".join(
        f'<th scope="col"{_right(i, numeric)}>{safe(text)}</th>' for i, text in enumerate(headers)
    )
    lines = []
    for n, row in enumerate(rows):
        mark = f' id="{escape(ids[n])}"' if ids is not None else ""
        cells = "".join(f"<td{_right(i, numeric)}>{safe(v)}</td>" for i, v in enumerate(row))
        lines.append(f"<tr{mark}>{cells}</tr>")
    label = f' id="{escape(name)}" data-list="tr"' if name else ""
    body = "\n".join(lines)
    return Markup(
        f'<div class="wide"><table{label}><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _right(i: int, numeric: Sequence[int]) -> str:
    return ' class="number"' if i in numeric else ""


def facts(pairs: Iterable[tuple[str, object]]) -> Markup:
    """Names and values, one under the other; pairs without a value are left out."""
    lines = [
        f"<dt>{safe(name)}</dt><dd>{safe(value)}</dd>" for name, value in pairs if shown(value)
    ]
    return Markup(f"<dl>{''.join(lines)}</dl>")


def filters(target: str, label: str, choices: Sequence[tuple[str, int, Sequence[str]]] = ()) -> str:
    """A search field for the list ``target``, and a choice for each (label, column, values)."""
    parts = [f'<label>{safe(label)} <input type="search" data-search="{escape(target)}"></label>']
    for name, column, values in choices:
        options = "".join(f"<option>{safe(value)}</option>" for value in values)
        parts.append(
            f'<label>{safe(name)} <select data-choice="{escape(target)}" data-column="{column}">'
            f'<option value="">all</option>{options}</select></label>'
        )
    parts.append(f'<output data-count="{escape(target)}" aria-live="polite"></output>')
    return Markup(f'<div class="filters" role="search">{" ".join(parts)}</div>')


def section(name: str, title: str, *parts: str) -> Markup:
    """A section of the page with its heading."""
    body = "\n".join(safe(part) for part in parts if part)
    heading = f'<h2 id="{escape(name)}">{safe(title)}</h2>'
    return Markup(f'<section aria-labelledby="{escape(name)}">{heading}\n{body}</section>')


def paragraph(text: object, kind: str = "") -> Markup:
    """A paragraph, of a class where one is given."""
    mark = f' class="{escape(kind)}"' if kind else ""
    return Markup(f"<p{mark}>{safe(text)}</p>")


def page(
    title: str,
    subtitle: str,
    sections: dict[str, str],
    body: str,
    synthetic: bool,
    more_style: str = "",
    script: str | None = None,
) -> str:
    """A page that needs nothing beside itself; ``sections`` are its ids and their names.

    Without a ``script`` of its own it has that of lists that are searched. The page may load
    nothing, whatever is written in it.
    """
    links = " ".join(link(name, text) for name, text in sections.items())
    banner = (
        '<p class="synthetic" role="note"><strong>Synthetic data.</strong> '
        "No row describes a real person.</p>\n"
        if synthetic
        else ""
    )
    style = (_HERE / "page.css").read_text(encoding="utf-8") + more_style
    script = script or (_HERE / "page.js").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
{banner}<header>
<h1>{escape(title)}</h1>
<p>{escape(subtitle)}</p>
</header>
<nav aria-label="Sections">{links}</nav>
<main id="main">
{body}
</main>
<script>
{script}</script>
</body>
</html>
"""

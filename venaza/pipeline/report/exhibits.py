"""Figures and tables with their captions, as Quarto's numbered floats."""

from __future__ import annotations

import re
from pathlib import Path

from venaza.contracts.figures import exhibit_id
from venaza.markup.printed import Column, Section, Table, to_html, words
from venaza.pipeline.report import documents
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.numbers import fact
from venaza.pipeline.report.text import in_text, macro
from venaza.study.support import explained

_BARE_QUOTE = re.compile(r'(?<!\\)"')
#: What says of a number or a name where it comes from; an attribute holds text alone.
_SOURCE = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\{\.(?:ard|given|fact) [^}]*\}")


@in_text
def figures(context: Context, prefix: str) -> list[str]:
    """The names of the figures that start so."""
    return [name for name in context.figures if name.startswith(prefix)]


@in_text
def exhibit(context: Context, name: str) -> str:
    """The exhibit (``fig km_OS``, ``tbl cox``) as Markdown; empty where there is none."""
    kind, _, stem = name.partition(" ")
    return figure(stem, context) if kind == "fig" else table(context, stem)


@in_text
def title(context: Context, name: str) -> str:
    """What an exhibit is called, without the stop: ``Cox models``."""
    kind, _, stem = name.partition(" ")
    return _caption(kind, stem, context)[0].rstrip(".。")


@in_text
def figure_of(context: Context, name: str) -> str:
    """The figure of that name as Markdown; empty where the study does not have it."""
    return figure(name, context)


def figure(name: str, context: Context) -> str:
    """The figure as Markdown; empty where the study does not have it."""
    if name not in context.figures or not documents.shown(f"fig {name}", context):
        return ""
    title, text, seen = _caption("fig", name, context)
    unsure = explained(_codes(name, context), context.support, context.study)
    text = " ".join([text, *(fact(words, "endpoints/support") for words in unsure)]).strip()
    alt = _BARE_QUOTE.sub("'", _SOURCE.sub(r"\1", seen))
    caption = f"**{title}** {text}".strip()
    return (
        f"![{caption}](figures/{name}){{#{exhibit_id(f'fig {name}')} "
        f'fig-alt="{alt}" width="100%"}}\n'
    )


def _caption(kind: str, name: str, context: Context) -> list[str]:
    """Title, explanation and alternative text of a figure or table; empty where there is none."""
    own = _ENDPOINT.fullmatch(name) if kind == "fig" else None
    what, *about = [part for part in own.groups() if part] if own else [name]
    written = macro("captions", f"{kind}_{what}", context, *about)
    return [text.replace(" .", ".") for text in [*written, "", ""][:3]]


def _codes(name: str, context: Context) -> list[str]:
    """The definitions whose times a figure shows."""
    own = _ENDPOINT.fullmatch(name)
    if own and own[1] == "definitions":
        return [own[2], *(c for c, d in context.study["alternatives"].items() if d["of"] == own[2])]
    return [own[2]] if own else []


#: A figure of an endpoint: its kind, the endpoint's code, the change during follow-up.
_ENDPOINT = re.compile(
    r"(km|cif|definitions|beside|forest|hazards|simon_makuch)_([A-Z0-9]+)(?:_(\w+))?"
)


def with_content(paths: list[str]) -> list[str]:
    """The names of the figures among these files whose data (``NAME.csv``) are not empty.

    A figure that says in a sentence why nothing is drawn has no data, and the text says it too.
    """
    tables = [Path(path) for path in paths if path.endswith(".csv")]
    return [path.stem for path in tables if len(path.read_text("utf-8").splitlines()) > 1]


@in_text
def table(context: Context, name: str) -> str:
    """The printed table of that name as Markdown; empty where the study does not have it."""
    if name not in context.printed or not documents.shown(f"tbl {name}", context):
        return ""
    html = (context.tables_folder / f"{name}.html").read_text(encoding="utf-8")
    title, text, _ = _caption("tbl", name, context)
    return float_table(name, html, f"**{title}** {text}".strip(), here=name == "definitions")


def float_table(name: str, html: str, caption: str, here: bool = True) -> str:
    """An HTML table, numbered, with its caption; ``here`` keeps it where it stands in the PDF."""
    place = " .here" if here else ""
    return (
        f"::: {{#{exhibit_id(f'tbl {name}')}{place}}}\n\n```{{=html}}\n{html.strip()}\n```\n\n"
        f"{caption}\n\n:::\n"
    )


def prose_table(head: list[str], sections: list[Section], widths: list[float]) -> str:
    """An HTML table of words; ``widths`` are the columns' shares, the row labels' first."""
    columns = [Column(words(name), "", w) for name, w in zip(head[1:], widths[1:], strict=True)]
    html = to_html(Table(head[0], columns, sections, label_width=widths[0], prose=True))
    return html.replace("'", "&#x27;")  # as kept manuscripts have it, which are compared by byte

"""HTML from templates: what is put into one is text, unless another template made it."""

from __future__ import annotations

import re
from functools import cache, partial
from html import escape
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from venaza.contracts.wording import in_words, shown

_VENAZA = Path(__file__).parents[1]
_WHITE = re.compile(r"\s")


def render(template: str, words: dict[str, str] | None = None, **values: object) -> str:
    """The template, a path under ``venaza``, with ``values`` in its places.

    What it says itself is in the language of ``words`` (English -> own), by ``say``. Each value is
    put in as text, as ``shown`` writes it. Raises ``UndefinedError`` for a name that the template
    uses and ``values`` lacks.
    """
    made = _templates(tuple(words.items())) if words else _templates()
    return made.get_template(template).render(values)


def anchor(kind: str, key: str) -> str:
    """The id of a thing on the page: ``ard-km.OS.ND.median``; ids may not hold white space."""
    return f"{kind}-" + _WHITE.sub("~", key)


def address(kind: str, key: str) -> str:
    """The part of a link that leads to ``anchor(kind, key)``."""
    return "#" + quote(anchor(kind, key), safe="~.-_")


@cache
def _templates(words: tuple[tuple[str, str], ...] = ()) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_VENAZA),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_text,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {"anchor": anchor, "address": address, "source": _source}
    made.globals["say"] = partial(in_words, dict(words))
    made.filters |= {"thousands": "{:,}".format, "words": _words, "breakable": _breakable}
    return made


def _text(value: object) -> object:
    return value if isinstance(value, str) else shown(value)


def _words(text: str) -> Markup:
    """``text`` outside of attributes, where quotation marks may stay as they are."""
    return Markup(escape(text, quote=False))


def _breakable(name: str) -> Markup:
    """An id that may break over two lines after a point or a dash below, and nowhere else."""
    return Markup(re.sub(r"([._])(?=.)", r"\1<wbr>", escape(name)))


def _source(name: str) -> Markup:
    """A style or a script of ``venaza``, as it is."""
    return Markup((_VENAZA / name).read_text(encoding="utf-8"))

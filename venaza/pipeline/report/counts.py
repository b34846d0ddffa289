"""How long a manuscript is: words of abstract and text, exhibits, references."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from venaza.pipeline.report import embedded

#: A word has a letter or a digit in it; a Chinese character counts as one, as such journals count.
_CHINESE = r"\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CHINESE}]|[^\s{_CHINESE}\u3000-\u303f\uff00-\uffef]+")
_INCLUDE = re.compile(r"_generated/(\w+)\.md")
#: The parts that are the text: Introduction, Methods, Results, Discussion and what they conclude.
_TEXT = re.compile(r"introduction|methods_\w+|results_\w+|discussion|conclusion")
#: What stands in a text and is none of its words: headings, exhibits, formulas, code.
_ASIDE = {"Header", "Figure", "Table", "RawBlock", "RawInline", "Image", "Math", "CodeBlock"}


def counted(project: Path) -> dict[str, int]:
    """Of the manuscript in ``project``: ``abstract``, ``text``, ``figures``, ``tables``,
    ``exhibits`` and ``references``. Words are those of running text, without headings and legends.
    """
    names = _INCLUDE.findall((project / "manuscript.qmd").read_text(encoding="utf-8"))
    groups = {
        "abstract": ["abstract"],
        "text": [name for name in names if _TEXT.fullmatch(name)],
        "others": [name for name in names if name != "abstract" and not _TEXT.fullmatch(name)],
    }
    blocks = {group: _blocks(project, parts) for group, parts in groups.items()}
    ids = [found for group in blocks.values() for found in _ids(group)]
    kinds = {kind: sum(one.startswith(f"{kind}-") for one in ids) for kind in ("fig", "tbl")}
    cited = {one for group in blocks.values() for one in _cited(group)}
    return {
        "abstract": _words(blocks["abstract"]),
        "text": _words(blocks["text"]),
        "figures": kinds["fig"],
        "tables": kinds["tbl"],
        "exhibits": sum(kinds.values()),
        "references": sum(not one.startswith(("fig-", "tbl-")) for one in cited),
    }


def over(counts: dict[str, int], limits: dict[str, int]) -> dict[str, tuple[int, int]]:
    """What is more than its limit: the count and the limit."""
    return {k: (counts[k], most) for k, most in limits.items() if counts[k] > most}


def _blocks(project: Path, parts: list[str]) -> list:
    texts = [(project / f"_generated/{name}.md").read_text(encoding="utf-8") for name in parts]
    return json.loads(embedded.to_json(project, "\n\n".join(texts)))["blocks"]


def _nodes(node: object) -> Iterator[dict]:
    """Every node of pandoc's tree that has a type."""
    if isinstance(node, list):
        for part in node:
            yield from _nodes(part)
    elif isinstance(node, dict):
        if "t" in node:
            yield node
        for part in node.values():
            yield from _nodes(part)


def _ids(blocks: list) -> Iterator[str]:
    for node in _nodes(blocks):
        if node["t"] in ("Div", "Image", "Figure"):
            yield node["c"][0][0]


def _cited(blocks: list) -> set[str]:
    cites = (node["c"][0] for node in _nodes(blocks) if node["t"] == "Cite")
    return {one["citationId"] for cite in cites for one in cite}


def _words(blocks: list) -> int:
    found = _WORD.findall("".join(_text(blocks)))
    return sum(any(sign.isalnum() for sign in word) for word in found)


def _text(node: object) -> Iterator[str]:
    """The running text of a part of the tree."""
    if isinstance(node, list):
        for part in node:
            yield from _text(part)
    elif isinstance(node, dict):
        kind, content = node.get("t"), node.get("c")
        if kind == "Str":
            yield content
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield " "
        elif kind == "Cite":
            yield from _of_cite(content)
        elif kind == "Div" and content[0][0].startswith(("fig-", "tbl-")):
            return
        elif kind not in _ASIDE and content is not None:
            yield from _text(content)
        if kind in ("Para", "Plain"):
            yield "\n"


def _of_cite(content: list) -> Iterator[str]:
    """A reference to an exhibit reads "Figure 1"; one to a publication is a number."""
    shown = [one for one in content[0] if one["citationId"].startswith(("fig-", "tbl-"))]
    yield " ".join("Figure 1" for _ in shown)

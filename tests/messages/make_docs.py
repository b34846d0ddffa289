"""Writes docs/errors.md: every message that stops a run, with its cure.

python -m tests.messages.make_docs
"""

from __future__ import annotations

import re

from tests.messages.collect import ROOT, Message, messages
from tests.messages.words import worded

PAGE = "docs/errors.md"
_HEAD = """\
# Every message, and what to do

An error stops the run before anything wrong is written. It says what is wrong, where (file, sheet,
row, column, value) and what to do. A part in ‹ › differs from case to case. This page is made from
the code by

    python -m tests.messages.make_docs

Doubts that do not stop a run are queries: [checks.md](checks.md). Ten thousand mangled exports and
study files end in such a message or in clean tables: [fuzz.md](fuzz.md).
"""
#: Heading -> the modules whose messages stand under it; the first that fits counts.
_ROOMS = {
    "Privacy": r"privacy",
    "Corrections and answers": r"corrections|answers|queries",
    "Comparing exports": r"/kept|commands/keep|preflight/comparison",
    "The files of the export": r"intake/|preflight/(exports|redcap)",
    "The rows and values of the export": r"pipeline/(clean|endpoints)/",
    "The study file": r"(study|preflight|examples|statistics|figures|tables|report)/",
    "The commands": r"",
}


def page() -> str:
    """The text of the page."""
    rooms: dict[str, list[Message]] = {name: [] for name in _ROOMS}
    for message in messages():
        room = next(name for name, pattern in _ROOMS.items() if re.search(pattern, message.module))
        rooms[room].append(message)
    order = ["The files of the export", "The rows and values of the export", "The study file"]
    order += [name for name in _ROOMS if name not in order]
    parts = [_HEAD]
    for name in order:
        lines = sorted({line for message in rooms[name] for line in _lines(message)})
        if lines:
            parts.append(f"\n## {name}\n\n| message | what to do |\n|---|---|\n" + "".join(lines))
    return "".join(parts)


def _lines(message: Message) -> list[str]:
    """A row for each text that a message can be; what belongs together is paired."""
    if len(message.what) == len(message.fix):
        pairs = list(zip(message.what, message.fix, strict=True))
    else:
        pairs = [(what, " ".join(_shown(message.fix))) for what in _shown(message.what)]
    return [f"| {_cell(what)} | {_cell(fix)} |\n" for what, fix in pairs]


def _shown(texts: tuple[str, ...]) -> list[str]:
    """Texts without those that another one continues."""
    return [t for t in texts if not any(o != t and o.startswith(t) for o in texts)]


def _cell(text: str) -> str:
    text = re.sub(r"‹([^›]+)›", _part, text)
    text = re.sub(r"\s+", " ", text).strip()
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def _part(match: re.Match) -> str:
    word = worded(match[1])
    return f"‹{word}›" if word else ""


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
    print(PAGE)

"""Characters that no shipped font has: a font of the machine is used, or it is said."""

from __future__ import annotations

import fnmatch
import re
from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

from venaza.contracts.figures import NOT_PRINTABLE

#: Files of fonts with Chinese, as systems and their users have them; the best for print first:
#: looked at for what the Chinese font of the requirements lacks, as rare characters of names.
_FILES = (
    "NotoSansCJK*Regular*",
    "NotoSansCJKsc-Regular*",
    "NotoSansSC*Regular*",
    "NotoSansSC-VF*",
    "SourceHanSans*Regular*",
    "SourceHanSans.ttc",
    "wqy-microhei*",
    "wqy-zenhei*",
    "msyh.*",
    "PingFang*",
    "Hiragino Sans GB*",
    "STHeiti Light*",
    "simhei*",
    "simsun*",
    "Arial Unicode*",
    "ARIALUNI*",
    "DroidSansFallback*",
    "uming*",
    "ukai*",
)
#: A face is looked for in so many files; more are of no use beside them.
_MOST = 2


def system_faces() -> list[str]:
    """Files of this machine's fonts that have Chinese, the best first; none where it has none."""
    there = sorted(font_manager.findSystemFonts())
    found = [
        path
        for pattern in _FILES
        for path in there
        if fnmatch.fnmatchcase(Path(path).name.casefold(), pattern.casefold())
    ]
    return list(dict.fromkeys(found))[:_MOST]


@cache
def _has(path: str, sign: str) -> bool:
    return font_manager.get_font(path).get_char_index(ord(sign)) != 0


def lacking(text: str, faces: tuple[str, ...]) -> set[str]:
    """The characters of a text that none of the font files ``faces`` has."""
    signs = {sign for sign in text if not sign.isspace() and sign.isprintable()}
    return {sign for sign in signs if not any(_has(path, sign) for path in faces)}


def without_boxes(figure: Figure, faces: tuple[str, ...]) -> dict[str, str]:
    """Print a mark for what no font has, instead of boxes; returns the marks and what they are for.

    Each run of such characters becomes ``[1]``, ``[2]`` and so on, the same run the same mark. In
    place.
    """
    marks: dict[str, str] = {}
    for artist in figure.findobj(Text):
        text = artist.get_text()
        missing = lacking(text, faces)
        if not missing:
            continue
        runs = re.compile(f"[{re.escape(''.join(sorted(missing)))}]+")

        def mark(match: re.Match) -> str:
            return marks.setdefault(match[0], f"[{len(marks) + 1}]")

        artist.set_text(runs.sub(mark, text))
    return {new: old for old, new in marks.items()}


def told(name: str, marks: dict[str, str]) -> str:
    """The line of the log that says what a figure could not print."""
    shown = ", ".join(f"{mark} stands for {run}" for mark, run in marks.items())
    return f"{NOT_PRINTABLE} {name}: {shown}"

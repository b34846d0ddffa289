"""The look of every figure: fonts, colours, sizes in millimetres, and the sheet to draw on."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import font_source_sans_pro
import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from venaza.contracts.fonts import cjk_font
from venaza.pipeline.figures.glyphs import system_faces
from venaza.study.words import say

#: Widths of a journal's single and double column, and the height of its page, in mm.
SINGLE, DOUBLE, PAGE = 85.0, 174.0, 215.0
#: Type sizes in points; nothing is set smaller than 7.
TEXT, SMALL = 8.0, 7.0
MM_PER_INCH, MM_PER_POINT = 25.4, 25.4 / 72
LINE_HEIGHT, CAPITAL = 1.22, 0.66  # of the type size: line to line, height of a capital

INK, GREY, PALE = "#222222", "#6b6b6b", "#d9d9d9"
#: Okabe and Ito (2008): safe for colour-blind readers; the yellows are left out as too faint.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")

_HAN = r"[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff]"
_OPENING, _CLOSING = "（《〈「『【〔", "，。、；：？！％）》〉」』】〕～"
#: What a line with Chinese may be broken between: its characters, a number with what it counts, a
#: Latin word; no line begins with a closing sign or ends with an opening one.
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:(?:(?!{_HAN})[^{_OPENING}{_CLOSING}])*[0-9]{_HAN}|{_HAN}"
    rf"|(?:(?!{_HAN})[^{_OPENING}{_CLOSING}])+)[{_CLOSING}]*|."
)

FAMILY = "venaza sans"
#: The Chinese face that comes with the requirements, and those of this machine, which are looked at
#: for what it lacks.
CHINESE, SYSTEM = "venaza chinese", "venaza system"
RC = {
    "font.family": [FAMILY, "DejaVu Sans", CHINESE],
    "font.size": TEXT,
    "axes.labelsize": TEXT,
    "xtick.labelsize": TEXT,
    "ytick.labelsize": TEXT,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "text.parse_math": False,  # a $ of a label is a $
    "mathtext.fontset": "custom",  # for a P in italics
    "mathtext.rm": FAMILY,
    "mathtext.it": f"{FAMILY}:italic",
    "lines.solid_capstyle": "butt",
    "lines.dash_capstyle": "butt",
    "hatch.linewidth": 0.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "venaza",
    "pdf.fonttype": 42,
    "path.simplify": False,
}


@contextmanager
def journal() -> Iterator[None]:
    """matplotlib's own defaults plus ours, whatever the machine's matplotlibrc says."""
    _add_fonts()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        yield


@lru_cache(maxsize=1)
def _add_fonts() -> None:
    """Make the shipped fonts, and the machine's with more signs, known under names of our own.

    A machine's own copy of Source Sans Pro, perhaps another version, is so never taken.
    """
    folder = Path(font_source_sans_pro.font_directory)
    for file, weight, slant in (
        ("Regular", 400, "normal"),
        ("Semibold", 700, "normal"),
        ("It", 400, "italic"),
    ):
        path = str(folder / f"SourceSansPro-{file}.ttf")
        entry = font_manager.ttfFontProperty(font_manager.get_font(path))
        entry = dataclasses.replace(entry, fname=path, name=FAMILY, weight=weight, style=slant)
        font_manager.fontManager.ttflist.append(entry)
    one_weight = {CHINESE: str(cjk_font())} | {f"{SYSTEM} {path}": path for path in system_faces()}
    for name, path in one_weight.items():
        entry = font_manager.ttfFontProperty(font_manager.get_font(path))
        plain = dataclasses.replace(entry, fname=path, name=name, style="normal", weight=400)
        font_manager.fontManager.ttflist += [plain, dataclasses.replace(plain, weight=700)]
    RC["font.family"] = [FAMILY, "DejaVu Sans", *one_weight]


def faces() -> tuple[str, ...]:
    """The files of the fonts that figures are printed with, the shipped ones first."""
    families = [font_manager.FontProperties(family=[name]) for name in RC["font.family"]]
    return tuple(font_manager.findfont(family) for family in families)


@lru_cache(maxsize=64)
def _font(size: float, bold: bool) -> font_manager.FontProperties:
    return font_manager.FontProperties(
        family=RC["font.family"], size=size, weight="bold" if bold else "normal"
    )


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = TEXT, bold: bool = False) -> float:
    """How wide ``text`` is printed, in mm; the widest of its lines."""
    widths = [
        text_to_path.get_text_width_height_descent(line, _font(size, bold), ismath=False)[0]
        for line in text.split("\n")
    ]
    return max(widths) * MM_PER_POINT


def text_height(text: str, size: float = TEXT) -> float:
    """How high the lines of ``text`` stand, in mm."""
    return (text.count("\n") + 1) * size * LINE_HEIGHT * MM_PER_POINT


def wrap(text: str, width: float, size: float = TEXT, bold: bool = False) -> str:
    """``text`` broken so that no line is wider than ``width`` mm where possible: between words,
    and between Chinese characters."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            for i, piece in enumerate(_pieces(word)):
                between = "" if i or not line else " "
                longer = f"{line}{between}{piece}"
                if line and text_width(longer, size, bold) > width:
                    lines.append(line)
                    line = piece
                else:
                    line = longer
        lines.append(line)
    return "\n".join(lines)


def _pieces(word: str) -> list[str]:
    """Between what a word may be broken; its last Chinese character does not stand alone."""
    pieces = _PIECE.findall(word) or [word]
    if len(pieces) > 1 and re.fullmatch(rf"{_HAN}[{_CLOSING}]*", pieces[-1]):
        pieces[-2:] = [pieces[-2] + pieces[-1]]
    return pieces


def shade(colour: str, amount: float) -> tuple[float, float, float]:
    """``colour`` mixed with white (amount > 0) or black (amount < 0)."""
    target = 1.0 if amount > 0 else 0.0
    return tuple(c + (target - c) * abs(amount) for c in to_rgb(colour))


def readable(colour: str) -> tuple[float, float, float]:
    """``colour`` dark enough for small type on white."""
    return shade(colour, -0.22)


def is_dark(colour: str) -> bool:
    """Whether type on ``colour`` must be white: relative luminance below 0.35 (WCAG 2.1)."""
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.35


class Sheet:
    """A figure measured in millimetres from its upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        #: What the upper right corner says where the patients are not real.
        self.mark = "Synthetic data"
        self.figure = Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH))
        FigureCanvasAgg(self.figure)
        to_inches = Affine2D().scale(1, -1).translate(0, height).scale(1 / MM_PER_INCH)
        self.transform = to_inches + self.figure.dpi_scale_trans

    def axes(self, left: float, top: float, width: float, height: float, **kwargs) -> Axes:
        """Axes whose box lies at these millimetres."""
        bottom = self.height - top - height
        box = (
            left / self.width,
            bottom / self.height,
            width / self.width,
            height / self.height,
        )
        return self.figure.add_axes(box, **kwargs)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = TEXT,
        bold: bool = False,
        va: str = "middle",
        **kwargs,
    ) -> None:
        """Text at (x, y) mm: its lines centred on y, or standing on it (``va="bottom"``).

        Placed by baselines, so that words with and without descenders stand in one line.
        """
        lines = text.split("\n")
        pitch, capital = size * LINE_HEIGHT * MM_PER_POINT, size * CAPITAL * MM_PER_POINT
        last = y if va == "bottom" else y + capital / 2 + pitch * (len(lines) - 1) / 2
        for i, line in enumerate(lines):
            self.figure.text(
                x,
                last - pitch * (len(lines) - 1 - i),
                line,
                transform=self.transform,
                fontsize=size,
                fontweight="bold" if bold else "normal",
                va="baseline",
                **kwargs,
            )

    def line(self, xs: list[float], ys: list[float], **kwargs) -> Line2D:
        """A line through these millimetres."""
        style = {"color": INK, "linewidth": 0.7, "solid_joinstyle": "miter"} | kwargs
        return self.figure.add_artist(Line2D(xs, ys, transform=self.transform, **style))

    def box(self, left: float, top: float, width: float, height: float, **kwargs) -> Rectangle:
        """A rectangle at these millimetres."""
        style = {"facecolor": "white", "edgecolor": INK, "linewidth": 0.7} | kwargs
        return self.figure.add_artist(
            Rectangle((left, top), width, height, transform=self.transform, **style)
        )

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A straight arrow, horizontal or vertical, with a small filled head."""
        (x0, y0), (x1, y1) = start, end
        self.line([x0, x1], [y0, y1])
        marker = {(0, 1): "v", (0, -1): "^", (1, 0): ">", (-1, 0): "<"}
        sign = (int(x1 > x0) - int(x1 < x0), int(y1 > y0) - int(y1 < y0))
        inset = 0.9  # the head's point, not its middle, touches the box
        self.line(
            [x1 - sign[0] * inset],
            [y1 - sign[1] * inset],
            marker=marker[sign],
            markersize=4.2,
            markeredgewidth=0,
        )

    def mark_synthetic(self, study: dict) -> None:
        """A discreet mark in the upper right corner where the patients are not real."""
        if study["study"].get("synthetic"):
            mark = say(study, self.mark)
            self.text(self.width - 1.5, 2.2, mark, SMALL, color=GREY, ha="right")


@dataclasses.dataclass(frozen=True)
class RowLayout:
    """Rows below each other, beside an axis, in mm: their top, their heights, where the axis is."""

    sheet: Sheet
    top: float
    heights: list[float]
    axis: tuple[float, float]

    def middle(self, i: int) -> float:
        """Where the middle of a row is."""
        return self.top + sum(self.heights[:i]) + self.heights[i] / 2

    def axes(self) -> Axes:
        """An axis along all the rows, which counts millimetres from the top."""
        left, right = self.axis
        made = self.sheet.axes(left, self.top, right - left, sum(self.heights))
        made.set_ylim(sum(self.heights), 0)
        made.set_yticks([])
        made.spines["left"].set_visible(False)
        return made


def sentence_only(sentence: str, width: float = DOUBLE) -> Sheet:
    """A figure that says in one sentence why there is nothing to draw."""
    sheet = Sheet(width, 24)
    text = wrap(sentence, width - 30)
    sheet.text(width / 2, 13, text, ha="center", color=GREY)
    return sheet

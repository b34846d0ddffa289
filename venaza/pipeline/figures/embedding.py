"""Fonts as a PDF of a figure takes them: without layout tables, and with TrueType outlines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

#: Tables of a font that a PDF has no use for, since it places every glyph itself.
LAYOUT_TABLES = ("GDEF", "GPOS", "GSUB")
#: How far a converted outline may lie from its own, in thousandths of the type size.
_ERROR = 0.5


@contextmanager
def lean_fonts() -> Iterator[None]:
    """What matplotlib embeds meanwhile is small and what it says it is.

    It lets fontTools subset the fonts, layout tables and all, which is most of the time a PDF
    takes; and it writes every one of them into the PDF as TrueType, which the Chinese ones are not
    (some readers refuse such a file). It offers no option for either, so fontTools is changed.
    """
    defaults, own = subset.Options._drop_tables_default, subset.Subsetter.subset

    def subset_as_truetype(self: subset.Subsetter, font: TTFont) -> None:
        own(self, font)
        if "CFF " in font:
            as_truetype(font)

    subset.Options._drop_tables_default = [*defaults, *LAYOUT_TABLES]
    subset.Subsetter.subset = subset_as_truetype
    try:
        yield
    finally:
        subset.Options._drop_tables_default, subset.Subsetter.subset = defaults, own


def as_truetype(font: TTFont) -> None:
    """Give a font with CFF outlines TrueType ones (``glyf``); glyphs keep their order. In place."""
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    error = _ERROR * font["head"].unitsPerEm / 1000
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, error, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    font.recalcBBoxes = True
    # The table of a CFF font has the number of glyphs alone; no glyph here has instructions.
    font["maxp"].tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
        "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
    ):  # fmt: skip
        setattr(font["maxp"], field, 0)
    font["maxp"].maxZones = 1
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"

"""Words that the shipped fonts lack: printed by a font of the machine, or marked and told."""

from __future__ import annotations

import io
import re
import warnings

import pytest
from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from tests.figures.cases import make_case, texts_of
from venaza.contracts.fonts import cjk_font
from venaza.pipeline.figures import glyphs, planned, style
from venaza.pipeline.figures.draw import draw, figure
from venaza.pipeline.figures.embedding import as_truetype
from venaza.pipeline.figures.lookup import Numbers

#: A figure of each kind that prints the labels of groups.
NAMES = ["flow", "km_OS", "response"]
CHINESE = {"ND": "初治", "RR": "复发难治"}
#: Korean stands for what neither the Latin nor the Chinese font has.
GROUPS = {"ND": "초치", "RR": "재발불응"}


def made_font(path, signs: str) -> str:
    """A font of squares for these characters alone."""
    names = [".notdef", *(f"u{ord(sign):04X}" for sign in signs)]
    pen = TTGlyphPen(None)
    for point in ((0, 0), (0, 700), (700, 700), (700, 0)):
        (pen.lineTo if point != (0, 0) else pen.moveTo)(point)
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(sign): name for sign, name in zip(signs, names[1:], strict=True)})
    font.setupGlyf(dict.fromkeys(names, square))
    font.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)
    return str(path)


@pytest.fixture
def machine(monkeypatch):
    """Sets the fonts of the machine that the figures find; all is as before afterwards."""

    def forget():
        for cached in (style._add_fonts, style._font, style.text_width):
            cached.cache_clear()

    def with_faces(*paths: str) -> None:
        monkeypatch.setattr(style, "system_faces", lambda: list(paths))
        forget()

    yield with_faces
    monkeypatch.undo()
    forget()
    with style.journal():
        pass


def drawn_in(folder, groups=GROUPS) -> tuple[list[str], list[str]]:
    """The log of figures of two groups with these labels, and what matplotlib warned of."""
    case, log = make_case({"ND": 20, "RR": 15}), []
    case.study["groups"]["levels"] = groups
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        draw(NAMES, case.tables, case.ard, case.curves, case.study, folder, log)
    return log, [str(w.message) for w in caught if "Glyph" in str(w.message)]


@pytest.mark.filterwarnings("ignore:Glyph")
def test_without_a_font_each_word_has_a_mark_and_the_log_says_what_it_stands_for(tmp_path, machine):
    machine()
    log, boxes = drawn_in(tmp_path)
    assert "not printable in km_OS: [1] stands for 초치, [2] stands for 재발불응" in log
    assert all(line.startswith("not printable in ") for line in log)
    assert len(log) == len(NAMES)
    case = make_case({"ND": 20, "RR": 15})
    case.study["groups"]["levels"] = GROUPS
    with style.journal():
        sheet, _ = figure("km_OS", case.tables, Numbers(case.ard), case.curves, case.study)
        glyphs.without_boxes(sheet.figure, style.faces())
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            sheet.figure.canvas.draw()
        assert not [text for text in texts_of(sheet) if "치" in text]
        assert any("[2]" in text for text in texts_of(sheet))


def test_with_a_font_that_has_them_the_words_are_printed(tmp_path, machine):
    machine(made_font(tmp_path / "squares.ttf", "초치재발불응"))
    log, boxes = drawn_in(tmp_path / "figures")
    assert (log, boxes) == ([], [])


@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_font_that_has_some_characters_leaves_the_others_marked(tmp_path, machine):
    machine(made_font(tmp_path / "squares.ttf", "초치재"))
    log, _ = drawn_in(tmp_path / "figures")
    assert "not printable in km_OS: [1] stands for 발불응" in log


def test_chinese_is_printed_on_a_machine_without_a_font(tmp_path, machine):
    machine()
    assert drawn_in(tmp_path, CHINESE) == ([], [])


def test_chinese_comes_from_the_shipped_font_whatever_the_machine_has(tmp_path, machine):
    made = []
    for faces in ((), (made_font(tmp_path / "squares.ttf", "初治复发难"),)):
        machine(*faces)
        folder = tmp_path / f"with_{len(faces)}"
        drawn_in(folder, CHINESE)
        made.append({p.name: p.read_bytes() for p in sorted(folder.iterdir())})
    assert made[0] == made[1]


def test_a_pdf_embeds_the_chinese_that_it_prints_as_truetype_that_can_be_copied(tmp_path, machine):
    machine()
    drawn_in(tmp_path, CHINESE)
    path = tmp_path / "km_OS.pdf"
    assert path.stat().st_size < 120_000
    page = PdfReader(path).pages[0]
    assert {"初治", "复发难治"} <= set(re.findall("[一-鿿]+", page.extract_text()))
    faces = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    (face,) = (face for face in faces if "NotoSansSC" in face["/BaseFont"])
    (inside,) = (font.get_object() for font in face["/DescendantFonts"])
    embedded = inside["/FontDescriptor"]["/FontFile2"].get_data()
    font = TTFont(io.BytesIO(embedded))
    assert (font.sfntVersion, "glyf" in font, "CFF " in font) == ("\0\1\0\0", True, False)
    assert font["maxp"].numGlyphs == len("初治复发难") + 1


def test_converted_outlines_are_those_of_the_font():
    """The areas of a glyph's outlines agree to a thousandth, and so do its bounds to a unit."""
    path = str(cjk_font())
    font = subset.load_font(path, subset.Options())
    cutter = subset.Subsetter(subset.Options(notdef_glyph=False, layout_features=[]))
    cutter.populate(text="治，疗")
    cutter.subset(font)
    before = measured(font)
    as_truetype(font)
    saved = io.BytesIO()
    font.save(saved)
    font = TTFont(saved)
    after = measured(font)
    assert len(before) == 3
    for name, old, new in zip(font.getGlyphOrder(), before, after, strict=True):
        assert new[0] == pytest.approx(-old[0], rel=1e-3)  # TrueType runs the other way
        assert new[1] == pytest.approx(old[1], abs=1), name
        assert font["hmtx"][name] == (old[2], pytest.approx(new[1][0], abs=1))


def measured(font: TTFont) -> list[tuple[float, tuple, float]]:
    """Area, bounds and width of each glyph, in its order."""
    glyphs, found = font.getGlyphSet(), []
    for name in font.getGlyphOrder():
        area, bounds = AreaPen(), BoundsPen(glyphs)
        glyphs[name].draw(area)
        glyphs[name].draw(bounds)
        found.append((area.value, bounds.bounds, glyphs[name].width))
    return found


def test_latin_figures_do_not_depend_on_the_machine(tmp_path, machine):
    case = make_case({"ND": 20, "RR": 15})
    made = []
    for faces in ((), (made_font(tmp_path / "squares.ttf", "초치"),)):
        machine(*faces)
        folder = tmp_path / f"with_{len(faces)}"
        draw(["km_OS"], case.tables, case.ard, case.curves, case.study, folder, [])
        made.append({p.name: p.read_bytes() for p in sorted(folder.iterdir())})
    assert made[0] == made[1]


def test_the_best_font_of_a_machine_comes_first(monkeypatch):
    there = [
        "/f/wqy-microhei.ttc",
        "/f/DejaVuSans.ttf",
        "/f/NotoSansCJK-Regular.ttc",
        "/f/uming.ttc",
    ]
    monkeypatch.setattr(glyphs.font_manager, "findSystemFonts", lambda: there)
    assert glyphs.system_faces() == ["/f/NotoSansCJK-Regular.ttc", "/f/wqy-microhei.ttc"]


@pytest.mark.filterwarnings("ignore:Glyph")
def test_every_figure_is_looked_at(machine):
    """Whatever figure prints a word: after the marks no text is left that the fonts lack."""
    machine()
    case = make_case({"ND": 20, "RR": 15})
    case.study["groups"] = {"name": "status", "label": "상태", "levels": GROUPS}
    case.study["endpoints"]["OS"]["label"] = "생존"
    with style.journal():
        for name in planned(case.study):
            sheet, _ = figure(name, case.tables, Numbers(case.ard), case.curves, case.study)
            glyphs.without_boxes(sheet.figure, style.faces())
            sheet.figure.canvas.draw()
            left = {text for text in texts_of(sheet) if glyphs.lacking(text, style.faces())}
            assert left == set(), name

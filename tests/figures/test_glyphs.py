"""Words that the shipped font lacks: printed by a font of the machine, or marked and told."""

from __future__ import annotations

import warnings

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from tests.figures.cases import make_case, texts_of
from venaza.pipeline.figures import glyphs, planned, style
from venaza.pipeline.figures.draw import draw, figure
from venaza.pipeline.figures.lookup import Numbers

#: A figure of each kind that prints the labels of groups.
NAMES = ["flow", "km_OS", "response"]
GROUPS = {"ND": "初治", "RR": "复发难治"}


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


def drawn_in(folder) -> tuple[list[str], list[str]]:
    """The log of figures of two groups with Chinese labels, and what matplotlib warned of."""
    case, log = make_case({"ND": 20, "RR": 15}), []
    case.study["groups"]["levels"] = GROUPS
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        draw(NAMES, case.tables, case.ard, case.curves, case.study, folder, log)
    return log, [str(w.message) for w in caught if "Glyph" in str(w.message)]


@pytest.mark.filterwarnings("ignore:Glyph")
def test_without_a_font_each_word_has_a_mark_and_the_log_says_what_it_stands_for(tmp_path, machine):
    machine()
    log, boxes = drawn_in(tmp_path)
    assert "not printable in km_OS: [1] stands for 初治, [2] stands for 复发难治" in log
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
        assert not [text for text in texts_of(sheet) if "治" in text]
        assert any("[2]" in text for text in texts_of(sheet))


def test_with_a_font_that_has_them_the_words_are_printed(tmp_path, machine):
    machine(made_font(tmp_path / "squares.ttf", "初治复发难"))
    log, boxes = drawn_in(tmp_path / "figures")
    assert (log, boxes) == ([], [])


@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_font_that_has_some_characters_leaves_the_others_marked(tmp_path, machine):
    machine(made_font(tmp_path / "squares.ttf", "初治复"))
    log, _ = drawn_in(tmp_path / "figures")
    assert "not printable in km_OS: [1] stands for 发难" in log


@pytest.mark.skipif(not glyphs.system_faces(), reason="this machine has no font with Chinese")
def test_the_machine_s_own_font_prints_the_words(tmp_path):
    log, boxes = drawn_in(tmp_path)
    assert (log, boxes) == ([], [])


def test_latin_figures_do_not_depend_on_the_machine(tmp_path, machine):
    case = make_case({"ND": 20, "RR": 15})
    made = []
    for faces in ((), (made_font(tmp_path / "squares.ttf", "初治"),)):
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
    case.study["groups"] = {"name": "status", "label": "状态", "levels": GROUPS}
    case.study["endpoints"]["OS"]["label"] = "总生存"
    with style.journal():
        for name in planned(case.study):
            sheet, _ = figure(name, case.tables, Numbers(case.ard), case.curves, case.study)
            glyphs.without_boxes(sheet.figure, style.faces())
            sheet.figure.canvas.draw()
            left = {text for text in texts_of(sheet) if glyphs.lacking(text, style.faces())}
            assert left == set(), name
